/* SPDX-License-Identifier: MIT */
#include "publish/table.h"

#include "publish/deed.h"

#include <stdarg.h>

/* One finding: counted and, as a sentence, written to OUT. */
__attribute__((format(printf, 2, 3))) static unsigned find(FILE *out, const char *format,
							   ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(out, format, args);
	va_end(args);
	fputc('\n', out);
	return 1;
}

static bool is_unguarded(const struct publish_row *row)
{
	return row->guard == publication_if_always;
}

/* The first row for ON in STATE, or the first that always fits; NULL = none. */
static const struct publish_row *row_of(const struct publish_table *table,
					enum publish_state state, enum publish_on on,
					bool must_fit)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct publish_row *row = &table->rows[i];

		if (row->in == state && row->on == on && (is_unguarded(row) || !must_fit))
			return row;
	}
	return NULL;
}

/* Marks in SEEN every state a way leads to (or, backwards, from) those marked already. */
static void spread(const struct publish_table *table, bool seen[PUBLISH_STATES],
		   bool is_backwards)
{
	for (bool is_new = true; is_new;) {
		is_new = false;
		for (size_t i = 0; i < table->count; i++) {
			const struct publish_row *row = &table->rows[i];

			if (row->go_to == PUBLISH_STAY)
				continue;
			unsigned from = is_backwards ? row->go_to : row->in;
			unsigned to = is_backwards ? row->in : row->go_to;

			if (seen[from] && !seen[to])
				seen[to] = is_new = true;
		}
	}
}

static unsigned check_ways(const struct publish_table *table, FILE *out)
{
	bool reached[PUBLISH_STATES] = { [PUBLISH_IDLE] = true };
	bool rests[PUBLISH_STATES] = { [PUBLISH_IDLE] = true, [PUBLISH_STOPPED] = true };
	unsigned faults = 0;

	spread(table, reached, false);
	spread(table, rests, true);
	for (unsigned state = 0; state < PUBLISH_STATES; state++) {
		const char *name = publish_state_name(state);

		if (!reached[state])
			faults += find(out, "%s: no row leads here", name);
		if (!rests[state])
			faults += find(out, "%s: no way leads to rest", name);
	}
	return faults;
}

static bool is_answer(enum publish_on on)
{
	return on >= PUBLISH_ON_OK && on <= PUBLISH_ON_FAILED;
}

/* What must have a row that always fits: news and the stop everywhere, answers in flight. */
static bool is_due(const struct publish_table *table, enum publish_state state,
		   enum publish_on on)
{
	if (state == PUBLISH_STOPPED)
		return false;
	if (is_answer(on))
		return table->is_flying[state];
	return on == PUBLISH_ON_SHOW || on == PUBLISH_ON_STOP ||
	       on == PUBLISH_ON_BROKEN ||
	       (on == PUBLISH_ON_TIMEOUT && table->timers[state] != PUBLISH_TIMER_NONE);
}

static unsigned check_events(const struct publish_table *table, enum publish_state state,
			     FILE *out)
{
	const char *name = publish_state_name(state);
	unsigned faults = 0;

	for (unsigned on = 0; on < PUBLISH_ONS; on++) {
		bool due = is_due(table, state, on);

		if (due && row_of(table, state, on, true) == NULL)
			faults += find(out, "%s: no %s row that always fits", name,
				       publish_on_name(on));
		if (!due && on != PUBLISH_ON_RESTORED &&
		    row_of(table, state, on, false) != NULL)
			faults += find(out, "%s: %s cannot happen here", name,
				       publish_on_name(on));
	}
	if (table->is_flying[state] && table->timers[state] != PUBLISH_TIMER_NONE)
		faults += find(out, "%s: a timer beside a request in flight", name);
	return faults;
}

static bool hides(const struct publish_row *before, const struct publish_row *row)
{
	return before->in == row->in && before->on == row->on &&
	       (is_unguarded(before) || before->guard == row->guard);
}

/* Whether the row's deed begins a request. */
static bool is_request(const struct publish_row *row)
{
	static int (*const requests[])(struct publication *) = {
		publication_do_publish,		 publication_do_refresh,
		publication_do_remove,		 publication_do_accept_publish,
		publication_do_forget_publish,	 publication_do_lengthen_publish,
		publication_do_lengthen_refresh, publication_do_accept_remove,
	};

	for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++)
		if (row->deed == requests[i])
			return true;
	return false;
}

/* One request in flight: asked exactly on the way into a state that awaits the answer. */
static unsigned check_flight(const struct publish_table *table,
			     const struct publish_row *row, FILE *out)
{
	const char *in = publish_state_name(row->in), *on = publish_on_name(row->on);
	bool flies = row->go_to != PUBLISH_STAY && table->is_flying[row->go_to];

	if (is_request(row) != flies)
		return find(out, "%s %s: %s", in, on,
			    flies ? "awaits an answer to nothing"
				  : "nobody awaits the answer");
	if (is_request(row) && table->is_flying[row->in] && !is_answer(row->on))
		return find(out, "%s %s: a second request in flight", in, on);
	return 0;
}

static unsigned check_row(const struct publish_table *table, size_t i, FILE *out)
{
	const struct publish_row *row = &table->rows[i];
	const char *in = publish_state_name(row->in), *on = publish_on_name(row->on);
	unsigned faults = check_flight(table, row, out);

	for (size_t j = 0; j < i; j++)
		if (hides(&table->rows[j], row)) {
			faults += find(out, "%s %s %s: hidden behind %s", in, on,
				       row->guard_name, table->rows[j].guard_name);
			break;
		}
	if (row->in == PUBLISH_STOPPED && row->go_to != PUBLISH_STAY)
		faults += find(out, "STOPPED %s: leaves the last state", on);
	if (row->go_to == PUBLISH_STAY && row->on != PUBLISH_ON_SHOW)
		faults += find(out, "%s %s: stays, and nothing follows", in, on);
	if (row->on == PUBLISH_ON_BROKEN &&
	    (row->go_to >= PUBLISH_STATES ||
	     table->timers[row->go_to] == PUBLISH_TIMER_NONE))
		faults += find(out, "%s BROKEN: nothing tries again", in);
	return faults;
}

unsigned publish_table_check_any(const struct publish_table *table, FILE *out)
{
	unsigned faults = check_ways(table, out);

	for (unsigned state = 0; state < PUBLISH_STATES; state++)
		faults += check_events(table, state, out);
	for (size_t i = 0; i < table->count; i++)
		faults += check_row(table, i, out);
	return faults;
}

unsigned publish_table_check(FILE *out)
{
	return publish_table_check_any(&publish_table, out);
}
