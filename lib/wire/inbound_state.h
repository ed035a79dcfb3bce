/* SPDX-License-Identifier: MIT */
#pragma once
/* A server transaction as its tables and their deeds see it; wire/inbound.h is its door. */
#include "wire/emit.h"
#include "wire/life.h"

enum inbound_invite_state {
	INBOUND_INVITE_PROCEEDING,
	INBOUND_INVITE_COMPLETED,	/* 300 ... 699 is out */
	INBOUND_INVITE_CONFIRMED,	/* and acknowledged */
	INBOUND_INVITE_ACCEPTED,	/* 2xx is out */
	INBOUND_INVITE_ENDED,
	INBOUND_INVITE_STATES,
};

enum inbound_other_state {
	INBOUND_OTHER_TRYING,
	INBOUND_OTHER_PROCEEDING,
	INBOUND_OTHER_COMPLETED,
	INBOUND_OTHER_ENDED,
	INBOUND_OTHER_STATES,
};

enum inbound_on {
	INBOUND_REQUEST,		/* the request again */
	INBOUND_ACK,			/* of a failure; it has the branch of its INVITE */
	INBOUND_PROVISIONAL,		/* its user answers */
	INBOUND_SUCCESS,
	INBOUND_FAILURE,
	INBOUND_ACKNOWLEDGED,		/* the ACK of a 2xx came, or its user went */
	INBOUND_AGAIN,			/* the timer that repeats */
	INBOUND_EXPIRED,		/* the state's timer */
	INBOUND_BROKEN,			/* what was sent did not arrive */
	INBOUND_ONS,
};

/** What is to be told to the user when a row has been run. */
enum inbound_told { INBOUND_NOTHING, INBOUND_TELLS_ACK, INBOUND_NO_ACK, INBOUND_LOST };

/** What its user, who is told USER, is asked and told. */
struct inbound_events {
	/** 100 Trying as bytes, to be freed; NULL = out of memory. */
	char *(*trying)(void *user, size_t *length);
	/** What became of the final answer; MSG is an ACK, borrowed.  May end the inbound. */
	void (*tell)(void *user, enum inbound_told told, msg_t *msg);
	/** Something could not be sent: to be told later, not from inside. */
	void (*lost)(void *user);
};

struct inbound {
	struct finder_entry by_key;	/* in wire->inbounds until it ends */
	struct finder_entry by_merge;	/* in wire->merges while is_merge */
	struct timer timer;		/* what comes first of: */
	int64_t again_ms, expires_ms;	/* INT64_MAX = not running */
	unsigned interval_ms;		/* of AGAIN */
	struct machine life;
	struct wire *wire;
	const struct inbound_events *events;	/* NULL = its user went */
	void *user;			/* a uas */
	char *bytes;			/* owned: the last answer, NULL = none */
	size_t length;
	struct emit_target to;
	uint64_t ids, uri;		/* as in struct finder_key */
	const struct inbound_answer *answer;	/* while it is handled */
	uint16_t status;		/* of the last answer, 0 = none */
	uint8_t told;			/* enum inbound_told */
	bool is_invite;
	bool is_merge;
	bool is_own;			/* its 2xx is repeated by ourselves */
	bool is_acknowledged;
	bool is_forwarded;		/* the provisional one is another's to repeat each minute */
};

/** An answer as bytes, which inbound_answer() takes over. */
struct inbound_answer {
	int status;
	char *bytes;
	size_t length;
	bool is_own;			/* a 2xx that is ours to repeat */
	bool is_forwarded;		/* a provisional one that is another's to repeat each minute */
};
