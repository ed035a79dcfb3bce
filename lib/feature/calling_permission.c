/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

/* Applies between the classes of restriction of two stations. */
bool rule_calling_permission(const struct inquiry *inquiry, struct verdict *verdict)
{
	const struct reach *reach = &inquiry->reach;

	if (!reach->by || !reach->station || reach->is_permitted)
		return false;
	return rule_refuse(inquiry, verdict,
			   rule_restricted(inquiry, "calling-permission"),
			   "station %s may not call station %s"
			   " (COR %d has no calling permission for COR %d)",
			   reach->by->extension, reach->station->extension,
			   reach->by->cor.cor, reach->station->cor.cor);
}
