/* SPDX-License-Identifier: MIT */
#include "wire/way.h"

#include "base/fault.h"
#include "wire/core.h"
#include "wire/endpoint.h"
#include "wire/listener.h"
#include "wire/uri.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const names[] = {
	[WAY_UDP] = "udp", [WAY_TCP] = "tcp", [WAY_TLS] = "tls"
};

bool way_transport_of(const url_t *url, enum way_transport *transport)
{
	char name[16];

	/* RFC 3261 section 26.2.2: the scheme wants TLS, whatever runs below it. */
	*transport = url->url_type == url_sips ? WAY_TLS : WAY_UDP;
	if (!uri_param(url->url_params, "transport", name, sizeof name))
		return true;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcasecmp(name, names[i]) != 0)
			continue;
		if (url->url_type != url_sips || i == WAY_UDP)
			*transport = (enum way_transport)i;
		return true;
	}
	return false;
}

static bool read_host(const char *host, const url_t *url, struct sockaddr_storage *to)
{
	return host && endpoint_read(host, uri_port(url), to) == 0;
}

/* RFC 3261 section 16.6 step 7: maddr takes the host's place, where it is a number too. */
static bool read_hop(const url_t *url, struct sockaddr_storage *to)
{
	char maddr[64];

	if (uri_param(url->url_params, "maddr", maddr, sizeof maddr) &&
	    read_host(maddr, url, to))
		return true;
	return read_host(url->url_host, url, to);
}

static bool is_fit(const struct listener *listener, const struct way *way)
{
	return listener_transport(listener) == way->transport &&
	       endpoint_may_reach(listener_endpoint(listener), &way->to);
}

static const struct listener *find_listener(const struct wire *wire,
					    const struct listener *preferred,
					    const struct way *way)
{
	size_t count = transport_listener_count(wire->transport);

	if (preferred && is_fit(preferred, way))
		return preferred;
	for (size_t i = 0; i < count; i++) {
		const struct listener *listener = transport_listener(wire->transport, i);

		if (is_fit(listener, way))
			return listener;
	}
	return NULL;
}

static const char *url_text(const url_t *url, char text[static 128])
{
	if (url_e(text, 128, url) <= 0)
		snprintf(text, 128, "an address");
	text[127] = '\0';
	return text;
}

int way_find(const struct wire *wire, const struct peer *peer, const sip_t *sip,
	     const struct listener *preferred, struct way *way, struct fault *fault)
{
	const url_t *url =
		sip->sip_route ? sip->sip_route->r_url : sip->sip_request->rq_url;
	char text[128];

	/* A request that would come straight back goes nowhere. */
	if (wire_is_listener(wire, url))
		return fault_say(fault, ELOOP, "the next hop %s is halfcalld itself",
				 url_text(url, text));
	if (!read_hop(url, &way->to)) {
		if (!peer)
			return fault_say(fault, EDESTADDRREQ,
					 "the next hop %s has no IP address",
					 url_text(url, text));
		way->to = peer->address;
		way->transport = peer->transport;
	} else if (!way_transport_of(url, &way->transport)) {
		return fault_say(fault, EPROTONOSUPPORT,
				 "the next hop %s has an unknown transport",
				 url_text(url, text));
	}
	way->listener = find_listener(wire, preferred, way);
	if (!way->listener)
		return fault_say(fault, EADDRNOTAVAIL,
				 "no listen address has the transport and address "
				 "family of the next hop %s",
				 url_text(url, text));
	return 0;
}

const char *way_text(const struct way *way, char text[static 96])
{
	char endpoint[ENDPOINT_TEXT];

	snprintf(text, 96, "sip:%.60s;transport=%s", endpoint_text(&way->to, endpoint),
		 names[way->transport]);
	return text;
}
