/* SPDX-License-Identifier: MIT */
#include "wire/sockets.h"

#include <stdlib.h>

const struct wire_peer *sockets_peer(const struct transport *transport,
				     const struct sockaddr_storage *from)
{
	for (size_t i = 0; i < transport->settings->peer_count; i++)
		if (endpoint_is_same_host(&transport->peers[i], from))
			return &transport->settings->peers[i];
	return NULL;
}

void sockets_fail(struct transport *transport, uint64_t token, int err)
{
	if (!token)
		return;
	if (transport->failure_count == transport->failure_room) {
		size_t room = transport->failure_room ? 2 * transport->failure_room : 16;
		struct failure *failures =
			realloc(transport->failures, room * sizeof *failures);

		if (!failures)
			return;		/* its timers will tell */
		transport->failures = failures;
		transport->failure_room = room;
	}
	transport->failures[transport->failure_count++] = (struct failure){ token, err };
}
