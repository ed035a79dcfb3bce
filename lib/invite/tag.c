/* SPDX-License-Identifier: MIT */
#include "invite/tag.h"

#include "base/memory.h"
#include "wire/message.h"
#include "wire/peer.h"
#include "wire/uri.h"

#include <string.h>
#include <strings.h>

/* The Route below the top one, if that names this program or has a tag; else the top one.
 * NULL = there is none. */
static const sip_route_t *way_back(const struct wire *wire, const sip_t *sip,
				   const struct route_tag *tag)
{
	const sip_route_t *top = sip->sip_route;

	if (top && (tag->phases || wire_is_here(wire, top->r_url)))
		return top->r_next;
	return top;
}

/* Whether the transport parameter of URL, if there is one, is registered for SIP. */
static bool is_transport(const url_t *url)
{
	static const char *const names[] = { "udp", "tcp",  "tls",     "ws",
					     "wss", "sctp", "tls-sctp" };
	char name[16];

	if (!uri_param(url->url_params, "transport", name, sizeof name))
		return true;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcasecmp(name, names[i]) == 0)
			return true;
	return false;
}

/* Whether HOST has only characters of a name, an IPv4 address or an IPv6 reference; Sofia's
 * parser does not check that. */
static bool is_host(const char *host)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789-._:[]";

	return host && *host && host[strspn(host, letters)] == '\0';
}

static const char *uri_text(struct arena *arena, const url_t *url)
{
	char text[256];
	int length = url_e(text, sizeof text, url);	/* not terminated when it does not fit */

	return length > 0 && (size_t)length < sizeof text ? arena_strdup(arena, text)
							  : "a URI";
}

void tag_read(const struct wire *wire, const sip_t *sip, struct arena *arena,
	      struct facts *facts)
{
	const sip_route_t *top = sip->sip_route, *rest;

	facts->tag = (struct route_tag){ .phase = PHASE_NONE, .carried = "" };
	if (!top)
		return;
	facts->tag = phase_read(arena, top->r_url->url_params, top->r_params);
	rest = way_back(wire, sip, &facts->tag);
	if (rest == top)
		facts->tag = (struct route_tag){ .phase = PHASE_NONE, .carried = "" };
	if (rest && !(is_host(rest->r_url->url_host) && is_transport(rest->r_url)))
		facts->senseless_way_back = uri_text(arena, rest->r_url);
}

void tag_write(const struct arrival *in, msg_t *msg, enum phase phase)
{
	su_home_t *home = msg_home(msg);
	const sip_route_t *rest =
		way_back(desk_wire(in->desk), sip_object(msg), &in->facts.tag);
	sip_route_t *route, base[1];

	if (!rest) {
		sip_route_init(base);
		*base->r_url = *peer_url(in->peer);
		rest = base;
	}
	route = memory_checked(sip_route_dup(home, rest));
	while (msg_header_remove_param(route->r_common, "phase") > 0)
		continue;
	sip_fragment_clear(route->r_common);
	route->r_url->url_params =
		phase_write(in->arena, route->r_url->url_params, phase, &in->facts.tag);
	message_set_route(msg, route);
}
