/* SPDX-License-Identifier: MIT */
#pragma once
/* The struct of a client transaction, for its tables and deeds; others use
 * wire/outbound.h. */
#include "wire/emit.h"
#include "wire/life.h"

enum outbound_invite_state {
	OUTBOUND_INVITE_CALLING,
	OUTBOUND_INVITE_PROCEEDING,
	OUTBOUND_INVITE_CANCELLING,	/* CANCEL was sent */
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

/** What is reported to the user after a row was run. */
enum outbound_told {
	OUTBOUND_NOTHING,
	OUTBOUND_RESPONSE,
	OUTBOUND_STRAY,			/* a 2xx after its user left, for wire_events */
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

/** Reports to USER the response HEARD (borrowed), or that none will come.  May free the
 *  outbound. */
typedef void outbound_tell_f(void *user, enum outbound_told told,
			     const struct outbound_heard *heard);

/** A fork that answered an INVITE with 2xx, and the ACK of that. */
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
	outbound_tell_f *tell;		/* NULL = its user left, or there never was one */
	void *user;			/* a uac */
	char *bytes;			/* owned: the request, later the ACK of a failure; or NULL */
	size_t length, via_at, via_length;
	struct emit_target to;
	struct emit_target *datagram;	/* owned: where it is sent again if the stream
					 * fails; or NULL */
	char *reason;			/* owned: the Reason line (or "") of a CANCEL
					 * that waits for a provisional response; NULL
					 * = no CANCEL */
	struct outbound_fork *forks;	/* owned: the forks that answered with 2xx */
	uint64_t passed_key[2];		/* the inbound that passed on the 2xx of ... */
	uint64_t passed_tag;		/* ... this fork, 0 = none */
	const struct outbound_heard *heard;	/* while it is handled */
	struct outbound_fork *unwanted;	/* answered too late: its dialog is ended after
					 * the row was run */
	int err;			/* why it is broken */
	uint8_t told;			/* enum outbound_told */
	bool is_invite;
	bool is_forwarded;		/* it had a Via before ours */
	bool wants_status;		/* its user needs no message, the status will do */
	bool sends_cancel;		/* after the row was run */
	bool is_broken;			/* BROKEN is to be handled in the next round */
};
