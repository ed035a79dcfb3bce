/* SPDX-License-Identifier: MIT */
#include "capture/draft.h"

#include "base/arena.h"
#include "base/clock.h"
#include "capture/premise.h"
#include "capture/reading.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>

enum { PARTIES = 32 };

/* One that plays: the caller, or one that an INVITE went to. */
struct party {
	const char *name;		/* extension, or the trunk's */
	const struct sighting *invite;	/* the caller's first; a callee's only one */
	bool has_taken;			/* its INVITE is behind it in the script */
	bool has_rung, has_answered, is_holding;
};

struct draft {
	const struct dossier *call;
	struct arena arena;
	FILE *out;
	enum half first, last;		/* the halves next to caller and callees */
	struct party caller;
	struct party callees[PARTIES];
	size_t callee_count;
	bool is_cancelled;		/* the caller hung up before an answer */
	int64_t now_us, said_us;	/* times of the message at hand and of the last line's */
};

/* Messages -------------------------------------------------------------------------------- */

static bool is_method(const struct sighting *message, const char *method)
{
	return strcmp(message->method, method) == 0;
}

static bool is_first_invite(const struct sighting *message)
{
	return message->is_request && !message->is_again &&
	       is_method(message, "INVITE") &&
	       (!*message->to_tag || message->phase != PHASE_NONE);
}

static enum half half_of(const struct sighting *message)
{
	return message->half == HALF_LINE ? HALF_ORIG : message->half;
}

/* The first INVITE of HALF that came in or went out, or NULL. */
static const struct sighting *invite_of(const struct dossier *call, enum half half,
					bool is_out)
{
	for (size_t i = 0; i < call->message_count; i++) {
		const struct sighting *message = &call->messages[i];

		if (is_first_invite(message) && message->has_half &&
		    half_of(message) == half && message->is_out == is_out)
			return message;
	}
	return NULL;
}

/* Whether MESSAGE, or the request it answers, goes from caller to callee: as an INVITE of its
 * dialog went. */
static bool goes_forward(const struct draft *draft, const struct sighting *message)
{
	for (size_t i = 0; i < draft->call->message_count; i++) {
		const struct sighting *invite = &draft->call->messages[i];

		if (is_first_invite(invite) &&
		    strcmp(invite->sip_call_id, message->sip_call_id) == 0 &&
		    strcmp(invite->from_tag, message->from_tag) == 0)
			return true;
	}
	return false;
}

static struct party *callee_by_branch(struct draft *draft, const char *branch)
{
	for (size_t i = 0; i < draft->callee_count; i++)
		if (strcmp(draft->callees[i].invite->branch, branch) == 0)
			return &draft->callees[i];
	return NULL;
}

/* Who talks: the callee that answered, else the newest one. */
static struct party *callee(struct draft *draft)
{
	for (size_t i = 0; i < draft->callee_count; i++)
		if (draft->callees[i].has_answered)
			return &draft->callees[i];
	return draft->callee_count ? &draft->callees[draft->callee_count - 1] : NULL;
}

/* Words ----------------------------------------------------------------------------------- */

/* TEXT as one word of the language. */
static const char *word(struct draft *draft, const char *text)
{
	bool is_plain = *text;
	char *quoted = arena_alloc(&draft->arena, 2 * strlen(text) + 3), *to = quoted;

	for (const char *at = text; *at; at++)
		is_plain &= isalnum((unsigned char)*at) || strchr("+*._-", *at) ||
			    (*at == '#' && at[1]);
	if (is_plain)
		return text;
	*to++ = '"';
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			*to++ = '\\';
		if (*text == '$')
			*to++ = '$';
		*to++ = *text < 0x20 || *text > 0x7e ? '?' : *text;
	}
	*to++ = '"';
	return quoted;
}

/* A number that may be missing. */
static const char *number_of(struct draft *draft, const char *number)
{
	return *number ? word(draft, number) : "unknown";
}

static void say_list(struct draft *draft, const struct party *party, const char *format,
		     va_list args) __attribute__((format(printf, 3, 0)));

static void say_list(struct draft *draft, const struct party *party, const char *format,
		     va_list args)
{
	fprintf(draft->out, "%-7s ", party->name);
	vfprintf(draft->out, format, args);
	draft->said_us = draft->now_us;
}

/* What PARTY does. */
static void say(struct draft *draft, const struct party *party, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void say(struct draft *draft, const struct party *party, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say_list(draft, party, format, args);
	va_end(args);
	putc('\n', draft->out);
}

/* What PARTY waits for: longer than a line does by itself, where it took long. */
static void await(struct draft *draft, const struct party *party, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void await(struct draft *draft, const struct party *party, const char *format, ...)
{
	enum { SHORT_US = 1000000 };
	int64_t waited_us = draft->now_us - draft->said_us;
	bool is_long = draft->said_us && waited_us > SHORT_US;
	va_list args;

	va_start(args, format);
	say_list(draft, party, format, args);
	va_end(args);
	if (is_long)
		fprintf(draft->out, " within %" PRId64 " s", 2 * waited_us / 1000000 + 1);
	putc('\n', draft->out);
}

/* Its INVITE is taken by `hears` unless `rings` has taken it. */
static void take_invite(struct draft *draft, struct party *party)
{
	if (!party->has_taken)
		await(draft, party, "hears INVITE");
	party->has_taken = true;
}

/* Who plays ------------------------------------------------------------------------------- */

/* What the language takes for a telephone; a digit in it tells it from a word. */
static bool is_name(const char *text)
{
	bool has_digit = false;

	for (const char *at = text; *at; at++) {
		if (!isalnum((unsigned char)*at) && !strchr("-_.+", *at))
			return false;
		has_digit |= isdigit((unsigned char)*at) != 0;
	}
	return has_digit;
}

/* Whoever has NUMBER: a telephone, or else the trunk. */
static const char *player(struct draft *draft, const char *number)
{
	const char *extension = draft->call->station(draft->call->context, number);

	return extension && is_name(extension) ? arena_strdup(&draft->arena, extension)
					       : premise_trunk;
}

static bool find_parties(struct draft *draft)
{
	const struct dossier *call = draft->call;
	const struct sighting *orig = invite_of(call, HALF_ORIG, false);
	const struct sighting *term = invite_of(call, HALF_TERM, false);

	if (!orig && !term)
		return false;
	draft->first = orig ? HALF_ORIG : HALF_TERM;
	draft->last = term ? HALF_TERM : HALF_ORIG;
	draft->caller.invite = orig ? orig : term;
	/* Who is run an originating half for is a station, whatever it calls itself. */
	draft->caller.name = player(draft, draft->caller.invite->from);
	if (orig && strcmp(draft->caller.name, premise_trunk) == 0 && is_name(orig->from))
		draft->caller.name = orig->from;
	for (size_t i = 0; i < call->message_count && draft->callee_count < PARTIES;
	     i++) {
		const struct sighting *message = &call->messages[i];

		if (is_first_invite(message) && message->has_half && message->is_out &&
		    half_of(message) == draft->last)
			draft->callees[draft->callee_count++] = (struct party){
				.name = player(draft, message->dialled),
				.invite = message,
			};
	}
	return true;
}

static bool was_named(const struct draft *draft, size_t before, const char *name)
{
	bool is_caller = strcmp(draft->caller.name, name) == 0;

	for (size_t i = 0; i < before; i++)
		is_caller |= strcmp(draft->callees[i].name, name) == 0;
	return is_caller;
}

static void write_players(const struct draft *draft)
{
	const char *before = "phones  ";
	bool has_trunk = strcmp(draft->caller.name, premise_trunk) == 0;

	if (!has_trunk) {
		fprintf(draft->out, "%s%s", before, draft->caller.name);
		before = " ";
	}
	for (size_t i = 0; i < draft->callee_count; i++) {
		const char *name = draft->callees[i].name;

		if (strcmp(name, premise_trunk) == 0) {
			has_trunk = true;
		} else if (!was_named(draft, i, name)) {
			fprintf(draft->out, "%s%s", before, name);
			before = " ";
		}
	}
	if (*before == ' ')
		putc('\n', draft->out);
	if (has_trunk)
		fprintf(draft->out, "trunk   %s\n", premise_trunk);
}

/* The office as it must be before the first step. */
static void write_office(const struct draft *draft)
{
	const char *names[PARTIES + 1] = { draft->caller.name };
	size_t count = 1;

	for (size_t i = 0; i < draft->callee_count; i++)
		names[count++] = draft->callees[i].name;
	premise_write(draft->call, names, count, draft->out);
}

/* The play --------------------------------------------------------------------------------- */

/* The final answer to INVITE if it is a refusal without anything before it, else 0. */
static int refusal_of(const struct draft *draft, const struct sighting *invite)
{
	const struct dossier *call = draft->call;

	for (size_t i = 0; i < call->message_count; i++) {
		const struct sighting *message = &call->messages[i];

		if (message->status <= 100 || !message->is_out ||
		    strcmp(message->branch, invite->branch) != 0 ||
		    !is_method(message, "INVITE"))
			continue;
		return message->status >= 300 && !draft->callee_count ? message->status
								      : 0;
	}
	return 0;
}

static void play_dial(struct draft *draft, const struct sighting *invite)
{
	const char *number = number_of(draft, invite->dialled);
	int refusal = refusal_of(draft, invite);
	char arrow[16] = "";

	if (refusal)
		snprintf(arrow, sizeof arrow, " -> %d", refusal);
	if (invite->is_off_hook && strcmp(draft->caller.name, premise_trunk) == 0)
		fputs("# a telephone without a number was taken off-hook\n", draft->out);
	else if (invite->is_off_hook)
		say(draft, &draft->caller, "off-hook%s", arrow);
	else if (strcmp(draft->caller.name, premise_trunk) == 0)
		say(draft, &draft->caller, "dials %s from %s%s", number,
		    number_of(draft, invite->from), arrow);
	else
		say(draft, &draft->caller, "dials %s%s", number, arrow);
}

/* What the caller hears of its INVITE. */
static void play_heard(struct draft *draft, const struct sighting *message)
{
	const struct party *other = callee(draft);

	if (message->status <= 100 || (draft->is_cancelled && message->status == 487))
		return;
	for (size_t i = 0; i < draft->call->message_count; i++) {
		const struct sighting *invite = &draft->call->messages[i];

		if (is_first_invite(invite) && !invite->is_out &&
		    strcmp(invite->branch, message->branch) == 0 &&
		    refusal_of(draft, invite) == message->status)
			return;		/* said where it was dialled */
	}
	await(draft, &draft->caller, "hears %d", message->status);
	if (message->status < 300 && message->status >= 200 && other)
		say(draft, &draft->caller, "talks-to %s", other->name);
}

/* What a callee answered to its INVITE. */
static void play_answer(struct draft *draft, struct party *party,
			const struct sighting *message)
{
	const char *require = reading_header(message, "Require", 0, &draft->arena);
	const char *how = require && strcasestr(require, "100rel") ? " reliably" : "";

	if (message->status <= 100)
		return;
	if (message->status == 180 && !party->has_rung && !party->has_taken && !*how) {
		await(draft, party, "rings");
		party->has_rung = party->has_taken = true;
		return;
	}
	if (message->status == 487 && party->has_taken)
		return;		/* to our CANCEL */
	take_invite(draft, party);
	if (message->status < 200) {
		say(draft, party, "sends %d%s", message->status, how);
	} else if (message->status < 300) {
		say(draft, party, "answers");
		party->has_answered = true;
	} else {
		say(draft, party, "rejects %d", message->status);
	}
}

static bool is_held(const struct sighting *message)
{
	const char *body = reading_body(message);

	return body && (strstr(body, "a=sendonly") || strstr(body, "a=inactive"));
}

/* The user part of Refer-To. */
static const char *referred_to(struct draft *draft, const struct sighting *message)
{
	const char *value = reading_header(message, "Refer-To", 'r', &draft->arena);
	const char *at = value ? strstr(value, "sip:") : NULL;

	return at ? word(draft,
			 arena_strndup(&draft->arena, at + 4, strcspn(at + 4, ";@>?")))
		  : "?";
}

/* What a telephone can be told to send, and to hear; ACK and PRACK are its mechanics, and what is
 * hardly a method cannot be said. */
static bool is_sayable(const struct sighting *message)
{
	static const char *const methods[] = {
		"BYE",	   "INFO",  "INVITE",	 "MESSAGE", "NOTIFY",
		"OPTIONS", "REFER", "SUBSCRIBE", "UPDATE",
	};

	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (is_method(message, methods[i]))
			return true;
	return false;
}

/* A request in the dialog that PARTY sent. */
static void play_act(struct draft *draft, struct party *party,
		     const struct sighting *message)
{
	bool was_holding = party->is_holding;

	if (is_method(message, "BYE")) {
		say(draft, party, "hangs-up");
	} else if (is_method(message, "INVITE") || is_method(message, "UPDATE")) {
		party->is_holding = is_held(message);
		say(draft, party, "%s",
		    is_method(message, "UPDATE") ? "updates"
		    : party->is_holding		 ? "holds"
						 : "resumes");
		if (!party->is_holding && !was_holding && is_method(message, "INVITE"))
			fputs("# it did not hold before: a refresh, perhaps\n",
			      draft->out);
	} else if (is_method(message, "REFER")) {
		say(draft, party, "transfers-to %s", referred_to(draft, message));
	} else if (!is_method(message, "NOTIFY") && is_sayable(message)) {
		say(draft, party, "sends %s", message->method);
	}
}

static void play_request(struct draft *draft, const struct sighting *message,
			 bool is_forward)
{
	struct party *from = is_forward ? &draft->caller : callee(draft);
	struct party *to = is_forward ? callee(draft) : &draft->caller;
	enum half near = is_forward ? draft->first : draft->last;
	enum half far = is_forward ? draft->last : draft->first;

	if (!message->is_out && half_of(message) == near && from)
		play_act(draft, from, message);
	/* If no one sent it, this program did. */
	if (message->is_out && half_of(message) == far && is_sayable(message) && to)
		await(draft, to, "hears %s", message->method);
}

static void play_cancel(struct draft *draft, const struct sighting *message)
{
	struct party *party = callee_by_branch(draft, message->branch);

	if (!message->is_out && half_of(message) == draft->first) {
		draft->is_cancelled = true;
		say(draft, &draft->caller, "cancels");
	} else if (message->is_out && party) {
		take_invite(draft, party);
		await(draft, party, "hears CANCEL");
	}
}

static void play(struct draft *draft, const struct sighting *message)
{
	enum half half = half_of(message);
	bool is_invite = is_method(message, "INVITE");
	struct party *party = callee_by_branch(draft, message->branch);

	draft->now_us = message->wall_us;
	if (is_first_invite(message)) {
		if (!message->is_out && half == draft->first)
			play_dial(draft, message);
	} else if (message->is_request && is_method(message, "CANCEL")) {
		play_cancel(draft, message);
	} else if (message->is_request) {
		play_request(draft, message, goes_forward(draft, message));
	} else if (is_invite && !message->is_out && party) {
		play_answer(draft, party, message);
	} else if (is_invite && message->is_out && half == draft->first &&
		   goes_forward(draft, message) && !draft->caller.has_answered) {
		draft->caller.has_answered =
			message->status >= 200 && message->status < 300;
		play_heard(draft, message);
	}
}

/* What must come of it ---------------------------------------------------------------------- */

static void write_facts(struct draft *draft)
{
	const struct dossier *call = draft->call;

	fputs("\nexpect  phases", draft->out);
	for (size_t i = 0; i < call->message_count; i++)
		if (is_first_invite(&call->messages[i]) &&
		    phase_name(call->messages[i].phase) &&
		    call->messages[i].phase != PHASE_TERMINATING)
			fprintf(draft->out, " %s", phase_name(call->messages[i].phase));
	putc('\n', draft->out);
	for (size_t i = 0; i < call->event_count; i++) {
		const struct dossier_event *event = &call->events[i];

		if (!premise_is_value(event->event) || !premise_is_value(event->rule))
			continue;
		fprintf(draft->out, "expect  journal event=%s", event->event);
		if (premise_is_value(event->extension))
			fprintf(draft->out, " extension=%s", event->extension);
		fprintf(draft->out, " rule=%s\n", event->rule);
	}
}

bool draft_write(const struct dossier *call, FILE *out)
{
	struct draft draft = { .call = call, .out = out };
	char time[CLOCK_RFC3339];

	if (!find_parties(&draft)) {
		arena_clear(&draft.arena);
		return false;
	}
	fprintf(out, "# Draft from call %s, %s\n", draft.caller.invite->call,
		clock_rfc3339(time, draft.caller.invite->wall_us));
	fputs("# What the proxy did by itself is not in it.\n", out);
	write_office(&draft);
	write_players(&draft);
	putc('\n', out);
	for (size_t i = 0; i < call->message_count; i++)
		if (call->messages[i].has_half && !call->messages[i].is_again)
			play(&draft, &call->messages[i]);
	write_facts(&draft);
	arena_clear(&draft.arena);
	return true;
}
