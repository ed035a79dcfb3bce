/* SPDX-License-Identifier: MIT */
#include "agent/route.h"

#include "agent/message.h"

#include <sofia-sip/hostdomain.h>

#include <errno.h>
#include <stdlib.h>
#include <strings.h>

bool route_is_listener(const struct agent *agent, const url_t *url)
{
	const char *port = url_port(url);

	if (!url->url_host)
		return false;
	for (size_t i = 0; i < agent->settings->listen_count; i++) {
		const struct listener *listener = &agent->listeners[i];

		if (host_cmp(url->url_host, listener->host) == 0 &&
		    strtoul(port, NULL, 10) == listener->port)
			return true;
	}
	return false;
}

bool route_is_ours(const struct agent *agent, const url_t *url)
{
	return route_is_listener(agent, url) ||
	       (url->url_host && strcasecmp(url->url_host, agent->settings->domain) == 0);
}

struct route_tag route_read(const struct agent *agent, const sip_t *sip,
			    struct arena *arena, const sip_route_t **rest)
{
	const sip_route_t *top = sip->sip_route;
	struct route_tag tag = { .phase = PHASE_NONE, .carried = "" };

	*rest = top;
	if (!top)
		return tag;
	tag = phase_read(arena, top->r_url->url_params, top->r_params);
	if (tag.phases == 0 && !route_is_ours(agent, top->r_url))
		return (struct route_tag){ .phase = PHASE_NONE, .carried = "" };
	*rest = top->r_next;
	return tag;
}

int route_write(struct arrival *in, msg_t *msg, enum phase phase)
{
	su_home_t *home = msg_home(msg);
	sip_route_t *route, base[1];
	const sip_route_t *rest;
	struct arena scratch = { 0 };
	int err;

	route_read(in->agent, sip_object(msg), &scratch, &rest);
	arena_clear(&scratch);

	if (rest) {
		route = sip_route_dup(home, rest);
	} else {
		sip_route_init(base);
		*base->r_url = *in->peer->url;
		route = sip_route_dup(home, base);
	}
	if (!route)
		return -ENOMEM;
	while (msg_header_remove_param(route->r_common, "phase") > 0)
		continue;
	sip_fragment_clear(route->r_common);
	route->r_url->url_params =
		phase_write(&in->arena, route->r_url->url_params, phase, &in->tag);
	err = message_set_route(msg, route);
	return err;
}

const url_t *route_next_hop(const struct peer *peer, const url_t *url)
{
	return host_is_ip_address(url->url_host) ? url : peer->url;
}

const url_t *route_first(const sip_t *sip)
{
	return sip->sip_route ? sip->sip_route->r_url : sip->sip_request->rq_url;
}
