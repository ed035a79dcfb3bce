/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * New calls wait here for the work that ends older ones.  How long they would wait is measured,
 * and what would wait too long is refused at once: served late it would only be asked again.
 * Emergency calls go before all others.  Pure; its user hands out and refuses.
 */
#include "base/list.h"
#include "wire/bucket.h"
#include "wire/scan.h"

enum { ADMISSION_REFUSALS = 4096 };	/* remembered; a power of 2 */

struct admission_settings {
	unsigned delay_ms;		/* what may wait, as time: 0 = 20 */
	unsigned urgent_rate;		/* emergency calls a second that pass whatever waits: 0 = 50 */
};

/** Embedded in what waits. */
struct admission_ticket {
	struct list node;
	int64_t came_us;
	bool is_urgent;			/* it waits with the emergencies */
};

struct admission_refusal {
	uint64_t key;
	int64_t until_us;
};

struct admission {
	int64_t delay_us;
	struct list waiting, urgent;
	unsigned waiting_count, urgent_count;
	int64_t work_us;		/* one call's share of time while calls wait, smoothed */
	int64_t took_us;		/* when the last was taken, 0 = nothing waited then */
	struct bucket urgent_bucket;
	bool is_full;			/* set by the user: no memory or place for another call */
	struct admission_refusal refusals[ADMISSION_REFUSALS];
	uint64_t admitted_count, refused_count;
};

void admission_init(struct admission *admission,
		    const struct admission_settings *settings, int64_t now_us);

/**
 * Whether a new call that came at CAME_US may wait; if so TICKET is queued.  False: refuse it and
 * tell admission_refuse().
 */
bool admission_offer(struct admission *admission, struct admission_ticket *ticket,
		     bool is_urgent, int64_t came_us, int64_t now_us);

/** The next to be served, emergencies first, or NULL. */
struct admission_ticket *admission_take(struct admission *admission, int64_t now_us);

/** TICKET is not to be served any more (it was cancelled). */
void admission_withdraw(struct admission *admission, struct admission_ticket *ticket);

/** What is the same in an INVITE, its repetitions, its ACK and its CANCEL: branch, Call-ID and
 *  CSeq number; never 0. */
uint64_t admission_key(const struct scan *scan);

/** The call of KEY was refused: for 5 s its repetitions are. */
void admission_refuse(struct admission *admission, uint64_t key, int64_t now_us);

/** Whether it was, within 5 s. */
bool admission_was_refused(const struct admission *admission, uint64_t key,
			   int64_t now_us);
