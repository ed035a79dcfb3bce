/* SPDX-License-Identifier: MIT */
#include "wire/uas.h"

#include "base/memory.h"
#include "wire/loop.h"
#include "wire/message.h"
#include "wire/stack.h"

#include <errno.h>
#include <stdlib.h>

enum { T1_MS = 500, T2_MS = 4000 };	/* RFC 3261 section 17.1.1.1 */

struct uas {
	struct wire *wire;
	nta_incoming_t *server;		/* owned */
	msg_t *request;			/* a reference of ours */
	const struct uas_events *events;	/* NULL = not bound */
	void *context;
	struct list reliables;		/* that await their PRACK */
	uint32_t rseq;			/* of the last one */
	bool is_own;			/* the response being made is no other user agent's */
	msg_t *answer;			/* a 2xx of our own, sent again; a reference */
	struct loop_timer *resender;	/* NULL = none */
	unsigned resend_ms;		/* until the next time */
};

/* A response sent reliably. */
struct reliable {
	struct list node;		/* in uas->reliables */
	nta_reliable_t *response;
	uint32_t rseq;
};

struct uas *uas_new(struct wire *wire, msg_t *request)
{
	nta_incoming_t *server = nta_incoming_create(wire->nta, NULL, request,
						     sip_object(request), TAG_END());
	struct uas *uas;

	if (!server)
		return NULL;
	uas = memory_new(sizeof *uas);
	uas->wire = wire;
	uas->server = server;
	uas->request = nta_incoming_getrequest(server);
	list_init(&uas->reliables);
	return uas;
}

/* ACK or CANCEL of an INVITE (nta_ack_cancel_f); SIP NULL = nothing acknowledged it.  The uas
 * may be gone when an event returns. */
static int heard(struct uas *uas, nta_incoming_t *server, const sip_t *sip)
{
	msg_t *msg;

	if (!sip) {
		if (uas->events->lost)
			uas->events->lost(uas->context, UAS_NO_ACK);
		return 0;
	}
	msg = nta_incoming_getrequest_ackcancel(server);
	if (sip->sip_request->rq_method == sip_method_cancel) {
		if (uas->events->cancel)
			uas->events->cancel(uas->context, msg);
	} else if (uas->events->ack) {
		uas->events->ack(uas->context, msg);
	}
	msg_destroy(msg);
	return 0;
}

void uas_bind(struct uas *uas, const struct uas_events *events, void *context)
{
	uas->events = events;
	uas->context = context;
	if (sip_object(uas->request)->sip_request->rq_method == sip_method_invite)
		nta_incoming_bind(uas->server, heard, uas);
}

msg_t *uas_request(const struct uas *uas)
{
	return uas->request;
}

const char *uas_tag(struct uas *uas)
{
	return memory_checked(nta_incoming_tag(uas->server, NULL));
}

void uas_trying(struct uas *uas)
{
	if (nta_incoming_status(uas->server) < 100)
		nta_incoming_treply(uas->server, SIP_100_TRYING, TAG_END());
}

int uas_reply(struct uas *uas, int status, const sip_contact_t *contact)
{
	int err =
		nta_incoming_treply(uas->server, status, sip_status_phrase(status),
				    TAG_IF(contact, SIPTAG_CONTACT(contact)), TAG_END());

	return err < 0 ? -EIO : 0;
}

int uas_reply_reliably(struct uas *uas, int status, const sip_contact_t *contact)
{
	/* Without a callback Sofia answers the PRACK. */
	return nta_reliable_treply(uas->server, NULL, NULL, status,
				   sip_status_phrase(status),
				   TAG_IF(contact, SIPTAG_CONTACT(contact)), TAG_END())
		       ? 0
		       : -EIO;
}

msg_t *uas_response(struct uas *uas, int status)
{
	uas->is_own = true;
	return memory_checked(nta_incoming_create_response(uas->server, status,
							   sip_status_phrase(status)));
}

/*
 * Writes what makes MSG an answer to the request.  Left to Sofia, it would let go of the message
 * MSG is a copy of, whose text MSG still needs when it is sent again.
 */
static void write_transaction(msg_t *msg, struct uas *uas)
{
	const sip_t *asked = sip_object(uas->request);
	const char *tag = nta_incoming_gettag(uas->server);

	if (sip_add_tl(msg, sip_object(msg), SIPTAG_VIA(asked->sip_via),
		       SIPTAG_FROM(asked->sip_from), SIPTAG_TO(asked->sip_to),
		       SIPTAG_CALL_ID(asked->sip_call_id), SIPTAG_CSEQ(asked->sip_cseq),
		       TAG_END()) < 0)
		memory_out();
	if (tag)
		message_set_to_tag(msg, tag);
}

msg_t *uas_response_from(struct uas *uas, msg_t *response)
{
	msg_t *msg = message_copy(response);
	sip_t *sip = sip_object(msg);

	message_strip_hops(msg);
	message_remove_all(msg, (sip_header_t *)sip->sip_from);
	message_remove_all(msg, (sip_header_t *)sip->sip_to);
	message_remove_all(msg, (sip_header_t *)sip->sip_call_id);
	message_remove_all(msg, (sip_header_t *)sip->sip_cseq);
	message_strip_reliable(msg);
	write_transaction(msg, uas);
	uas->is_own = false;
	return msg;
}

/* A copy of the topmost Via alone. */
static sip_via_t *top_via(msg_t *msg)
{
	sip_via_t top = *sip_object(msg)->sip_via;

	top.v_next = NULL;
	return sip_via_dup(msg_home(msg), &top);
}

/* Sofia sends a 2xx again as a user agent, but not as the proxy it may be. */
static void resend(void *context)
{
	struct uas *uas = context;
	msg_t *msg = message_copy(uas->answer);

	/* It takes off the topmost Via, as for a response on its way through. */
	message_insert(msg, (sip_header_t *)top_via(msg));
	nta_msg_tsend(uas->wire->nta, msg, NULL, TAG_END());
	uas->resend_ms = uas->resend_ms * 2 < T2_MS ? uas->resend_ms * 2 : T2_MS;
	loop_timer_set(uas->resender, uas->resend_ms);
}

static void keep_answer(struct uas *uas, msg_t *msg)
{
	if (!uas->is_own || !uas->wire->settings->is_proxy || uas->answer)
		return;
	uas->answer = msg_ref_create(msg);
	uas->resender = memory_checked(loop_timer_new(uas->wire->loop, resend, uas));
	uas->resend_ms = T1_MS;
	loop_timer_set(uas->resender, uas->resend_ms);
}

static int complete(struct uas *uas, msg_t *msg)
{
	int status = sip_object(msg)->sip_status->st_status;

	if (nta_incoming_complete_response(uas->server, msg, status, NULL, TAG_END()) >=
	    0)
		return 0;
	msg_destroy(msg);
	return -EIO;
}

int uas_send(struct uas *uas, msg_t *msg)
{
	int err = complete(uas, msg);

	if (err < 0)
		return err;
	if (sip_object(msg)->sip_status->st_status / 100 == 2)
		keep_answer(uas, msg);
	return nta_incoming_mreply(uas->server, msg) < 0 ? -EIO : 0;
}

static void drop_reliable(struct reliable *reliable)
{
	nta_reliable_destroy(reliable->response);
	list_remove(&reliable->node);
	free(reliable);
}

static struct reliable *find_reliable(struct uas *uas, const nta_reliable_t *response)
{
	for (struct list *node = uas->reliables.next; node != &uas->reliables;
	     node = node->next) {
		struct reliable *reliable = container_of(node, struct reliable, node);

		if (reliable->response == response)
			return reliable;
	}
	return NULL;
}

/* The PRACK of RESPONSE, or (SERVER NULL) none will come any more. */
static int on_prack(struct uas *uas, nta_reliable_t *response, nta_incoming_t *server,
		    const sip_t *sip)
{
	struct reliable *reliable = find_reliable(uas, response);
	uint32_t rseq = reliable ? reliable->rseq : 0;
	struct uas *prack;

	(void)sip;
	if (reliable)
		drop_reliable(reliable);
	else
		nta_reliable_destroy(response);
	if (!server) {
		if (uas->events && uas->events->lost)
			uas->events->lost(uas->context, UAS_NO_PRACK);
		return 0;
	}
	if (!reliable || !uas->events || !uas->events->prack)
		return 200;
	prack = memory_new(sizeof *prack);
	prack->wire = uas->wire;
	prack->server = server;
	prack->request = nta_incoming_getrequest(server);
	list_init(&prack->reliables);
	uas->events->prack(uas->context, prack, rseq);
	return 0;
}

int uas_send_reliably(struct uas *uas, msg_t *msg, uint32_t *rseq)
{
	struct reliable *reliable;
	int err = complete(uas, msg);

	if (err < 0)
		return err;
	reliable = memory_new(sizeof *reliable);
	reliable->rseq = *rseq = ++uas->rseq;
	list_init(&reliable->node);
	list_append(&uas->reliables, &reliable->node);
	reliable->response = nta_reliable_mreply(uas->server, on_prack, uas, msg);
	if (reliable->response)
		return 0;
	list_remove(&reliable->node);
	free(reliable);
	return -EIO;
}

int uas_forward(struct uas *uas, msg_t *response)
{
	msg_t *msg = message_copy(response);

	sip_via_remove(msg, sip_object(msg));
	return nta_incoming_mreply(uas->server, msg) < 0 ? -EIO : 0;
}

nta_incoming_t *uas_server(const struct uas *uas)
{
	return uas->server;
}

void uas_acknowledged(struct uas *uas)
{
	loop_timer_free(uas->resender);
	uas->resender = NULL;
}

void uas_free(struct uas *uas)
{
	if (!uas)
		return;
	uas_acknowledged(uas);
	while (!list_is_empty(&uas->reliables))
		drop_reliable(container_of(uas->reliables.next, struct reliable, node));
	nta_incoming_destroy(uas->server);
	msg_destroy(uas->answer);
	msg_destroy(uas->request);
	free(uas);
}
