/* SPDX-License-Identifier: MIT */
#include "call/redirect.h"

#include <assert.h>
#include <string.h>

static enum forward_condition condition_of(const struct call *call)
{
	/* Once the callee was cancelled for not answering, its final answer does not
	 * matter. */
	if (call_state(call) == CALL_REPLACING || call->event->on == ON_TIMEOUT)
		return FORWARD_NO_ANSWER;
	if (call->event->on == ON_BUSY)
		return FORWARD_BUSY;
	if (call->event->on == ON_UNREACHABLE)
		return FORWARD_UNREACHABLE;
	return FORWARD_UNCONDITIONAL;
}

const struct redirect *call_forwarding(const struct call *call)
{
	const struct redirect *redirects =
		call->at != NULL ? call->at->next : call->verdict->redirect;

	if (redirects == NULL || redirects[condition_of(call)].destination == NULL)
		return NULL;
	return &redirects[condition_of(call)];
}

/* The coverage the call is in, or the one for the event if it has not begun. */
static const struct coverage *coverage_of(const struct call *call)
{
	if (call->coverage != NULL)
		return call->coverage;
	switch (condition_of(call)) {
	case FORWARD_UNCONDITIONAL:
		return &call->verdict->coverage[COVER_AT_ONCE];
	case FORWARD_BUSY:
		return &call->verdict->coverage[COVER_WHEN_BUSY];
	case FORWARD_NO_ANSWER:
	case FORWARD_UNREACHABLE:
		break;
	}
	return &call->verdict->coverage[COVER_WHEN_UNANSWERED];
}

/* Whether the call was with POINT's party before, under any of its numbers. */
static bool was_tried(const struct call *call, const struct redirect *point)
{
	for (unsigned i = 0; i < call->hop_count; i++) {
		const struct hop *hop = &call->hops[i];

		if (strcmp(hop->to, point->destination) == 0 ||
		    (hop->station != NULL && point->station != NULL &&
		     strcmp(hop->station, point->station) == 0))
			return true;
	}
	return false;
}

const struct redirect *call_cover(const struct call *call)
{
	const struct coverage *coverage = coverage_of(call);

	for (size_t i = call->point; i < coverage->count; i++)
		if (coverage->points[i].refusal == 0 &&
		    !was_tried(call, &coverage->points[i]))
			return &coverage->points[i];
	return NULL;
}

const struct redirect *call_redirect(const struct call *call)
{
	const struct redirect *forwarding = call_forwarding(call);

	return forwarding != NULL ? forwarding : call_cover(call);
}

void call_pass_points(struct call *call, const struct redirect *point,
		      void (*pass)(struct call *call, const struct redirect *refused))
{
	call->coverage = coverage_of(call);
	while (&call->coverage->points[call->point] != point)
		pass(call, &call->coverage->points[call->point++]);
	call->point++;
}

/* Each point but the first is reached because the one before failed. */
static enum diversion reason_of(const struct call *call, enum diversion planned)
{
	if (call->coverage == NULL)
		return planned;
	switch (condition_of(call)) {
	case FORWARD_UNCONDITIONAL:
		return planned;
	case FORWARD_BUSY:
		return DIVERSION_COVER_BUSY;
	case FORWARD_NO_ANSWER:
	case FORWARD_UNREACHABLE:
		break;
	}
	return DIVERSION_COVER_NO_REPLY;
}

struct target call_take(struct call *call, const struct redirect *redirect)
{
	const struct hop single = {
		.why = (enum diversion)condition_of(call),
		.to = redirect->destination,
		.station = redirect->station,
	};
	const struct hop *hops = redirect->hop_count > 0 ? redirect->hops : &single;
	unsigned count = redirect->hop_count > 0 ? redirect->hop_count : 1;

	assert(call->hop_count + count <= HOPS_MAX);
	for (unsigned i = 0; i < count; i++)
		call->hops[call->hop_count++] = (struct hop){
			.why = reason_of(call, hops[i].why),
			.to = hops[i].to,
			.station = hops[i].station,
		};
	call->at = redirect;
	return (struct target){
		.destination = redirect->destination,
		.hops = call->hops,
		.hop_count = call->hop_count,
		.is_outside = redirect->is_outside,
	};
}
