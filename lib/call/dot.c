/* SPDX-License-Identifier: MIT */
/*
 * The table as Graphviz: a node a state, an edge a row, in the table's order, so the same
 * table always gives the same text.  Rows that stay are dotted.
 */
#include "call/table.h"

#include "call/deed.h"

static void print_state(enum call_state state, FILE *out)
{
	const char *name = call_state_name(state);

	fprintf(out, "\t%s [label=\"%s", name, name);
	switch (call_table.timers[state]) {
	case TIMER_RING:
		fputs("\\nring time", out);
		break;
	case TIMER_TRANSACTION:
		fprintf(out, "\\n%d s", CALL_TRANSACTION_S);
		break;
	case TIMER_NONE:
		break;
	}
	fputs("\"];\n", out);
}

static void print_row(const struct call_row *row, FILE *out)
{
	bool stays = row->go_to == CALL_STAY;
	enum call_state to = stays ? row->in : (enum call_state)row->go_to;

	fprintf(out, "\t%s -> %s [label=\"%s", call_state_name(row->in),
		call_state_name(to), call_on_name(row->on));
	if (row->guard != call_if_always)
		fprintf(out, " [%s]", row->guard_name);
	fprintf(out, "\\n%s\"%s];\n", row->deed_name, stays ? ", style=dotted" : "");
}

void call_table_dot(FILE *out)
{
	fputs("digraph call {\n\tnode [shape=box];\n", out);
	for (unsigned state = 0; state < CALL_STATES; state++)
		print_state(state, out);
	for (size_t i = 0; i < call_table.count; i++)
		print_row(&call_table.rows[i], out);
	fputs("}\n", out);
}
