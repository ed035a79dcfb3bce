/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A request that is sent: a client transaction (RFC 3261 section 17.1).  Its user owns it and
 * frees it after the final response, or earlier: responses are then no longer told.
 *
 *	user            uac             peer
 *	  | - uac_send -> | -- INVITE --> |
 *	  | <--- heard -- | <--- 180 ---- |
 *	  | -- cancel --> | -- CANCEL --> |	held back until a provisional response came
 *	  | <--- heard -- | <--- 200 ---- |	of the INVITE: it crossed the CANCEL
 *	  | -- uac_ack -> | --- ACK ----> |
 *	  | -- uac_free   |               |
 */
#include "wire/way.h"

struct uac;

/** Why nothing came back. */
enum uac_failure {
	UAC_ANSWERED,			/* something did, or may still */
	UAC_TIMEOUT,			/* nothing within 64*T1 (timers B, F) */
	UAC_REFUSED,			/* no connection, or ICMP said that nothing listens */
	UAC_UNREACHABLE,		/* no route, no address, or the socket failed */
};

/**
 * A response above 100 was heard.  STATUS is its, RESPONSE is borrowed; NULL = nothing came, and
 * STATUS is 408 or 503 (see uac_failure()).  After a final one nothing more is told.  May free
 * UAC.
 *
 * A 2xx to an INVITE that is not told because another fork's was, or because the uac was freed,
 * goes to wire_events.response for a proxy to pass on; a user agent's wire acknowledges it and
 * ends what it began with BYE.
 */
typedef void uac_heard_f(void *context, struct uac *uac, int status, msg_t *response);

/**
 * Sends REQUEST, which it takes over, with a Via of its own.  HEARD may be NULL.  NULL when it
 * cannot be sent; REQUEST is gone then too.
 */
struct uac *uac_send(struct wire *wire, const struct way *way, msg_t *request,
		     uac_heard_f *heard, void *context);

/** The status of a response to other than INVITE will do: it is not read, and RESPONSE is NULL
 *  whatever came.  To be called right after uac_send(). */
void uac_want_status(struct uac *uac);

/** The last status heard or made up, 0 = none yet. */
int uac_status(const struct uac *uac);

enum uac_failure uac_failure(const struct uac *uac);

/** A sentence for the journal, "no connection to sip:...: connection refused": why nothing came
 *  back; NULL if something did.  Borrowed for the uac's life. */
const char *uac_why(const struct uac *uac);

/**
 * Sends CANCEL of an INVITE as it was sent (RFC 3261 section 9.1), now or as soon as a provisional
 * response has come; REASON may be NULL and is copied.
 */
void uac_cancel(struct uac *uac, const sip_reason_t *reason);

/**
 * Sends ACK, which it takes over, of the 2xx that UAC heard by WAY (RFC 3261 section 13.2.2.4);
 * the same again for each copy of the 2xx that is heard later.  0 or -errno.
 */
int uac_ack(struct uac *uac, const struct way *way, msg_t *ack);

/** From inside its own callback too.  NULL is fine. */
void uac_free(struct uac *uac);
