/* SPDX-License-Identifier: MIT */
#include "agent/peer.h"

#include "agent/message.h"

#include <sofia-sip/hostdomain.h>

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

int peer_init(struct agent *agent, struct fault *fault)
{
	for (size_t i = 0; i < agent->settings->proxy_count; i++) {
		const struct agent_proxy *proxy = &agent->settings->proxies[i];
		struct peer *peer = &agent->peers[i];
		bool is_ipv6 = strchr(proxy->address.host, ':') != NULL;
		const char *uri = arena_printf(
			&agent->arena, "sip:%s%s%s:%u;transport=%s;lr",
			is_ipv6 ? "[" : "", proxy->address.host, is_ipv6 ? "]" : "",
			proxy->address.port, proxy->address.transport);

		peer->name = proxy->name;
		peer->url = url_make(NULL, uri);
		if (!peer->url)
			return fault_say(fault, ENOMEM, "proxy %s: out of memory",
					 proxy->name);
		if (inet_pton(AF_INET, proxy->address.host,
			      &peer->address.su_sin.sin_addr) == 1)
			peer->address.su_family = AF_INET;
		else if (inet_pton(AF_INET6, proxy->address.host,
				   &peer->address.su_sin6.sin6_addr) == 1)
			peer->address.su_family = AF_INET6;
		else
			return fault_say(fault, EINVAL, "proxy %s: %s is no IP address",
					 proxy->name, proxy->address.host);
	}
	return 0;
}

static bool is_same_ip(const su_sockaddr_t *a, const su_sockaddr_t *b)
{
	if (a->su_family != b->su_family)
		return false;
	if (a->su_family == AF_INET)
		return a->su_sin.sin_addr.s_addr == b->su_sin.sin_addr.s_addr;
	return memcmp(&a->su_sin6.sin6_addr, &b->su_sin6.sin6_addr,
		      sizeof(struct in6_addr)) == 0;
}

const struct peer *peer_of(const struct agent *agent, msg_t *msg)
{
	su_sockaddr_t from = *msg_addr(msg);

	/* A dual-stack socket shows IPv4 peers as ::ffff:a.b.c.d. */
	if (from.su_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&from.su_sin6.sin6_addr)) {
		struct in_addr v4;

		memcpy(&v4, &from.su_sin6.sin6_addr.s6_addr[12], sizeof v4);
		from.su_family = AF_INET;
		from.su_sin.sin_addr = v4;
	}
	for (size_t i = 0; i < agent->settings->proxy_count; i++)
		if (is_same_ip(&agent->peers[i].address, &from))
			return &agent->peers[i];
	return NULL;
}

const char *peer_text(msg_t *msg, char text[static 64])
{
	const su_sockaddr_t *from = msg_addr(msg);
	char host[INET6_ADDRSTRLEN] = "?";
	const void *address = from->su_family == AF_INET6
				      ? (const void *)&from->su_sin6.sin6_addr
				      : (const void *)&from->su_sin.sin_addr;

	inet_ntop(from->su_family, address, host, sizeof host);
	snprintf(text, 64, "%s:%u", host, ntohs(from->su_sin.sin_port));
	return text;
}

const struct listener *peer_listener(const struct agent *agent, const url_t *url,
				     const struct listener *preferred)
{
	char transport[16] = "udp";
	bool is_ipv6 = url->url_host && *url->url_host == '[';

	message_param(url->url_params, "transport", transport, sizeof transport);
	if (preferred && preferred->is_ipv6 == is_ipv6 &&
	    strcasecmp(preferred->transport, transport) == 0)
		return preferred;
	for (size_t i = 0; i < agent->settings->listen_count; i++) {
		const struct listener *listener = &agent->listeners[i];

		if (listener->is_ipv6 == is_ipv6 &&
		    strcasecmp(listener->transport, transport) == 0)
			return listener;
	}
	return NULL;
}
