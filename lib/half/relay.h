/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Passes requests and responses from one side of a b2bua call to the other, and makes requests of
 * this program's own; relay_listen(), relay_progress(), relay_reply() and relay_cancel() serve both
 * models.
 */
#include "half/half.h"

/** Sends EXCHANGE's request in the other side's dialog; responses are passed back without further
 *  calls.  0, or -errno, and the server transaction is still unanswered. */
int relay_in_dialog(struct half_call *half, struct exchange *exchange);

/** Handles ACK and CANCEL of EXCHANGE's request from now on, if it is an INVITE. */
void relay_listen(struct exchange *exchange);

/** Sends the caller a provisional response (181) with our Contact.  0 or -errno. */
int relay_progress(struct half_call *half, int status);

/** A copy of the other side's RESPONSE, made a response to SERVER's request, with our Contact; to be
 *  sent by the caller.  TAG is as for uas_response(). */
msg_t *relay_response_for(struct half_call *half, struct uas *server, msg_t *response,
			  const char *tag);

/** Passes RESPONSE back to the side that sent EXCHANGE's request.  0 or -errno. */
int relay_response(struct exchange *exchange, msg_t *response);

/** Sends BYE in the dialog with SIDE, with the headers of the BYE received if EVENT is ON_BYE.  The
 *  event ON_DONE is raised when every BYE that was sent has its final response.  0 or -errno. */
int relay_bye(struct half_call *half, enum call_side side,
	      const struct call_event *event);

/** Whether a BYE that relay_bye() sent has no final response yet. */
bool relay_has_bye_out(struct half_call *half);

/** A new request for the dialog with SIDE, with From and To of the INVITE; dialog_address() must
 *  follow. */
msg_t *relay_own_request(struct half_call *half, enum call_side side, sip_method_t method,
			 const char *name);

/** Implements reply of call_port: answers the request of the event with STATUS. */
int relay_reply(struct call *call, int status);

/** Implements cancel of call_port: cancels the last INVITE sent.  If the event is a CANCEL of the
 *  caller, its Reason is passed on. */
int relay_cancel(struct call *call);
