/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * New calls wait here for the work that ends older ones.  How long they would wait is measured,
 * and what would wait too long is refused at once: served late it would only be asked again.
 * Emergency calls go before all others.  Pure; its user hands out and refuses.
 */
#include "base/list.h"
#include "wire/bucket.h"

#include <stddef.h>

struct finder_key;

/** Refusals remembered; a power of 2.  5 s of 50,000 refusals a second. */
enum { ADMISSION_REFUSALS = 1 << 18 };

struct admission_settings {
	unsigned delay_ms;		/* what may wait, as time; 0 = however long */
	unsigned urgent_rate;		/* emergency calls a second that pass whatever waits */
};

enum admission_kind {
	ADMISSION_NEW,
	ADMISSION_URGENT,		/* an emergency call, as far as can be told */
	ADMISSION_JOINED,		/* belongs to a call that waits: shares its fate */
};

enum admission_place {
	ADMISSION_REFUSED,
	ADMISSION_WAITS,
	ADMISSION_WAITS_FIRST,		/* with the emergencies */
};

/** Embedded in what waits. */
struct admission_ticket {
	struct list node;
	int64_t came_us;
	bool is_urgent;			/* it waits with the emergencies */
};

struct admission_refusal {
	uint32_t print;			/* of its key, 0 = none */
	uint32_t until_ms;
};

struct admission {
	int64_t delay_us;
	struct list waiting, urgent;
	unsigned waiting_count, urgent_count;
	int64_t work_us;		/* one call's share of time while calls wait, smoothed */
	int64_t took_us;		/* when the last was taken, 0 = nothing waited then */
	struct bucket urgent_bucket;
	/* No memory or place for another call: set by the user before an offer. */
	bool is_full;
	bool is_full_for_urgent;
	struct admission_refusal *refusals;	/* owned; NULL = none yet */
	uint64_t admitted_count, refused_count;
};

void admission_init(struct admission *admission,
		    const struct admission_settings *settings, int64_t now_us);

/** Frees what it remembers; nothing may wait. */
void admission_clear(struct admission *admission);

/** Uses SETTINGS from here on; what waits goes on waiting. */
void admission_settle(struct admission *admission,
		      const struct admission_settings *settings, int64_t now_us);

/** What becomes of a new call at NOW_US: admission_refuse() or admission_queue() is told next. */
enum admission_place admission_offer(struct admission *admission,
				     enum admission_kind kind, int64_t now_us);

/** TICKET, which came at CAME_US, waits at PLACE. */
void admission_queue(struct admission *admission, struct admission_ticket *ticket,
		     enum admission_place place, int64_t came_us);

/** The next to be served, emergencies first, or NULL. */
struct admission_ticket *admission_take(struct admission *admission, int64_t now_us);

/** TICKET is not to be served any more (it was cancelled). */
void admission_withdraw(struct admission *admission, struct admission_ticket *ticket);

/** How long one more would wait, microseconds: as long as the first has, or as what waits takes,
 *  whichever is more. */
int64_t admission_delay(const struct admission *admission, int64_t now_us);

bool admission_is_empty(const struct admission *admission);

/** What is the same in an INVITE, its repetitions and its ACK, as a number, of their KEY. */
uint64_t admission_key(const struct finder_key *key);

/** The call of KEY was refused: for 5 s its repetitions are. */
void admission_refuse(struct admission *admission, uint64_t key, int64_t now_us);

/** Whether it was, within 5 s and not so many refusals ago that it is forgotten. */
bool admission_was_refused(const struct admission *admission, uint64_t key,
			   int64_t now_us);
