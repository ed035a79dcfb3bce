/* SPDX-License-Identifier: MIT */
#include "half/bypass.h"

#include "base/fault.h"
#include "half/shown.h"
#include "invite/read.h"
#include "invite/tag.h"
#include "wire/forward.h"
#include "wire/message.h"
#include "wire/reply.h"

#include <string.h>

/* Prefix of every Via branch of the short way; bypass_is_answered() compares it. */
static const char branch_prefix[] = "z9hG4bK-hc-short-";

/*
 * The Via branch for SIP.  An INVITE, its retransmissions, its CANCEL and the ACK of its failure
 * get the same one, every other request another one (RFC 3261 section 16.11).
 */
static const char *branch_of(const struct arrival *in, const sip_t *sip)
{
	const sip_via_t *via = sip->sip_via;
	const char *key = arena_printf(in->arena, "%s %s:%s %s %s %u",
				       via->v_branch ? via->v_branch : "", via->v_host,
				       via->v_port ? via->v_port : "", in->sip_call_id,
				       in->caller_tag, (unsigned)sip->sip_cseq->cs_seq);

	return arena_printf(in->arena, "%s%016llx", branch_prefix,
			    (unsigned long long)index_hash(key));
}

/* Sends a copy of IN's request to the way back; 0, or -errno with a sentence in FAULT. */
static int send_back(const struct stock *stock, const struct arrival *in,
		     struct fault *fault)
{
	msg_t *msg = message_copy(in->request);
	const char *branch = branch_of(in, sip_object(in->request));
	struct way way;
	int err;

	message_remove_all(msg, (sip_header_t *)sip_object(msg)->sip_proxy_authorization);
	message_count_hop(msg);
	tag_write(in, msg, phase_done(in->facts.tag.phase));
	err = way_find(stock->wire, in->peer, sip_object(msg), in->listener, &way, fault);
	if (err < 0) {
		msg_destroy(msg);
		return err;
	}
	err = forward_request(stock->wire, &way, msg, branch);
	if (err < 0) {
		char to[96];

		fault_say(fault, 0, "cannot send to %s", way_text(&way, to));
	}
	return err;
}

bool bypass_takes(struct arrival *in)
{
	if (!in->facts.asks_shortcut)
		return false;
	arrival_decide(in);
	return in->verdict.is_shortcut;
}

void bypass_send(struct stock *stock, const struct arrival *in)
{
	struct fault fault = { "" };
	struct arrival_note note = {
		.event = "pass",
		.rule = in->verdict.rule,
		.phase_out = phase_done(in->facts.tag.phase),
	};

	if (send_back(stock, in, &fault) == 0) {
		stock->has_bypassed = true;
		shown_take_called(stock, in);
	} else {
		note.event = "broken";
		note.status = 500;
		note.rule = "broken:cannot-send";
		note.reason = fault.text;
		reply_refuse_stateless(stock->wire, msg_ref_create(in->request),
				       &(struct refusal){
					       .status = 500,
					       .sentence = fault.text,
					       .retry_after_s = RETRY_AFTER_S,
				       });
	}
	arrival_note(in, &note);
}

bool bypass_follow(struct stock *stock, const struct peer *peer,
		   const struct listener *listener, msg_t *msg)
{
	const struct read_scene scene = { 0 };
	struct arrival *in;
	bool is_ours;

	if (!stock->has_bypassed)
		return false;
	in = read_invite(stock->desk, msg, peer, listener, &scene);
	is_ours = in->facts.tag.phase == PHASE_IMSTERM && in->facts.tag.phases == 1;
	/* If it cannot be sent, it is dropped like a lost datagram. */
	if (is_ours)
		send_back(stock, in, NULL);
	arrival_free(in);
	return is_ours;
}

bool bypass_is_answered(const sip_t *sip)
{
	return sip->sip_via->v_branch && strncmp(sip->sip_via->v_branch, branch_prefix,
						 sizeof branch_prefix - 1) == 0;
}
