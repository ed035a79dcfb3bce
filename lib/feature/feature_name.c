/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

#include <string.h>
#include <strings.h>

static const struct feature_name *find(const struct inquiry *inquiry)
{
	const struct facts *facts = inquiry->facts;
	const struct policy *policy = inquiry->policy;

	if (facts->half != HALF_ORIG || !facts->fnu)
		return NULL;
	for (size_t i = 0; i < policy->feature_name_count; i++)
		if (strcasecmp(policy->feature_names[i].name, facts->fnu) == 0)
			return &policy->feature_names[i];
	return NULL;
}

/* An unknown feature name is refused, never called;
 * halfcall-protocol(7), LINE RESERVATION. */
bool rule_feature_name(const struct inquiry *inquiry, struct verdict *verdict)
{
	const char *name = inquiry->facts->fnu;

	if (!name || find(inquiry))
		return false;
	return rule_refuse(inquiry, verdict,
			   (struct denial){ 404, CAUSE_UNALLOCATED, "feature-name" },
			   "there is no feature named '%s' here", name);
}

bool rule_feature_action(const struct inquiry *inquiry, struct verdict *verdict)
{
	const struct facts *facts = inquiry->facts;
	const char *own = inquiry->profile->caller->extension;
	const struct station *named = inquiry->profile->named;
	const char *how = facts->fnu_action ? facts->fnu_action : "on";
	const struct feature_name *name = find(inquiry);
	bool is_on = strcasecmp(how, "on") == 0;
	struct access_code code = { .number = "" };

	if (!name)
		return false;
	if (facts->fnu_extension && strcasecmp(facts->fnu_extension, own) != 0 &&
	    !(named && strcmp(named->extension, own) == 0))
		return rule_refuse(inquiry, verdict,
				   rule_restricted(inquiry, "feature-name:extension"),
				   "station %s may not change features of %s", own,
				   facts->fnu_extension);
	if (!is_on && strcasecmp(how, "off") != 0)
		return rule_refuse(
			inquiry, verdict,
			(struct denial){ 404, CAUSE_UNALLOCATED, "feature-name:action" },
			"feature %s knows on and off, but not '%s'", name->name, how);
	code.code = name->name;
	code.action = is_on ? name->on : name->off;
	if (action_takes_number(code.action) && facts->fnu_destination)
		code.number = facts->fnu_destination;
	return feature_code_decide(inquiry, &code, "feature-name", verdict);
}
