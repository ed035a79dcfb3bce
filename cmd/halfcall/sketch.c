/* SPDX-License-Identifier: MIT */
#include "halfcall/sketch.h"

#include "base/arena.h"
#include "base/memory.h"
#include "capture/draft.h"
#include "halfcall/talk.h"

#include <stdlib.h>
#include <string.h>

enum { EVENTS_MAX = 1000000 };	/* the largest journal.ring */

struct sketch {
	const char *path;
	struct arena arena;
	const char *call;
	struct draft_event *events;	/* owned */
	size_t count, room;
	const char *extension;		/* of the station asked for last */
	int status;			/* of the worst question so far */
	struct fault *fault;
};

static const char *text_of(struct sketch *sketch, const struct datum *row,
			   const char *key)
{
	char number[DATUM_TEXT];
	const char *text = datum_text(datum_get(row, key), number);

	return *text ? arena_strdup(&sketch->arena, text) : NULL;
}

static void take_event(void *context, const struct client_row *row)
{
	struct sketch *sketch = context;
	const char *call = text_of(sketch, row->datum, "call");

	if (!call || strcmp(call, sketch->call) != 0)
		return;
	if (sketch->count == sketch->room) {
		sketch->room = sketch->room ? 2 * sketch->room : 16;
		sketch->events = memory_checked(realloc(
			sketch->events, sketch->room * sizeof *sketch->events));
	}
	sketch->events[sketch->count++] = (struct draft_event){
		.event = text_of(sketch, row->datum, "event"),
		.rule = text_of(sketch, row->datum, "rule"),
		.extension = text_of(sketch, row->datum, "extension"),
		.to = text_of(sketch, row->datum, "to"),
	};
}

static void ask_journal(struct sketch *sketch)
{
	struct client_question *question = client_question_new("journal show");

	client_question_number(question, "last", EVENTS_MAX);
	sketch->status =
		talk_ask(sketch->path, question, take_event, sketch, sketch->fault);
	client_question_free(question);
}

static void take_station(void *context, const struct client_row *row)
{
	struct sketch *sketch = context;

	sketch->extension = text_of(sketch, row->datum, "extension");
}

static const char *station(void *context, const char *number)
{
	struct sketch *sketch = context;
	struct client_question *question = client_question_new("station show");
	struct fault fault;

	client_question_text(question, "extension", number);
	sketch->extension = NULL;
	if (talk_ask(sketch->path, question, take_station, sketch, &fault) ==
	    EXIT_UNREACHABLE) {
		sketch->status = EXIT_UNREACHABLE;
		*sketch->fault = fault;
	}
	client_question_free(question);
	return sketch->extension;
}

int sketch_print(const char *path, const struct message_list *list, FILE *out,
		 struct fault *fault)
{
	const struct sighting *first = message_list_first(list);
	struct sketch sketch = { .path = path, .call = first->call, .fault = fault };
	struct draft_call call = {
		.messages = first,
		.message_count = message_count(list),
		.station = station,
		.context = &sketch,
	};

	ask_journal(&sketch);
	call.events = sketch.events;
	call.event_count = sketch.count;
	if (!sketch.status && !draft_write(&call, out)) {
		fault_say(fault, 0, "the INVITE of the call is no longer remembered");
		sketch.status = EXIT_REFUSED;
	}
	free(sketch.events);
	arena_clear(&sketch.arena);
	return sketch.status;
}
