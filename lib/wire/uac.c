/* SPDX-License-Identifier: MIT */
#include "wire/uac.h"

#include "base/memory.h"
#include "wire/message.h"
#include "wire/send.h"
#include "wire/stack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct uac {
	struct wire *wire;
	nta_outgoing_t *client;		/* owned */
	uac_heard_f *heard;		/* NULL = nothing is told */
	void *context;
	struct way way;
	msg_t *sent;			/* the INVITE as sent, a reference; NULL = no INVITE */
	int status;
	enum uac_failure failure;
	bool has_provisional;		/* any 1xx was heard, so it may be cancelled */
	bool is_cancelled;		/* a CANCEL is held back for that */
	char why[160];
};

nta_outgoing_t *send_request(struct wire *wire, const struct way *way, msg_t *msg,
			     const struct sending *how)
{
	char hop[96];
	nta_outgoing_t *client;

	way_text(way, hop);
	client = nta_outgoing_mcreate(
		wire->nta, how->callback, how->uac, (url_string_t *)(void *)hop, msg,
		NTATAG_PASS_100(1),
		TAG_IF(how->ack_branch, NTATAG_ACK_BRANCH(how->ack_branch)),
		TAG_IF(how->branch, NTATAG_BRANCH_KEY(how->branch)),
		NTATAG_STATELESS(how->is_stateless), TPTAG_IDENT(way->listener->ident),
		TAG_END());

	if (!client)
		msg_destroy(msg);
	return client;
}

/* What Sofia made up because nothing came back. */
static void note_failure(struct uac *uac, int status)
{
	char hop[96];

	way_text(&uac->way, hop);
	if (status == 408) {
		uac->failure = UAC_TIMEOUT;
		snprintf(uac->why, sizeof uac->why, "%s did not answer in time", hop);
	} else if (uac->way.transport == WAY_TCP) {
		uac->failure = UAC_REFUSED;
		snprintf(uac->why, sizeof uac->why, "no connection to %s", hop);
	} else {
		uac->failure = UAC_UNREACHABLE;
		snprintf(uac->why, sizeof uac->why, "%s cannot be reached", hop);
	}
}

/*
 * CANCEL of the INVITE as it was sent (RFC 3261 section 9.1).  Sofia's own would, over TCP and
 * outside a user agent, take the INVITE's transaction for over.
 */
static void send_cancel(struct uac *uac, const sip_reason_t *reason)
{
	const sip_t *invite = sip_object(uac->sent);
	msg_t *msg = wire_message(uac->wire);
	su_home_t *home = msg_home(msg);

	uac->is_cancelled = false;
	if (sip_add_tl(msg, sip_object(msg), SIPTAG_FROM(invite->sip_from),
		       SIPTAG_TO(invite->sip_to), SIPTAG_CALL_ID(invite->sip_call_id),
		       SIPTAG_ROUTE(invite->sip_route), SIPTAG_MAX_FORWARDS_STR("70"),
		       TAG_IF(reason, SIPTAG_REASON(reason)), TAG_END()) < 0)
		memory_out();
	message_insert(msg, (sip_header_t *)sip_cseq_create(
				    home, invite->sip_cseq->cs_seq, SIP_METHOD_CANCEL));
	message_insert(msg,
		       (sip_header_t *)sip_request_create(
			       home, SIP_METHOD_CANCEL,
			       (const url_string_t *)invite->sip_request->rq_url, NULL));
	nta_outgoing_destroy(send_request(
		uac->wire, &uac->way, msg,
		&(struct sending){ .branch = nta_outgoing_branch(uac->client) }));
}

/* nta_response_f.  The uac may be gone when its user returns. */
static int on_response(struct uac *uac, nta_outgoing_t *client, const sip_t *sip)
{
	bool is_ours = !sip || nta_sip_is_internal(sip);
	msg_t *response;

	uac->status = sip ? sip->sip_status->st_status : nta_outgoing_status(client);
	if (is_ours)
		note_failure(uac, uac->status);
	uac->has_provisional = true;
	if (uac->status < 200 && uac->is_cancelled)
		send_cancel(uac, NULL);
	if (uac->status <= 100 || !uac->heard)
		return 0;
	response = is_ours ? NULL : nta_outgoing_getresponse(client);
	uac->heard(uac->context, uac, uac->status, response);
	msg_destroy(response);
	return 0;
}

struct uac *uac_send(struct wire *wire, const struct way *way, msg_t *request,
		     uac_heard_f *heard, void *context)
{
	struct uac *uac = memory_new(sizeof *uac);

	uac->wire = wire;
	uac->heard = heard;
	uac->context = context;
	uac->way = *way;
	if (sip_object(request)->sip_request->rq_method == sip_method_invite)
		uac->sent = msg_ref_create(request);
	uac->client =
		send_request(wire, way, request,
			     &(struct sending){ .uac = uac, .callback = on_response });
	if (uac->client)
		return uac;
	uac_free(uac);
	return NULL;
}

int uac_status(const struct uac *uac)
{
	return uac->status;
}

enum uac_failure uac_failure(const struct uac *uac)
{
	return uac->failure;
}

const char *uac_why(const struct uac *uac)
{
	return uac->failure == UAC_ANSWERED ? NULL : uac->why;
}

void uac_cancel(struct uac *uac, const sip_reason_t *reason)
{
	if (uac->has_provisional)
		send_cancel(uac, reason);
	else
		uac->is_cancelled = true;
}

int uac_ack(struct uac *uac, const struct way *way, msg_t *ack)
{
	const char *branch = nta_outgoing_branch(uac->client);
	nta_outgoing_t *client = send_request(uac->wire, way, ack,
					      &(struct sending){ .ack_branch = branch });

	nta_outgoing_destroy(client);
	return client ? 0 : -EIO;
}

void uac_free(struct uac *uac)
{
	if (!uac)
		return;
	if (uac->client)
		nta_outgoing_destroy(uac->client);
	msg_destroy(uac->sent);
	free(uac);
}
