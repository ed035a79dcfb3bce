/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Provisional responses sent reliably (RFC 3262), as who answers an INVITE: each is repeated
 * from T1 on, ever less often, until its PRACK comes or 64*T1 are over, whatever else is sent
 * meanwhile.  Each fork (To tag) numbers its own, and its second waits for the first's PRACK.
 */
#include "wire/inbound.h"

struct provisional {
	struct finder_entry by_rack;	/* in wire->reliables */
	struct list node;		/* in forks->waiting, in the order they were made */
	struct timer timer;
	struct wire *wire;
	struct provisional_forks *forks;	/* NULL = the INVITE is over */
	char *bytes;			/* owned */
	size_t length;
	uint64_t fork;			/* of provisional_fork_of() */
	int64_t until_ms;
	unsigned interval_ms;		/* 0 = not sent yet */
	uint32_t rseq;
	bool has_body;			/* an offer or an answer: a 2xx waits for its PRACK */
	bool answers_itself;		/* PRACK is answered 200 without a question */
};

struct provisional_fork;

/** Of one INVITE; the first part is to be set by its user. */
struct provisional_forks {
	struct wire *wire;
	struct inbound *inbound;
	const sip_t *invite;		/* borrowed */
	void (*lost)(void *user);	/* no PRACK came within 64*T1; may end all of it */
	void *user;
	struct list waiting;		/* struct provisional */
	struct provisional_fork *first;	/* owned; with the last number of each */
};

void provisional_init(struct provisional_forks *forks);

/** The INVITE is over.  Frees all but what may still be acknowledged: a PRACK that a final answer
 *  has overtaken is answered all the same (RFC 3262 section 3). */
void provisional_leave(struct provisional_forks *forks);

/** Frees what is left in WIRE, whose INVITEs are all over. */
void provisional_end(struct wire *wire);

/** The fork with this To tag: its digest. */
uint64_t provisional_fork_of(const struct wire *wire, const char *tag);

/** The number of the next response with TAG; 0 = out of memory. */
uint32_t provisional_next(struct provisional_forks *forks, const char *tag);

/** What is to be sent reliably. */
struct provisional_parts {
	const char *tag;		/* To */
	uint32_t rseq;			/* of provisional_next() */
	char *bytes;			/* taken over */
	size_t length;
	bool has_body, answers_itself;
};

/** Sends it now, or after the PRACK of the one before.  0 or -ENOMEM. */
int provisional_send(struct provisional_forks *forks,
		     const struct provisional_parts *parts);

/** The one that PRACK acknowledges, or NULL. */
struct provisional *provisional_find(struct wire *wire, const sip_t *prack);

/** Its PRACK came: ends it. */
void provisional_free(struct provisional *reliable);

/** Sends what waited in FORK for the PRACK that came. */
void provisional_go_on(struct provisional_forks *forks, uint64_t fork);

/** Whether a 2xx of FORK must wait: for the PRACK of what had an offer or an answer. */
bool provisional_holds_answer(const struct provisional_forks *forks, uint64_t fork);

/** A final answer is out: none is repeated any more, but their PRACKs are still known. */
void provisional_stop(struct provisional_forks *forks);
