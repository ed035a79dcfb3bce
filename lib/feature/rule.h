/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What the rules of this room share.  A rule looks at an inquiry and either has nothing
 * to say (false) or decides the call: it fills the verdict and answers true.  One rule a
 * file; feature.c holds the order in which they are asked.
 */
#include "base/arena.h"
#include "model/facts.h"
#include "model/verdict.h"

/** Somebody reaches for a number: a caller who dials it or a station that forwards. */
struct reach {
	const struct station *by;		/* NULL = nobody we know */
	const char *number;			/* never NULL */
	const struct station *station;		/* the number's, NULL = not one of ours */
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

/** How a call is refused, save the sentence. */
struct denial {
	int status;
	int cause;		/* Q.850, CAUSE_NONE = none */
	const char *rule;	/* static or in the arena */
};

/** The two configured denials (protocol.md section 4), for RULE. */
struct denial rule_restricted(const struct inquiry *inquiry, const char *rule);
struct denial rule_unknown(const struct inquiry *inquiry, const char *rule);

/**
 * Makes VERDICT a rejection; FORMAT is its sentence, cut at 255 bytes, and whatever would
 * break a quoted-string becomes '?'.  Always true, so that a rule can return it.
 */
bool rule_refuse(const struct inquiry *inquiry, struct verdict *verdict,
		 struct denial denial, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/** Where a call has got to, or might: party by party, the newest one first. */
struct way {
	const struct way *before;		/* NULL = this is the called station */
	const struct station *station;		/* NULL = none of ours */
	const char *number;			/* as it was reached; never NULL */
	enum diversion why;			/* the one before was left */
	unsigned hops;				/* redirections so far, History-Info's among them */
};

/** The beginning: the called station. */
struct way way_of_called(const struct inquiry *inquiry);

/**
 * Whether the station AT may not send its calls on to TO, because they would run in circles
 * or too far, because it may not call there itself, or because TO takes no calls of the
 * public network and this is one: then VERDICT is a rejection that says so, its rule
 * beginning with FEATURE ("forwarding:").
 */
bool onward_is_refused(const struct inquiry *inquiry, const struct way *at,
		       const struct onward *to, const char *feature,
		       struct verdict *verdict);

/** Makes VERDICT a rejection because of FAULT, a bad row on the way on; always true. */
bool onward_refuse_fault(const struct inquiry *inquiry, const char *fault,
			 const char *feature, struct verdict *verdict);

/** Makes REDIRECT one that may not be had, and says why. */
void onward_refuse(struct redirect *redirect, const struct verdict *refusal);

/** Seconds STATION rings until "no answer"; NULL = none of ours. */
unsigned onward_ring_s(const struct inquiry *inquiry, const struct station *station);

/**
 * What CODE asks for, be it dialled or named, becomes the verdict, its rule beginning with
 * FEATURE ("feature-code"), unless CODE hides the caller of a call.
 */
bool feature_code_decide(const struct inquiry *inquiry, const struct access_code *code,
			 const char *feature, struct verdict *verdict);

struct rule {
	const char *name;	/* for the trace; NULL = its parts have theirs */
	bool (*ask)(const struct inquiry *inquiry, struct verdict *verdict);
};

/** Asks COUNT rules in turn, and notes each; whether one of them decides. */
bool rule_ask(const struct rule *rules, size_t count, const struct inquiry *inquiry,
	      struct verdict *verdict);

#define RULE_ASK(rules, inquiry, verdict) \
	rule_ask(rules, sizeof rules / sizeof *rules, inquiry, verdict)

/** Notes in the trace, if there is one, that rule NAME was asked, and what it decided. */
void rule_note(const struct inquiry *inquiry, const char *name, bool decides,
	       const struct verdict *verdict);

/** Whether NUMBER, which PATTERN matches, has as many digits as the pattern takes. */
bool rule_is_whole(const struct dial_pattern *pattern, const char *number);

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

/* About inquiry->reach; asked of callers and, by forwarding, of forwarding stations. */
bool rule_origination(const struct inquiry *inquiry, struct verdict *verdict);
bool rule_dial_plan(const struct inquiry *inquiry, struct verdict *verdict);
bool rule_calling_party(const struct inquiry *inquiry, struct verdict *verdict);
bool rule_frl(const struct inquiry *inquiry, struct verdict *verdict);
bool rule_calling_permission(const struct inquiry *inquiry, struct verdict *verdict);
/** All five of these, in this order. */
bool rule_calling_side(const struct inquiry *inquiry, struct verdict *verdict);

/* About inquiry->reach; asked of the called station and, by forwarding, of the next one. */
bool rule_called_public(const struct inquiry *inquiry, struct verdict *verdict);

/* About the called station. */
bool rule_called_party(const struct inquiry *inquiry, struct verdict *verdict);
/** Says nothing, but fills in the coverage of a call that was tried in vain. */
bool rule_coverage(const struct inquiry *inquiry, struct verdict *verdict);
bool rule_forwarding(const struct inquiry *inquiry, struct verdict *verdict);
bool rule_send_all_calls(const struct inquiry *inquiry, struct verdict *verdict);
