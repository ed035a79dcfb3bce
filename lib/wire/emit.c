/* SPDX-License-Identifier: MIT */
#include "wire/emit.h"

#include "wire/endpoint.h"
#include "wire/listener.h"
#include "wire/way.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void emit_set_to(struct emit_target *target, const struct sockaddr_storage *to)
{
	memcpy(&target->to, to,
	       to->ss_family == AF_INET6 ? sizeof target->to.ip6 : sizeof target->to.ip4);
}

struct sockaddr_storage emit_to(const struct emit_target *target)
{
	struct sockaddr_storage to = { 0 };

	memcpy(&to, &target->to, sizeof target->to);
	return to;
}

/* The name that the certificate of the peer at TO must have. */
static const char *tls_name_of(const struct wire *wire, const struct way *way)
{
	if (way->transport != WAY_TLS)
		return NULL;
	for (size_t i = 0; i < wire->settings->peer_count; i++)
		if (endpoint_is_same_host(&wire->peers[i].address, &way->to))
			return wire->settings->peers[i].tls_name;
	return NULL;
}

void emit_target_of(const struct wire *wire, const struct way *way,
		    struct emit_target *target)
{
	*target = (struct emit_target){
		.listener = way->listener,
		.tls_name = tls_name_of(wire, way),
		.transport = (uint8_t)way->transport,
	};
	emit_set_to(target, &way->to);
}

enum { DATAGRAM_MAX = 1300 };		/* RFC 3261 section 18.1.1, the path's MTU unknown */

/* The stream by which the peer at TARGET can be reached as well. */
static bool find_stream(const struct wire *wire, const struct emit_target *target,
			struct emit_target *stream)
{
	struct sockaddr_storage to = emit_to(target);

	for (size_t i = 0; i < wire->settings->peer_count; i++) {
		const struct peer *peer = &wire->peers[i];
		size_t count = transport_listener_count(wire->transport);

		if (peer->transport != WAY_TCP ||
		    !endpoint_is_same_host(&peer->address, &to))
			continue;
		for (size_t j = 0; j < count; j++) {
			const struct listener *listener =
				transport_listener(wire->transport, j);

			if (listener_transport(listener) != WAY_TCP ||
			    !endpoint_may_reach(listener_endpoint(listener),
						&peer->address))
				continue;
			*stream = (struct emit_target){ .listener = listener,
							.transport = WAY_TCP };
			emit_set_to(stream, &peer->address);
			return true;
		}
	}
	return false;
}

bool emit_is_too_large(const struct wire *wire, const struct emit_target *target,
		       size_t length, struct emit_target *stream)
{
	return target->transport == WAY_UDP && length > DATAGRAM_MAX &&
	       find_stream(wire, target, stream);
}

static int send_now(struct wire *wire, const struct emit_target *target,
		    const char *bytes, size_t length, uint64_t token)
{
	struct transport_target to = {
		.listener = target->listener,
		.to = emit_to(target),
		.transport = target->transport,
		.connection = target->connection,
		.tls_name = target->tls_name,
	};

	return transport_send(wire->transport, &to, bytes, length, token);
}

/* A message that waits because it was asked for. */
struct emit_delayed {
	struct list node;		/* in wire->delayed */
	struct timer timer;
	struct wire *wire;
	struct emit_target target;
	uint64_t token;
	unsigned copies;
	size_t length;
	char bytes[];
};

static void delayed_free(struct emit_delayed *delayed)
{
	loop_cancel(delayed->wire->loop, &delayed->timer);
	list_remove(&delayed->node);
	free(delayed);
}

static void delayed_due(struct timer *timer)
{
	struct emit_delayed *delayed = container_of(timer, struct emit_delayed, timer);

	for (unsigned i = 0; i < delayed->copies; i++)
		send_now(delayed->wire, &delayed->target, delayed->bytes, delayed->length,
			 delayed->token);
	delayed_free(delayed);
}

static int delay(struct wire *wire, const struct emit_target *target,
		 const struct wire_distortion *how, uint64_t token)
{
	struct emit_delayed *delayed = calloc(1, sizeof *delayed + how->length);

	if (!delayed)
		return -ENOMEM;
	delayed->wire = wire;
	delayed->target = *target;
	delayed->token = token;
	delayed->copies = how->repeat + 1;
	delayed->length = how->length;
	memcpy(delayed->bytes, how->bytes, how->length);
	list_init(&delayed->node);
	list_append(&wire->delayed, &delayed->node);
	timer_init(&delayed->timer, delayed_due);
	loop_start(wire->loop, &delayed->timer, how->delay_ms);
	return 0;
}

static int distort(struct wire *wire, const struct emit_target *target,
		   const struct wire_distortion *asked, struct wire_distortion how,
		   uint64_t token)
{
	int err = 0;

	if (asked->is_dropped)
		return 0;
	if (asked->bytes) {
		how.bytes = asked->bytes;
		how.length = asked->length;
	}
	how.delay_ms = asked->delay_ms;
	how.repeat = asked->repeat;
	if (how.delay_ms)
		return delay(wire, target, &how, token);
	for (unsigned i = 0; i <= how.repeat && !err; i++)
		err = send_now(wire, target, how.bytes, how.length, token);
	return err;
}

int emit(struct wire *wire, const struct emit_target *target, const char *bytes,
	 size_t length, uint64_t token)
{
	const struct wire_distortion *asked;
	struct sockaddr_storage to;

	if (!wire->events->distort)
		return send_now(wire, target, bytes, length, token);
	to = emit_to(target);
	asked = wire->events->distort(
		wire->context, &(struct wire_frame){
				       .bytes = bytes,
				       .length = length,
				       .listener = target->listener,
				       .far_end = &to,
				       .transport = listener_protocol(target->listener),
				       .at_us = loop_now_us(wire->loop),
				       .is_out = true,
			       });
	if (!asked)
		return send_now(wire, target, bytes, length, token);
	return distort(wire, target, asked,
		       (struct wire_distortion){ .bytes = bytes, .length = length },
		       token);
}

struct wire_frame emit_frame_of(const struct transport_packet *packet)
{
	return (struct wire_frame){
		.bytes = packet->bytes,
		.length = packet->length,
		.listener = packet->listener,
		.far_end = &packet->from,
		.transport = listener_protocol(packet->listener),
		.at_us = packet->came_us,
	};
}

void emit_close(struct wire *wire)
{
	while (!list_is_empty(&wire->delayed))
		delayed_free(container_of(wire->delayed.next, struct emit_delayed, node));
}
