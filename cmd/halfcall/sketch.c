/* SPDX-License-Identifier: MIT */
#include "halfcall/sketch.h"

#include "base/arena.h"
#include "base/memory.h"
#include "capture/draft.h"
#include "halfcall/extract.h"
#include "halfcall/talk.h"

#include <stdlib.h>
#include <string.h>

enum { EVENTS_MAX = 1000000 };	/* the largest journal.ring */

struct sketch {
	const char *path;
	struct arena arena;
	const char *call;
	struct dossier_event *events;	/* owned */
	size_t count, room;
	const char *extension;		/* of the station asked for last */
	const char *database, *server;	/* of the daemon; NULL = not known */
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
		sketch->events = memory_checked(
			realloc(sketch->events, sketch->room * sizeof *sketch->events));
	}
	sketch->events[sketch->count++] = (struct dossier_event){
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

static void take_status(void *context, const struct client_row *row)
{
	struct sketch *sketch = context;

	sketch->database = text_of(sketch, row->datum, "database");
	sketch->server = text_of(sketch, row->datum, "server");
}

static void ask_status(struct sketch *sketch)
{
	struct client_question *question = client_question_new("status");

	sketch->status =
		talk_ask(sketch->path, question, take_status, sketch, sketch->fault);
	client_question_free(question);
}

/* The database is a file of this machine, as the socket is, but perhaps not to be read by this
 * user. */
static bool office(void *context, const char *const *extensions, size_t count, FILE *out)
{
	const struct sketch *sketch = context;

	if (sketch->server && strcmp(sketch->server, "evolution") == 0)
		fputs("config  call.server \"evolution\"\n", out);
	return sketch->database && extract_rows(sketch->database, extensions, count, out);
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
	struct dossier call = {
		.messages = first,
		.message_count = message_count(list),
		.station = station,
		.office = office,
		.context = &sketch,
	};

	ask_journal(&sketch);
	if (!sketch.status)
		ask_status(&sketch);
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
