/* SPDX-License-Identifier: MIT */
#include "line/table.h"

static bool has_row(const struct line_table *table, enum line_state state,
		    enum line_on on)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].in == state && table->rows[i].on == on &&
		    table->rows[i].guard == line_if_always)
			return true;
	return false;
}

static bool is_reached(const struct line_table *table, enum line_state state)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].go_to == state && table->rows[i].in != state)
			return true;
	return state == LINE_IDLE;
}

static bool has_exit(const struct line_table *table, enum line_state state)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].in == state && table->rows[i].go_to != state)
			return true;
	return false;
}

/* Every row behind one of the same state and event that always fits. */
static unsigned check_hidden(const struct line_table *table, FILE *out)
{
	unsigned faults = 0;

	for (size_t i = 1; i < table->count; i++)
		for (size_t j = 0; j < i; j++) {
			const struct line_row *hidden = &table->rows[i],
					      *row = &table->rows[j];

			if (row->in != hidden->in || row->on != hidden->on ||
			    row->guard != line_if_always)
				continue;
			fprintf(out, "%s: %s if %s is hidden\n",
				line_state_name(hidden->in), line_on_name(hidden->on),
				hidden->guard_name);
			faults++;
		}
	return faults;
}

static unsigned check_state(const struct line_table *table, enum line_state state,
			    FILE *out)
{
	const char *name = line_state_name(state);
	bool is_alive = state != LINE_ENDED;
	const struct {
		bool is_wrong;
		const char *what;
	} findings[] = {
		{ !is_reached(table, state), "no row leads here" },
		{ is_alive && !has_exit(table, state), "no row leads out" },
		{ !is_alive && has_exit(table, state), "a row leads out" },
		{ is_alive && !has_row(table, state, LINE_ON_BROKEN),
		  "no BROKEN row that always fits" },
		{ table->is_timed[state] != has_row(table, state, LINE_ON_TIMEOUT),
		  "timer and TIMEOUT row do not agree" },
	};
	unsigned faults = 0;

	for (size_t i = 0; i < sizeof findings / sizeof *findings; i++)
		if (findings[i].is_wrong) {
			fprintf(out, "%s: %s\n", name, findings[i].what);
			faults++;
		}
	return faults;
}

unsigned line_table_check_any(const struct line_table *table, FILE *out)
{
	unsigned faults = check_hidden(table, out);

	for (unsigned state = 0; state < LINE_STATES; state++)
		faults += check_state(table, (enum line_state)state, out);
	return faults;
}

unsigned line_table_check(FILE *out)
{
	return line_table_check_any(&line_table, out);
}

void line_table_dot(FILE *out)
{
	fputs("digraph line {\n", out);
	for (size_t i = 0; i < line_table.count; i++) {
		const struct line_row *row = &line_table.rows[i];
		const char *guard = row->guard == line_if_always ? "" : row->guard_name;

		fprintf(out, "\t%s -> %s [label=\"%s%s%s / %s\"];\n",
			line_state_name(row->in), line_state_name(row->go_to),
			line_on_name(row->on), *guard ? " if " : "", guard,
			row->deed_name);
	}
	fputs("}\n", out);
}
