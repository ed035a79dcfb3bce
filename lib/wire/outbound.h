/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A client transaction (RFC 3261 section 17.1, mended by RFC 6026), two tables.  It deals in
 * bytes, and outlives the uac that its user holds.
 */
#include "wire/emit.h"
#include "wire/life.h"

struct inbound;

enum outbound_invite_state {
	OUTBOUND_INVITE_CALLING,
	OUTBOUND_INVITE_PROCEEDING,
	OUTBOUND_INVITE_CANCELLING,	/* CANCEL is out */
	OUTBOUND_INVITE_COMPLETED,	/* 300 ... 699 came */
	OUTBOUND_INVITE_ACCEPTED,	/* 2xx came */
	OUTBOUND_INVITE_ENDED,
	OUTBOUND_INVITE_STATES,
};

enum outbound_other_state {
	OUTBOUND_OTHER_TRYING,
	OUTBOUND_OTHER_PROCEEDING,
	OUTBOUND_OTHER_COMPLETED,
	OUTBOUND_OTHER_ENDED,
	OUTBOUND_OTHER_STATES,
};

enum outbound_on {
	OUTBOUND_PROVISIONAL,
	OUTBOUND_SUCCESS,
	OUTBOUND_FAILURE,
	OUTBOUND_CANCEL,		/* its user wants no answer any more */
	OUTBOUND_AGAIN,			/* the timer that repeats */
	OUTBOUND_EXPIRED,		/* the state's timer */
	OUTBOUND_BROKEN,		/* what was sent did not arrive */
	OUTBOUND_ONS,
};

/** What is to be told to the user when a row has been run. */
enum outbound_told {
	OUTBOUND_NOTHING,
	OUTBOUND_RESPONSE,
	OUTBOUND_STRAY,			/* a 2xx after its user went, for wire_events */
	OUTBOUND_TIMEOUT,
	OUTBOUND_FAILED,
};

/** One response as it came. */
struct outbound_heard {
	msg_t *msg;
	const char *bytes;
	size_t length;
	int status;
};

/** Tells USER what came (HEARD, borrowed), or that nothing will.  May end the outbound. */
typedef void outbound_tell_f(void *user, enum outbound_told told,
			     const struct outbound_heard *heard);

/** Who answered an INVITE with 2xx, and its ACK. */
struct outbound_fork {
	struct outbound_fork *next;
	uint64_t tag;
	char *ack;			/* owned; NULL = not acknowledged yet */
	size_t length;
	struct emit_target to;
};

struct outbound {
	struct finder_entry by_branch;	/* in wire->outbounds until it ends */
	struct timer timer;		/* what comes first of: */
	int64_t again_ms, expires_ms;	/* INT64_MAX = not running */
	unsigned interval_ms;		/* of AGAIN */
	struct machine life;
	struct wire *wire;
	outbound_tell_f *tell;		/* NULL = its user went, or there never was one */
	void *user;			/* a uac */
	char *bytes;			/* owned: the request, later the ACK of a failure; or NULL */
	size_t length, via_at, via_length;
	struct emit_target to;
	struct emit_target *datagram;	/* owned: where to once more if the stream fails; or NULL */
	char *reason;			/* owned: a CANCEL held back, a header line or "" */
	struct outbound_fork *forks;	/* owned: who answered 2xx */
	uint64_t passed_key[2];		/* the inbound that passed on the 2xx of ... */
	uint64_t passed_tag;		/* ... this fork, 0 = none */
	const struct outbound_heard *heard;	/* while it is handled */
	int err;			/* why it is broken */
	uint8_t told;			/* enum outbound_told */
	bool is_invite;
	bool is_forwarded;		/* it had a Via before ours */
	bool is_broken;			/* BROKEN is to be handled in the next round */
};

extern const struct life outbound_invite, outbound_other;

/** Sends REQUEST by WAY with a Via of its own; who wants to hear sets TELL and USER.  Takes REQUEST
 *  over.  NULL = out of memory. */
struct outbound *outbound_new(struct wire *wire, const struct way *way, msg_t *request);

/** The one whose branch is TEXT and whose method METHOD, or NULL. */
struct outbound *outbound_find(struct wire *wire, struct glance_text branch,
			       struct glance_text method);

/** Whether BRANCH is, or was, one of a transaction of this or another wire. */
bool outbound_is_ours(struct glance_text branch);

/** Whether a response of STATUS must be parsed. */
bool outbound_wants(const struct outbound *outbound, int status);

/** A response came; its message may be NULL where it is not wanted, and is borrowed.  True: it
 *  is for wire_events.response.  May free OUTBOUND. */
bool outbound_hear(struct outbound *outbound, const struct outbound_heard *heard);

/** CANCEL, now or after the first provisional response; REASON is a header line or "". */
void outbound_cancel(struct outbound *outbound, const char *reason);

/** Sends ACK, BYTES which it takes over, of the 2xx whose To tag is TAG, now and again. */
int outbound_acknowledge(struct outbound *outbound, const char *tag,
			 const struct emit_target *to, struct glance_text bytes);

/** The 2xx of the fork with PASSED_TAG was passed on by INBOUND: so are its copies. */
void outbound_passed(struct wire *wire, uint64_t id, uint64_t passed_tag,
		     const struct inbound *inbound);

/** The digest of a To tag, as for outbound_passed(). */
uint64_t outbound_tag(const struct wire *wire, const char *tag);

/** Its user went; it goes on without, and frees itself. */
void outbound_leave(struct outbound *outbound);

/** What was sent with TOKEN did not arrive. */
void outbound_failed(struct wire *wire, uint64_t token, int err);

/** Ends it at once, whatever its state; its uac must be gone. */
void outbound_free(struct outbound *outbound);

/* For its tables. */

/** A state was entered: starts its timers. */
void outbound_arm(struct outbound *outbound, const struct life_state *state);

/** Sends its bytes; what fails at once is told in the next round of the loop. */
void outbound_send(struct outbound *outbound);

/** The fork with TAG, or NULL. */
struct outbound_fork *outbound_fork(const struct outbound *outbound, uint64_t tag);

/** Remembers a fork; NULL = out of memory, or there are too many. */
struct outbound_fork *outbound_add_fork(struct outbound *outbound, uint64_t tag);

/** The topmost Via becomes one of the transport it goes by now.  0 or -ENOMEM. */
int outbound_replace_via(struct outbound *outbound);

/** A copy of BLANK, of which wire, to, bytes (taken over), length and by_branch.key[0] are set, and
 *  what else its kind needs, is sent.  NULL = out of memory. */
struct outbound *outbound_start(struct outbound *blank);
