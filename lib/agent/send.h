/* SPDX-License-Identifier: MIT */
#pragma once
/* The one door through which requests leave. */
#include "agent/sofia.h"

/** How a request is sent. */
struct sending {
	const struct peer *peer;	/* whose address replaces a host that is no number */
	const struct listener *preferred;	/* where the call came in; NULL = no matter */
	struct exchange *exchange;	/* CALLBACK's; NULL with none */
	nta_response_f *callback;	/* NULL = nobody waits for the answer */
	const char *ack_branch;		/* of the INVITE that an ACK answers; NULL else */
	const char *cancel_branch;	/* of the INVITE that a CANCEL cancels; NULL else */
	bool is_stateless;		/* no transaction: a proxied ACK */
};

/**
 * Sends MSG where its first Route (or, without one, its Request-URI) leads, over a listener
 * of that transport and address family.  Takes MSG over; an INVITE is kept as exchange->sent,
 * for its CANCEL.  NULL when it cannot be sent.
 */
nta_outgoing_t *send_request(struct agent *agent, msg_t *msg, const struct sending *how);
