/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

#include <string.h>

static const char *const rules[] = {
	[FORWARD_UNCONDITIONAL] = "forwarding:unconditional",
	[FORWARD_BUSY] = "forwarding:busy",
	[FORWARD_NO_ANSWER] = "forwarding:no-answer",
	[FORWARD_UNREACHABLE] = "forwarding:unreachable",
};

/* The row for CONDITION; the one for this kind of caller wins over the one for any. */
static const struct forwarding *find(const struct profile *profile,
				     enum forward_condition condition)
{
	enum forward_source source = profile->caller ? SOURCE_INTERNAL : SOURCE_EXTERNAL;
	const struct forwarding *any = NULL;

	for (size_t i = 0; i < profile->forwarding_count; i++) {
		const struct forwarding *row = &profile->forwardings[i];

		if (row->condition != condition)
			continue;
		if (row->source == source)
			return row;
		if (row->source == SOURCE_ANY && !any)
			any = row;
	}
	return any;
}

static bool is_self(const struct inquiry *inquiry, const struct reach *to)
{
	const char *own = to->by->extension;

	return strcmp(to->number, own) == 0 ||
	       strcmp(to->number, inquiry->facts->called.user) == 0 ||
	       (to->station && strcmp(to->station->extension, own) == 0);
}

/* Whether the call was at TO before, under the number in the row or the station's own. */
static bool is_visited(const struct facts *facts, const struct reach *to)
{
	for (unsigned i = 0; i < facts->visited_count; i++)
		if (strcmp(facts->visited[i], to->number) == 0 ||
		    (to->station &&
		     strcmp(facts->visited[i], to->station->extension) == 0))
			return true;
	return false;
}

/* What speaks against the forwarding as such. */
static bool leads_nowhere(const struct inquiry *inquiry, struct verdict *verdict)
{
	const struct reach *to = &inquiry->reach;
	const char *own = to->by->extension;

	if (is_self(inquiry, to))
		return rule_refuse(inquiry, verdict,
				   (struct denial){ 482, CAUSE_NONE, "forwarding:self" },
				   "station %s forwards to itself", own);
	if (is_visited(inquiry->facts, to))
		return rule_refuse(inquiry, verdict,
				   (struct denial){ 482, CAUSE_NONE, "forwarding:loop" },
				   "station %s forwards to %s, where the call came from",
				   own, to->number);
	if (inquiry->facts->redirections >= inquiry->policy->forward_hops)
		return rule_refuse(
			inquiry, verdict,
			(struct denial){ 480, CAUSE_NONE, "forwarding:hops" },
			"station %s does not forward a call that was redirected %u times",
			own, inquiry->facts->redirections);
	if (to->pattern && to->pattern->is_emergency)
		return rule_refuse(inquiry, verdict,
				   rule_restricted(inquiry, "forwarding:emergency"),
				   "station %s may not forward to emergency number %s",
				   own, to->number);
	return false;
}

/* The forwarding station is the caller of the new leg and bound like any caller. */
static bool is_refused(const struct inquiry *inquiry, const struct forwarding *row,
		       struct verdict *verdict)
{
	struct inquiry leg = *inquiry;

	leg.reach = (struct reach){
		.by = inquiry->profile->called,
		.number = row->destination ? row->destination : "",
		.station = row->station,
		.pattern = row->pattern,
		.is_permitted = row->is_permitted,
	};
	if (leads_nowhere(&leg, verdict))
		return true;
	if (!rule_calling_side(&leg, verdict))
		return false;
	verdict->rule = arena_printf(inquiry->arena, "forwarding:%s", verdict->rule);
	verdict->sentence =
		arena_printf(inquiry->arena, "no forwarding: %s", verdict->sentence);
	return true;
}

static bool forward_all(const struct inquiry *inquiry, const struct forwarding *row,
			struct verdict *verdict)
{
	if (is_refused(inquiry, row, verdict))
		return true;
	verdict->kind = VERDICT_FORWARD;
	verdict->rule = rules[FORWARD_UNCONDITIONAL];
	verdict->redirect[FORWARD_UNCONDITIONAL] =
		(struct redirect){ .destination = row->destination,
				   .rule = verdict->rule };
	return true;
}

static struct redirect redirect_when(const struct inquiry *inquiry,
				     const struct forwarding *row)
{
	struct verdict refusal = { .status = 0 };
	struct redirect redirect = {
		.destination = row->destination ? row->destination : "",
		.rule = rules[row->condition],
	};

	if (is_refused(inquiry, row, &refusal)) {
		redirect.refusal = refusal.status;
		redirect.rule = refusal.rule;
	}
	return redirect;
}

bool rule_forwarding(const struct inquiry *inquiry, struct verdict *verdict)
{
	static const enum forward_condition later[] = {
		FORWARD_BUSY,
		FORWARD_NO_ANSWER,
		FORWARD_UNREACHABLE,
	};
	const struct station *called = inquiry->profile->called;
	const struct forwarding *row = find(inquiry->profile, FORWARD_UNCONDITIONAL);

	if (row)
		return forward_all(inquiry, row, verdict);

	for (size_t i = 0; i < sizeof later / sizeof *later; i++) {
		row = find(inquiry->profile, later[i]);
		if (!row)
			continue;
		verdict->redirect[later[i]] = redirect_when(inquiry, row);
		if (later[i] == FORWARD_NO_ANSWER)
			verdict->ring_s = called->ring_s ? called->ring_s
							 : inquiry->policy->no_answer_s;
	}
	return false;
}
