/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Dialog events (protocol.md section 3): what stations' telephones show becomes one
 * publication a station (RFC 3903), full-state documents of RFC 4235.  One request in
 * flight a station; states that come meanwhile wait and coalesce, but a `terminated` is
 * never lost.  The life of a publication is a table; it acts through a port.
 */
#include "base/fault.h"
#include "model/presence.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct publisher;
struct publication;

/** One PUBLISH to send; text is borrowed until the port function returns. */
struct publish_request {
	const char *extension;		/* to sip:EXTENSION@domain */
	const char *if_match;		/* SIP-ETag of the last one, NULL = first */
	unsigned expires_s;		/* 0 = remove */
	const char *body;		/* application/dialog-info+xml; NULL = none (refresh, remove) */
	size_t body_length;
};

/** What came back. */
struct publish_response {
	int status;			/* 408 = nothing at all */
	const char *etag;		/* SIP-ETag of a 2xx, NULL = none */
	unsigned expires_s;		/* of a 2xx, 0 = not said */
	unsigned min_expires_s;		/* of a 423 */
	unsigned retry_after_s;		/* 0 = none */
};

struct publish_port {
	/** Sends; the answer comes later through publisher_answered(), never from inside. */
	int (*send)(void *context, struct publication *publication,
		    const struct publish_request *request);
	/** (Re)starts the publication's timer, publisher_expired() when it fires; 0 stops it. */
	void (*arm)(void *context, struct publication *publication,
		    unsigned milliseconds);
	/**
	 * For log and journal; STATUS 0 and REASON NULL = none.  "publish-failed" and
	 * "publish-denied": it is tried again later, and noted when the status is another
	 * than before; "publish-resumed": all is well again; "publish-stopped": the proxy
	 * wants no publications, of no station; "publish-overflow": ends of dialogs were
	 * given up; "publish-state" (EXTENSION is NULL): trouble with the state file.
	 */
	void (*note)(void *context, const char *extension, const char *event, int status,
		     const char *reason);
	/** PUBLICATION is about to be freed: its timer is the owner's to free.  May be NULL. */
	void (*released)(void *context, struct publication *publication);
};

struct publish_settings {
	const char *domain;		/* borrowed */
	unsigned expires_s;		/* publish.expires */
	unsigned linger_s;		/* idle this long: Expires 0 */
	const char *state_file;		/* ETags and versions survive here; NULL = nowhere; copied */
};

/**
 * Reads the state file and takes up what it says: publications of a run before are removed
 * (Expires 0 with their ETag, a second later and one after another) or carried on, versions
 * go on from where they were.  Calls arm() and note() from inside, never send().  A state
 * file that cannot be used is noted, no error; the answer is 0.
 */
int publisher_new(const struct publish_settings *settings,
		  const struct publish_port *port, void *context,
		  struct publisher **publisher, struct fault *fault);

/**
 * Goes on with other SETTINGS, the domain being the same: Expires counts from the next request
 * on, lingering at once, also of what lingers already.  Another state file is read for its
 * versions and then holds what the one before did, which stays as it is.  A publisher that
 * was withdrawn takes dialogs again.
 */
void publisher_change(struct publisher *publisher,
		      const struct publish_settings *settings);

/**
 * Forgets all dialogs, has the proxy remove every publication as after lingering, one
 * station after another, and takes no dialogs until publisher_change().
 */
void publisher_withdraw(struct publisher *publisher);

/**
 * Writes the state file; of the port only released() is called.  Publications live as long
 * as their publisher.  NULL is fine.
 */
void publisher_free(struct publisher *publisher);

/**
 * A dialog is in this state now.  Copies what it keeps.  Text that is NULL here but was known
 * before stays known; a state that would go back is ignored.
 */
void publisher_show(struct publisher *publisher, const struct shown_dialog *dialog);

/** The answer to the request in flight. */
void publisher_answered(struct publication *publication,
			const struct publish_response *response);

/** The timer of arm() fired. */
void publisher_expired(struct publication *publication);

/** The owner's per-publication context (its timer, say); NULL at first. */
void *publication_context(const struct publication *publication);
void publication_set_context(struct publication *publication, void *context);
const char *publication_extension(const struct publication *publication);

/** How many stations have a publication, and how many requests are in flight. */
size_t publisher_count(const struct publisher *publisher, size_t *in_flight);

/** As call_table_check() and call_table_dot(). */
unsigned publish_table_check(FILE *out);
void publish_table_dot(FILE *out);
