/* SPDX-License-Identifier: MIT */
#include "wire/bounce.h"

#include "wire/emit.h"
#include "wire/retort.h"

#include <stddef.h>

enum { BOUNCE_MAX = 16384 };		/* bytes of an answer; a longer one is not sent */

void bounce(struct wire *wire, const struct transport_packet *packet, int status,
	    const char *phrase)
{
	struct sockaddr_storage to = retort_target(packet->scan, &packet->from);
	struct emit_target back = {
		.listener = packet->listener,
		.connection = packet->connection,
		.transport = (uint8_t)packet->transport,
	};
	char text[BOUNCE_MAX], tag[RETORT_TAG];
	struct retort retort = {
		.status = status,
		.phrase = phrase && *phrase ? phrase : sip_status_phrase(status),
		.tag = retort_tag(packet->scan, wire->secret.words[0], tag),
		.from = &packet->from,
	};
	size_t length = retort_write(packet->scan, &retort, text, sizeof text);

	emit_set_to(&back, &to);
	if (length)
		emit(wire, &back, text, length, 0);
}
