/* SPDX-License-Identifier: MIT */
#include "wire/stack.h"

#include "base/fault.h"
#include "base/memory.h"
#include "wire/root.h"

#include <sofia-sip/hostdomain.h>

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A connection unused for so long is closed; Sofia's own half an hour keeps the dead ones. */
enum { LISTEN_IDLE_MS = 180 * 1000 };

static const char *bracket(struct arena *arena, const char *host)
{
	return strchr(host, ':') ? arena_printf(arena, "[%s]", host)
				 : arena_strdup(arena, host);
}

/* Learns the port Sofia bound for LISTENER. */
static int read_port(struct wire *wire, struct listener *listener)
{
	const tport_t *tport;

	for (tport = tport_primaries(nta_agent_tports(wire->nta)); tport;
	     tport = tport_next(tport)) {
		const tp_name_t *name = tport_name(tport);

		if (name->tpn_ident && strcmp(name->tpn_ident, listener->ident) == 0) {
			listener->port = (unsigned)strtoul(name->tpn_port, NULL, 10);
			return 0;
		}
	}
	return -ENOENT;
}

static int listen_on(struct wire *wire, size_t i, struct fault *fault)
{
	const struct wire_address *address = &wire->settings->listen[i];
	struct listener *listener = &wire->listeners[i];
	char port[16] = "*", uri[160];

	snprintf(listener->ident, sizeof listener->ident, "listen-%zu", i);
	listener->host = bracket(&wire->arena, address->host);
	listener->transport = address->transport;
	listener->is_ipv6 = strchr(address->host, ':') != NULL;
	if (address->port)
		snprintf(port, sizeof port, "%u", address->port);
	snprintf(uri, sizeof uri, "sip:%s:%s;transport=%s", listener->host, port,
		 listener->transport);
	if (nta_agent_add_tport(wire->nta, URL_STRING_MAKE(uri),
				TPTAG_IDENT(listener->ident), TPTAG_IDLE(LISTEN_IDLE_MS),
				TAG_END()) < 0)
		return fault_say(fault, errno ? errno : EADDRINUSE,
				 "cannot listen on %s: %s", uri,
				 strerror(errno ? errno : EADDRINUSE));
	if (read_port(wire, listener) < 0)
		return fault_say(fault, EADDRNOTAVAIL, "cannot listen on %s", uri);
	listener->address =
		arena_printf(&wire->arena, "%s:%u;transport=%s", listener->host,
			     listener->port, listener->transport);
	wire->addresses = arena_printf(&wire->arena, "%s%ssip:%s", wire->addresses,
				       i ? " " : "", listener->address);
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

/* The configured peer MSG came from, or NULL. */
static const struct peer *peer_of(const struct wire *wire, msg_t *msg)
{
	su_sockaddr_t from = *msg_addr(msg);

	/* A dual-stack socket shows IPv4 peers as ::ffff:a.b.c.d. */
	if (from.su_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&from.su_sin6.sin6_addr)) {
		struct in_addr v4;

		memcpy(&v4, &from.su_sin6.sin6_addr.s6_addr[12], sizeof v4);
		from.su_family = AF_INET;
		from.su_sin.sin_addr = v4;
	}
	for (size_t i = 0; i < wire->settings->peer_count; i++)
		if (is_same_ip(&wire->peers[i].address, &from))
			return &wire->peers[i];
	return NULL;
}

static const struct listener *listener_of(const struct wire *wire, msg_t *msg)
{
	tport_t *tport = nta_incoming_transport(wire->nta, NULL, msg);
	const char *ident = NULL;
	const struct listener *found = NULL;

	if (tport)
		ident = tport_name(tport_parent(tport))->tpn_ident;
	for (size_t i = 0; ident && i < wire->settings->listen_count && !found; i++)
		if (strcmp(wire->listeners[i].ident, ident) == 0)
			found = &wire->listeners[i];
	tport_unref(tport);
	return found ? found : &wire->listeners[0];
}

/* Everything Sofia finds no transaction for (nta_message_f). */
static int receive(struct wire *wire, nta_agent_t *nta, msg_t *msg, sip_t *sip)
{
	(void)nta;
	if (sip->sip_request)
		wire->events->request(wire->context, peer_of(wire, msg),
				      listener_of(wire, msg), msg);
	else
		wire->events->response(wire->context, msg);
	return 0;
}

static int read_address(su_sockaddr_t *address, const struct wire_peer *from,
			struct fault *fault)
{
	const char *host = from->address.host;

	if (inet_pton(AF_INET, host, &address->su_sin.sin_addr) == 1)
		address->su_family = AF_INET;
	else if (inet_pton(AF_INET6, host, &address->su_sin6.sin6_addr) == 1)
		address->su_family = AF_INET6;
	else
		return fault_say(fault, EINVAL, "proxy %s: %s is no IP address",
				 from->name, host);
	return 0;
}

static int read_peers(struct wire *wire, struct fault *fault)
{
	for (size_t i = 0; i < wire->settings->peer_count; i++) {
		const struct wire_peer *from = &wire->settings->peers[i];
		const struct wire_address *address = &from->address;
		bool is_ipv6 = strchr(address->host, ':') != NULL;
		struct peer *peer = &wire->peers[i];
		int err = read_address(&peer->address, from, fault);

		if (err < 0)
			return err;
		peer->name = from->name;
		peer->url = memory_checked(url_make(
			NULL, arena_printf(&wire->arena, "sip:%s%s%s:%u;transport=%s;lr",
					   is_ipv6 ? "[" : "", address->host,
					   is_ipv6 ? "]" : "", address->port,
					   address->transport)));
	}
	return 0;
}

static int start(struct wire *wire, struct fault *fault)
{
	int err;

	wire->nta = nta_agent_create(
		wire->root, (url_string_t *)-1 /* binds nothing */, receive, wire,
		NTATAG_UA(!wire->settings->is_proxy), NTATAG_MERGE_482(0),
		/* The transport is chosen by the way, whatever the size. */
		NTATAG_UDP_MTU(65535), NTATAG_USE_NAPTR(0), NTATAG_USE_SRV(0),
		NTATAG_EXTRA_100(0),
		/* The user answers a cancelled INVITE. */
		NTATAG_CANCEL_487(0),
		/* What only others act on passes through even if malformed. */
		NTATAG_BAD_REQ_MASK(sip_mask_request),
		NTATAG_BAD_RESP_MASK(sip_mask_response), NTATAG_SERVER_RPORT(1),
		TAG_END());
	if (!wire->nta)
		return fault_say(fault, EMFILE, "cannot start the SIP stack");
	for (size_t i = 0; i < wire->settings->listen_count; i++)
		if ((err = listen_on(wire, i, fault)) < 0)
			return err;
	return read_peers(wire, fault);
}

int wire_open(struct loop *loop, const struct wire_settings *settings,
	      const struct wire_events *events, void *context, struct wire **result,
	      struct fault *fault)
{
	struct wire *wire = memory_new(sizeof *wire);
	int err;

	wire->loop = loop;
	wire->root = loop_root(loop);
	wire->settings = settings;
	wire->events = events;
	wire->context = context;
	wire->addresses = "";
	list_init(&wire->asks);
	wire->listeners = arena_alloc(&wire->arena,
				      settings->listen_count * sizeof *wire->listeners);
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

void wire_close(struct wire *wire)
{
	if (!wire)
		return;
	if (wire->end_asks)
		wire->end_asks(wire);
	if (wire->nta)
		nta_agent_destroy(wire->nta);
	for (size_t i = 0; i < wire->settings->peer_count; i++)
		su_free(NULL, wire->peers[i].url);
	arena_clear(&wire->arena);
	free(wire);
}

const char *wire_addresses(const struct wire *wire)
{
	return wire->addresses;
}

void wire_statistics(const struct wire *wire, struct wire_statistics *statistics)
{
	usize_t servers = 0, clients = 0;

	nta_agent_get_stats(wire->nta, NTATAG_S_IRQ_HASH_USED_REF(servers),
			    NTATAG_S_ORQ_HASH_USED_REF(clients), TAG_END());
	*statistics = (struct wire_statistics){ servers, clients };
}

struct loop *wire_loop(const struct wire *wire)
{
	return wire->loop;
}

const char *wire_domain(const struct wire *wire)
{
	return wire->settings->domain;
}

bool wire_is_proxy(const struct wire *wire)
{
	return wire->settings->is_proxy;
}

bool wire_is_listener(const struct wire *wire, const url_t *url)
{
	const char *port = url_port(url);

	if (!url->url_host)
		return false;
	for (size_t i = 0; i < wire->settings->listen_count; i++) {
		const struct listener *listener = &wire->listeners[i];

		if (host_cmp(url->url_host, listener->host) == 0 &&
		    strtoul(port, NULL, 10) == listener->port)
			return true;
	}
	return false;
}

bool wire_is_here(const struct wire *wire, const url_t *url)
{
	return wire_is_listener(wire, url) ||
	       (url->url_host && strcasecmp(url->url_host, wire->settings->domain) == 0);
}

msg_t *wire_message(struct wire *wire)
{
	return memory_checked(nta_msg_create(wire->nta, 0));
}
