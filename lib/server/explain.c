/* SPDX-License-Identifier: MIT */
#include "server/explain.h"

#include "feature/feature.h"
#include "model/number.h"
#include "server/explanation.h"

#include <string.h>
#include <strings.h>

static struct party party_of(const struct explanation *call, const char *user)
{
	return (struct party){
		.user = user,
		.host = call->subject->settings->wire.domain,
		.display = "",
	};
}

static bool lets_through(const struct explained *half)
{
	return half->is_reached && !explained_is_refused(half);
}

/* Whether HALF has run the features of the termination that follows it. */
static bool goes_short(const struct explanation *call, const struct explained *half)
{
	return half->facts.is_full_call && half->verdict.is_shortcut &&
	       !(explained_destination(half) &&
		 call->subject->settings->invite.forwards_as_origdone);
}

static struct explained *half_add(struct explanation *call, enum half half,
				  const char *to)
{
	struct explained *next = &call->halves[call->count++];

	next->trace.arena = call->arena;
	next->facts = (struct facts){
		.half = half,
		.tag = { .phase = half == HALF_TERM ? PHASE_IMSTERM : PHASE_IMSORIG,
			 .phases = 1,
			 .carried = "" },
		.members = stock_members(agent_stock(call->subject->agent)),
		.caller = party_of(call, call->from),
		.called = party_of(call, to),
		.domain = call->subject->settings->wire.domain,
		.is_full_call =
			half == HALF_ORIG && call->subject->settings->invite.is_evolution,
		.is_external = call->is_external,
		.trace = &next->trace,
	};
	next->facts.asks_shortcut =
		half == HALF_TERM && call->count > 1 && goes_short(call, next - 1);
	next->is_reached = call->count == 1 || lets_through(next - 1);
	return next;
}

static void decide(const struct explanation *call, struct explained *half, bool is_wanted)
{
	const struct subject *subject = call->subject;
	bool is_orig = half->facts.half != HALF_TERM;
	struct profile profile = { 0 };
	struct fault fault;

	if (feature_screen(&half->facts, subject->policy, call->arena, &half->verdict))
		return;
	if (store_load_profile(subject->store, &half->facts, call->arena, &profile,
			       &fault) < 0) {
		half->verdict = feature_refuse_unread(fault.text, call->arena);
		return;
	}
	if (!is_wanted && is_orig && !profile.caller) {
		half->skipped = "the caller is none of our stations";
		return;
	}
	if (!is_wanted && !is_orig && !profile.called) {
		half->skipped = "the called party is none of our stations";
		return;
	}
	if (half->facts.half == HALF_LINE && profile.caller)
		profile.busy_lines = stock_busy_lines(agent_stock(subject->agent),
						      profile.caller->extension);
	half->verdict =
		feature_decide(&half->facts, &profile, subject->policy, call->arena);
}

/* The History-Info that the proxy would send: the called party and the forwarding
 * targets. */
static void remember_visits(const struct explanation *call, struct explained *half)
{
	const char **visited = arena_alloc(call->arena, HALVES_MAX * sizeof *visited);

	for (size_t i = 0; i < call->count; i++)
		if (call->halves[i].facts.half == HALF_TERM ||
		    explained_destination(&call->halves[i]))
			visited[half->facts.visited_count++] =
				explained_number(&call->halves[i]);
	half->facts.visited = visited;
	half->facts.redirections = half->facts.visited_count - 1;
}

/* The member of FACTS for the parameter of a feature name URI; NULL = not such a
 * parameter. */
static const char **parameter_of(struct facts *facts, const char *name)
{
	const struct {
		const char *name;
		const char **value;
	} parameters[] = {
		{ "avaya-cm-fnu", &facts->fnu },
		{ "avaya-cm-action", &facts->fnu_action },
		{ "avaya-cm-destination", &facts->fnu_destination },
		{ "avaya-cm-extension", &facts->fnu_extension },
	};

	for (size_t i = 0; i < sizeof parameters / sizeof *parameters; i++)
		if (strcasecmp(parameters[i].name, name) == 0)
			return parameters[i].value;
	return NULL;
}

/*
 * Splits TO, a number with or without feature name parameters,
 * "1001;avaya-cm-fnu=call-fwd-all"; false if it contains anything else.
 */
static bool read_to(struct explanation *call)
{
	struct facts *asked = &call->asked;
	char *rest = arena_strdup(call->arena, call->to), *value;

	call->number = strsep(&rest, ";");
	while ((value = strsep(&rest, ";"))) {
		const char *name = strsep(&value, "=");
		const char **parameter = parameter_of(asked, name);

		if (!parameter || !value)
			return false;
		*parameter = value;
	}
	if (asked->fnu_destination)
		asked->fnu_destination =
			number_plain(call->arena, asked->fnu_destination);
	return true;
}

static bool is_off_hook(const struct facts *asked)
{
	return asked->fnu && strcasecmp(asked->fnu, "off-hook") == 0;
}

static void explain_origination(struct explanation *call)
{
	enum half which = is_off_hook(&call->asked) ? HALF_LINE : HALF_ORIG;
	struct explained *half = half_add(call, which, call->number);

	half->facts.fnu = call->asked.fnu;
	half->facts.fnu_action = call->asked.fnu_action;
	half->facts.fnu_destination = call->asked.fnu_destination;
	half->facts.fnu_extension = call->asked.fnu_extension;
	decide(call, half, call->wants_orig);
}

/* The party for which the proxy runs a termination; NULL = there is no termination. */
static const char *number_terminated(const struct explanation *call)
{
	const struct explained *orig = call->count ? &call->halves[0] : NULL;
	const char *destination;

	if (!orig)
		return call->number;
	/* No termination follows a feature or an unknown feature name. */
	if (call->asked.fnu || (!orig->skipped && orig->verdict.kind == VERDICT_FEATURE))
		return NULL;
	/* Not NULL only if the origination runs the called party's features too. */
	destination = explained_destination(orig);
	return destination ? destination : explained_number(orig);
}

/* Explains the termination, and those of forwarding targets if the proxy runs them. */
static void explain_termination(struct explanation *call)
{
	const char *to = number_terminated(call);
	bool is_wanted = call->wants_term;

	while (to && call->count < HALVES_MAX) {
		struct explained *half = half_add(call, HALF_TERM, to);

		remember_visits(call, half);
		decide(call, half, is_wanted);
		to = call->subject->settings->invite.forwards_as_origdone
			     ? explained_destination(half)
			     : NULL;
		is_wanted = false;
	}
}

void explain_call(const struct subject *subject, const struct request *request,
		  struct answer *answer)
{
	struct explanation *call = arena_alloc(answer_arena(answer), sizeof *call);

	call->subject = subject;
	call->arena = answer_arena(answer);
	call->from = arena_strdup(call->arena, request_text(request, "from"));
	call->to = arena_strdup(call->arena, request_text(request, "to"));
	call->is_external = request_flag(request, "external");
	call->wants_orig = request_flag(request, "orig");
	call->wants_term = request_flag(request, "term");
	if (!call->from || !call->to) {
		answer_refuse(answer, "explain wants from and to");
		return;
	}
	if (!read_to(call)) {
		answer_refuse(answer, "to is a number, perhaps with ;avaya-cm-fnu=NAME, "
				      ";avaya-cm-action=, ;avaya-cm-destination= and "
				      ";avaya-cm-extension= behind it");
		return;
	}
	if (call->wants_orig || !call->wants_term)
		explain_origination(call);
	if (call->wants_term || !call->wants_orig)
		explain_termination(call);
	explanation_write(call, answer);
}
