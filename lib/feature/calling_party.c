/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

/*
 * Checked before the dial plan, so that a station without calls cannot probe for numbers.
 */
bool rule_origination(const struct inquiry *inquiry, struct verdict *verdict)
{
	const struct station *by = inquiry->reach.by;

	if (by->cor.calling != CALLING_ORIGINATION)
		return false;
	return rule_refuse(inquiry, verdict,
			   rule_restricted(inquiry, "calling-party:origination"),
			   "station %s may not call at all"
			   " (COR %d, calling party restriction origination)",
			   by->extension, by->cor.cor);
}

static bool outward(const struct inquiry *inquiry, struct verdict *verdict)
{
	const struct reach *reach = &inquiry->reach;

	if (!reach->pattern->is_public)
		return false;
	return rule_refuse(inquiry, verdict,
			   rule_restricted(inquiry, "calling-party:outward"),
			   "station %s may not call outside the private network"
			   " (COR %d, calling party restriction outward)",
			   reach->by->extension, reach->by->cor.cor);
}

static bool all_toll(const struct inquiry *inquiry, struct verdict *verdict)
{
	const struct reach *reach = &inquiry->reach;

	if (!reach->pattern->is_toll)
		return false;
	return rule_refuse(inquiry, verdict,
			   rule_restricted(inquiry, "calling-party:all-toll"),
			   "station %s may not make toll calls"
			   " (COR %d, calling party restriction all-toll)",
			   reach->by->extension, reach->by->cor.cor);
}

static bool tac_toll(const struct inquiry *inquiry, struct verdict *verdict)
{
	const struct reach *reach = &inquiry->reach;

	if (!reach->pattern->is_toll || !reach->pattern->is_tac)
		return false;
	return rule_refuse(
		inquiry, verdict, rule_restricted(inquiry, "calling-party:tac-toll"),
		"station %s may not make toll calls through a trunk access code"
		" (COR %d, calling party restriction tac-toll)",
		reach->by->extension, reach->by->cor.cor);
}

/*
 * The dial pattern says whether a call is outside or a toll call; a station is never
 * outside.
 */
bool rule_calling_party(const struct inquiry *inquiry, struct verdict *verdict)
{
	const struct reach *reach = &inquiry->reach;

	if (reach->station)
		return false;
	switch (reach->by->cor.calling) {
	case CALLING_OUTWARD:
		return outward(inquiry, verdict);
	case CALLING_ALL_TOLL:
		return all_toll(inquiry, verdict);
	case CALLING_TAC_TOLL:
		return tac_toll(inquiry, verdict);
	case CALLING_NONE:
	case CALLING_ORIGINATION:
		return false;
	}
	return false;
}
