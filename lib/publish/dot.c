/* SPDX-License-Identifier: MIT */
/*
 * The table as Graphviz: a node a state, an edge a row, in the table's order, so the same
 * table always gives the same text.  Rows that stay are dotted.
 */
#include "publish/table.h"

#include "publish/deed.h"

static void print_state(enum publish_state state, FILE *out)
{
	const char *name = publish_state_name(state);

	fprintf(out, "\t%s [label=\"%s", name, name);
	switch (publish_table.timers[state]) {
	case PUBLISH_TIMER_DUE:
		fputs("\\nrefresh or linger time", out);
		break;
	case PUBLISH_TIMER_BACK_OFF:
		fputs("\\nback-off", out);
		break;
	case PUBLISH_TIMER_NONE:
		break;
	}
	fputs("\"];\n", out);
}

static void print_row(const struct publish_row *row, FILE *out)
{
	bool stays = row->go_to == PUBLISH_STAY;
	enum publish_state to = stays ? row->in : (enum publish_state)row->go_to;

	fprintf(out, "\t%s -> %s [label=\"%s", publish_state_name(row->in),
		publish_state_name(to), publish_on_name(row->on));
	if (row->guard != publication_if_always)
		fprintf(out, " [%s]", row->guard_name);
	fprintf(out, "\\n%s\"%s];\n", row->deed_name, stays ? ", style=dotted" : "");
}

void publish_table_dot(FILE *out)
{
	fputs("digraph publication {\n\tnode [shape=box];\n", out);
	for (unsigned state = 0; state < PUBLISH_STATES; state++)
		print_state(state, out);
	for (size_t i = 0; i < publish_table.count; i++)
		print_row(&publish_table.rows[i], out);
	fputs("}\n", out);
}
