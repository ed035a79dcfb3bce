/* SPDX-License-Identifier: MIT */
#include "halfcall/evidence.h"

#include "halfcall/talk.h"

#include <string.h>

enum { KEYS = 16, EVENTS_MAX = 1000000 /* the largest journal.ring */ };

struct evidence_event {
	size_t count;
	const char *keys[KEYS], *values[KEYS];
};

/* What `journal mark` says of the time since the mark. */
struct evidence_span {
	unsigned long long events, messages, messages_after;
	bool are_events_lost, are_messages_lost;
};

static void take_event(void *context, const struct client_row *row)
{
	struct evidence *evidence = context;
	struct evidence_event *event = arena_alloc(&evidence->arena, sizeof *event);
	char number[DATUM_TEXT];
	struct evidence_event **grown;
	const char *key;

	if ((evidence->count & (evidence->count - 1)) == 0) {
		grown = arena_alloc(&evidence->arena,
				    (2 * evidence->count + 1) * sizeof *grown);
		if (evidence->count)
			memcpy(grown, evidence->events, evidence->count * sizeof *grown);
		evidence->events = grown;
	}
	evidence->events[evidence->count++] = event;
	for (size_t i = 0; i < datum_count(row->datum) && event->count < KEYS; i++) {
		const struct datum *item = datum_item(row->datum, i, &key);

		event->keys[event->count] = arena_strdup(&evidence->arena, key);
		event->values[event->count++] =
			arena_strdup(&evidence->arena, datum_text(item, number));
	}
}

static void take_message(void *context, const struct client_row *row)
{
	struct evidence *evidence = context;

	message_list_add(evidence->messages, row->datum);
}

static void take_span(void *context, const struct client_row *row)
{
	struct evidence_span *span = context;
	const struct datum *datum = row->datum;

	*span = (struct evidence_span){
		.events = (unsigned long long)datum_number(datum_get(datum, "events")),
		.messages =
			(unsigned long long)datum_number(datum_get(datum, "messages")),
		.messages_after = (unsigned long long)datum_number(
			datum_get(datum, "messages_after")),
		.are_events_lost = datum_is_true(datum_get(datum, "events_lost")),
		.are_messages_lost = datum_is_true(datum_get(datum, "messages_lost")),
	};
}

static void take_status(void *context, const struct client_row *row)
{
	struct evidence *evidence = context;
	char number[DATUM_TEXT];

	evidence->database = arena_strdup(
		&evidence->arena, datum_text(datum_get(row->datum, "database"), number));
	evidence->halves = datum_number(datum_get(row->datum, "halves"));
	evidence->reservations = datum_number(datum_get(row->datum, "reservations"));
}

/* Refused is as bad as not answered: neither says that something is not there. */
static int ask(const struct evidence *evidence, struct client_question *question,
	       void (*row)(void *, const struct client_row *), void *context,
	       struct fault *fault)
{
	int status = talk_ask(evidence->path, question, row, context, fault);

	client_question_free(question);
	return status ? EXIT_UNREACHABLE : 0;
}

static int ask_span(const struct evidence *evidence, struct evidence_span *span,
		    struct fault *fault)
{
	struct client_question *question = client_question_new("journal mark");

	if (evidence->since)
		client_question_text(question, "since", evidence->since);
	return ask(evidence, question, take_span, span, fault);
}

static int ask_events(struct evidence *evidence, struct fault *fault)
{
	struct client_question *question = client_question_new("journal show");

	if (evidence->since)
		client_question_text(question, "since", evidence->since);
	else
		client_question_number(question, "last", EVENTS_MAX);
	return ask(evidence, question, take_event, evidence, fault);
}

static int ask_messages(struct evidence *evidence, unsigned long long after,
			struct fault *fault)
{
	struct client_question *question = client_question_new("message list");

	evidence->messages = message_list_new();
	client_question_number(question, "after", (long long)after);
	client_question_flag(question, "bytes");
	return ask(evidence, question, take_message, evidence, fault);
}

static int ask_status(struct evidence *evidence, struct fault *fault)
{
	return ask(evidence, client_question_new("status"), take_status, evidence, fault);
}

int evidence_fetch(struct evidence *evidence, struct fault *fault)
{
	const char *since = evidence->since ? "since that mark" : "since the start";
	struct evidence_span span = { 0 };
	int status;

	status = ask_span(evidence, &span, fault);
	if (!status && evidence->is_fetched &&
	    evidence->seen == span.events + span.messages)
		return ask_status(evidence, fault);
	evidence_clear(evidence);
	evidence->seen = span.events + span.messages;
	if (!status)
		status = ask_status(evidence, fault);
	if (!status)
		status = ask_events(evidence, fault);
	if (!status && evidence->wants_messages)
		status = ask_messages(evidence, span.messages_after, fault);
	/* What was forgotten meanwhile is lost, too. */
	if (!status)
		status = ask_span(evidence, &span, fault);
	if (status)
		return status;
	if (span.are_events_lost) {
		fault_say(fault, 0,
			  "events %s are no longer remembered; journal.ring is too small",
			  since);
		return EXIT_UNREACHABLE;
	}
	if (evidence->wants_messages && span.are_messages_lost) {
		fault_say(fault, 0,
			  "not all messages %s are remembered; they are while "
			  "capture.enabled is on and capture.memory is large enough",
			  since);
		return EXIT_UNREACHABLE;
	}
	evidence->is_fetched = true;
	return 0;
}

void evidence_clear(struct evidence *evidence)
{
	message_list_free(evidence->messages);
	evidence->messages = NULL;
	evidence->is_fetched = false;
	evidence->events = NULL;
	evidence->count = 0;
	arena_clear(&evidence->arena);
}

const char *evidence_value(const struct evidence_event *event, const char *key)
{
	for (size_t i = 0; i < event->count; i++)
		if (strcmp(event->keys[i], key) == 0)
			return event->values[i];
	return NULL;
}

bool evidence_pair(const struct evidence_event *event, size_t i, const char **key,
		   const char **value)
{
	if (i >= event->count)
		return false;
	*key = event->keys[i];
	*value = event->values[i];
	return true;
}
