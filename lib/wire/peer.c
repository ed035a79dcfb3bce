/* SPDX-License-Identifier: MIT */
#include "wire/peer.h"

#include "wire/stack.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

const char *peer_name(const struct peer *peer)
{
	return peer->name;
}

const url_t *peer_url(const struct peer *peer)
{
	return peer->url;
}

const struct peer *peer_first(const struct wire *wire)
{
	return &wire->peers[0];
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
