/* SPDX-License-Identifier: MIT */
#pragma once
/* A request on its way from one side of a call to the other: server and client transaction. */
#include "call/call.h"
#include "half/alive.h"
#include "wire/uac.h"
#include "wire/uas.h"

struct fork;
struct half_call;

struct exchange {
	struct life life;		/* in the half's, or the stock's stray, exchanges */
	struct stock *stock;
	struct half_call *half;		/* NULL = stray */
	enum call_side from;		/* who sent the request */
	struct uas *server;		/* owned; NULL = a request of our own, or done */
	struct uac *client;		/* owned; NULL = not sent (yet), or done */
	msg_t *request;			/* the server's, a reference of ours; NULL = our own */
	msg_t *second;			/* while one is handled: the ACK or CANCEL; borrowed */
	uint32_t cseq;			/* of the client's request, for the ACK of an INVITE */
	uint32_t rack_rseq, rack_cseq;	/* a PRACK's, as the callee numbers them; 0 = no PRACK */
	const struct fork *fork;	/* a PRACK's: who sent the response */
	bool is_invite;
	bool is_bye;
};

/** An exchange for SERVER's request, which it takes over (NULL = a request of our own), in the
 *  list LIST: the half's, or the stock's stray ones. */
struct exchange *exchange_new(struct stock *stock, struct list *list, struct uas *server,
			      enum call_side from);

/** Ends both transactions (an unanswered request gets 500) and frees; NULL is fine. */
void exchange_free(struct exchange *exchange);

/** Drops the server transaction alone, answered; fine when it is gone. */
void exchange_drop_server(struct exchange *exchange);
void exchange_drop_client(struct exchange *exchange);

static inline enum call_side other_side(enum call_side side)
{
	return side == SIDE_CALLER ? SIDE_CALLEE : SIDE_CALLER;
}
