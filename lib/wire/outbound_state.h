/* SPDX-License-Identifier: MIT */
#pragma once
/* A client transaction as its tables and their deeds see it; wire/outbound.h is its door. */
#include "wire/emit.h"
#include "wire/life.h"

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
	struct outbound_fork *unwanted;	/* answered too late: to be hung up when the row has run */
	int err;			/* why it is broken */
	uint8_t told;			/* enum outbound_told */
	bool is_invite;
	bool is_forwarded;		/* it had a Via before ours */
	bool wants_status;		/* its user needs no message, the status will do */
	bool sends_cancel;		/* when the row has run */
	bool is_broken;			/* BROKEN is to be handled in the next round */
};
