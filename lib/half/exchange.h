/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A request passed from one side of a call to the other: the server transaction it arrived in and
 * the client transaction it left in.
 */
#include "call/call.h"
#include "half/alive.h"
#include "wire/uac.h"
#include "wire/uas.h"

struct fork;
struct half_call;

struct exchange {
	struct life life;		/* in half->exchanges or stock->strays */
	struct stock *stock;		/* borrowed */
	struct half_call *half;		/* NULL = of no half call that is known */
	enum call_side from;		/* the side that sent the request */
	struct uas *server;		/* owned; NULL = this program made the request, or the
					 * final response was sent */
	struct uac *client;		/* owned; NULL = not sent yet, or over */
	msg_t *request;			/* the server's request, one reference is held; NULL = this
					 * program made the request */
	msg_t *second;			/* the ACK or CANCEL while it is handled, else NULL;
					 * borrowed */
	uint32_t cseq;			/* of the client's request; the ACK of an INVITE needs it */
	uint32_t rack_rseq, rack_cseq;	/* for the RAck of a PRACK sent to the callee; 0 = no
					 * PRACK */
	const struct fork *fork;	/* the telephone it is from or for; NULL = that of the half
					 * call's dialogs */
	bool is_invite;
	bool is_bye;
};

/** An exchange in LIST (half->exchanges or stock->strays) for SERVER's request; takes SERVER over.
 *  NULL SERVER: this program makes the request. */
struct exchange *exchange_new(struct stock *stock, struct list *list, struct uas *server,
			      enum call_side from);

/** Frees EXCHANGE with both transactions; a request without a final response gets 500.  NULL is
 *  fine. */
void exchange_free(struct exchange *exchange);

/** Frees one of the two transactions, if it still exists; the client's responses are then no longer
 *  heard. */
void exchange_drop_server(struct exchange *exchange);
void exchange_drop_client(struct exchange *exchange);

static inline enum call_side other_side(enum call_side side)
{
	return side == SIDE_CALLER ? SIDE_CALLEE : SIDE_CALLER;
}
