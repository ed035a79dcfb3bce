/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

/* Facility restriction level: the caller's must be at least the pattern's min_frl. */
bool rule_frl(const struct inquiry *inquiry, struct verdict *verdict)
{
	const struct reach *reach = &inquiry->reach;

	if (reach->station || reach->by->cor.frl >= reach->pattern->min_frl)
		return false;
	return rule_refuse(inquiry, verdict, rule_restricted(inquiry, "frl"),
			   "station %s may not call %s (COR %d has FRL %u,"
			   " dial pattern %s needs %u)",
			   reach->by->extension, reach->number, reach->by->cor.cor,
			   reach->by->cor.frl, reach->pattern->pattern,
			   reach->pattern->min_frl);
}
