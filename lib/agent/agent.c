/* SPDX-License-Identifier: MIT */
#include "agent/agent.h"

#include "agent/half.h"
#include "agent/peer.h"
#include "agent/receive.h"
#include "agent/reservation.h"
#include "agent/root.h"
#include "base/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Sofia's own chatter ends here; it is debugging output of another program. */
__attribute__((format(printf, 2, 0))) static void
log_sofia(void *stream, const char *format, va_list args)
{
	char text[512];

	(void)stream;
	if (!log_is_on(LOG_DEBUG))
		return;
	vsnprintf(text, sizeof text, format, args);
	text[strcspn(text, "\n")] = '\0';
	log_debug("sofia: %s", text);
}

static const char *bracket(struct arena *arena, const char *host)
{
	return strchr(host, ':') ? arena_printf(arena, "[%s]", host)
				 : arena_strdup(arena, host);
}

/* A connection unused for so long is closed; Sofia's own half an hour keeps the dead ones. */
enum { LISTEN_IDLE_MS = 180 * 1000 };

/* Learns the port Sofia bound for LISTENER. */
static int read_port(struct agent *agent, struct listener *listener)
{
	const tport_t *tport;

	for (tport = tport_primaries(nta_agent_tports(agent->nta)); tport;
	     tport = tport_next(tport)) {
		const tp_name_t *name = tport_name(tport);

		if (name->tpn_ident && strcmp(name->tpn_ident, listener->ident) == 0) {
			listener->port = (unsigned)strtoul(name->tpn_port, NULL, 10);
			return 0;
		}
	}
	return -ENOENT;
}

static int listen_on(struct agent *agent, size_t i, struct fault *fault)
{
	const struct agent_address *address = &agent->settings->listen[i];
	struct listener *listener = &agent->listeners[i];
	char port[16] = "*", uri[160];

	snprintf(listener->ident, sizeof listener->ident, "listen-%zu", i);
	listener->host = bracket(&agent->arena, address->host);
	listener->transport = address->transport;
	listener->is_ipv6 = strchr(address->host, ':') != NULL;
	if (address->port)
		snprintf(port, sizeof port, "%u", address->port);
	snprintf(uri, sizeof uri, "sip:%s:%s;transport=%s", listener->host, port,
		 listener->transport);
	if (nta_agent_add_tport(agent->nta, URL_STRING_MAKE(uri),
				TPTAG_IDENT(listener->ident), TPTAG_IDLE(LISTEN_IDLE_MS),
				TAG_END()) < 0)
		return fault_say(fault, errno ? errno : EADDRINUSE,
				 "cannot listen on %s: %s", uri,
				 strerror(errno ? errno : EADDRINUSE));
	if (read_port(agent, listener) < 0)
		return fault_say(fault, EADDRNOTAVAIL, "cannot listen on %s", uri);
	agent->addresses = arena_printf(&agent->arena, "%s%ssip:%s:%u;transport=%s",
					agent->addresses, i ? " " : "", listener->host,
					listener->port, listener->transport);
	return 0;
}

static int start(struct agent *agent, struct fault *fault)
{
	const struct agent_settings *settings = agent->settings;
	int err;

	su_log_redirect(NULL, log_sofia, NULL);
	agent->nta = nta_agent_create(
		agent->root, (url_string_t *)-1 /* binds nothing */, receive_any, agent,
		NTATAG_UA(!settings->is_proxy_model), NTATAG_MERGE_482(0),
		/* The transport is ours to choose, whatever the size. */
		NTATAG_UDP_MTU(65535), NTATAG_USE_NAPTR(0), NTATAG_USE_SRV(0),
		NTATAG_EXTRA_100(0),
		/* The call's table answers a cancelled INVITE. */
		NTATAG_CANCEL_487(0),
		/* What only others act on passes through even if malformed. */
		NTATAG_BAD_REQ_MASK(sip_mask_request),
		NTATAG_BAD_RESP_MASK(sip_mask_response), NTATAG_SERVER_RPORT(1),
		TAG_END());
	agent->reaper = su_timer_create(su_root_task(agent->root), 0);
	if (!agent->nta || !agent->reaper)
		return fault_say(fault, ENOMEM, "cannot start the SIP stack");
	for (size_t i = 0; i < settings->listen_count; i++)
		if ((err = listen_on(agent, i, fault)) < 0)
			return err;
	return peer_init(agent, fault);
}

int agent_new(struct loop *loop, const struct agent_settings *settings,
	      const struct agent_hooks *hooks, void *context, struct agent **result,
	      struct fault *fault)
{
	struct agent *agent = calloc(1, sizeof *agent);
	int err;

	if (!agent)
		return fault_say(fault, ENOMEM, "out of memory");
	agent->root = loop_root(loop);
	agent->settings = settings;
	agent->hooks = hooks;
	agent->context = context;
	agent->addresses = "";
	list_init(&agent->halves);
	list_init(&agent->strays);
	list_init(&agent->graves);
	list_init(&agent->reservations);
	list_init(&agent->line_graves);
	index_init(&agent->line_index);
	agent->board = board_new();
	index_init(&agent->half_index);
	index_init(&agent->dialog_index);
	agent->listeners = arena_alloc(&agent->arena,
				       settings->listen_count * sizeof *agent->listeners);
	agent->peers =
		arena_alloc(&agent->arena, settings->proxy_count * sizeof *agent->peers);
	err = start(agent, fault);
	if (err < 0) {
		agent_free(agent);
		return err;
	}
	*result = agent;
	return 0;
}

void agent_free(struct agent *agent)
{
	if (!agent)
		return;
	while (!list_is_empty(&agent->halves))
		half_free(container_of(agent->halves.next, struct half_call, node));
	while (!list_is_empty(&agent->graves))
		half_free(container_of(agent->graves.next, struct half_call, node));
	while (!list_is_empty(&agent->reservations))
		reservation_free(
			container_of(agent->reservations.next, struct reservation, node));
	while (!list_is_empty(&agent->line_graves))
		reservation_free(
			container_of(agent->line_graves.next, struct reservation, node));
	while (!list_is_empty(&agent->strays))
		exchange_free(container_of(agent->strays.next, struct exchange, node));
	su_timer_destroy(agent->reaper);
	if (agent->nta)
		nta_agent_destroy(agent->nta);
	for (size_t i = 0; i < agent->settings->proxy_count; i++)
		su_free(NULL, agent->peers[i].url);
	board_free(agent->board);
	arena_clear(&agent->arena);
	free(agent);
}

/* Runs on the root's thread, after whatever callback ended the calls has returned. */
static void reap(su_root_magic_t *magic, su_timer_t *timer, su_timer_arg_t *arg)
{
	struct agent *agent = arg;

	(void)magic;
	(void)timer;
	while (!list_is_empty(&agent->graves))
		half_free(container_of(agent->graves.next, struct half_call, node));
	while (!list_is_empty(&agent->line_graves))
		reservation_free(
			container_of(agent->line_graves.next, struct reservation, node));
	if (agent->is_draining && agent->half_count == 0 && agent->reservation_count == 0)
		agent->hooks->idle(agent->context);
}

void agent_reap_soon(struct agent *agent)
{
	su_timer_set_interval(agent->reaper, reap, agent, 1);
}

const char *agent_addresses(const struct agent *agent)
{
	return agent->addresses;
}

void agent_show(struct agent *agent, const struct shown_dialog *dialog)
{
	if (agent->hooks->show)
		agent->hooks->show(agent->context, dialog);
}

void agent_drain(struct agent *agent)
{
	agent->is_draining = true;
	if (agent->half_count == 0 && agent->reservation_count == 0)
		agent->hooks->idle(agent->context);
}

void agent_statistics(const struct agent *agent, struct agent_statistics *statistics)
{
	usize_t servers = 0, clients = 0;

	nta_agent_get_stats(agent->nta, NTATAG_S_IRQ_HASH_USED_REF(servers),
			    NTATAG_S_ORQ_HASH_USED_REF(clients), TAG_END());
	*statistics = (struct agent_statistics){
		.calls = agent->calls,
		.halves = agent->half_count,
		.reservations = agent->reservation_count,
		.lines = board_in_use(agent->board, NULL),
		.server_transactions = servers,
		.client_transactions = clients,
		.dialogs = agent->dialog_count,
	};
}
