/* SPDX-License-Identifier: MIT */
#pragma once
/* Requests on their way through a b2bua call, and what both models do with transactions. */
#include "half/half.h"

/** Sends EXCHANGE's request in the other side's dialog; the responses come back by
 *  themselves.  On failure the exchange stays with its unanswered server transaction. */
int relay_in_dialog(struct half_call *half, struct exchange *exchange);

/** Takes the ACK and CANCEL of EXCHANGE's request, if it is an INVITE. */
void relay_listen(struct exchange *exchange);

/** Tells the caller STATUS (181) ourselves, with our Contact. */
int relay_progress(struct half_call *half, int status);

/** The other side's RESPONSE as one to SERVER's request, with our Contact; to be sent. */
msg_t *relay_response_for(struct half_call *half, struct uas *server, msg_t *response);

/** The callee's or caller's RESPONSE on the way back through EXCHANGE. */
int relay_response(struct exchange *exchange, msg_t *response);

/** Sends BYE in the dialog with SIDE, with the headers of EVENT's BYE if it is one;
 *  ON_DONE follows when it, and any other, is over. */
int relay_bye(struct half_call *half, enum call_side side,
	      const struct call_event *event);

/** A request of our own for the dialog with SIDE, between the parties of the INVITE; to be
 *  addressed (wire/dialog.h). */
msg_t *relay_own_request(struct half_call *half, enum call_side side, sip_method_t method,
			 const char *name);

/** The port's reply: answers the event's request ourselves. */
int relay_reply(struct call *call, int status);

/** The port's cancel: cancels the INVITE that is out; EVENT may be the CANCEL, whose Reason goes
 *  on. */
int relay_cancel(struct call *call);
