/* SPDX-License-Identifier: MIT */
#include "wire/peer.h"

#include "wire/core.h"
#include "wire/endpoint.h"

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

/* Where MSG came from, or all zero. */
static struct sockaddr_storage source_of(msg_t *msg)
{
	const su_addrinfo_t *info = msg_addrinfo(msg);
	struct sockaddr_storage from = { 0 };

	if (info->ai_addrlen && info->ai_addrlen <= sizeof from)
		memcpy(&from, msg_addr(msg), info->ai_addrlen);
	return from;
}

const struct peer *peer_first(const struct wire *wire)
{
	return &wire->peers[0];
}

const char *peer_text(msg_t *msg, char text[static 64])
{
	struct sockaddr_storage from = source_of(msg);
	char endpoint[ENDPOINT_TEXT];

	snprintf(text, 64, "%.63s", endpoint_text(&from, endpoint));
	return text;
}
