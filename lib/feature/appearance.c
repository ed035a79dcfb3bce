/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

enum { SHOWN_MAX = 64 };		/* appearances told by profile.busy_lines */

static bool is_busy(const struct inquiry *inquiry, unsigned appearance)
{
	return appearance <= SHOWN_MAX &&
	       (inquiry->profile->busy_lines >> (appearance - 1) & 1);
}

/* Off-hook while its number has been dialled: the reservation would never end. */
bool rule_overtaken(const struct inquiry *inquiry, struct verdict *verdict)
{
	return inquiry->facts->is_overtaken &&
	       rule_refuse(inquiry, verdict,
			   (struct denial){ 484, CAUSE_NONE, "overtaken" },
			   "the number of this call has been dialled already");
}

/* The line appearance an off-hook wants must be there, and idle (halfcall-protocol(7)). */
bool rule_appearance(const struct inquiry *inquiry, struct verdict *verdict)
{
	const struct station *station = inquiry->profile->caller;
	unsigned wanted = inquiry->facts->appearance;
	unsigned idle = 1;

	if (wanted > station->appearances)
		return rule_refuse(
			inquiry, verdict,
			(struct denial){ 404, CAUSE_NONE, "appearance:unknown" },
			"station %s has %u line appearances, and not the one asked for",
			station->extension, station->appearances);
	if (wanted)
		return is_busy(inquiry, wanted) &&
		       rule_refuse(inquiry, verdict,
				   (struct denial){ 486, CAUSE_NONE, "appearance:busy" },
				   "line appearance %u of station %s is in use", wanted,
				   station->extension);
	while (idle <= station->appearances && is_busy(inquiry, idle))
		idle++;
	return idle > station->appearances &&
	       rule_refuse(inquiry, verdict,
			   (struct denial){ 486, CAUSE_NONE, "appearance:busy" },
			   "all line appearances of station %s are in use",
			   station->extension);
}
