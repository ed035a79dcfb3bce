/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The input of a decision: what the request says (facts), what the database says about
 * its parties (profile), and settings (policy).  A feature may look at nothing else.
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
	/* Extensions required that are not known here, as a list; NULL = none: */
	const char *unsupported;	/* if the request is answered here, */
	const char *unsupported_passed;	/* if the call is passed on; NULL in the proxy model */
	const char *senseless_way_back;	/* URI of the Route below ours, if its host can be none or
					 * its transport is none of SIP's; NULL = it makes sense */
	bool has_other_scheme;		/* the Request-URI is neither sip:, sips: nor tel: */
	bool is_overtaken;		/* off-hook: its number has been dialled already */
	bool is_full_call;		/* an origination that runs the called party's features
					 * too, as an evolution server does */
	bool asks_shortcut;		/* a termination that such an origination has covered */
	bool is_external;		/* explain only: the caller is in the public network, even if
					 * its number is a station's */
	struct trace *trace;		/* records how it is decided; NULL = not wanted */
};

/** The number to look up: the destination of a feature name if it has one, else the
 * called number. */
static inline const char *facts_number(const struct facts *facts)
{
	bool is_feature =
		facts->half == HALF_ORIG && facts->fnu && facts->fnu_destination;

	return is_feature ? facts->fnu_destination : facts->called.user;
}

/** The feature access code a dialled number begins with. */
struct access_code {
	const char *code;		/* NULL = none */
	const char *feature;		/* the row's word */
	enum action action;		/* its meaning */
	const char *number;		/* what was dialled after it, "" = nothing */
};

/** What the database says about the call, read by the store in one transaction. */
struct profile {
	const struct station *caller;		/* NULL = not a station */
	struct access_code code;		/* origination half only.  With a code, `called`,
						 * `dialled` etc. are about code.number; with a
						 * feature name, about its destination */
	const struct station *named;		/* by avaya-cm-extension of a feature name; NULL =
						 * not given, or not a station */
	const struct station *called;		/* NULL = not a station */
	const struct dial_pattern *dialled;	/* longest match of the called number, or NULL */
	const struct dial_pattern *calling;	/* longest match of the calling number, or NULL */
	bool is_prefix;		/* the called number is the beginning of a pattern, station or number */
	bool is_permitted;	/* the caller's COR may call the called station's (no row = yes) */
	struct forwardings forwardings;		/* the called station's */
	const struct coverage_point *coverage;	/* the called station's, by step */
	size_t coverage_count;
	uint64_t busy_lines;		/* of the caller, by appearance: bit n - 1 of number n */
	const char *const *visited;	/* parallel to facts.visited: the station's extension, or NULL
					 * if it is none here; NULL = not looked up */
};

/** A name of a feature in feature name URIs, and what it does with avaya-cm-action on and
 * off. */
struct feature_name {
	const char *name;
	enum action on, off;
};

enum { FEATURE_NAMES_MAX = 32 };

/** The settings that features use; filled from the configuration by lib/server. */
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
