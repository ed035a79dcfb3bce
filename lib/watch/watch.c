/* SPDX-License-Identifier: MIT */
#include "watch/watch.h"

#include "base/memory.h"
#include "watch/view.h"

#include <stdio.h>
#include <stdlib.h>

/* Every rule; its place is its bit in trail->told. */
static const struct rule *const rules[] = {
	&unknown_peer_rule,
	&route_lost_rule,
	&phase_order_rule,
	&phase_lost_rule,
	&phase_leaked_rule,
	&seq_lost_rule,
	&wrong_half_rule,
	&max_forwards_rule,
	&vias_rule,
	&record_route_rule,
	&header_lost_rule,
	&header_changed_rule,
	&body_changed_rule,
	&history_shortened_rule,
	&identity_changed_rule,
	&credentials_passed_rule,
	&tag_changed_rule,
	&contact_changed_rule,
	&cseq_rule,
	&trying_missing_rule,
	&retransmission_rule,
	&cancel_ignored_rule,
	&ack_lost_rule,
	&prack_lost_rule,
	&success_lost_rule,
	&publish_refused_rule,
	&notify_late_rule,
	&notify_order_rule,
	&shortcut_ignored_rule,
};

enum { RULES = sizeof rules / sizeof *rules, WAITS_SHOWN = KEPT_WAITS };

struct watch {
	struct watch_settings settings;
	watch_told_f *told;
	void *context;
	struct memory memory;
	struct list waits[RULES];	/* of struct wait; each in the order of time */
	struct view_heard heard[VIEW_FAR_ENDS];	/* by the hash */
	const struct rule *asked[WAITS_SHOWN];	/* by view_await(), for the message that passes */
	unsigned asked_count;
	struct specimen now, origin;	/* large, so not on the stack */
};

struct watch *watch_new(const struct watch_settings *settings, watch_told_f *told,
			void *context)
{
	struct watch *watch = memory_new(sizeof *watch);

	watch->settings = *settings;
	watch->told = told;
	watch->context = context;
	trail_init(&watch->memory, settings->memory);
	for (unsigned i = 0; i < RULES; i++)
		list_init(&watch->waits[i]);
	return watch;
}

void watch_free(struct watch *watch)
{
	if (!watch)
		return;
	trail_clear(&watch->memory);
	free(watch);
}

static unsigned place_of(const struct rule *rule)
{
	unsigned place = 0;

	while (rules[place] != rule)
		place++;
	return place;
}

/* A rule's sentence becomes a finding; once for each Call-ID, so that one fault is one line. */
static void tell(const struct view *view, const char *sentence)
{
	uint64_t bit = UINT64_C(1) << place_of(view->rule);
	char call_id[256];

	if (view->trail && view->trail->told & bit)
		return;
	if (view->trail)
		view->trail->told |= bit;
	snprintf(call_id, sizeof call_id, "%.*s", (int)view->now->call_id.length,
		 view->now->call_id.at);
	view->watch->told(view->watch->context, &(struct watch_finding){
							.name = view->rule->name,
							.severity = view->rule->severity,
							.sentence = sentence,
							.clause = view->rule->clause,
							.call_id = call_id,
							.far_end = view->far_end,
							.at_us = view->at_us,
						});
}

static void await(const struct view *view)
{
	struct watch *watch = view->watch;

	if (watch->asked_count < WAITS_SHOWN)
		watch->asked[watch->asked_count++] = view->rule;
}

static uint64_t hash_address(const struct sockaddr_storage *address)
{
	const struct sockaddr_in *ip4 = (const void *)address;
	const struct sockaddr_in6 *ip6 = (const void *)address;

	if (address->ss_family == AF_INET6)
		return specimen_hash((struct scan_text){ (const char *)&ip6->sin6_addr,
							 sizeof ip6->sin6_addr });
	return specimen_hash(
		(struct scan_text){ (const char *)&ip4->sin_addr, sizeof ip4->sin_addr });
}

/* A message of which this one is another copy: all that tells transactions apart is the same. */
static const struct kept *find_twin(const struct view *view)
{
	const struct specimen *now = view->now;
	const struct kept *kept = NULL;

	while ((kept = kept_before(view->trail, kept)))
		if (kept->is_out == view->is_out && kept->status == now->status &&
		    kept->cseq == now->cseq && kept->via_count && view->via_count &&
		    kept->vias[0] == view->vias[0] && view->vias[0] &&
		    kept->to_tag == specimen_hash(now->to_tag) &&
		    kept_is_of(kept, now->method))
			return kept;
	return NULL;
}

/* The request that a response answers: it went the other way and has the same topmost branch. */
static const struct kept *find_asked(const struct view *view)
{
	const struct kept *kept = NULL;

	while ((kept = kept_before(view->trail, kept)))
		if (!kept->status && kept->is_out != view->is_out && view->via_count &&
		    kept->via_count && kept->vias[0] == view->vias[0] &&
		    kept_is_of(kept, view->now->method))
			return kept;
	return NULL;
}

/* What went out and came in again as a request: the Vias below the topmost are its. */
static const struct kept *find_request_source(const struct view *view)
{
	for (unsigned i = 1; i < view->via_count; i++) {
		const struct kept *kept = NULL;

		while (view->vias[i] && (kept = kept_before(view->trail, kept)))
			if (kept->is_out && !kept->status && kept->via_count &&
			    kept->vias[0] == view->vias[i] &&
			    kept_is_of(kept, view->now->method))
				return kept;
	}
	return NULL;
}

/* The response that went out at another seat, to a request made from the one asked. */
static const struct kept *find_response_source(const struct view *view)
{
	const struct kept *kept = NULL;

	if (!view->asked)
		return NULL;
	while ((kept = kept_before(view->trail, kept)))
		if (kept->is_out && kept->status == view->now->status &&
		    kept_came_by(kept, view->asked->vias[0]) &&
		    kept_is(kept, view->asked->method) &&
		    kept->to_tag == specimen_hash(view->now->to_tag))
			return kept;
	return NULL;
}

static void look_back(struct view *view, struct specimen *origin)
{
	if (!view->now->is_request)
		view->asked = find_asked(view);
	if (view->is_out)
		return;
	view->source = view->now->is_request ? find_request_source(view)
					     : find_response_source(view);
	if (view->source &&
	    specimen_read(origin, view->source->bytes, view->source->length))
		view->origin = origin;
	else
		view->source = NULL;
}

static void note_heard(struct watch *watch, uint64_t hash, int64_t at_us)
{
	watch->heard[hash % VIEW_FAR_ENDS].hash = hash;
	watch->heard[hash % VIEW_FAR_ENDS].at_us = at_us;
}

static void keep(struct watch *watch, const struct view *view)
{
	struct kept *kept = trail_keep(&watch->memory, view->trail, view->now);

	if (!kept)
		return;
	kept->at_us = view->at_us;
	kept->is_out = view->is_out;
	kept->seat = view->seat;
	kept->to = *view->far_end;
	kept->far_end = hash_address(view->far_end);
	for (unsigned i = 0; i < watch->asked_count; i++) {
		struct wait *wait = &kept->waits[kept->wait_count++];

		*wait = (struct wait){
			.rule = watch->asked[i],
			.kept = kept,
			.due_us = kept->at_us + watch->asked[i]->after_ms * INT64_C(1000),
		};
		list_init(&wait->node);
		list_append(&watch->waits[place_of(wait->rule)], &wait->node);
	}
}

static void show_all(struct watch *watch, struct view *view)
{
	watch->asked_count = 0;
	for (unsigned i = 0; i < RULES; i++) {
		view->rule = rules[i];
		if (view->twin && rules[i]->copied)
			rules[i]->copied(view);
		else if (!view->twin && rules[i]->see)
			rules[i]->see(view);
	}
	if (!view->twin)
		keep(watch, view);
}

/* What a stranger sends is its own, not the proxy's: one rule alone looks at it, and nothing is
 * remembered. */
static void show_stranger(struct view *view)
{
	view->rule = &unknown_peer_rule;
	view->rule->see(view);
}

static bool view_open(struct watch *watch, enum watch_seat seat,
		      const struct wire_frame *frame, struct view *view)
{
	const struct watch_settings *settings = &watch->settings;

	*view = (struct view){
		.watch = watch,
		.tell = tell,
		.await = await,
		.heard = watch->heard,
		.settings = settings,
		.now = &watch->now,
		.at_us = frame->at_us,
		.far_end = frame->far_end,
		.is_out = frame->is_out,
		.seat = seat,
		.is_from_proxy = !frame->is_out &&
				 (!settings->is_proxy ||
				  settings->is_proxy(watch->context, frame->far_end)),
	};
	return specimen_read(&watch->now, frame->bytes, frame->length);
}

void watch_see(struct watch *watch, enum watch_seat seat, const struct wire_frame *frame)
{
	struct view view;

	if (!view_open(watch, seat, frame, &view))
		return;
	if (!view.is_out && !view.is_from_proxy) {
		show_stranger(&view);
		return;
	}
	if (!view.is_out)
		note_heard(watch, hash_address(frame->far_end), frame->at_us);
	view.trail = trail_of(&watch->memory, watch->now.call_id);
	if (!view.trail)
		return;
	view.via_count = trail_vias(&watch->now, view.vias);
	view.twin = find_twin(&view);
	look_back(&view, &watch->origin);
	show_all(watch, &view);
}

void watch_reused(struct watch *watch, enum watch_seat seat,
		  const struct wire_frame *frame)
{
	struct view view;

	if (!view_open(watch, seat, frame, &view) || !view.is_from_proxy)
		return;
	view.trail = trail_find(&watch->memory, watch->now.call_id);
	view.rule = &vias_rule;
	view_tell(&view, "the branch of this %.*s was another request's",
		  VIEW_TEXT(watch->now.method));
}

static void judge(struct watch *watch, const struct wait *wait, int64_t now_us)
{
	struct kept *kept = wait->kept;
	struct view view = {
		.watch = watch,
		.tell = tell,
		.await = await,
		.heard = watch->heard,
		.settings = &watch->settings,
		.rule = wait->rule,
		.now = &watch->now,
		.trail = kept->trail,
		.at_us = now_us,
		.far_end = &kept->to,
		.seat = kept->seat,
		.is_out = kept->is_out,
	};

	if (specimen_read(&watch->now, kept->bytes, kept->length))
		wait->rule->due(&view, kept);
}

int64_t watch_until(struct watch *watch, int64_t now_us)
{
	int64_t next_us = 0;

	for (unsigned i = 0; i < RULES; i++) {
		struct list *head = &watch->waits[i];

		while (!list_is_empty(head)) {
			struct wait *wait = container_of(head->next, struct wait, node);

			if (wait->due_us > now_us) {
				if (!next_us || wait->due_us < next_us)
					next_us = wait->due_us;
				break;
			}
			list_remove(&wait->node);
			judge(watch, wait, now_us);
		}
	}
	return next_us;
}
