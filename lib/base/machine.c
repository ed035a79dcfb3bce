/* SPDX-License-Identifier: MIT */
#include "base/machine.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

/* One slot more than there are queued events, since the event being handled keeps its
 * slot. */
enum { QUEUE = 4, SLOTS = QUEUE + 1, EVENT_SIZE_MAX = 32 };

struct raised {
	unsigned on;
	const void *event;		/* NULL, the raiser's object, or the copy below */
	union {
		max_align_t align;
		unsigned char bytes[EVENT_SIZE_MAX];
	} copy;
};

/* What a machine needs only while an event is handled. */
struct machine_turn {
	const struct machine_row *row;
	unsigned first, queued;
	bool is_overrun;
	struct raised slots[SLOTS];
};

static struct machine *life_of(const struct machine_kind *kind, void *self)
{
	return (struct machine *)(void *)((char *)self + kind->life);
}

static void enter(const struct machine_kind *kind, void *self, uint8_t state)
{
	struct machine *life = life_of(kind, self);

	assert(life->state != kind->end);
	if (life->state != state)
		life->first = 0;
	life->state = state;
	kind->arm(self);
	if (state == kind->end)
		kind->ended(self);
}

/* The first row of STATE, or the end of the table. */
static size_t first_of(const struct machine_kind *kind, uint8_t state)
{
	size_t i = 0;

	while (i < kind->count && kind->rows[i].in != state)
		i++;
	return i;
}

static const struct machine_row *find(const struct machine_kind *kind, const void *self,
				      struct machine *life, unsigned on)
{
	const struct machine_row *row, *end = kind->rows + kind->count;

	if (!life->first)
		life->first = (uint16_t)first_of(kind, life->state);
	for (row = kind->rows + life->first; row < end && row->in == life->state; row++)
		if (row->on == on &&
		    (row->guard == kind->always || kind->holds(row->guard, self)))
			return row;
	return NULL;
}

/* Runs the row for ON, if there is one; returns what its deed returns, else 0. */
static int run(const struct machine_kind *kind, void *self, unsigned on,
	       const void *event)
{
	struct machine *life = life_of(kind, self);
	const struct machine_row *row;
	int err = 0;

	if (kind->begin)
		kind->begin(self, on, event);
	row = find(kind, self, life, on);
	if (row) {
		life->turn->row = row;
		err = kind->act(row->deed, self);
		if (err >= 0 && row->go_to != kind->states)
			enter(kind, self, row->go_to);
		life->turn->row = NULL;
	}
	if (kind->finish)
		kind->finish(self);
	return err;
}

static void run_broken(const struct machine_kind *kind, void *self, const void *event)
{
	if (run(kind, self, kind->broken, event) < 0 && kind->end != kind->states)
		enter(kind, self, kind->end);
}

static void run_event(const struct machine_kind *kind, void *self, unsigned on,
		      const void *event)
{
	struct machine_turn *turn = life_of(kind, self)->turn;

	if (on == kind->broken || run(kind, self, on, event) < 0)
		run_broken(kind, self, event);
	if (turn->is_overrun) {
		turn->is_overrun = false;
		run_broken(kind, self, NULL);
	}
}

/* Raised from inside a deed: it waits until that is done. */
static void put_off(const struct machine_kind *kind, void *self, unsigned on,
		    const void *event)
{
	struct machine_turn *turn = life_of(kind, self)->turn;
	struct raised *raised = &turn->slots[(turn->first + turn->queued) % SLOTS];

	if (turn->queued == QUEUE) {
		assert(kind->lose);
		turn->is_overrun = true;
		kind->lose(self, on, event);
		return;
	}
	turn->queued++;
	raised->on = on;
	raised->event = event;
	if (!event || !kind->event_size)
		return;
	assert(kind->event_size <= EVENT_SIZE_MAX);
	memcpy(raised->copy.bytes, event, kind->event_size);
	raised->event = raised->copy.bytes;
}

void machine_handle(const struct machine_kind *kind, void *self, unsigned on,
		    const void *event)
{
	struct machine *life = life_of(kind, self);
	struct machine_turn turn;	/* its slots are written before they are read */

	if (life->turn) {
		put_off(kind, self, on, event);
		return;
	}
	turn.row = NULL;
	turn.first = turn.queued = 0;
	turn.is_overrun = false;
	life->turn = &turn;
	run_event(kind, self, on, event);
	while (turn.queued > 0) {
		/* The slot of the event is not reused while it is handled, since one slot
		 * stays free. */
		const struct raised *raised = &turn.slots[turn.first];

		turn.first = (turn.first + 1) % SLOTS;
		turn.queued--;
		run_event(kind, self, raised->on, raised->event);
	}
	life->turn = NULL;
}

const struct machine_row *machine_row(const struct machine *life)
{
	return life->turn ? life->turn->row : NULL;
}

static bool stays(const struct machine_kind *kind, const struct machine_row *row)
{
	return row->go_to == kind->states;
}

bool machine_has_row(const struct machine_kind *kind, unsigned state, unsigned on)
{
	for (size_t i = 0; i < kind->count; i++)
		if (kind->rows[i].in == state && kind->rows[i].on == on)
			return true;
	return false;
}

bool machine_has_always(const struct machine_kind *kind, unsigned state, unsigned on)
{
	for (size_t i = 0; i < kind->count; i++)
		if (kind->rows[i].in == state && kind->rows[i].on == on &&
		    kind->rows[i].guard == kind->always)
			return true;
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
 * Marks in SEEN every state that can be reached from a marked one; if IS_BACKWARDS, every state
 * from which a marked one can be reached.
 */
static void spread(const struct machine_kind *kind, bool *seen, bool is_backwards)
{
	for (bool is_new = true; is_new;) {
		is_new = false;
		for (size_t i = 0; i < kind->count; i++) {
			const struct machine_row *row = &kind->rows[i];
			unsigned from = is_backwards ? row->go_to : row->in;
			unsigned to = is_backwards ? row->in : row->go_to;

			if (!stays(kind, row) && seen[from] && !seen[to])
				seen[to] = is_new = true;
		}
	}
}

unsigned machine_check_ways(const struct machine_kind *kind, const bool *rests,
			    const char *rest, FILE *out)
{
	bool is_reached[MACHINE_STATES_MAX] = { true };
	bool has_way[MACHINE_STATES_MAX] = { false };
	unsigned faults = 0;

	for (unsigned state = 0; state < kind->states; state++)
		has_way[state] = rests[state];
	spread(kind, is_reached, false);
	spread(kind, has_way, true);
	for (unsigned state = 0; state < kind->states; state++) {
		const char *name = kind->state_name(state);

		if (!is_reached[state])
			faults += machine_find(out, "%s: no row leads here", name);
		if (!has_way[state])
			faults += machine_find(out, "%s: no way leads to %s", name, rest);
	}
	return faults;
}

static bool hides(const struct machine_kind *kind, const struct machine_row *before,
		  const struct machine_row *row)
{
	return before->in == row->in && before->on == row->on &&
	       (before->guard == kind->always || before->guard == row->guard);
}

static bool stands_apart(const struct machine_kind *kind, size_t i)
{
	return kind->rows[i - 1].in != kind->rows[i].in &&
	       first_of(kind, kind->rows[i].in) != i;
}

unsigned machine_check_hidden(const struct machine_kind *kind, FILE *out)
{
	unsigned faults = 0;

	for (size_t i = 1; i < kind->count; i++) {
		const struct machine_row *row = &kind->rows[i], *before = kind->rows;

		if (stands_apart(kind, i))
			faults += machine_find(out, "%s %s %s: apart from its state's",
					       kind->state_name(row->in),
					       kind->on_name(row->on), row->guard_name);
		while (before < row && !hides(kind, before, row))
			before++;
		if (before < row)
			faults += machine_find(out, "%s %s %s: hidden behind %s",
					       kind->state_name(row->in),
					       kind->on_name(row->on), row->guard_name,
					       before->guard_name);
	}
	return faults;
}

static void draw_state(const struct machine_kind *kind, unsigned state, FILE *out)
{
	const char *name = kind->state_name(state);
	const char *note = kind->state_note ? kind->state_note(state) : NULL;

	fprintf(out, "\t%s [label=\"%s%s%s\"];\n", name, name, note ? "\\n" : "",
		note ? note : "");
}

static void draw_row(const struct machine_kind *kind, const struct machine_row *row,
		     FILE *out)
{
	bool is_loop = stays(kind, row);

	fprintf(out, "\t%s -> %s [label=\"%s", kind->state_name(row->in),
		kind->state_name(is_loop ? row->in : row->go_to), kind->on_name(row->on));
	if (row->guard != kind->always)
		fprintf(out, " [%s]", row->guard_name);
	fprintf(out, "\\n%s\"%s];\n", row->deed_name, is_loop ? ", style=dotted" : "");
}

void machine_dot(const struct machine_kind *kind, FILE *out)
{
	fprintf(out, "digraph %s {\n\tnode [shape=box];\n", kind->name);
	for (unsigned state = 0; state < kind->states; state++)
		draw_state(kind, state, out);
	for (size_t i = 0; i < kind->count; i++)
		draw_row(kind, &kind->rows[i], out);
	fputs("}\n", out);
}
