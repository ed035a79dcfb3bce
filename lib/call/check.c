/* SPDX-License-Identifier: MIT */
#include "call/table.h"

#include "call/deed.h"

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

static bool is_unguarded(const struct call_row *row)
{
	return row->guard == call_if_always;
}

/* The first row for ON in STATE that always fits, or NULL. */
static const struct call_row *unguarded_find(const struct call_table *table,
					     enum call_state state, enum call_on on)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct call_row *row = &table->rows[i];

		if (row->in == state && row->on == on && is_unguarded(row))
			return row;
	}
	return NULL;
}

static bool has_row(const struct call_table *table, enum call_state state,
		    enum call_on on)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].in == state && table->rows[i].on == on)
			return true;
	return false;
}

/* Marks in SEEN every state a way leads to (or, backwards, from) those marked already. */
static void spread(const struct call_table *table, bool seen[CALL_STATES],
		   bool is_backwards)
{
	for (bool is_new = true; is_new;) {
		is_new = false;
		for (size_t i = 0; i < table->count; i++) {
			const struct call_row *row = &table->rows[i];

			if (row->go_to == CALL_STAY)
				continue;
			unsigned from = is_backwards ? row->go_to : row->in;
			unsigned to = is_backwards ? row->in : row->go_to;

			if (seen[from] && !seen[to])
				seen[to] = is_new = true;
		}
	}
}

static unsigned check_ways(const struct call_table *table, FILE *out)
{
	bool reached[CALL_STATES] = { [CALL_IDLE] = true };
	bool ends[CALL_STATES] = { [CALL_ENDED] = true };
	unsigned faults = 0;

	spread(table, reached, false);
	spread(table, ends, true);
	for (unsigned state = 0; state < CALL_STATES; state++) {
		const char *name = call_state_name(state);

		if (!reached[state])
			faults += find(out, "%s: no row leads here", name);
		if (!ends[state])
			faults += find(out, "%s: no way leads to ENDED", name);
	}
	return faults;
}

/* A request nobody answers is sent again for half a minute. */
static unsigned check_answers(const struct call_table *table, enum call_state state,
			      FILE *out)
{
	static const enum call_on asked[] = { ON_REQUEST, ON_BYE };
	unsigned faults = 0;

	for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++)
		if (unguarded_find(table, state, asked[i]) == NULL)
			faults += find(out, "%s: %s may stay unanswered",
				       call_state_name(state), call_on_name(asked[i]));
	return faults;
}

static unsigned check_timer(const struct call_table *table, enum call_state state,
			    FILE *out)
{
	const char *name = call_state_name(state);
	bool is_timed = table->timers[state] != TIMER_NONE;
	const struct call_row *last = unguarded_find(table, state, ON_TIMEOUT);

	if (!is_timed && has_row(table, state, ON_TIMEOUT))
		return find(out, "%s: a TIMEOUT row but no timer", name);
	if (is_timed && last == NULL)
		return find(out, "%s: a timer but no TIMEOUT row that always fits", name);
	for (size_t i = 0; i < table->count; i++) {
		const struct call_row *row = &table->rows[i];

		if (row->in == state && row->on == ON_TIMEOUT && row->go_to == CALL_STAY)
			return find(out, "%s: TIMEOUT stays, and no timer runs any more",
				    name);
	}
	return 0;
}

static unsigned check_broken(const struct call_table *table, enum call_state state,
			     FILE *out)
{
	if (state != CALL_ENDED && unguarded_find(table, state, ON_BROKEN) == NULL)
		return find(out, "%s: no BROKEN row that always fits",
			    call_state_name(state));
	return 0;
}

static bool hides(const struct call_row *before, const struct call_row *row)
{
	return before->in == row->in && before->on == row->on &&
	       (is_unguarded(before) || before->guard == row->guard);
}

static unsigned check_row(const struct call_table *table, size_t i, FILE *out)
{
	const struct call_row *row = &table->rows[i];
	const char *in = call_state_name(row->in), *on = call_on_name(row->on);
	unsigned faults = 0;

	for (size_t j = 0; j < i; j++)
		if (hides(&table->rows[j], row)) {
			faults += find(out, "%s %s %s: hidden behind %s", in, on,
				       row->guard_name, table->rows[j].guard_name);
			break;
		}
	if (row->in == CALL_ENDED && row->go_to != CALL_STAY)
		faults += find(out, "ENDED %s: leaves the last state", on);
	if (row->on == ON_BROKEN && (row->go_to == CALL_STAY || row->go_to == row->in))
		faults += find(out, "%s BROKEN: does not leave it", in);
	return faults;
}

unsigned call_table_check_any(const struct call_table *table, FILE *out)
{
	unsigned faults = check_ways(table, out);

	for (unsigned state = 0; state < CALL_STATES; state++) {
		faults += check_broken(table, state, out);
		faults += check_timer(table, state, out);
		faults += check_answers(table, state, out);
	}
	for (size_t i = 0; i < table->count; i++)
		faults += check_row(table, i, out);
	return faults;
}

unsigned call_table_check(FILE *out)
{
	return call_table_check_any(&call_table, out);
}
