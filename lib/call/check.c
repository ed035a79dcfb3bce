/* SPDX-License-Identifier: MIT */
/* What must be true of the call's table, and its picture. */
#include "base/machine.h"
#include "call/deed.h"
#include "call/table.h"

static struct machine_row row_of(const void *table, size_t i)
{
	const struct call_row *row = &((const struct call_table *)table)->rows[i];

	return (struct machine_row){
		.in = row->in,
		.on = row->on,
		.go_to = row->go_to,
		.guard_name = row->guard_name,
		.deed_name = row->deed_name,
		.guard = (void (*)(void))row->guard,
		.is_always = row->guard == call_if_always,
	};
}

static const char *state_note(const void *table, unsigned state)
{
	switch (((const struct call_table *)table)->timers[state]) {
	case TIMER_RING:
		return "ring time";
	case TIMER_TRANSACTION:
		return "transaction time";
	case TIMER_NONE:
		break;
	}
	return NULL;
}

static struct machine machine_of(const struct call_table *table)
{
	return (struct machine){
		.name = "call",
		.table = table,
		.count = table->count,
		.states = CALL_STATES,
		.row = row_of,
		.state_name = call_state_name,
		.on_name = call_on_name,
		.state_note = state_note,
	};
}

/* A request nobody answers is sent again for half a minute. */
static unsigned check_answers(const struct machine *machine, unsigned state, FILE *out)
{
	static const enum call_on asked[] = { ON_REQUEST, ON_BYE };
	unsigned faults = 0;

	for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++)
		if (!machine_has_always(machine, state, asked[i]))
			faults += machine_find(out, "%s: %s may stay unanswered",
					       call_state_name(state),
					       call_on_name(asked[i]));
	return faults;
}

static unsigned check_timer(const struct machine *machine, const struct call_table *table,
			    unsigned state, FILE *out)
{
	const char *name = call_state_name(state);
	bool is_timed = table->timers[state] != TIMER_NONE;

	if (!is_timed && machine_has_row(machine, state, ON_TIMEOUT))
		return machine_find(out, "%s: a TIMEOUT row but no timer", name);
	if (is_timed && !machine_has_always(machine, state, ON_TIMEOUT))
		return machine_find(
			out, "%s: a timer but no TIMEOUT row that always fits", name);
	return 0;
}

static unsigned check_row(const struct call_row *row, FILE *out)
{
	const char *in = call_state_name(row->in), *on = call_on_name(row->on);
	unsigned faults = 0;

	if (row->in == CALL_ENDED && row->go_to != CALL_STAY)
		faults += machine_find(out, "ENDED %s: leaves the last state", on);
	if (row->on == ON_BROKEN && (row->go_to == CALL_STAY || row->go_to == row->in))
		faults += machine_find(out, "%s BROKEN: does not leave it", in);
	if (row->on == ON_TIMEOUT && row->go_to == CALL_STAY)
		faults += machine_find(
			out, "%s: TIMEOUT stays, and no timer runs any more", in);
	return faults;
}

unsigned call_table_check_any(const struct call_table *table, FILE *out)
{
	static const bool rests[CALL_STATES] = { [CALL_ENDED] = true };
	const struct machine machine = machine_of(table);
	unsigned faults = machine_check_ways(&machine, rests, "ENDED", out);

	for (unsigned state = 0; state < CALL_STATES; state++) {
		if (state != CALL_ENDED &&
		    !machine_has_always(&machine, state, ON_BROKEN))
			faults += machine_find(out, "%s: no BROKEN row that always fits",
					       call_state_name(state));
		faults += check_timer(&machine, table, state, out);
		faults += check_answers(&machine, state, out);
	}
	for (size_t i = 0; i < table->count; i++)
		faults += check_row(&table->rows[i], out);
	return faults + machine_check_hidden(&machine, out);
}

unsigned call_table_check(FILE *out)
{
	return call_table_check_any(&call_table, out);
}

void call_table_dot(FILE *out)
{
	const struct machine machine = machine_of(&call_table);

	machine_dot(&machine, out);
}
