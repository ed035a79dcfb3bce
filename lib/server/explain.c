/* SPDX-License-Identifier: MIT */
#include "server/explain.h"

#include "feature/feature.h"

#include <string.h>

/* Two, and one more for each forwarding; the hop limit is 20. */
enum { HALVES_MAX = 24 };

struct explained {
	struct facts facts;
	struct trace trace;
	struct verdict verdict;
	const char *skipped;	/* why the proxy would not ask us for this half, or NULL */
	bool is_reached;	/* the halves before let the call through */
};

struct explanation {
	const struct control_subject *subject;
	struct arena *arena;
	const char *from, *to;
	bool is_external;
	bool wants_orig, wants_term;	/* asked for, whether the proxy would or not */
	struct explained halves[HALVES_MAX];
	size_t count;
};

/* Deciding --------------------------------------------------------------------------- */

static struct party party_of(const struct explanation *call, const char *user)
{
	return (struct party){
		.user = user,
		.host = call->subject->settings->domain,
		.display = "",
	};
}

static bool is_refused(const struct explained *half)
{
	return !half->skipped && half->verdict.kind == VERDICT_REJECT;
}

static bool lets_through(const struct explained *half)
{
	return half->is_reached && !is_refused(half);
}

static struct explained *half_add(struct explanation *call, enum half half,
				  const char *to)
{
	struct explained *next = &call->halves[call->count++];

	next->trace.arena = call->arena;
	next->facts = (struct facts){
		.half = half,
		.phase = half == HALF_ORIG ? PHASE_IMSORIG : PHASE_IMSTERM,
		.caller = party_of(call, call->from),
		.called = party_of(call, to),
		.domain = call->subject->settings->domain,
		.is_external = call->is_external,
		.trace = &next->trace,
	};
	next->is_reached = call->count == 1 || lets_through(next - 1);
	return next;
}

static int decide(const struct explanation *call, struct explained *half, bool is_wanted,
		  struct fault *fault)
{
	bool is_orig = half->facts.half == HALF_ORIG;
	struct profile profile;
	int err = store_load_profile(call->subject->store, &half->facts, call->arena,
				     &profile, fault);

	if (err < 0)
		return err;
	if (!is_wanted && is_orig && !profile.caller)
		half->skipped = "the caller is none of our stations";
	else if (!is_wanted && !is_orig && !profile.called)
		half->skipped = "the called party is none of our stations";
	else
		half->verdict = feature_decide(&half->facts, &profile,
					       call->subject->policy, call->arena);
	return 0;
}

/* The History-Info the proxy would bring: who was called, and who it was forwarded to. */
static void remember_visits(const struct explanation *call, struct explained *half)
{
	const char **visited = arena_alloc(call->arena, HALVES_MAX * sizeof *visited);

	for (size_t i = 0; i < call->count; i++)
		if (call->halves[i].facts.half == HALF_TERM)
			visited[half->facts.visited_count++] =
				call->halves[i].facts.called.user;
	half->facts.visited = visited;
	half->facts.redirections = half->facts.visited_count - 1;
}

static int explain_origination(struct explanation *call, struct fault *fault)
{
	return decide(call, half_add(call, HALF_ORIG, call->to), call->wants_orig, fault);
}

/* And the terminations after it, where the proxy is to run those of forwarding's targets. */
static int explain_termination(struct explanation *call, struct fault *fault)
{
	const char *to = call->to;
	bool is_wanted = call->wants_term;

	while (to && call->count < HALVES_MAX) {
		struct explained *half = half_add(call, HALF_TERM, to);
		int err;

		remember_visits(call, half);
		err = decide(call, half, is_wanted, fault);
		if (err < 0)
			return err;
		to = NULL;
		is_wanted = false;
		if (!half->skipped && half->verdict.kind == VERDICT_FORWARD &&
		    call->subject->settings->forwards_as_origdone)
			to = half->verdict.redirect[FORWARD_UNCONDITIONAL].destination;
	}
	return 0;
}

/* Telling ---------------------------------------------------------------------------- */

static void write_rows(struct answer *answer, const struct trace *trace)
{
	answer_list_begin(answer, "rows");
	for (const struct trace_step *step = trace->first; step; step = step->next) {
		if (step->kind != TRACE_ROW)
			continue;
		answer_object_begin(answer, NULL);
		answer_text(answer, "table", step->subject);
		answer_text(answer, "key", step->about);
		answer_flag(answer, "found", step->is_hit);
		if (step->is_hit)
			answer_text(answer, "columns", step->text);
		answer_object_end(answer);
	}
	answer_list_end(answer);
}

static void write_rules(struct answer *answer, const struct trace *trace)
{
	answer_list_begin(answer, "rules");
	for (const struct trace_step *step = trace->first; step; step = step->next) {
		if (step->kind != TRACE_RULE)
			continue;
		answer_object_begin(answer, NULL);
		answer_text(answer, "rule", step->subject);
		answer_text(answer, "about", step->about);
		answer_flag(answer, "decides", step->is_hit);
		if (step->is_hit)
			answer_text(answer, "says", step->text);
		answer_object_end(answer);
	}
	answer_list_end(answer);
}

static void write_redirects(struct answer *answer, const struct verdict *verdict)
{
	answer_list_begin(answer, "redirects");
	for (int i = 0; i < FORWARD_CONDITIONS; i++) {
		const struct redirect *redirect = &verdict->redirect[i];

		if (!redirect->destination)
			continue;
		answer_object_begin(answer, NULL);
		answer_text(answer, "condition",
			    forward_condition_name((enum forward_condition)i));
		answer_text(answer, "destination", redirect->destination);
		answer_text(answer, "rule", redirect->rule);
		if (redirect->refusal)
			answer_number(answer, "refusal", redirect->refusal);
		answer_object_end(answer);
	}
	answer_list_end(answer);
}

static const char *verdict_name(enum verdict_kind kind)
{
	return kind == VERDICT_PASS	? "pass"
	       : kind == VERDICT_REJECT ? "reject"
					: "forward";
}

static void write_verdict(struct answer *answer, const struct explanation *call,
			  const struct explained *half)
{
	const struct verdict *verdict = &half->verdict;
	bool is_forwarded =
		verdict->kind != VERDICT_PASS && verdict->kind != VERDICT_REJECT;
	enum phase phase = is_forwarded && call->subject->settings->forwards_as_origdone
				   ? PHASE_ORIGDONE
				   : phase_done(half->facts.phase);

	answer_object_begin(answer, "verdict");
	answer_text(answer, "kind", verdict_name(verdict->kind));
	if (verdict->kind == VERDICT_REJECT) {
		answer_number(answer, "status", verdict->status);
		answer_number(answer, "cause", verdict->cause);
		answer_text(answer, "sentence", verdict->sentence);
	} else {
		answer_text(answer, "phase", phase_name(phase));
	}
	answer_text(answer, "rule", verdict->rule);
	if (verdict->ring_s)
		answer_number(answer, "ring_seconds", verdict->ring_s);
	answer_flag(answer, "is_internal", verdict->is_internal);
	answer_flag(answer, "is_emergency", verdict->is_emergency);
	answer_text(answer, "destination",
		    verdict->redirect[FORWARD_UNCONDITIONAL].destination);
	write_redirects(answer, verdict);
	answer_object_end(answer);
}

static void write_half(struct answer *answer, const struct explanation *call,
		       const struct explained *half)
{
	answer_object_begin(answer, NULL);
	answer_text(answer, "half", half_name(half->facts.half));
	answer_text(answer, "from", half->facts.caller.user);
	answer_text(answer, "to", half->facts.called.user);
	answer_flag(answer, "is_reached", half->is_reached);
	write_rows(answer, &half->trace);
	write_rules(answer, &half->trace);
	if (half->skipped)
		answer_text(answer, "skipped", half->skipped);
	else
		write_verdict(answer, call, half);
	answer_object_end(answer);
}

/* A call that no half would be run for is none of ours to let through. */
static bool passes(const struct explanation *call)
{
	bool is_run = false;

	for (size_t i = 0; i < call->count; i++) {
		if (call->halves[i].is_reached && is_refused(&call->halves[i]))
			return false;
		is_run |= !call->halves[i].skipped;
	}
	return is_run;
}

static void write_all(struct answer *answer, const struct explanation *call)
{
	answer_row_begin(answer);
	answer_text(answer, "from", call->from);
	answer_text(answer, "to", call->to);
	answer_flag(answer, "passes", passes(call));
	answer_list_begin(answer, "halves");
	for (size_t i = 0; i < call->count; i++)
		write_half(answer, call, &call->halves[i]);
	answer_list_end(answer);
	answer_row_end(answer);
	answer_status(answer, passes(call) ? 0 : 1);
}

void explain_call(const struct control_subject *subject, const struct request *request,
		  struct answer *answer)
{
	struct explanation *call = arena_alloc(answer_arena(answer), sizeof *call);
	struct fault fault;
	int err = 0;

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
	if (call->wants_orig || !call->wants_term)
		err = explain_origination(call, &fault);
	if (err >= 0 && (call->wants_term || !call->wants_orig))
		err = explain_termination(call, &fault);
	if (err < 0)
		answer_refuse(answer, "%s", fault.text);
	else
		write_all(answer, call);
}
