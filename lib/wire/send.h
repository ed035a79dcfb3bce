/* SPDX-License-Identifier: MIT */
#pragma once
/* The one door through which requests leave: nta's client transactions, for this room alone. */
#include "wire/stack.h"
#include "wire/way.h"

/** How a request is sent. */
struct sending {
	struct uac *uac;		/* CALLBACK's; NULL = nothing waits for the answer */
	nta_response_f *callback;
	const char *ack_branch;		/* of the INVITE that an ACK answers; NULL else */
	const char *branch;		/* of the Via; NULL = a new one */
	bool is_stateless;		/* no transaction: a proxied ACK */
};

/** Sends MSG by WAY; takes MSG over.  The caller's to destroy; NULL when it cannot be sent. */
nta_outgoing_t *send_request(struct wire *wire, const struct way *way, msg_t *msg,
			     const struct sending *how);
