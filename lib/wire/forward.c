/* SPDX-License-Identifier: MIT */
#include "wire/forward.h"

#include "wire/codec.h"
#include "wire/endpoint.h"
#include "wire/listener.h"
#include "wire/lone.h"
#include "wire/message.h"
#include "wire/origin.h"
#include "wire/response.h"
#include "wire/uri.h"
#include "wire/via.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

/* The Via parameter that says by which connection a request came that was passed on without a
 * transaction: its answers go back by the same (RFC 3261 section 18.2.2).  0 = by a datagram, though
 * its Via names a stream. */
static const char connection_param[] = "hc-conn=";

void forward_prepare(const struct wire *wire, msg_t *msg)
{
	sip_t *sip = sip_object(msg);

	while (sip->sip_route && wire_is_here(wire, sip->sip_route->r_url))
		sip_header_remove(msg, sip, (sip_header_t *)sip->sip_route);
	message_remove_all(msg, (sip_header_t *)sip->sip_proxy_authorization);
	message_count_hop(msg);
}

void forward_record(msg_t *msg, const struct listener *listener, const char *param)
{
	char uri[160];

	snprintf(uri, sizeof uri, "<sip:%s;lr%s%s>", listener_address(listener),
		 param ? ";" : "", param ? param : "");
	message_insert(msg, (sip_header_t *)sip_record_route_make(msg_home(msg), uri));
}

static enum way_transport transport_of(const sip_via_t *via)
{
	const char *name = via->v_protocol ? strrchr(via->v_protocol, '/') : NULL;

	if (name && strcasecmp(name + 1, "TLS") == 0)
		return WAY_TLS;
	return name && strcasecmp(name + 1, "TCP") == 0 ? WAY_TCP : WAY_UDP;
}

/* What the topmost Via gets so that the answers to REQUEST find back. */
static void write_back(const struct wire *wire, const msg_t *request,
		       char extra[static 48])
{
	const struct transport_packet *arrival = wire->arrival;
	const sip_via_t *via = sip_object(request)->sip_via;

	extra[0] = '\0';
	if (arrival && (arrival->connection || (via && transport_of(via) != WAY_UDP)))
		snprintf(extra, 48, ";%s%" PRIx64, connection_param, arrival->connection);
}

int forward_request(struct wire *wire, const struct way *way, msg_t *request,
		    const char *branch)
{
	char line[VIA_LINE], own[VIA_BRANCH], extra[48];
	struct emit_target target;
	size_t length;
	char *bytes;
	int err;

	emit_target_of(wire, way, &target);
	if (!branch)
		branch = via_branch(own, core_unique(wire));
	write_back(wire, request, extra);
	via_line(line, &target, branch, extra);
	bytes = codec_write(request, line, &length, NULL);
	msg_destroy(request);
	if (!bytes)
		return -ENOMEM;
	err = lone_send(wire, &target, bytes, length);
	free(bytes);
	return err;
}

/* A listener that can reach TO by TRANSPORT; NULL = none can. */
static const struct listener *listener_for(const struct wire *wire,
					   enum way_transport transport,
					   const struct sockaddr_storage *to)
{
	size_t count = transport_listener_count(wire->transport);

	for (size_t i = 0; i < count; i++) {
		const struct listener *listener = transport_listener(wire->transport, i);

		if (listener_transport(listener) == transport &&
		    endpoint_may_reach(listener_endpoint(listener), to))
			return listener;
	}
	return NULL;
}

/* What the request came by: VIA says it, but PARAM (NULL = none) knows it. */
static enum way_transport arrived_by(const sip_via_t *via, const char *param,
				     uint64_t *connection)
{
	enum way_transport transport = transport_of(via);

	*connection = param ? strtoull(param, NULL, 16) : 0;
	if (!param)
		return transport;
	if (!*connection)
		return WAY_UDP;
	return transport == WAY_UDP ? WAY_TCP : transport;
}

/* Where VIA, of who gets the answer, points (RFC 3261 section 18.2.2); TOP is ours.  maddr is
 * not followed, no name is looked up. */
static int find_target(const struct wire *wire, const sip_via_t *top,
		       const sip_via_t *via, struct emit_target *target)
{
	const char *host = via->v_received ? via->v_received : via->v_host;
	const char *port = via->v_port;
	enum way_transport transport;
	struct sockaddr_storage to;
	uint64_t connection;
	unsigned number;

	transport = arrived_by(
		via, msg_header_find_param(top->v_common, connection_param), &connection);
	if (transport == WAY_UDP && via->v_rport && *via->v_rport)
		port = via->v_rport;
	number = port ? (unsigned)strtoul(port, NULL, 10) : 0;
	if (!number)
		number = transport == WAY_TLS ? 5061 : 5060;
	if (number > 65535 || endpoint_read(host, number, &to) < 0)
		return -EDESTADDRREQ;
	*target = (struct emit_target){
		.listener = listener_for(wire, transport, &to),
		.connection = connection,
		.transport = (uint8_t)transport,
	};
	emit_set_to(target, &to);
	return target->listener ? 0 : -EADDRNOTAVAIL;
}

void forward_response(struct wire *wire, msg_t *response)
{
	const sip_via_t *top = sip_object(response)->sip_via;
	struct emit_target target;
	size_t length = wire->arrival ? wire->arrival->length : 0;
	char *bytes = NULL;
	msg_t *msg;

	/* With a Via of ours alone it was for us. */
	if (!top || !top->v_next || find_target(wire, top, top->v_next, &target) < 0) {
		msg_destroy(response);
		return;
	}
	if (wire->arrival && wire->arrival_msg == response)
		bytes = response_without_via(wire->arrival->bytes, &length);
	if (!bytes) {
		msg = message_copy(response);
		sip_via_remove(msg, sip_object(msg));
		bytes = codec_write(msg, "", &length, NULL);
		msg_destroy(msg);
	}
	msg_destroy(response);
	if (bytes)
		emit(wire, &target, bytes, length, 0);
	free(bytes);
}
