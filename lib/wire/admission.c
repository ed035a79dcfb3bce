/* SPDX-License-Identifier: MIT */
/*
 * What is taken from the queue leaves at the rate at which everything is worked on, so the time
 * between two takes is what one waiting call costs those behind it, other work included.
 */
#include "wire/admission.h"

enum {
	DELAY_MS = 20,
	URGENT_RATE = 50,
	REFUSED_US = 5 * 1000 * 1000,
	SMOOTHING = 16,
	WORK_MAX_US = 10 * 1000,	/* a pause is no work */
};

void admission_init(struct admission *admission,
		    const struct admission_settings *settings, int64_t now_us)
{
	unsigned rate = settings->urgent_rate ? settings->urgent_rate : URGENT_RATE;

	*admission = (struct admission){
		.delay_us = INT64_C(1000) *
			    (settings->delay_ms ? settings->delay_ms : DELAY_MS),
		.urgent_bucket = bucket_of(2 * rate, rate, now_us),
	};
	list_init(&admission->waiting);
	list_init(&admission->urgent);
}

/* How long one more would wait. */
static int64_t delay_of(const struct admission *admission, int64_t now_us)
{
	const struct admission_ticket *first;
	int64_t waited_us, predicted_us;

	if (list_is_empty(&admission->waiting))
		return 0;
	first = container_of(admission->waiting.next, const struct admission_ticket,
			     node);
	waited_us = now_us - first->came_us;
	predicted_us = admission->work_us * admission->waiting_count;
	return waited_us > predicted_us ? waited_us : predicted_us;
}

bool admission_offer(struct admission *admission, struct admission_ticket *ticket,
		     bool is_urgent, int64_t came_us, int64_t now_us)
{
	ticket->came_us = came_us;
	list_init(&ticket->node);
	ticket->is_urgent = is_urgent && bucket_take(&admission->urgent_bucket, now_us);
	if (ticket->is_urgent) {
		list_append(&admission->urgent, &ticket->node);
		admission->urgent_count++;
		return true;
	}
	if (admission->is_full || delay_of(admission, now_us) > admission->delay_us) {
		admission->refused_count++;
		return false;
	}
	list_append(&admission->waiting, &ticket->node);
	admission->waiting_count++;
	return true;
}

static void measure(struct admission *admission, int64_t now_us)
{
	int64_t work_us = now_us - admission->took_us;

	if (admission->took_us && work_us >= 0 && work_us < WORK_MAX_US)
		admission->work_us += (work_us - admission->work_us) / SMOOTHING +
				      (work_us > admission->work_us);
	admission->took_us = admission->waiting_count ? now_us : 0;
}

struct admission_ticket *admission_take(struct admission *admission, int64_t now_us)
{
	bool is_urgent = !list_is_empty(&admission->urgent);
	struct list *from = is_urgent ? &admission->urgent : &admission->waiting;
	struct admission_ticket *ticket;

	if (list_is_empty(from))
		return NULL;
	ticket = container_of(from->next, struct admission_ticket, node);
	admission_withdraw(admission, ticket);
	measure(admission, now_us);
	admission->admitted_count++;
	return ticket;
}

void admission_withdraw(struct admission *admission, struct admission_ticket *ticket)
{
	if (list_is_empty(&ticket->node))
		return;
	list_remove(&ticket->node);
	if (ticket->is_urgent)
		admission->urgent_count--;
	else
		admission->waiting_count--;
}

static uint64_t mix(uint64_t hash, const struct scan_text *text)
{
	for (size_t i = 0; i < text->length; i++) {
		hash = (hash ^ (unsigned char)text->at[i]) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 32;
	}
	return hash + text->length;
}

uint64_t admission_key(const struct scan *scan)
{
	uint64_t hash = mix(mix(scan->cseq + UINT64_C(1), &scan->branch), &scan->call_id);

	return hash | 1;
}

void admission_refuse(struct admission *admission, uint64_t key, int64_t now_us)
{
	admission->refusals[key / 2 % ADMISSION_REFUSALS] =
		(struct admission_refusal){ key, now_us + REFUSED_US };
}

bool admission_was_refused(const struct admission *admission, uint64_t key,
			   int64_t now_us)
{
	const struct admission_refusal *refusal =
		&admission->refusals[key / 2 % ADMISSION_REFUSALS];

	return refusal->key == key && now_us < refusal->until_us;
}
