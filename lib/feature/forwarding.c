/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

#include <assert.h>

static const char *const rules[] = {
	[FORWARD_UNCONDITIONAL] = "forwarding:unconditional",
	[FORWARD_BUSY] = "forwarding:busy",
	[FORWARD_NO_ANSWER] = "forwarding:no-answer",
	[FORWARD_UNREACHABLE] = "forwarding:unreachable",
};

static const enum forward_condition later[] = {
	FORWARD_BUSY,
	FORWARD_NO_ANSWER,
	FORWARD_UNREACHABLE,
};

enum { LATER = sizeof later / sizeof *later };

/* Limit for the branches of chained forwardings, far above real use: bounds time and
 * memory. */
enum { WAYS_MAX = 256 };

struct search {
	const struct inquiry *inquiry;
	bool has_coverage;	/* so each target gets a ring time */
	unsigned ways;		/* left */
};

/* The row for CONDITION; one for the exact source precedes one for any. */
static const struct forwarding *find(const struct profile *profile,
				     const struct forwardings *forwardings,
				     enum forward_condition condition)
{
	enum forward_source source = profile->caller ? SOURCE_INTERNAL : SOURCE_EXTERNAL;
	const struct forwarding *any = NULL;

	for (size_t i = 0; i < forwardings->count; i++) {
		const struct forwarding *row = &forwardings->rows[i];

		if (row->condition != condition)
			continue;
		if (row->source == source)
			return row;
		if (row->source == SOURCE_ANY && !any)
			any = row;
	}
	return any;
}

/* The forwardings of ROW's target, if they are followed (call.chained). */
static const struct forwardings *next_of(const struct inquiry *inquiry,
					 const struct forwarding *row)
{
	const struct station *station = row->to.station;

	return inquiry->policy->is_chained && station && station->in_service ? row->next
									     : NULL;
}

/* Whether the forwardings of ROW's target are needed and a row of them is invalid. */
static bool is_unreadable(const struct inquiry *inquiry, const struct forwarding *row,
			  struct verdict *refusal)
{
	const struct forwardings *next = next_of(inquiry, row);

	return next && next->fault &&
	       onward_refuse_fault(inquiry, next->fault, "forwarding", refusal);
}

/* The forwarding station must be permitted to call the target itself. */
static bool is_refused(struct search *search, const struct way *at,
		       const struct forwarding *row, struct verdict *refusal)
{
	if (search->ways == 0)
		return rule_refuse(search->inquiry, refusal,
				   (struct denial){ 480, CAUSE_NONE, "forwarding:ways" },
				   "forwarding branches into more than %d ways",
				   WAYS_MAX);
	search->ways--;
	return onward_is_refused(search->inquiry, at, &row->to, "forwarding", refusal) ||
	       is_unreadable(search->inquiry, row, refusal);
}

/* The steps from the party FROM, which is left out, to the party TO. */
static void write_hops(struct arena *arena, const struct way *from, const struct way *to,
		       struct redirect *redirect)
{
	unsigned count = to->hops - from->hops;
	struct hop *hops = arena_alloc(arena, count * sizeof *hops);

	redirect->hops = hops;
	redirect->hop_count = count;
	for (; to != from; to = to->before)
		hops[--count] = (struct hop){
			.why = to->why,
			.to = to->number,
			.station = to->station ? to->station->extension : NULL,
		};
}

static const struct redirect *redirects_of(struct search *search, const struct way *at,
					   const struct forwardings *forwardings);

/*
 * The redirect for ROW of a call that is with the party AT, following unconditional
 * forwardings.  If a step is refused, the whole redirect is.
 */
static struct redirect follow(struct search *search, const struct way *at,
			      const struct forwarding *row, struct verdict *refusal)
{
	const struct inquiry *inquiry = search->inquiry;
	struct redirect redirect = { .rule = rules[row->condition] };
	struct way steps[FORWARD_HOPS_MAX], *to = steps;
	const struct way *from = at;
	const struct forwardings *further;

	for (;; at = to++) {
		const struct forwarding *next;

		redirect.destination = row->to.number ? row->to.number : "";
		if (is_refused(search, at, row, refusal)) {
			onward_refuse(&redirect, refusal);
			return redirect;
		}
		*to = (struct way){
			.before = at,
			.station = row->to.station,
			.number = redirect.destination,
			.why = (enum diversion)row->condition,
			.hops = at->hops + 1,
		};
		further = next_of(inquiry, row);
		next = further ? find(inquiry->profile, further, FORWARD_UNCONDITIONAL)
			       : NULL;
		if (!next)
			break;
		row = next;
	}
	write_hops(inquiry->arena, from, to, &redirect);
	redirect.is_outside = !row->to.station;
	redirect.station = row->to.station ? row->to.station->extension : NULL;
	if (further)
		redirect.next = redirects_of(search, to, further);
	if (search->has_coverage ||
	    (redirect.next && redirect.next[FORWARD_NO_ANSWER].destination))
		redirect.ring_s = onward_ring_s(inquiry, row->to.station);
	return redirect;
}

/* The conditional redirects of the party AT; NULL = none. */
static const struct redirect *redirects_of(struct search *search, const struct way *at,
					   const struct forwardings *forwardings)
{
	struct redirect *redirects = NULL;

	for (size_t i = 0; i < LATER; i++) {
		struct verdict refusal = { .status = 0 };
		const struct forwarding *row =
			find(search->inquiry->profile, forwardings, later[i]);

		if (!row)
			continue;
		if (!redirects)
			redirects = arena_alloc(search->inquiry->arena,
						FORWARD_CONDITIONS * sizeof *redirects);
		redirects[later[i]] = follow(search, at, row, &refusal);
	}
	return redirects;
}

bool rule_forwarding(const struct inquiry *inquiry, struct verdict *verdict)
{
	const struct profile *profile = inquiry->profile;
	const struct way called = way_of_called(inquiry);
	struct search search = {
		.inquiry = inquiry,
		.has_coverage = verdict->coverage[COVER_WHEN_UNANSWERED].count > 0,
		.ways = WAYS_MAX,
	};
	const struct forwarding *row =
		find(profile, &profile->forwardings, FORWARD_UNCONDITIONAL);
	const struct redirect *redirects;

	assert(inquiry->policy->forward_hops <= FORWARD_HOPS_MAX);
	if (row) {
		struct redirect redirect = follow(&search, &called, row, verdict);

		if (redirect.refusal)
			return true;
		verdict->kind = VERDICT_FORWARD;
		verdict->rule = redirect.rule;
		verdict->redirect[FORWARD_UNCONDITIONAL] = redirect;
		return true;
	}

	redirects = redirects_of(&search, &called, &profile->forwardings);
	for (size_t i = 0; redirects && i < LATER; i++)
		verdict->redirect[later[i]] = redirects[later[i]];
	if (verdict->redirect[FORWARD_NO_ANSWER].destination)
		verdict->ring_s = onward_ring_s(inquiry, profile->called);
	return false;
}
