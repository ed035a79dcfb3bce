/* SPDX-License-Identifier: MIT */
#include "server/lists.h"

#include "half/visit.h"

#include <stdio.h>
#include <string.h>

enum { PART = 100 };	/* rows written in one go */

/* Calls ------------------------------------------------------------------------------ */

struct call_row {
	struct call_row *next;
	struct visit_call call;
};

struct call_rows {
	struct arena *arena;
	struct call_row *first, *last;
};

static void copy_call(void *context, const struct visit_call *call)
{
	struct call_rows *rows = context;
	struct call_row *row = arena_alloc(rows->arena, sizeof *row);

	row->call = *call;
	row->call.id = arena_strdup(rows->arena, call->id);
	row->call.from = arena_strdup(rows->arena, call->from);
	row->call.to = arena_strdup(rows->arena, call->to);
	if (rows->last)
		rows->last->next = row;
	else
		rows->first = row;
	rows->last = row;
}

static void write_call(struct answer *answer, const struct visit_call *call)
{
	answer_row_begin(answer);
	answer_text(answer, "id", call->id);
	answer_text(answer, "half", half_name(call->half));
	answer_text(answer, "state", call->state);
	answer_text(answer, "from", call->from);
	answer_text(answer, "to", call->to);
	answer_number(answer, "seconds", call->age_ms / 1000);
	answer_text(answer, "proxy", call->proxy);
	answer_row_end(answer);
}

static bool write_calls(void *state, struct answer *answer)
{
	struct call_rows *rows = state;

	for (int i = 0; i < PART && rows->first; i++) {
		write_call(answer, &rows->first->call);
		rows->first = rows->first->next;
	}
	return rows->first != NULL;
}

void lists_calls(const struct agent *agent, struct answer *answer)
{
	struct arena *arena = answer_arena(answer);
	struct call_rows *rows = arena_alloc(arena, sizeof *rows);

	rows->arena = arena;
	visit_calls(agent_stock(agent), copy_call, rows);
	answer_continue(answer, write_calls, rows);
}

/* Lines ------------------------------------------------------------------------------ */

struct line_row {
	struct line_row *next;
	struct visit_line line;
};

struct line_rows {
	struct arena *arena;
	struct line_row *first, *last;
};

static void copy_line(void *context, const struct visit_line *line)
{
	struct line_rows *rows = context;
	struct line_row *row = arena_alloc(rows->arena, sizeof *row);

	row->line = *line;
	row->line.extension = arena_strdup(rows->arena, line->extension);
	row->line.call = arena_strdup(rows->arena, line->call);
	if (rows->last)
		rows->last->next = row;
	else
		rows->first = row;
	rows->last = row;
}

static void write_line(struct answer *answer, const struct visit_line *line)
{
	answer_row_begin(answer);
	answer_text(answer, "extension", line->extension);
	answer_number(answer, "appearance", line->appearance);
	answer_text(answer, "state", line->is_reserved ? "reserved" : "in-call");
	answer_text(answer, "call", line->call);
	answer_number(answer, "seconds", line->age_ms / 1000);
	answer_row_end(answer);
}

static bool write_lines(void *state, struct answer *answer)
{
	struct line_rows *rows = state;

	for (int i = 0; i < PART && rows->first; i++) {
		write_line(answer, &rows->first->line);
		rows->first = rows->first->next;
	}
	return rows->first != NULL;
}

void lists_lines(const struct agent *agent, struct answer *answer)
{
	struct arena *arena = answer_arena(answer);
	struct line_rows *rows = arena_alloc(arena, sizeof *rows);

	rows->arena = arena;
	visit_lines(agent_stock(agent), copy_line, rows);
	answer_continue(answer, write_lines, rows);
}

/* Stations --------------------------------------------------------------------------- */

struct station_rows {
	struct store *store;
	char after[128];	/* the last extension written */
	size_t bad;
	char fault[512];	/* about the first invalid station */
};

/* Invalid stations are not in the list, so their number is reported at the end. */
static void tell_bad(struct station_rows *rows, struct answer *answer)
{
	if (rows->bad)
		answer_refuse(answer,
			      "%zu station%s cannot be read, the first because of %s",
			      rows->bad, rows->bad == 1 ? "" : "s", rows->fault);
}

static void write_station(struct answer *answer, const struct station *station)
{
	answer_row_begin(answer);
	answer_text(answer, "extension", station->extension);
	answer_text(answer, "name", station->name);
	answer_number(answer, "cor", station->cor.cor);
	answer_number(answer, "appearances", station->appearances);
	if (station->ring_s)
		answer_number(answer, "ring_seconds", station->ring_s);
	answer_flag(answer, "in_service", station->in_service);
	answer_row_end(answer);
}

static bool write_stations(void *state, struct answer *answer)
{
	struct station_rows *rows = state;
	struct arena arena = { 0 };
	struct store_page page = { .after = rows->after, .arena = &arena };
	struct fault fault;

	if (store_load_stations(rows->store, &page, &fault) < 0) {
		answer_refuse(answer, "%s", fault.text);
		arena_clear(&arena);
		return false;
	}
	if (page.bad && !rows->bad)
		memcpy(rows->fault, page.fault, sizeof rows->fault);
	rows->bad += page.bad;
	for (size_t i = 0; i < page.count; i++)
		write_station(answer, &page.stations[i]);
	if (page.count)
		snprintf(rows->after, sizeof rows->after, "%s",
			 page.stations[page.count - 1].extension);
	arena_clear(&arena);
	if (page.is_last)
		tell_bad(rows, answer);
	return !page.is_last;
}

void lists_stations(struct store *store, struct answer *answer)
{
	struct station_rows *rows = arena_alloc(answer_arena(answer), sizeof *rows);

	rows->store = store;
	answer_continue(answer, write_stations, rows);
}

/* Events ----------------------------------------------------------------------------- */

struct event_rows {
	const struct journal *journal;
	uint64_t after, until;		/* numbers of events */
	bool is_findings;
};

struct event_part {
	struct answer *answer;
	uint64_t left;
	bool is_findings;
};

/* In a text of the event these quotes would be escaped. */
static bool is_finding(const char *json)
{
	return strstr(json, "\"event\":\"finding\"");
}

static bool write_event(void *context, const char *json)
{
	struct event_part *part = context;

	if (!part->is_findings || is_finding(json))
		answer_row(part->answer, json);
	return --part->left > 0;
}

static bool write_events(void *state, struct answer *answer)
{
	struct event_rows *rows = state;
	uint64_t left = rows->until - rows->after;
	struct event_part part = {
		.answer = answer,
		.left = left < PART ? left : PART,
		.is_findings = rows->is_findings,
	};

	if (left == 0)
		return false;
	rows->after = journal_visit_after(rows->journal, rows->after, write_event, &part);
	return rows->after < rows->until;
}

void lists_events(const struct journal *journal, uint64_t after, bool is_findings,
		  struct answer *answer)
{
	struct event_rows *rows = arena_alloc(answer_arena(answer), sizeof *rows);

	rows->journal = journal;
	rows->until = journal_count(journal);
	rows->after = after < rows->until ? after : rows->until;
	rows->is_findings = is_findings;
	answer_continue(answer, write_events, rows);
}
