/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the rules of this room share.  A rule reads an inquiry and either does not apply
 * (false) or decides the call: it fills the verdict and returns true.  One rule a file;
 * feature.c has the order in which they are applied.
 */
#include "base/arena.h"
#include "model/facts.h"
#include "model/verdict.h"

/** A party and the number it wants to reach: a caller that dials, or a station that
 * forwards. */
struct reach {
	const struct station *by;		/* NULL = not a station */
	const char *number;			/* never NULL */
	const struct station *station;		/* with that number; NULL = not a station */
	const struct dial_pattern *pattern;	/* longest match of the number, or NULL */
	bool is_prefix;				/* the number only begins a longer one */
	bool is_permitted;			/* `by` may call `station` */
};

struct inquiry {
	const struct facts *facts;
	const struct profile *profile;
	const struct policy *policy;
	struct arena *arena;		/* the verdict's text goes here */
	struct reach reach;
};

/** How a call is refused, without the sentence. */
struct denial {
	int status;
	int cause;		/* Q.850, CAUSE_NONE = none */
	const char *rule;	/* static or in the arena */
};

/** The two configured denials, denial.restricted and denial.unknown, for RULE. */
struct denial rule_restricted(const struct inquiry *inquiry, const char *rule);
struct denial rule_unknown(const struct inquiry *inquiry, const char *rule);

/**
 * Makes VERDICT a rejection; FORMAT is its sentence, cut at 255 bytes, with '?' for
 * characters a quoted-string cannot hold.  Always true, so that a rule can return it.
 */
bool rule_refuse(const struct inquiry *inquiry, struct verdict *verdict,
		 struct denial denial, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/** The way of a call, real or possible: a list of parties, the newest one first. */
struct way {
	const struct way *before;		/* NULL = this is the called station */
	const struct station *station;		/* NULL = not a station */
	const char *number;			/* the number it was reached by; never NULL */
	enum diversion why;			/* the one before was left */
	unsigned hops;				/* redirections so far, History-Info's among them */
};

/** The beginning: the called station. */
struct way way_of_called(const struct inquiry *inquiry);

/**
 * Whether the station AT may not forward a call to TO: because it would be a circle or
 * exceed the hop limit, because AT may not call TO, or because TO takes no calls from the
 * public network and this is one.  Then VERDICT is a rejection that says so; its rule
 * begins with FEATURE ("forwarding:").
 */
bool onward_is_refused(const struct inquiry *inquiry, const struct way *at,
		       const struct onward *to, const char *feature,
		       struct verdict *verdict);

/**
 * Makes VERDICT a rejection because of FAULT, an invalid row of the target; always true.
 */
bool onward_refuse_fault(const struct inquiry *inquiry, const char *fault,
			 const char *feature, struct verdict *verdict);

/** Marks REDIRECT as refused, with status, rule and sentence of REFUSAL. */
void onward_refuse(struct redirect *redirect, const struct verdict *refusal);

/** Seconds STATION (NULL = not a station) rings until "no answer". */
unsigned onward_ring_s(const struct inquiry *inquiry, const struct station *station);

/**
 * Makes the action of CODE the verdict, whether dialled or named; its rule begins with
 * FEATURE ("feature-code").  False for ACTION_RESTRICT_CLI, which is a call.
 */
bool feature_code_decide(const struct inquiry *inquiry, const struct access_code *code,
			 const char *feature, struct verdict *verdict);

struct rule {
	const char *name;	/* for the trace; NULL = a group whose rules are traced */
	bool (*ask)(const struct inquiry *inquiry, struct verdict *verdict);
};

/** Applies COUNT rules in order until one decides, and records each in the trace. */
bool rule_ask(const struct rule *rules, size_t count, const struct inquiry *inquiry,
	      struct verdict *verdict);

#define RULE_ASK(rules, inquiry, verdict) \
	rule_ask(rules, sizeof rules / sizeof *rules, inquiry, verdict)

/**
 * Records in the trace, if there is one, that rule NAME was applied, and its decision.
 */
void rule_note(const struct inquiry *inquiry, const char *name, bool decides,
	       const struct verdict *verdict);

/** Whether NUMBER, which PATTERN matches, has as many digits as the pattern takes. */
bool rule_is_whole(const struct dial_pattern *pattern, const char *number);

/* About the request as such; the profile is not asked. */
bool rule_phase(const struct inquiry *inquiry, struct verdict *verdict);
bool rule_way_back(const struct inquiry *inquiry, struct verdict *verdict);
bool rule_uri(const struct inquiry *inquiry, struct verdict *verdict);
bool rule_overtaken(const struct inquiry *inquiry, struct verdict *verdict);

/* About what is answered here, and about calls that are let through. */
bool rule_require(const struct inquiry *inquiry, struct verdict *verdict);
bool rule_require_passed(const struct inquiry *inquiry, struct verdict *verdict);
bool rule_trunk_members(const struct inquiry *inquiry, struct verdict *verdict);

/** Refuses an off-hook whose line appearance the station lacks or uses. */
bool rule_appearance(const struct inquiry *inquiry, struct verdict *verdict);

/* About the call as such. */
bool rule_emergency(const struct inquiry *inquiry, struct verdict *verdict);
bool rule_feature_name(const struct inquiry *inquiry, struct verdict *verdict);
bool rule_unknown_station(const struct inquiry *inquiry, struct verdict *verdict);
bool rule_bad_profile(const struct inquiry *inquiry, struct verdict *verdict);
bool rule_out_of_service(const struct inquiry *inquiry, struct verdict *verdict);

/** A feature name that is known; its destination is inquiry->reach. */
bool rule_feature_action(const struct inquiry *inquiry, struct verdict *verdict);
/** What follows the code is inquiry->reach. */
bool rule_feature_code(const struct inquiry *inquiry, struct verdict *verdict);

/* Rules about inquiry->reach; applied to callers and to stations that forward. */
bool rule_origination(const struct inquiry *inquiry, struct verdict *verdict);
bool rule_dial_plan(const struct inquiry *inquiry, struct verdict *verdict);
bool rule_calling_party(const struct inquiry *inquiry, struct verdict *verdict);
bool rule_frl(const struct inquiry *inquiry, struct verdict *verdict);
bool rule_calling_permission(const struct inquiry *inquiry, struct verdict *verdict);
/** All five of these, in this order. */
bool rule_calling_side(const struct inquiry *inquiry, struct verdict *verdict);

/* Rules about inquiry->reach; applied to the called station and to forwarding targets. */
bool rule_called_public(const struct inquiry *inquiry, struct verdict *verdict);

/* Rules about the called station. */
bool rule_called_party(const struct inquiry *inquiry, struct verdict *verdict);
/** Never decides; stores the coverage to use if the station cannot be reached. */
bool rule_coverage(const struct inquiry *inquiry, struct verdict *verdict);
bool rule_forwarding(const struct inquiry *inquiry, struct verdict *verdict);
bool rule_send_all_calls(const struct inquiry *inquiry, struct verdict *verdict);
