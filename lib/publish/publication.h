/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The publication of one station: its state between two requests.  publisher.c makes
 * events, the table says what each one does, deed.c does it.
 *
 *	halfcalld                    proxy
 *	 | PUBLISH, document           |	SENDING
 *	 | --------------------------> |
 *	 | <-- 200, SIP-ETag: a ------ |	PUBLISHED
 *	 | PUBLISH, SIP-If-Match: a    |	REFRESHING
 *	 | --------------------------> |
 *	 | <-- 200, SIP-ETag: b ------ |	PUBLISHED, soon without dialogs
 *	 | If-Match: b, Expires: 0     |	REMOVING
 *	 | --------------------------> |
 *	 | <-- 200 ------------------- |	IDLE
 */
#include "base/index.h"
#include "base/list.h"
#include "base/machine.h"
#include "publish/ledger.h"
#include "publish/publish.h"

enum publish_state {
	PUBLISH_IDLE,		/* the proxy has no publication, and there is nothing to send */
	PUBLISH_SENDING,	/* a document is in flight */
	PUBLISH_PUBLISHED,	/* the proxy has the newest state */
	PUBLISH_REFRESHING,	/* a PUBLISH without body is in flight */
	PUBLISH_REMOVING,	/* Expires: 0 is in flight */
	PUBLISH_WAITING,	/* backing off */
	PUBLISH_STOPPED,	/* the proxy wants no publications */
};

enum { PUBLISH_STATES = PUBLISH_STOPPED + 1 };

enum publish_on {
	PUBLISH_ON_RESTORED,	/* the state file has an ETag that may still be valid */
	PUBLISH_ON_SHOW,	/* a dialog has a new state */
	PUBLISH_ON_OK,		/* 2xx */
	PUBLISH_ON_GONE,	/* 412: the proxy knows no such ETag */
	PUBLISH_ON_BRIEF,	/* 423: Expires is too small */
	PUBLISH_ON_REFUSED,	/* 405, 489, 501 */
	PUBLISH_ON_DENIED,	/* 3xx and any other 4xx: retrying soon is useless */
	PUBLISH_ON_FAILED,	/* 408, 5xx, 6xx */
	PUBLISH_ON_STOP,	/* the proxy REFUSED another station's */
	PUBLISH_ON_CHANGED,	/* the settings did, and with them when the time is up */
	PUBLISH_ON_TIMEOUT,	/* the state's time is up */
	PUBLISH_ON_BROKEN,	/* a deed could not send */
};

enum { PUBLISH_ONS = PUBLISH_ON_BROKEN + 1 };

enum {
	PUBLISH_ENDED = 32,		/* ids of ended dialogs, so that late updates are ignored */
	PUBLISH_ENDS = 128,		/* ended dialogs in one document, so that it stays below 64 KB */
	PUBLISH_DIALOGS = 1024,		/* unpublished ends kept; then the oldest is dropped */
	PUBLISH_BRIEFS = 3,		/* 423s in a row followed */
	PUBLISH_BACK_OFF_MS = 1000,	/* doubled for each failure in a row ... */
	PUBLISH_BACK_OFF_MOST_MS = 60000,	/* ... up to this */
	PUBLISH_RETRY_AFTER_MOST_S = 3600,
	PUBLISH_MIN_EXPIRES_MOST_S = 7 * 86400,
	PUBLISH_REFRESH_LEAST_MS = 1000,
};

/** Owned by its publisher and freed only with it, so that versions never restart. */
struct publication {
	struct publisher *publisher;
	struct list node;		/* of the publisher's publications */
	struct index_entry entry;	/* of the publisher's index, by extension */
	void *context;			/* the owner's */

	struct machine life;
	const struct publish_response *response;	/* being handled, else NULL */
	char *etag;			/* owned; NULL = the next one is a first PUBLISH */
	int64_t expiry_s;		/* wall clock, of the ETag */
	uint32_t version;		/* of the next document */
	unsigned expires_s;		/* requested: from the settings or a 423 */

	struct list dialogs;		/* struct shown, oldest first */
	size_t dialog_count;
	bool is_changed;		/* a document would contain something new */
	bool tells_only_ends;		/* the last document had only terminated dialogs */
	unsigned long long ended[PUBLISH_ENDED];	/* hashed ids, a ring */
	unsigned ended_next;

	bool is_in_flight;
	bool is_armed;
	bool is_lingering;		/* without dialogs, until linger_until_ms */
	bool is_linger_due;		/* the timer armed is that of lingering */
	unsigned failures, briefs;	/* in a row */
	int noted;			/* status of the failure recorded last, 0 = none */
	bool is_overflowing;		/* ends were dropped, and that is recorded */
	unsigned wait_ms;		/* of WAITING */
	int64_t refresh_at_ms, linger_until_ms;	/* clock_mono_ms() */

	char extension[];
};

struct publisher {
	struct publish_settings settings;
	const struct publish_port *port;	/* borrowed */
	void *context;
	struct list publications;
	size_t count;
	struct index index;
	char *state_file;		/* owned; of the ledger */
	struct ledger *ledger;		/* NULL = nothing is kept */
	bool is_ledger_failing;		/* noted already */
	bool is_stopped;		/* the proxy takes no publications */
	int64_t stopped_ms;		/* since when (clock_mono_ms) */
	bool is_withdrawn;		/* nothing is taken until the settings change */
};

/** The station's publication, made when there is none. */
struct publication *publication_get(struct publisher *publisher, const char *extension);
void publication_free(struct publication *publication);

/** Runs the table; RESPONSE is NULL unless one came. */
void publication_handle(struct publication *publication, enum publish_on on,
			const struct publish_response *response);

/** Stores a dialog's new state; false when it is not new. */
bool publication_take(struct publication *publication, const struct shown_dialog *dialog);

/** Forgets the dialogs whose end has been published. */
void publication_drop_told(struct publication *publication);

/** Forgets all dialogs. */
void publication_drop_all(struct publication *publication);

static inline enum publish_state publication_state(const struct publication *publication)
{
	return (enum publish_state)publication->life.state;
}

/** Names without prefix: "SENDING", "OK". */
const char *publish_state_name(enum publish_state state);
const char *publish_on_name(enum publish_on on);
