/* SPDX-License-Identifier: MIT */
#include "wire/transport.h"

#include "base/fault.h"
#include "wire/connection.h"
#include "wire/retort.h"
#include "wire/roster.h"
#include "wire/scan.h"
#include "wire/sockets.h"
#include "wire/stream.h"
#include "wire/tls.h"
#include "wire/udp.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { RETORT_MAX = 8192 };		/* longer answers are not given */

static void refuse(struct transport *transport, const struct transport_packet *packet,
		   int status, const char *phrase, const char *warning)
{
	char text[RETORT_MAX], tag[RETORT_TAG];
	struct retort retort = {
		.status = status,
		.phrase = phrase,
		.warning = warning,
		.domain = transport->settings->domain,
		.tag = retort_tag(packet->scan, transport->tag_key, tag),
		.from = &packet->from,
	};
	struct transport_target target = {
		.listener = packet->listener,
		.to = retort_target(packet->scan, &packet->from),
		.transport = packet->transport,
		.connection = packet->connection,
	};
	size_t length = retort_write(packet->scan, &retort, text, sizeof text);

	if (length)
		transport_send(transport, &target, text, length, 0);
}

static void show(const struct transport *transport, const struct transport_packet *packet)
{
	struct transport_frame frame = {
		.bytes = packet->bytes,
		.length = packet->length,
		.remote = packet->from,
		.listener = packet->listener,
		.transport = packet->transport,
		.connection = packet->connection,
		.at_us = packet->came_us,
	};

	if (transport->events->seen)
		transport->events->seen(transport->context, &frame);
}

/* Counts and tells a message of a stranger that is answered with STATUS, 0 = not at all. */
static void turn_away(struct transport *transport, const struct transport_packet *packet,
		      int status)
{
	transport->counts.strangers++;
	if (transport->events->stranger && packet->scan->is_request &&
	    !scan_is(&packet->scan->method, "ACK"))
		transport->events->stranger(transport->context, packet, status);
}

static void deliver(struct transport *transport, struct transport_packet *packet)
{
	struct door_decision decision;
	struct scan scan;

	transport->counts.received++;
	show(transport, packet);
	packet->peer = sockets_peer(transport, &packet->from);
	packet->scan = &scan;
	scan_read(&scan, packet->bytes, packet->length, transport->limits.header_lines);
	decision = door_check(&transport->door, &scan, packet->peer != NULL,
			      packet->transport == WAY_UDP, packet->came_us);
	if (decision.verdict == DOOR_PASS) {
		scan.length = packet->length = decision.length;
		packet->bytes[packet->length] = '\0';
		transport->events->packet(transport->context, packet);
		return;
	}
	if (packet->peer || transport->door.strangers == WIRE_STRANGERS_PASS)
		transport->counts.malformed++;
	else
		turn_away(transport, packet,
			  decision.verdict == DOOR_ANSWER ? decision.status : 0);
	if (decision.verdict == DOOR_ANSWER)
		refuse(transport, packet, decision.status, decision.phrase,
		       decision.warning);
}

/* Answers a message from a stream that cannot be told from what follows, if that may be. */
static void refuse_unreadable(struct transport *transport,
			      struct transport_packet *packet, const char *why)
{
	struct scan scan;

	transport->counts.malformed++;
	show(transport, packet);
	scan_read(&scan, packet->bytes, packet->length, transport->limits.header_lines);
	packet->scan = &scan;
	if ((packet->peer || transport->door.strangers == WIRE_STRANGERS_PASS) &&
	    door_may_answer(&transport->door, &scan, packet->peer != NULL,
			    packet->came_us))
		refuse(transport, packet, 400, why, NULL);
	packet->scan = NULL;
}

static const struct socket_events socket_events = { .packet = deliver,
						    .unreadable = refuse_unreadable };

/* Tells of failures; those that this makes are told in the next round. */
static void tell_failures(struct transport *transport)
{
	struct failure *failures = transport->failures;
	size_t count = transport->failure_count;

	transport->failures = NULL;
	transport->failure_count = transport->failure_room = 0;
	for (size_t i = 0; i < count; i++)
		transport->events->failed(transport->context, failures[i].token,
					  failures[i].err);
	free(failures);
}

void transport_flush(struct transport *transport)
{
	udp_flush(transport);
	stream_flush(transport);
}

static bool before_sleep(struct loop_hook *hook)
{
	struct transport *transport = container_of(hook, struct transport, hook);
	bool is_more = udp_hand_out(transport);

	if (transport->events->drained)
		transport->events->drained(transport->context);
	transport_flush(transport);
	if (transport->failure_count) {
		tell_failures(transport);
		transport_flush(transport);
	}
	stream_bury(transport);
	return is_more || transport->failure_count;
}

static unsigned or_else(unsigned value, unsigned otherwise)
{
	return value ? value : otherwise;
}

static struct wire_limits limits_of(const struct wire_limits *given)
{
	struct wire_limits limits = {
		.message_bytes = or_else(given->message_bytes, 65535),
		.header_lines = or_else(given->header_lines, 200),
		.connections = or_else(given->connections, 1000),
		.address_connections = or_else(given->address_connections, 16),
		.incomplete_ms = or_else(given->incomplete_ms, 5000),
		.connect_ms = or_else(given->connect_ms, 2000),
		.handshake_ms = or_else(given->handshake_ms, 5000),
		.idle_ms = or_else(given->idle_ms, 180 * 1000),
		.silent_ms = or_else(given->silent_ms, 10 * 1000),
		.queue_bytes = or_else(given->queue_bytes, 256 * 1024),
	};

	limits.reserved_connections =
		or_else(given->reserved_connections, limits.connections / 4);
	return limits;
}

static const char *const names[] = { "udp", "tcp", "tls" };

/* The port the kernel chose, and the texts. */
static void read_back(struct listener *listener)
{
	socklen_t size = sizeof listener->local;

	getsockname(listener->socket.fd, (struct sockaddr *)&listener->local, &size);
	endpoint_host(&listener->local, listener->host);
	snprintf(listener->sent_by, sizeof listener->sent_by, "%s:%u", listener->host,
		 endpoint_port(&listener->local));
	snprintf(listener->address, sizeof listener->address, "%s;transport=%s",
		 listener->sent_by, names[listener->kind]);
}

static int listen_on(struct transport *transport, struct listener *listener,
		     const struct wire_address *address, struct fault *fault)
{
	size_t kind = 0;
	int err;

	while (kind < sizeof names / sizeof *names &&
	       strcasecmp(address->transport, names[kind]) != 0)
		kind++;
	if (kind == sizeof names / sizeof *names)
		return fault_say(
			fault, EPROTONOSUPPORT,
			"cannot listen on %s: transport %s is not udp, tcp or tls",
			address->host, address->transport);
	listener->kind = (enum way_transport)kind;
	if (listener->kind == WAY_TLS && !transport->tls)
		return fault_say(
			fault, EINVAL,
			"cannot listen on %s;transport=tls: TLS needs a certificate and "
			"its key",
			address->host);
	err = endpoint_read(address->host, address->port, &listener->local);
	if (err < 0)
		return fault_say(fault, -err, "cannot listen on %s: %s", address->host,
				 err == -ENODEV ? "there is no such zone"
						: "it is no IP address");
	if (endpoint_is_any(&listener->local))
		return fault_say(
			fault, EADDRNOTAVAIL,
			"cannot listen on %s: what we send must name one address, "
			"listen on each by itself",
			address->host);
	err = listener->kind == WAY_UDP ? udp_open(listener, fault)
					: stream_open(listener, fault);
	if (err == 0)
		read_back(listener);
	return err;
}

static int start(struct transport *transport, struct fault *fault)
{
	const struct wire_settings *settings = transport->settings;

	for (size_t i = 0; i < settings->peer_count; i++) {
		const struct wire_address *address = &settings->peers[i].address;

		if (endpoint_read(address->host, address->port, &transport->peers[i]) < 0)
			return fault_say(fault, EINVAL, "%s: %s is no IP address",
					 settings->peers[i].name, address->host);
	}
	if (settings->tls) {
		int err = tls_load(settings->tls, &transport->tls, fault);

		if (err < 0)
			return err;
	}
	for (size_t i = 0; i < settings->listen_count; i++) {
		int err = listen_on(transport, &transport->listeners[i],
				    &settings->listen[i], fault);

		if (err < 0)
			return err;
	}
	return 0;
}

int transport_open(struct loop *loop, const struct wire_settings *settings,
		   const struct transport_events *events, void *context,
		   struct transport **result, struct fault *fault)
{
	struct transport *transport = calloc(1, sizeof *transport);
	int err;

	if (!transport)
		return fault_say(fault, ENOMEM, "out of memory");
	signal(SIGPIPE, SIG_IGN);
	transport->loop = loop;
	transport->settings = settings;
	transport->limits = limits_of(&settings->limits);
	transport->up = &socket_events;
	transport->events = events;
	transport->context = context;
	transport->hook.run = before_sleep;
	door_init(&transport->door, settings, &transport->limits, loop_now_us(loop));
	if (getrandom(&transport->tag_key, sizeof transport->tag_key, 0) < 0)
		transport->tag_key = (uint64_t)loop_now_us(loop);
	list_init(&transport->dirty_listeners);
	loop_before_sleep(loop, &transport->hook);
	transport->listeners =
		calloc(settings->listen_count, sizeof *transport->listeners);
	transport->peers = calloc(settings->peer_count + 1, sizeof *transport->peers);
	if (transport->listeners && transport->peers) {
		transport->listener_count = settings->listen_count;
		for (size_t i = 0; i < settings->listen_count; i++) {
			struct listener *listener = &transport->listeners[i];

			listener->transport = transport;
			listener->socket.fd = -1;
			list_init(&listener->dirty);
			list_init(&listener->resume.node);
		}
		err = start(transport, fault);
	} else {
		err = fault_say(fault, ENOMEM, "out of memory");
	}
	if (err < 0) {
		transport_close(transport);
		return err;
	}
	*result = transport;
	return 0;
}

void transport_close(struct transport *transport)
{
	if (!transport)
		return;
	transport_flush(transport);
	loop_hook_remove(&transport->hook);
	stream_end(transport);
	for (size_t i = 0; i < transport->listener_count; i++)
		if (transport->listeners[i].kind == WAY_UDP)
			udp_close(&transport->listeners[i]);
		else
			stream_close(&transport->listeners[i]);
	udp_end(transport);
	tls_unload(transport->tls);
	free(transport->listeners);
	free(transport->peers);
	free(transport->failures);
	free(transport);
}

static int send_by(struct transport *transport, const struct transport_target *target,
		   const char *bytes, size_t length, uint64_t token)
{
	if (target->transport != WAY_UDP)
		return stream_send(transport, target, bytes, length, token);
	for (size_t i = 0; i < transport->listener_count; i++)
		if (&transport->listeners[i] == target->listener &&
		    target->listener->kind == WAY_UDP)
			return udp_send(&transport->listeners[i], &target->to, bytes,
					length, token);
	return -EPROTONOSUPPORT;
}

/* By a connection that was there before, the far end is that connection's. */
static void show_sent(struct transport *transport, const struct transport_target *target,
		      const char *bytes, size_t length)
{
	const struct connection *connection =
		target->connection && transport->streams
			? roster_find(transport->streams, target->connection)
			: NULL;

	transport->events->seen(
		transport->context,
		&(struct transport_frame){
			.is_out = true,
			.bytes = bytes,
			.length = length,
			.remote = connection ? connection->remote : target->to,
			.listener = target->listener,
			.transport = target->transport,
			.connection = target->connection,
			.at_us = loop_now_us(transport->loop),
		});
}

int transport_send(struct transport *transport, const struct transport_target *target,
		   const char *bytes, size_t length, uint64_t token)
{
	int err = send_by(transport, target, bytes, length, token);

	if (err == 0 && transport->events->seen)
		show_sent(transport, target, bytes, length);
	return err;
}

void transport_alias(struct transport *transport, uint64_t connection,
		     const struct sockaddr_storage *to)
{
	stream_alias(transport, connection, to);
}

void transport_set_strangers(struct transport *transport, enum wire_strangers strangers)
{
	transport->door.strangers = strangers;
}

int transport_reload(struct transport *transport, const struct wire_tls *files,
		     struct fault *fault)
{
	struct tls_pair *tls;
	int err = tls_load(files, &tls, fault);

	if (err < 0)
		return err;
	tls_unload(transport->tls);
	transport->tls = tls;
	return 0;
}

size_t transport_listener_count(const struct transport *transport)
{
	return transport->listener_count;
}

const struct listener *transport_listener(const struct transport *transport, size_t i)
{
	return &transport->listeners[i];
}

void transport_statistics(struct transport *transport,
			  struct transport_statistics *statistics)
{
	*statistics = transport->counts;
	for (size_t i = 0; i < transport->listener_count; i++) {
		size_t granted = 0;

		if (transport->listeners[i].kind != WAY_UDP)
			continue;
		statistics->kernel_drops +=
			udp_kernel_drops(&transport->listeners[i], &granted);
		if (!statistics->receive_buffer || granted < statistics->receive_buffer)
			statistics->receive_buffer = granted;
	}
}
