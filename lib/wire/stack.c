/* SPDX-License-Identifier: MIT */
#include "wire/wire.h"

#include "base/fault.h"
#include "base/memory.h"
#include "wire/endpoint.h"
#include "wire/inbound.h"
#include "wire/inlet.h"
#include "wire/lone.h"
#include "wire/listener.h"
#include "wire/lobby.h"
#include "wire/outbound.h"
#include "wire/provisional.h"
#include "wire/scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void on_packet(void *context, const struct transport_packet *packet)
{
	inlet_take(context, packet);
}

static void on_drained(void *context)
{
	struct wire *wire = context;

	if (wire->lobby)
		lobby_serve(wire->lobby);
}

static void on_failed(void *context, uint64_t token, int err)
{
	if (token & 1) {
		inbound_failed(context, token);
	} else {
		outbound_failed(context, token, err);
		lone_failed(context, token, err);
	}
}

static void on_unshaken(void *context, const struct wire_peer *peer,
			const struct sockaddr_storage *far_end, const char *why)
{
	struct wire *wire = context;
	char address[ENDPOINT_TEXT];

	if (wire->events->unshaken)
		wire->events->unshaken(wire->context,
				       &wire->peers[peer - wire->settings->peers],
				       endpoint_text(far_end, address), why);
}

enum { STRANGER_TEXT = 128 };

/* The bytes of TEXT that fit. */
static const char *cut(const struct scan_text *text, char copy[static STRANGER_TEXT])
{
	size_t length = text->length < STRANGER_TEXT ? text->length : STRANGER_TEXT - 1;

	if (!text->at)
		length = 0;
	memcpy(copy, length ? text->at : "", length);
	copy[length] = '\0';
	return copy;
}

static void on_stranger(void *context, const struct transport_packet *packet, int status)
{
	struct wire *wire = context;
	char address[ENDPOINT_TEXT], uri[STRANGER_TEXT], call_id[STRANGER_TEXT];

	if (wire->events->stranger)
		wire->events->stranger(
			wire->context,
			&(struct wire_stranger){
				.address = endpoint_text(&packet->from, address),
				.uri = cut(&packet->scan->uri, uri),
				.call_id = cut(&packet->scan->call_id, call_id),
				.status = status,
			});
}

static void on_seen(void *context, const struct transport_frame *frame)
{
	static const char *const names[] = {
		[WAY_UDP] = "UDP", [WAY_TCP] = "TCP", [WAY_TLS] = "TLS"
	};
	struct wire *wire = context;

	wire->events->seen(wire->context, &(struct wire_frame){
						  .bytes = frame->bytes,
						  .length = frame->length,
						  .listener = frame->listener,
						  .far_end = &frame->remote,
						  .transport = names[frame->transport],
						  .at_us = frame->at_us,
						  .is_out = frame->is_out,
					  });
}

static enum way_transport transport_of(const char *name)
{
	if (strcasecmp(name, "tls") == 0)
		return WAY_TLS;
	return strcasecmp(name, "tcp") == 0 ? WAY_TCP : WAY_UDP;
}

static int read_peers(struct wire *wire, struct fault *fault)
{
	for (size_t i = 0; i < wire->settings->peer_count; i++) {
		const struct wire_peer *from = &wire->settings->peers[i];
		const struct wire_address *address = &from->address;
		struct peer *peer = &wire->peers[i];
		char host[ENDPOINT_TEXT];

		if (endpoint_read(address->host, address->port, &peer->address) < 0)
			return fault_say(fault, EINVAL, "proxy %s: %s is no IP address",
					 from->name, address->host);
		peer->name = from->name;
		peer->transport = transport_of(address->transport);
		peer->url = memory_checked(url_make(
			NULL, arena_printf(&wire->arena, "sip:%s:%u;transport=%s;lr",
					   endpoint_host(&peer->address, host),
					   address->port, address->transport)));
	}
	return 0;
}

static int start(struct wire *wire, struct fault *fault)
{
	int err = read_peers(wire, fault);
	size_t count;

	if (!err)
		err = transport_open(wire->loop, wire->settings, &wire->transport_events,
				     wire, &wire->transport, fault);
	if (err < 0)
		return err;
	count = transport_listener_count(wire->transport);
	for (size_t i = 0; i < count; i++)
		wire->addresses = arena_printf(
			&wire->arena, "%s%ssip:%s", wire->addresses, i ? " " : "",
			listener_address(transport_listener(wire->transport, i)));
	return 0;
}

int wire_open(struct loop *loop, const struct wire_settings *settings,
	      const struct wire_events *events, void *context, struct wire **result,
	      struct fault *fault)
{
	struct wire *wire = memory_new(sizeof *wire);
	int err;

	wire->loop = loop;
	wire->settings = settings;
	wire->events = events;
	wire->context = context;
	wire->addresses = "";
	wire->transport_events = (struct transport_events){
		.packet = on_packet,
		.failed = on_failed,
		.drained = on_drained,
		.unshaken = on_unshaken,
		.stranger = on_stranger,
		.seen = events->seen ? on_seen : NULL,
	};
	list_init(&wire->asks);
	list_init(&wire->delayed);
	list_init(&wire->lones);
	digest_key_init(&wire->secret);
	wire->peers =
		arena_alloc(&wire->arena, settings->peer_count * sizeof *wire->peers);
	err = start(wire, fault);
	if (err < 0) {
		wire_close(wire);
		return err;
	}
	*result = wire;
	return 0;
}

int wire_reload_tls(struct wire *wire, const struct wire_tls *files, struct fault *fault)
{
	struct wire_tls fresh = *files;

	if (!wire->settings->tls)
		return 0;
	fresh.is_mutual = wire->settings->tls->is_mutual;
	return transport_reload(wire->transport, &fresh, fault);
}

static void end_transactions(struct wire *wire)
{
	struct finder_entry *entry;
	size_t at = 0;

	while ((entry = finder_any(&wire->inbounds, &at)))
		inbound_free(container_of(entry, struct inbound, by_key));
	at = 0;
	while ((entry = finder_any(&wire->outbounds, &at)))
		outbound_free(container_of(entry, struct outbound, by_branch));
	finder_clear(&wire->inbounds);
	finder_clear(&wire->outbounds);
	provisional_end(wire);
	finder_clear(&wire->merges);
}

void wire_set_strangers(struct wire *wire, enum wire_strangers strangers)
{
	transport_set_strangers(wire->transport, strangers);
}

void wire_close(struct wire *wire)
{
	if (!wire)
		return;
	if (wire->end_asks)
		wire->end_asks(wire);
	end_transactions(wire);
	lobby_free(wire->lobby);
	lone_end(wire);
	emit_close(wire);
	transport_close(wire->transport);
	for (size_t i = 0; i < wire->settings->peer_count; i++)
		su_free(NULL, wire->peers[i].url);
	arena_clear(&wire->arena);
	free(wire);
}

void wire_statistics(const struct wire *wire, struct wire_statistics *statistics)
{
	*statistics = (struct wire_statistics){
		.server_transactions = wire->inbounds.count,
		.client_transactions = wire->outbounds.count,
	};
	if (wire->lobby)
		lobby_statistics(wire->lobby, statistics);
}

int wire_admit(struct wire *wire, const struct wire_admission *admission)
{
	if (!wire->lobby)
		wire->lobby = lobby_new(wire, inlet_serve);
	if (!wire->lobby)
		return -ENOMEM;
	lobby_settle(wire->lobby, admission);
	return 0;
}
