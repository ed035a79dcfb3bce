/* SPDX-License-Identifier: MIT */
#include "wire/way.h"

#include "base/fault.h"
#include "wire/stack.h"
#include "wire/uri.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const names[] = { [WAY_UDP] = "udp", [WAY_TCP] = "tcp" };

bool way_transport_of(const url_t *url, enum way_transport *transport)
{
	char name[16];

	*transport = WAY_UDP;
	if (!uri_param(url->url_params, "transport", name, sizeof name))
		return true;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcasecmp(name, names[i]) == 0) {
			*transport = (enum way_transport)i;
			return true;
		}
	return false;
}

/* HOST, a number, with PORT as an address; false when it is none. */
static bool read_host(const char *host, const char *port, struct sockaddr_storage *to)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)to;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)to;
	uint16_t number = htons((uint16_t)strtoul(port, NULL, 10));
	char text[INET6_ADDRSTRLEN];

	memset(to, 0, sizeof *to);
	if (!host)
		return false;
	if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = number;
		return true;
	}
	host += *host == '[';
	snprintf(text, sizeof text, "%.*s", (int)strcspn(host, "]"), host);
	if (inet_pton(AF_INET6, text, &v6->sin6_addr) != 1)
		return false;
	v6->sin6_family = AF_INET6;
	v6->sin6_port = number;
	return true;
}

/* RFC 3261 section 16.6 step 7: maddr takes the host's place, where it is a number too. */
static bool read_hop(const url_t *url, struct sockaddr_storage *to)
{
	char maddr[64];

	if (uri_param(url->url_params, "maddr", maddr, sizeof maddr) &&
	    read_host(maddr, url_port(url), to))
		return true;
	return read_host(url->url_host, url_port(url), to);
}

static const struct listener *find_listener(const struct wire *wire,
					    const struct listener *preferred,
					    const struct way *way)
{
	bool is_ipv6 = way->to.ss_family == AF_INET6;
	const char *name = names[way->transport];

	if (preferred && preferred->is_ipv6 == is_ipv6 &&
	    strcasecmp(preferred->transport, name) == 0)
		return preferred;
	for (size_t i = 0; i < wire->settings->listen_count; i++) {
		const struct listener *listener = &wire->listeners[i];

		if (listener->is_ipv6 == is_ipv6 &&
		    strcasecmp(listener->transport, name) == 0)
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
		url = peer->url;
		read_hop(url, &way->to);
	}
	if (!way_transport_of(url, &way->transport))
		return fault_say(fault, EPROTONOSUPPORT,
				 "the next hop %s has an unknown transport",
				 url_text(url, text));
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
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)&way->to;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&way->to;
	bool is_ipv6 = way->to.ss_family == AF_INET6;
	char host[INET6_ADDRSTRLEN] = "?";

	inet_ntop(way->to.ss_family,
		  is_ipv6 ? (const void *)&v6->sin6_addr : (const void *)&v4->sin_addr,
		  host, sizeof host);
	snprintf(text, 96, "sip:%s%s%s:%u;transport=%s", is_ipv6 ? "[" : "", host,
		 is_ipv6 ? "]" : "", ntohs(v4->sin_port), names[way->transport]);
	return text;
}
