/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Dialog events (halfcall-protocol(7), DIALOG EVENTS): the dialogs of each station become
 * one publication (RFC 3903) of full-state documents (RFC 4235).  At most one request per
 * station is in flight; states that come meanwhile are combined in the next document, but
 * no `terminated` is lost.  A publication is a state machine, written as a table, that
 * acts through a port.  Data flows from calls to the proxy only.
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

/** The response to a request. */
struct publish_response {
	int status;			/* 408 = no response came */
	const char *etag;		/* SIP-ETag of a 2xx, NULL = none */
	unsigned expires_s;		/* of a 2xx, 0 = no Expires header */
	unsigned min_expires_s;		/* of a 423 */
	unsigned retry_after_s;		/* 0 = none */
};

struct publish_port {
	/**
	 * Sends REQUEST; the response is passed to publisher_answered() later, never from
	 * inside this function.
	 */
	int (*send)(void *context, struct publication *publication,
		    const struct publish_request *request);
	/** (Re)starts the publication's timer, publisher_expired() when it fires; 0 stops
	 * it. */
	void (*arm)(void *context, struct publication *publication,
		    unsigned milliseconds);
	/**
	 * For log and journal; STATUS 0 and REASON NULL = none.  "publish-failed" and
	 * "publish-denied": it is tried again later, and recorded when the status is
	 * another than before; "publish-resumed": it works again; "publish-stopped": the
	 * proxy accepts no publications, of any station; "publish-overflow": ends of
	 * dialogs were dropped; "publish-state" (EXTENSION is NULL): the state file
	 * cannot be used.
	 */
	void (*note)(void *context, const char *extension, const char *event, int status,
		     const char *reason);
	/** PUBLICATION is about to be freed: the owner frees its timer.  May be NULL. */
	void (*released)(void *context, struct publication *publication);
};

struct publish_settings {
	const char *domain;		/* borrowed */
	unsigned expires_s;		/* publish.expires */
	unsigned linger_s;		/* idle this long: Expires 0 */
	const char *state_file;		/* file that keeps ETags and versions over a
					 * restart; NULL = they are not kept; copied */
};

/**
 * Reads the state file: publications of an earlier run are removed (Expires 0 with their
 * ETag, a second later and one after another) or continued, and versions continue.  Calls
 * arm() and note() from inside, never send().  A state file that cannot be used is
 * recorded, and is no error.  Returns 0.
 */
int publisher_new(const struct publish_settings *settings,
		  const struct publish_port *port, void *context,
		  struct publisher **publisher, struct fault *fault);

/**
 * Applies other SETTINGS with the same domain.  Expires counts from the next request on;
 * linger_s at once, also for publications that linger already.  A new state file is read
 * for its versions and then gets the contents of the old one, which stays as it is.  A
 * publisher that was withdrawn takes dialogs again.
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
 * Reports the present state of a dialog, which is copied.  A text that is NULL keeps its
 * earlier value; a state that is before the present one is ignored.
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
