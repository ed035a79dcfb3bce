/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

#include <string.h>

static const char *number_of(const struct onward *to)
{
	return to->number ? to->number : "";
}

/* Whether TO is the party AT, by the number it was reached under or by its extension. */
static bool is_at(const struct way *at, const struct onward *to)
{
	const char *number = number_of(to);

	if (strcmp(number, at->number) == 0)
		return true;
	return at->station && (strcmp(number, at->station->extension) == 0 ||
			       (to->station && strcmp(to->station->extension,
						      at->station->extension) == 0));
}

/* Whether the call was at TO before: in this half call, or as its History-Info says. */
static bool was_at(const struct inquiry *inquiry, const struct way *at,
		   const struct onward *to)
{
	const struct facts *facts = inquiry->facts;
	const char *const *visited = inquiry->profile->visited;

	for (at = at->before; at; at = at->before)
		if (is_at(at, to))
			return true;
	for (unsigned i = 0; i < facts->visited_count; i++)
		if (strcmp(facts->visited[i], number_of(to)) == 0 ||
		    (to->station &&
		     (strcmp(facts->visited[i], to->station->extension) == 0 ||
		      (visited && visited[i] &&
		       strcmp(visited[i], to->station->extension) == 0))))
			return true;
	return false;
}

static const char *rule_named(const struct inquiry *inquiry, const char *feature,
			      const char *what)
{
	return arena_printf(inquiry->arena, "%s:%s", feature, what);
}

static bool leads_nowhere(const struct inquiry *inquiry, const struct way *at,
			  const struct onward *to, const char *feature,
			  struct verdict *verdict)
{
	const char *own = at->station->extension, *number = number_of(to);
	struct denial loop = { .status = 482 }, hops = { .status = 480 };

	if (is_at(at, to)) {
		loop.rule = rule_named(inquiry, feature, "self");
		return rule_refuse(inquiry, verdict, loop,
				   "%s of station %s leads to itself", feature, own);
	}
	if (was_at(inquiry, at, to)) {
		loop.rule = rule_named(inquiry, feature, "loop");
		return rule_refuse(
			inquiry, verdict, loop,
			"%s of station %s leads to %s, where the call came from", feature,
			own, number);
	}
	if (at->hops >= inquiry->policy->forward_hops) {
		hops.rule = rule_named(inquiry, feature, "hops");
		return rule_refuse(
			inquiry, verdict, hops,
			"no %s by station %s: the call was redirected %u times", feature,
			own, at->hops);
	}
	if (to->pattern && to->pattern->is_emergency)
		return rule_refuse(inquiry, verdict,
				   rule_restricted(inquiry, rule_named(inquiry, feature,
								       "emergency")),
				   "%s of station %s may not lead to emergency number %s",
				   feature, own, number);
	return false;
}

struct way way_of_called(const struct inquiry *inquiry)
{
	return (struct way){
		.station = inquiry->profile->called,
		.number = inquiry->facts->called.user,
		.hops = inquiry->facts->redirections,
	};
}

/* Whether the forwarding station may not call the target, or `public` keeps the caller
 * from it. */
static bool is_restricted(const struct inquiry *leg, struct verdict *verdict)
{
	bool is_refused;

	if (rule_calling_side(leg, verdict))
		return true;
	is_refused = rule_called_public(leg, verdict);
	rule_note(leg, "called-party", is_refused, verdict);
	return is_refused;
}

bool onward_refuse_fault(const struct inquiry *inquiry, const char *fault,
			 const char *feature, struct verdict *verdict)
{
	const struct denial denial = {
		500,
		CAUSE_NONE,
		rule_named(inquiry, feature, "database"),
	};

	return rule_refuse(inquiry, verdict, denial, "no %s: %s", feature, fault);
}

bool onward_is_refused(const struct inquiry *inquiry, const struct way *at,
		       const struct onward *to, const char *feature,
		       struct verdict *verdict)
{
	struct inquiry leg = *inquiry;
	bool is_nowhere;

	leg.reach = (struct reach){
		.by = at->station,
		.number = number_of(to),
		.station = to->station,
		.pattern = to->pattern,
		.is_permitted = to->is_permitted,
	};
	is_nowhere = leads_nowhere(inquiry, at, to, feature, verdict);
	rule_note(&leg, "onward", is_nowhere, verdict);
	if (is_nowhere)
		return true;
	if (to->fault)
		return onward_refuse_fault(inquiry, to->fault, feature, verdict);
	if (!is_restricted(&leg, verdict))
		return false;
	verdict->rule = rule_named(inquiry, feature, verdict->rule);
	verdict->sentence =
		arena_printf(inquiry->arena, "no %s: %s", feature, verdict->sentence);
	return true;
}

void onward_refuse(struct redirect *redirect, const struct verdict *refusal)
{
	redirect->refusal = refusal->status;
	redirect->cause = refusal->cause;
	redirect->rule = refusal->rule;
	redirect->sentence = refusal->sentence;
}

unsigned onward_ring_s(const struct inquiry *inquiry, const struct station *station)
{
	return station && station->ring_s ? station->ring_s
					  : inquiry->policy->no_answer_s;
}
