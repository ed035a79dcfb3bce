/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

/*
 * Private callers are stations and those whose complete number matches a private pattern.
 */
static bool is_public_caller(const struct inquiry *inquiry)
{
	const struct profile *profile = inquiry->profile;
	const struct dial_pattern *calling = profile->calling;

	if (profile->caller)
		return false;
	return !calling || calling->is_public ||
	       !rule_is_whole(calling, inquiry->facts->caller.user);
}

static bool is_attendant(const struct profile *profile)
{
	return profile->calling && profile->calling->is_attendant;
}

static bool refuse_caller(const struct inquiry *inquiry, struct verdict *verdict,
			  const char *rule, const char *from)
{
	const struct station *called = inquiry->reach.station;

	return rule_refuse(inquiry, verdict, rule_restricted(inquiry, rule),
			   "station %s takes no calls%s (COR %d, called party restriction"
			   " %s)",
			   called->extension, from, called->cor.cor,
			   called_party_name(called->cor.called));
}

bool rule_called_public(const struct inquiry *inquiry, struct verdict *verdict)
{
	const struct station *called = inquiry->reach.station;

	return called && called->cor.called == CALLED_PUBLIC &&
	       is_public_caller(inquiry) &&
	       refuse_caller(inquiry, verdict, "called-party:public",
			     " of the public network, however they arrive");
}

/*
 * The restriction of the station called first applies; a redirected call was checked
 * there.  Only `public` is checked for redirected calls too.
 */
bool rule_called_party(const struct inquiry *inquiry, struct verdict *verdict)
{
	const struct profile *profile = inquiry->profile;
	bool is_redirected = inquiry->facts->redirections > 0;

	switch (profile->called->cor.called) {
	case CALLED_NONE:
		return false;
	case CALLED_TERMINATION:
		return !is_redirected &&
		       refuse_caller(inquiry, verdict, "called-party:termination", "");
	case CALLED_INWARD:
		return !is_redirected && is_public_caller(inquiry) &&
		       refuse_caller(inquiry, verdict, "called-party:inward",
				     " from the public network");
	case CALLED_MANUAL:
		return !is_redirected && !is_attendant(profile) &&
		       refuse_caller(inquiry, verdict, "called-party:manual",
				     " save from the attendant");
	case CALLED_PUBLIC:
		return rule_called_public(inquiry, verdict);
	}
	return false;
}
