/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a request says (facts), what is administered about the people in it (profile) and
 * the settings that decide where neither does (policy).  Together they are all a feature
 * may look at.
 */
#include "model/action.h"
#include "model/half.h"
#include "model/phase.h"
#include "model/station.h"
#include "model/trace.h"

#include <stdint.h>

/** One party as the request names it; text in the arena, never NULL ("" = not said). */
struct party {
	const char *user;		/* user part, unescaped, without URI parameters */
	const char *host;
	const char *display;
};

/** What an INVITE says, read by the agent.  Lives as long as its arena. */
struct facts {
	enum half half;
	struct route_tag tag;		/* of the Route that names us */
	struct party caller;		/* P-Asserted-Identity, else From */
	struct party called;		/* Request-URI */
	const char *fnu;		/* feature name URI (avaya-cm-fnu), NULL = none */
	const char *fnu_action;		/* avaya-cm-action beside it, NULL = not said */
	const char *fnu_destination;	/* avaya-cm-destination, likewise */
	const char *fnu_extension;	/* avaya-cm-extension, likewise */
	const char *const *visited;	/* users in History-Info, oldest first */
	unsigned visited_count;
	unsigned redirections;		/* told by History-Info: Reason, cause or mp */
	const char *domain;		/* ours */
	unsigned appearance;		/* off-hook: the line key pressed; 0 = not said, UINT_MAX =
					 * one that cannot be read, which no station has */
	unsigned members;		/* half calls in progress when this one came */
	const char *unsupported;	/* extensions required that are not known here, as a list;
					 * NULL = none */
	const char *senseless_way_back;	/* URI of the Route below ours, if its host can be none or
					 * its transport is none of SIP's; NULL = it makes sense */
	bool has_other_scheme;		/* the Request-URI is neither sip:, sips: nor tel: */
	bool is_overtaken;		/* off-hook: its number has been dialled already */
	bool is_full_call;		/* an origination that runs the called party's features
					 * too, as an evolution server does */
	bool asks_shortcut;		/* a termination whose features have been run like that */
	bool is_external;		/* the caller is in the public network, whatever his number */
	struct trace *trace;		/* notes how it is decided; NULL = nobody asks */
};

/** The number the call is about: of a feature name, the destination, if there is one. */
static inline const char *facts_number(const struct facts *facts)
{
	bool is_feature =
		facts->half == HALF_ORIG && facts->fnu && facts->fnu_destination;

	return is_feature ? facts->fnu_destination : facts->called.user;
}

/** The feature access code a dialled number begins with. */
struct access_code {
	const char *code;		/* NULL = none */
	const char *feature;		/* its word in the table */
	enum action action;		/* what that means */
	const char *number;		/* what was dialled after it, "" = nothing */
};

/** What is administered about the call, read by the store in one transaction. */
struct profile {
	const struct station *caller;		/* NULL = not one of ours */
	struct access_code code;		/* of the origination half; all that is said of
						 * the called number is then of code.number; of
						 * a feature name, of its destination */
	const struct station *named;		/* by a feature name's avaya-cm-extension; NULL =
						 * nobody, or not one of ours */
	const struct station *called;		/* NULL = not one of ours */
	const struct dial_pattern *dialled;	/* longest match of the called number, or NULL */
	const struct dial_pattern *calling;	/* longest match of the calling number, or NULL */
	bool is_prefix;		/* the called number only begins a longer pattern, station or number */
	bool is_permitted;	/* the caller's COR may call the called station's (no row = yes) */
	struct forwardings forwardings;		/* the called station's */
	const struct coverage_point *coverage;	/* the called station's, by step */
	size_t coverage_count;
	uint64_t busy_lines;		/* of the caller, by appearance: bit n - 1 of number n */
	const char *const *visited;	/* of each in facts.visited the station's extension, or NULL
					 * for none of ours; NULL = nobody asked */
};

/** What a feature name URI may ask for, and how it calls that. */
struct feature_name {
	const char *name;
	enum action on, off;
};

enum { FEATURE_NAMES_MAX = 32 };

/** The settings features ask for; filled from the configuration by server. */
struct policy {
	bool routes_untagged;		/* call.untagged = "route" */
	unsigned trunk_members;		/* call.trunk_members: 0 = unlimited */
	int restricted_status;		/* denial.restricted, 400 ... 699 */
	int unknown_status;		/* denial.unknown, 400 ... 699 */
	unsigned forward_hops;		/* call.forward_hops, up to FORWARD_HOPS_MAX */
	bool is_chained;		/* call.chained */
	unsigned no_answer_s;		/* call.no_answer */
	struct feature_name feature_names[FEATURE_NAMES_MAX];
	size_t feature_name_count;
};

/** Whether the caller is one of our own stations (an internal call). */
static inline bool profile_is_internal(const struct profile *profile)
{
	return profile->caller != NULL;
}
