/* SPDX-License-Identifier: MIT */
#include "wire/life.h"

static unsigned check_state(const struct life *life, unsigned state, FILE *out)
{
	const struct life_state *known = &life->states[state];
	const struct machine_kind *kind = &life->kind;
	unsigned faults = 0;

	if (state == kind->end)
		return 0;
	if (!machine_has_always(kind, state, kind->broken))
		faults += machine_find(out, "%s: no BROKEN row that always fits",
				       known->name);
	if (known->again_ms && !machine_has_always(kind, state, life->again))
		faults += machine_find(out, "%s: timer and AGAIN row do not agree",
				       known->name);
	if (known->expires_ms && !machine_has_always(kind, state, life->expired))
		faults += machine_find(out, "%s: timer and EXPIRED row do not agree",
				       known->name);
	return faults;
}

unsigned life_check(const struct life *life, FILE *out)
{
	bool rests[MACHINE_STATES_MAX] = { false };
	unsigned faults;

	rests[life->kind.end] = true;
	faults = machine_check_ways(&life->kind, rests, life->states[life->kind.end].name,
				    out);
	for (unsigned state = 0; state < life->kind.states; state++)
		faults += check_state(life, state, out);
	for (size_t i = 0; i < life->kind.count; i++)
		if (life->kind.rows[i].in == life->kind.end)
			faults += machine_find(out, "%s %s: leaves the last state",
					       life->states[life->kind.end].name,
					       life->kind.on_name(life->kind.rows[i].on));
	return faults + machine_check_hidden(&life->kind, out);
}
