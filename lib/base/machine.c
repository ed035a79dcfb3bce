/* SPDX-License-Identifier: MIT */
#include "base/machine.h"

#include <stdarg.h>

static struct machine_row row_at(const struct machine *machine, size_t i)
{
	return machine->row(machine->table, i);
}

static bool stays(const struct machine *machine, const struct machine_row *row)
{
	return row->go_to == machine->states;
}

bool machine_has_row(const struct machine *machine, unsigned state, unsigned on)
{
	for (size_t i = 0; i < machine->count; i++) {
		const struct machine_row row = row_at(machine, i);

		if (row.in == state && row.on == on)
			return true;
	}
	return false;
}

bool machine_has_always(const struct machine *machine, unsigned state, unsigned on)
{
	for (size_t i = 0; i < machine->count; i++) {
		const struct machine_row row = row_at(machine, i);

		if (row.in == state && row.on == on && row.is_always)
			return true;
	}
	return false;
}

unsigned machine_find(FILE *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(out, format, args);
	va_end(args);
	fputc('\n', out);
	return 1;
}

/*
 * Marks in SEEN every state reachable from the marked ones (backwards: that reaches one).
 */
static void spread(const struct machine *machine, bool *seen, bool is_backwards)
{
	for (bool is_new = true; is_new;) {
		is_new = false;
		for (size_t i = 0; i < machine->count; i++) {
			const struct machine_row row = row_at(machine, i);
			unsigned from = is_backwards ? row.go_to : row.in;
			unsigned to = is_backwards ? row.in : row.go_to;

			if (!stays(machine, &row) && seen[from] && !seen[to])
				seen[to] = is_new = true;
		}
	}
}

unsigned machine_check_ways(const struct machine *machine, const bool *rests,
			    const char *rest, FILE *out)
{
	bool is_reached[MACHINE_STATES_MAX] = { true };
	bool has_way[MACHINE_STATES_MAX] = { false };
	unsigned faults = 0;

	for (unsigned state = 0; state < machine->states; state++)
		has_way[state] = rests[state];
	spread(machine, is_reached, false);
	spread(machine, has_way, true);
	for (unsigned state = 0; state < machine->states; state++) {
		const char *name = machine->state_name(state);

		if (!is_reached[state])
			faults += machine_find(out, "%s: no row leads here", name);
		if (!has_way[state])
			faults += machine_find(out, "%s: no way leads to %s", name, rest);
	}
	return faults;
}

static bool hides(const struct machine_row *before, const struct machine_row *row)
{
	return before->in == row->in && before->on == row->on &&
	       (before->is_always || before->guard == row->guard);
}

unsigned machine_check_hidden(const struct machine *machine, FILE *out)
{
	unsigned faults = 0;

	for (size_t i = 1; i < machine->count; i++) {
		const struct machine_row row = row_at(machine, i);

		for (size_t j = 0; j < i; j++) {
			const struct machine_row before = row_at(machine, j);

			if (!hides(&before, &row))
				continue;
			faults += machine_find(out, "%s %s %s: hidden behind %s",
					       machine->state_name(row.in),
					       machine->on_name(row.on), row.guard_name,
					       before.guard_name);
			break;
		}
	}
	return faults;
}

static void draw_state(const struct machine *machine, unsigned state, FILE *out)
{
	const char *name = machine->state_name(state);
	const char *note =
		machine->state_note ? machine->state_note(machine->table, state) : NULL;

	fprintf(out, "\t%s [label=\"%s%s%s\"];\n", name, name, note ? "\\n" : "",
		note ? note : "");
}

static void draw_row(const struct machine *machine, const struct machine_row *row,
		     FILE *out)
{
	bool is_loop = stays(machine, row);

	fprintf(out, "\t%s -> %s [label=\"%s", machine->state_name(row->in),
		machine->state_name(is_loop ? row->in : row->go_to),
		machine->on_name(row->on));
	if (!row->is_always)
		fprintf(out, " [%s]", row->guard_name);
	fprintf(out, "\\n%s\"%s];\n", row->deed_name, is_loop ? ", style=dotted" : "");
}

void machine_dot(const struct machine *machine, FILE *out)
{
	fprintf(out, "digraph %s {\n\tnode [shape=box];\n", machine->name);
	for (unsigned state = 0; state < machine->states; state++)
		draw_state(machine, state, out);
	for (size_t i = 0; i < machine->count; i++) {
		const struct machine_row row = row_at(machine, i);

		draw_row(machine, &row, out);
	}
	fputs("}\n", out);
}
