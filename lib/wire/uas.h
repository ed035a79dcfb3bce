/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A request that is answered here: a server transaction (RFC 3261 section 17.2), as user agent or
 * as proxy.  Its user owns it and frees it once the final answer is out; what must be repeated
 * after that is the wire's concern.
 *
 *	peer            uas             user
 *	  | -- INVITE --> |               |
 *	  |               | -- request -> |	wire_events, then uas_new()
 *	  | <--- 180 ---- | <------------ |	uas_send()
 *	  | -- CANCEL --> |               |	200 by itself
 *	  |               | -- cancel --> |
 *	  | <--- 487 ---- | <------------ |	reply_refuse(), uas_free()
 *	  | --- ACK ----> |               |	of a failure: by itself
 */
#include "wire/wire.h"

struct uas;

enum uas_loss {
	UAS_NO_ACK,			/* nothing acknowledged the final answer (64*T1) */
	UAS_NO_PRACK,			/* nor a reliable provisional one (RFC 3262 section 3) */
	UAS_TRANSPORT,			/* the answer could not be sent */
};

/** What happens to it, CONTEXT as given to uas_bind(); each may be NULL.  Messages are borrowed.
 *  Any of them may free the uas. */
struct uas_events {
	/** The ACK of a final answer: of a failure, or, if it is told here, of a 2xx (one that has a
	 *  dialog of its own comes as wire_events.request). */
	void (*ack)(void *context, msg_t *ack);
	/** CANCEL; it has been answered 200. */
	void (*cancel)(void *context, msg_t *cancel);
	/** PRACK of the reliable response RSEQ of the fork with PRACK's To tag; it is the receiver's
	 *  to answer and to free. */
	void (*prack)(void *context, struct uas *prack, uint32_t rseq);
	void (*lost)(void *context, enum uas_loss why);
};

/**
 * A server transaction for REQUEST, which it takes over.  NULL when there can be none (it was
 * answered, or it is a copy of one); REQUEST is gone then too.
 */
struct uas *uas_new(struct wire *wire, msg_t *request);

/** Where events go from here on; EVENTS is borrowed for the uas's life. */
void uas_bind(struct uas *uas, const struct uas_events *events, void *context);

/** Borrowed for the uas's life; msg_ref_create() keeps it longer. */
msg_t *uas_request(const struct uas *uas);

/** The To tag of our answers, where they are given no other: the request's, or one of ours, which
 *  is fixed by asking. */
const char *uas_tag(struct uas *uas);

/** Whether a final response is out; false while a 2xx waits for its PRACK. */
bool uas_is_answered(const struct uas *uas);

/** 100 Trying, unless something was said before: the last response is what a repeated INVITE
 *  hears (RFC 3261 section 17.2.1). */
void uas_trying(struct uas *uas);

/** A response of STATUS with nothing in it but CONTACT (NULL = none), which is copied. */
int uas_reply(struct uas *uas, int status, const sip_contact_t *contact);

/** The same, 101 ... 199, reliably (RFC 3262): PRACK is answered 200 by itself, and each minute
 *  after it another one like it is sent (RFC 3261 section 13.3.1.1). */
int uas_reply_reliably(struct uas *uas, int status, const sip_contact_t *contact);

/**
 * A response of STATUS, to be filled in and sent or destroyed while UAS lives.  It has what makes it
 * one to this request: Via, From, To, Call-ID, CSeq and, below 300, Record-Route in the order
 * received (RFC 3261 section 12.1.1).  TAG: of To, unless the request has one; who forks the
 * request gives each fork its own, because each is a dialog of its own (section 12.1).  NULL =
 * uas_tag().
 */
msg_t *uas_response(struct uas *uas, int status, const char *tag);

/**
 * RESPONSE, another user agent's, as one to this request: what uas_response() sets is this
 * request's, RSeq and Require: 100rel go, all else stays as it came.
 */
msg_t *uas_response_from(struct uas *uas, msg_t *response, const char *tag);

/** Sends MSG, made by one of the two above, which it takes over.  A 2xx made by uas_response() is
 *  repeated until uas_acknowledged() or uas_free(), from T1 to T2 (RFC 3261 section 13.3.1.4).  A
 *  2xx waits for the PRACK of what its fork (To tag) sent reliably with a session description (RFC
 *  3262 section 3).  0 or -errno. */
int uas_send(struct uas *uas, msg_t *msg);

/** The same for a provisional one, reliably (RFC 3262); *RSEQ is the number by which, with MSG's To
 *  tag, the prack event names it. */
int uas_send_reliably(struct uas *uas, msg_t *msg, uint32_t *rseq);

/** Sends a copy of RESPONSE on as a proxy does: the topmost Via off, nothing else changed. */
int uas_forward(struct uas *uas, msg_t *response);

/** The ACK of our 2xx came: it is not repeated any more. */
void uas_acknowledged(struct uas *uas);

/** Ends it; a request without a final answer, also one whose 2xx waits for its PRACK, gets 500.
 *  NULL is fine. */
void uas_free(struct uas *uas);

/* For the files of lib/wire alone. */

struct provisional;

/** A response of STATUS with LINES, whole header lines, sent.  0 or -errno. */
int uas_reply_lines(struct uas *uas, int status, const char *lines);

/** Whether its user wants to see the ACK of a failure.  NULL is fine. */
bool uas_hears_ack(const struct uas *uas);

/** Answers MSG, the CANCEL of UAS's request (NULL = its user went), and tells it; takes it over. */
void uas_take_cancel(struct wire *wire, struct uas *uas, msg_t *msg);

/** MSG, the PRACK of RELIABLE (its user may have gone), came; takes it over. */
void uas_take_prack(struct provisional *reliable, msg_t *msg);
