/* SPDX-License-Identifier: MIT */
#include "wire/inlet.h"

#include "wire/bounce.h"
#include "wire/codec.h"
#include "wire/endpoint.h"
#include "wire/inbound.h"
#include "wire/lobby.h"
#include "wire/merge.h"
#include "wire/outbound.h"
#include "wire/provisional.h"
#include "wire/reply.h"
#include "wire/scan.h"
#include "wire/uas.h"

#include <string.h>

/* A request on its way in. */
struct inlet_request {
	struct wire *wire;
	const struct transport_packet *packet;
	struct finder_parts parts;
	struct finder_key key;
	bool has_key;
	bool is_reused;			/* the branch of another request */
	bool is_served;			/* it has waited for long enough */
};

static unsigned number_of(const struct wire *wire, const struct listener *listener)
{
	size_t count = transport_listener_count(wire->transport);
	unsigned i = 0;

	while (i < count && transport_listener(wire->transport, i) != listener)
		i++;
	return i;
}

static struct glance_text piece(struct scan_text text)
{
	return (struct glance_text){ text.at ? text.at : "", text.length };
}

/* The key, as far as the bytes alone are plain. */
static void read_key(struct inlet_request *in)
{
	const struct scan *scan = in->packet->scan;

	in->parts = (struct finder_parts){
		.branch = piece(scan->branch),
		.host = piece(scan->host),
		.port = scan->port,
		.method = piece(scan->method),
		.call_id = piece(scan->call_id),
		.cseq = scan->cseq,
		.uri = piece(scan->uri),
		.listener = number_of(in->wire, in->packet->listener),
	};
	in->has_key = scan->is_sure && finder_has_cookie(in->parts.branch);
	if (in->has_key)
		finder_of(&in->wire->secret, &in->parts, &in->key);
}

/* The same of SIP, as parsed. */
static void parse_key(struct inlet_request *in, const sip_t *sip)
{
	finder_parts_of(sip, &in->parts);
	if (finder_has_cookie(in->parts.branch))
		finder_of(&in->wire->secret, &in->parts, &in->key);
	else
		finder_of_old(&in->wire->secret, sip, &in->parts, &in->key);
	in->has_key = true;
}

/* Whether a transaction took it; MSG, NULL = not parsed yet, stays the caller's. */
static bool is_repeated(struct inlet_request *in, msg_t *msg, bool *wants_parse)
{
	bool is_ack = glance_equals(in->parts.method, "ACK");
	struct inbound *inbound =
		inbound_find(in->wire, &in->key, is_ack, &in->is_reused);

	*wants_parse = false;
	if (!inbound)
		return false;
	if (is_ack && !msg && uas_hears_ack(inbound->user)) {
		*wants_parse = true;
		return false;
	}
	if (is_ack)
		inbound_ack(inbound, msg);
	else
		inbound_repeat(inbound);
	return true;
}

/* Whether MSG, a CANCEL, has an INVITE here; takes it over then. */
static bool take_cancel(struct inlet_request *in, msg_t *msg)
{
	struct finder_parts parts = in->parts;
	struct wire *wire = in->wire;
	struct inbound *invite;
	struct finder_key key;
	bool is_reused;

	parts.method = (struct glance_text){ "INVITE", sizeof "INVITE" - 1 };
	if (finder_has_cookie(parts.branch))
		finder_of(&wire->secret, &parts, &key);
	else
		finder_of_old(&wire->secret, sip_object(msg), &parts, &key);
	invite = inbound_find(wire, &key, true, &is_reused);
	if (!invite)
		return false;
	uas_take_cancel(wire, invite->user, msg);
	return true;
}

/* MSG, which no transaction waits for; takes it over. */
static void hand_out(struct inlet_request *in, msg_t *msg)
{
	struct wire *wire = in->wire;
	const sip_t *sip = sip_object(msg);
	sip_method_t method = sip->sip_request->rq_method;
	struct provisional *reliable;

	if (method == sip_method_cancel && take_cancel(in, msg))
		return;
	if (method == sip_method_prack && (reliable = provisional_find(wire, sip))) {
		uas_take_prack(reliable, msg);
		return;
	}
	if (merge_refuses(wire, &in->key, msg))
		return;
	wire->events->request(wire->context, origin_of(msg)->peer, in->packet->listener,
			      msg);
}

static void tell_reuse(const struct inlet_request *in)
{
	struct wire_frame frame;

	if (!in->is_reused || !in->wire->events->branch_reused)
		return;
	frame = emit_frame_of(in->packet);
	in->wire->events->branch_reused(in->wire->context, &frame);
}

/* RFC 5923: requests to where MSG's Via points may go by the connection MSG came by. */
static void note_alias(const struct inlet_request *in, msg_t *msg)
{
	const sip_via_t *via = sip_object(msg)->sip_via;
	struct sockaddr_storage to;

	if (in->packet->transport != WAY_TLS ||
	    !msg_header_find_param(via->v_common, "alias"))
		return;
	to = emit_to(&origin_of(msg)->back);
	transport_alias(in->wire->transport, in->packet->connection, &to);
}

/* Whether it is not to be handed out now, or never.  HAS_TAG: To has one. */
static bool must_wait(const struct inlet_request *in, bool has_tag)
{
	return in->wire->lobby && !in->is_served &&
	       lobby_takes(in->wire->lobby, &(struct lobby_request){
						    .packet = in->packet,
						    .parts = &in->parts,
						    .key = &in->key,
						    .has_tag = has_tag,
					    });
}

static void take_request(struct inlet_request *in)
{
	const struct transport_packet *packet = in->packet;
	struct wire *wire = in->wire;
	bool wants_parse = true, was_unsure = false;
	char phrase[64];
	int status = 400;
	msg_t *msg;

	read_key(in);
	if (in->has_key && (is_repeated(in, NULL, &wants_parse) ||
			    must_wait(in, packet->scan->to_tag.at != NULL)))
		return;
	msg = codec_read(packet->bytes, packet->length, &status, phrase);
	if (!msg || status) {
		bounce(wire, packet, status, msg ? phrase : NULL);
		msg_destroy(msg);
		return;
	}
	if (!in->has_key) {
		parse_key(in, sip_object(msg));
		wants_parse = was_unsure = true;
	}
	if ((wants_parse && is_repeated(in, msg, &wants_parse)) ||
	    (was_unsure && must_wait(in, sip_object(msg)->sip_to->a_tag != NULL))) {
		msg_destroy(msg);
		return;
	}
	if (origin_attach(wire, msg, packet) < 0) {
		msg_destroy(msg);
		return;
	}
	origin_of(msg)->key = in->key;
	note_alias(in, msg);
	tell_reuse(in);
	wire->arrival_msg = msg;
	hand_out(in, msg);
}

/* Whether a response to what went to OUTBOUND may come from there. */
static bool is_expected(const struct outbound *outbound,
			const struct transport_packet *packet)
{
	struct sockaddr_storage to = emit_to(&outbound->to);

	return packet->peer || endpoint_is_same_host(&to, &packet->from);
}

static void hear(struct wire *wire, struct outbound *outbound,
		 const struct transport_packet *packet, int code, msg_t *msg)
{
	struct outbound_heard heard = {
		.bytes = packet->bytes,
		.length = packet->length,
		.status = code,
	};
	char phrase[64];
	int status = 0;

	if (!is_expected(outbound, packet)) {
		msg_destroy(msg);
		return;
	}
	if (!msg && outbound_wants(outbound, heard.status)) {
		msg = codec_read(packet->bytes, packet->length, &status, phrase);
		if (!msg || status || origin_attach(wire, msg, packet) < 0) {
			msg_destroy(msg);
			return;
		}
	}
	heard.msg = msg;
	wire->arrival_msg = msg;
	if (outbound_hear(outbound, &heard))
		wire->events->response(wire->context, msg);
	else
		msg_destroy(msg);
}

static struct glance_text text_of(const char *text)
{
	return (struct glance_text){ text ? text : "", text ? strlen(text) : 0 };
}

/*
 * A response no transaction waits for.  RFC 6026 section 7.2: one to a transaction that is over
 * goes no further; what was sent without a transaction has a branch of its user's.
 */
static void take_stray(struct wire *wire, const struct transport_packet *packet,
		       msg_t *msg)
{
	const sip_t *sip = sip_object(msg);
	bool is_known = packet->peer || wire->settings->peer_count == 0;

	if (is_known && sip->sip_via->v_next &&
	    !outbound_is_ours(text_of(sip->sip_via->v_branch))) {
		wire->arrival_msg = msg;
		wire->events->response(wire->context, msg);
	} else {
		msg_destroy(msg);
	}
}

static void take_response(struct wire *wire, const struct transport_packet *packet)
{
	const struct scan *scan = packet->scan;
	struct outbound *outbound = NULL;
	msg_t *msg = NULL;
	char phrase[64];
	const sip_t *sip;
	int status = 0;

	if (scan->is_sure)
		outbound = outbound_find(wire, piece(scan->branch),
					 piece(scan->cseq_method));
	if (outbound) {
		hear(wire, outbound, packet, scan->status, NULL);
		return;
	}
	if (scan->is_sure && outbound_is_ours(piece(scan->branch)))
		return;
	msg = codec_read(packet->bytes, packet->length, &status, phrase);
	if (!msg || status || origin_attach(wire, msg, packet) < 0) {
		msg_destroy(msg);
		return;
	}
	sip = sip_object(msg);
	outbound = outbound_find(wire, text_of(sip->sip_via->v_branch),
				 text_of(sip->sip_cseq->cs_method_name));
	if (outbound)
		hear(wire, outbound, packet, sip->sip_status->st_status, msg);
	else
		take_stray(wire, packet, msg);
}

static void hand_in(struct wire *wire, const struct transport_packet *packet,
		    bool is_served)
{
	wire->arrival = packet;
	if (packet->scan->has_start && !packet->scan->is_request)
		take_response(wire, packet);
	else
		take_request(&(struct inlet_request){
			.wire = wire, .packet = packet, .is_served = is_served });
	wire->arrival = NULL;
	wire->arrival_msg = NULL;
}

void inlet_take(struct wire *wire, const struct transport_packet *packet)
{
	wire->handed_in++;
	hand_in(wire, packet, false);
}

void inlet_serve(struct wire *wire, const struct transport_packet *packet)
{
	hand_in(wire, packet, true);
}
