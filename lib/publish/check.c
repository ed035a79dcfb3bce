/* SPDX-License-Identifier: MIT */
/* What must be true of a publication's table, and its picture. */
#include "base/machine.h"
#include "publish/deed.h"
#include "publish/table.h"

static bool is_answer(enum publish_on on)
{
	return on >= PUBLISH_ON_OK && on <= PUBLISH_ON_FAILED;
}

/* Events that need a row without guard: SHOW and STOP in all states, answers while in
 * flight. */
static bool is_due(const struct publish_table *table, enum publish_state state,
		   enum publish_on on)
{
	if (state == PUBLISH_STOPPED)
		return false;
	if (is_answer(on))
		return table->is_flying[state];
	return on == PUBLISH_ON_SHOW || on == PUBLISH_ON_STOP ||
	       on == PUBLISH_ON_BROKEN ||
	       (on == PUBLISH_ON_CHANGED && table->timers[state] == PUBLISH_TIMER_DUE) ||
	       (on == PUBLISH_ON_TIMEOUT && table->timers[state] != PUBLISH_TIMER_NONE);
}

static unsigned check_events(const struct machine_kind *kind,
			     const struct publish_table *table, unsigned state, FILE *out)
{
	const char *name = publish_state_name(state);
	unsigned faults = 0;

	for (unsigned on = 0; on < PUBLISH_ONS; on++) {
		bool due = is_due(table, state, on);

		if (due && !machine_has_always(kind, state, on))
			faults += machine_find(out, "%s: no %s row that always fits",
					       name, publish_on_name(on));
		if (!due && on != PUBLISH_ON_RESTORED && machine_has_row(kind, state, on))
			faults += machine_find(out, "%s: %s cannot happen here", name,
					       publish_on_name(on));
	}
	if (table->is_flying[state] && table->timers[state] != PUBLISH_TIMER_NONE)
		faults +=
			machine_find(out, "%s: a timer beside a request in flight", name);
	return faults;
}

/* Whether the row's deed sends a request. */
static bool is_request(const struct machine_row *row)
{
	static int (*const requests[])(struct publication *) = {
		publication_do_publish,		 publication_do_refresh,
		publication_do_remove,		 publication_do_accept_publish,
		publication_do_forget_publish,	 publication_do_lengthen_publish,
		publication_do_lengthen_refresh, publication_do_accept_remove,
	};

	for (size_t i = 0; i < sizeof requests / sizeof requests[0]; i++)
		if (row->deed == (machine_f *)requests[i])
			return true;
	return false;
}

/* One request in flight: sent exactly by rows that lead to a state that awaits the
 * answer. */
static unsigned check_flight(const struct publish_table *table,
			     const struct machine_row *row, FILE *out)
{
	const char *in = publish_state_name(row->in), *on = publish_on_name(row->on);
	bool flies = row->go_to != PUBLISH_STAY && table->is_flying[row->go_to];

	if (is_request(row) != flies)
		return machine_find(
			out, "%s %s: %s", in, on,
			flies ? "awaits an answer but sends no request"
			      : "sends a request but does not await the answer");
	if (is_request(row) && table->is_flying[row->in] && !is_answer(row->on))
		return machine_find(out, "%s %s: a second request in flight", in, on);
	return 0;
}

static unsigned check_row(const struct publish_table *table,
			  const struct machine_row *row, FILE *out)
{
	const char *in = publish_state_name(row->in), *on = publish_on_name(row->on);
	unsigned faults = check_flight(table, row, out);

	if (row->in == PUBLISH_STOPPED && row->go_to != PUBLISH_STAY)
		faults += machine_find(out, "STOPPED %s: leaves the last state", on);
	if (row->go_to == PUBLISH_STAY && row->on != PUBLISH_ON_SHOW)
		faults += machine_find(out, "%s %s: stays, and nothing follows", in, on);
	if (row->on == PUBLISH_ON_BROKEN &&
	    (row->go_to >= PUBLISH_STATES ||
	     table->timers[row->go_to] == PUBLISH_TIMER_NONE))
		faults += machine_find(out, "%s BROKEN: nothing tries again", in);
	return faults;
}

unsigned publish_table_check_any(const struct publish_table *table, FILE *out)
{
	static const bool rests[PUBLISH_STATES] = {
		[PUBLISH_IDLE] = true, [PUBLISH_STOPPED] = true
	};
	struct machine_kind kind = publish_kind;
	unsigned faults;

	kind.rows = table->rows;
	kind.count = table->count;
	faults = machine_check_ways(&kind, rests, "rest", out);
	for (unsigned state = 0; state < PUBLISH_STATES; state++)
		faults += check_events(&kind, table, state, out);
	for (size_t i = 0; i < table->count; i++)
		faults += check_row(table, &table->rows[i], out);
	return faults + machine_check_hidden(&kind, out);
}

unsigned publish_table_check(FILE *out)
{
	return publish_table_check_any(&publish_table, out);
}

void publish_table_dot(FILE *out)
{
	machine_dot(&publish_kind, out);
}
