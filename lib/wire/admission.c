/* SPDX-License-Identifier: MIT */
/*
 * What is taken from the queue leaves at the rate at which everything is worked on, so the time
 * between two takes is what one waiting call costs those behind it, other work included.
 */
#include "wire/admission.h"

#include "wire/finder.h"

#include <stdlib.h>

enum {
	REFUSED_MS = 5 * 1000,
	ALWAYS_WAIT = 64,		/* calls are never too many, see may_wait() */
	SMOOTHING = 16,
	WORK_MAX_US = 10 * 1000,	/* of one call: more is a pause that says little of the next */
};

void admission_init(struct admission *admission,
		    const struct admission_settings *settings, int64_t now_us)
{
	*admission = (struct admission){ 0 };
	list_init(&admission->waiting);
	list_init(&admission->urgent);
	admission_settle(admission, settings, now_us);
}

void admission_clear(struct admission *admission)
{
	free(admission->refusals);
	admission->refusals = NULL;
}

void admission_settle(struct admission *admission,
		      const struct admission_settings *settings, int64_t now_us)
{
	unsigned rate = settings->urgent_rate;

	admission->delay_us = INT64_C(1000) * settings->delay_ms;
	if (admission->urgent_bucket.rate != rate)
		admission->urgent_bucket = bucket_of(2 * rate, rate, now_us);
}

int64_t admission_delay(const struct admission *admission, int64_t now_us)
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

/*
 * A few calls may always wait: where they take longer than the bound the machine was held up, or
 * is so slow that a call or two would be all it ever took.
 */
static bool may_wait(const struct admission *admission, int64_t now_us)
{
	return !admission->is_full &&
	       (!admission->delay_us || admission->waiting_count < ALWAYS_WAIT ||
		admission_delay(admission, now_us) <= admission->delay_us);
}

enum admission_place admission_offer(struct admission *admission,
				     enum admission_kind kind, int64_t now_us)
{
	if (kind == ADMISSION_URGENT && !admission->is_full_for_urgent &&
	    admission->urgent_bucket.rate &&
	    bucket_take(&admission->urgent_bucket, now_us))
		return ADMISSION_WAITS_FIRST;
	if (kind == ADMISSION_JOINED || may_wait(admission, now_us))
		return ADMISSION_WAITS;
	admission->refused_count++;
	return ADMISSION_REFUSED;
}

void admission_queue(struct admission *admission, struct admission_ticket *ticket,
		     enum admission_place place, int64_t came_us)
{
	list_init(&ticket->node);
	ticket->came_us = came_us;
	ticket->is_urgent = place == ADMISSION_WAITS_FIRST;
	list_append(ticket->is_urgent ? &admission->urgent : &admission->waiting,
		    &ticket->node);
	if (ticket->is_urgent)
		admission->urgent_count++;
	else
		admission->waiting_count++;
}

static void measure(struct admission *admission, int64_t now_us)
{
	int64_t work_us = now_us - admission->took_us;

	if (work_us > WORK_MAX_US)
		work_us = WORK_MAX_US;
	if (admission->took_us && work_us >= 0)
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

bool admission_is_empty(const struct admission *admission)
{
	return admission->waiting_count + admission->urgent_count == 0;
}

uint64_t admission_key(const struct finder_key *key)
{
	return key->key[0] ^ key->ids;
}

static uint32_t print_of(uint64_t key)
{
	return (uint32_t)(key >> 32) | 1;
}

void admission_refuse(struct admission *admission, uint64_t key, int64_t now_us)
{
	if (!admission->refusals)
		admission->refusals =
			calloc(ADMISSION_REFUSALS, sizeof *admission->refusals);
	/* Without memory its repetitions are offered as it was. */
	if (admission->refusals)
		admission->refusals[key % ADMISSION_REFUSALS] =
			(struct admission_refusal){
				.print = print_of(key),
				.until_ms = (uint32_t)(now_us / 1000) + REFUSED_MS,
			};
}

bool admission_was_refused(const struct admission *admission, uint64_t key,
			   int64_t now_us)
{
	const struct admission_refusal *found;
	uint32_t rest_ms;

	if (!admission->refusals)
		return false;
	found = &admission->refusals[key % ADMISSION_REFUSALS];
	rest_ms = found->until_ms - (uint32_t)(now_us / 1000);
	return found->print == print_of(key) && rest_ms >= 1 && rest_ms <= REFUSED_MS;
}
