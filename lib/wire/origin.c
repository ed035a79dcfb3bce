/* SPDX-License-Identifier: MIT */
#include "wire/origin.h"

#include "wire/endpoint.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PORT_SIP = 5060, PORT_SIPS = 5061 };

static void set_port(struct emit_target *target, unsigned port)
{
	/* IPv4 and IPv6 addresses have the port at the same place. */
	target->to.ip4.sin_port = htons((uint16_t)port);
}

void origin_back(const struct transport_packet *packet, unsigned port, bool has_rport,
		 struct emit_target *back)
{
	*back = (struct emit_target){
		.listener = packet->listener,
		.connection = packet->connection,
		.transport = (uint8_t)packet->transport,
	};
	emit_set_to(back, &packet->from);
	/* For a stream this address is used once its connection is gone. */
	if (packet->transport == WAY_UDP && has_rport)
		return;
	if (!port)
		port = packet->transport == WAY_TLS ? PORT_SIPS : PORT_SIP;
	set_port(back, port);
}

/* Whether HOST, the sent-by host of a Via, is the IP address in ADDRESS. */
static bool is_host_of(const char *host, const struct sockaddr_storage *address)
{
	struct sockaddr_storage named;

	return endpoint_read(host, 0, &named) == 0 &&
	       endpoint_is_same_host(&named, address);
}

static int set_param(msg_t *msg, sip_via_t *via, const char *param)
{
	if (!param || msg_header_replace_param(msg_home(msg), via->v_common, param) < 0)
		return -ENOMEM;
	sip_fragment_clear(via->v_common);
	return 0;
}

static int stamp(msg_t *msg, sip_via_t *via, const struct transport_packet *packet)
{
	su_home_t *home = msg_home(msg);
	char text[ENDPOINT_TEXT], *host;
	size_t length;
	int err = 0;

	if (via->v_received) {
		/* The receiver sets it, not the sender. */
		msg_header_remove_param(via->v_common, "received");
		sip_fragment_clear(via->v_common);
	}
	if (!is_host_of(via->v_host, &packet->from) || via->v_rport) {
		endpoint_host(&packet->from, text);
		host = *text == '[' ? text + 1 : text;
		length = strcspn(host, "]");
		err = set_param(msg, via,
				su_sprintf(home, "received=%.*s", (int)length, host));
	}
	if (!err && via->v_rport)
		err = set_param(
			msg, via,
			su_sprintf(home, "rport=%u", endpoint_port(&packet->from)));
	return err;
}

struct origin *origin_of(msg_t *msg)
{
	return (struct origin *)(void *)msg_addrinfo(msg)->ai_canonname;
}

int origin_attach(struct wire *wire, msg_t *msg, const struct transport_packet *packet)
{
	struct origin *origin = su_zalloc(msg_home(msg), sizeof *origin);
	const sip_t *sip = sip_object(msg);
	sip_via_t *via = sip->sip_via;

	if (!origin)
		return -ENOMEM;
	origin->came_us = packet->came_us;
	if (packet->peer)
		origin->peer = &wire->peers[packet->peer - wire->settings->peers];
	msg_addrinfo(msg)->ai_canonname = (char *)(void *)origin;
	msg_set_address(msg, (su_sockaddr_t *)(uintptr_t)&packet->from,
			endpoint_size(&packet->from));
	if (!sip->sip_request || !via)
		return 0;
	origin_back(packet, via->v_port ? (unsigned)strtoul(via->v_port, NULL, 10) : 0,
		    via->v_rport != NULL, &origin->back);
	return stamp(msg, via, packet);
}
