/* SPDX-License-Identifier: MIT */
#include "server/settings.h"

#include <string.h>

static struct wire_address address_of(const struct conf_address *address)
{
	static const char *const names[] = {
		[TRANSPORT_UDP] = "udp", [TRANSPORT_TCP] = "tcp", [TRANSPORT_TLS] = "tls"
	};

	return (struct wire_address){
		.host = address->host,
		.port = address->port,
		.transport = names[address->transport],
	};
}

/* Entries with one IP address are one neighbour, and share the name (lib/conf sees to it that
 * there is one). */
static const char *tls_name_of(const struct conf *conf, const struct conf_proxy *proxy)
{
	for (size_t i = 0; i < conf->proxy_count && !proxy->tls_name; i++)
		if (conf->proxies[i].tls_name &&
		    strcmp(conf->proxies[i].address.host, proxy->address.host) == 0)
			return conf->proxies[i].tls_name;
	return proxy->tls_name;
}

struct wire_tls settings_tls(const struct conf *conf)
{
	return (struct wire_tls){
		.certificate = conf->tls.certificate,
		.key = conf->tls.key,
		.authorities = conf->tls.ca,
		.is_mutual = conf->tls.mutual,
	};
}

/* NULL = there is no TLS. */
static const struct wire_tls *keep_tls(const struct conf *conf, struct arena *arena)
{
	struct wire_tls *tls;

	if (!conf->tls.certificate)
		return NULL;
	tls = arena_alloc(arena, sizeof *tls);
	*tls = settings_tls(conf);
	return tls;
}

static struct wire_limits limits_of(const struct conf *conf)
{
	return (struct wire_limits){
		.message_bytes = conf->limits.message_bytes,
		.header_lines = conf->limits.header_lines,
		.connections = conf->limits.connections,
		.reserved_connections = conf->limits.reserved_connections,
		.address_connections = conf->limits.address_connections,
		.incomplete_ms = conf->limits.incomplete_ms,
		.connect_ms = conf->limits.connect_ms,
		.handshake_ms = conf->limits.handshake_ms,
		.idle_ms = 1000 * conf->limits.idle_s,
		.silent_ms = 1000 * conf->limits.silent_s,
		.queue_bytes = conf->limits.queue_bytes,
	};
}

void settings_refresh(struct agent_settings *settings, const struct conf *conf)
{
	settings->invite = (struct invite_settings){
		.product = conf->identity.product,
		.is_evolution = conf->call.server == SERVER_EVOLUTION,
		.forwards_as_origdone = conf->call.forward_phase == FORWARD_ORIGDONE,
		.writes_diversion = conf->call.diversion,
		.writes_asserted = conf->identity.asserted,
		.writes_alert_info = conf->identity.alert_info,
		.writes_history_info = conf->identity.history_info,
		.respects_privacy = conf->identity.privacy,
	};
	settings->half.reservation_s = conf->line.reservation_s;
	settings->half.reserves_reliably = conf->line.reliable;
	settings->half.reservation_timeout_status = conf->denial.reservation_timeout;
	settings->admission = (struct wire_admission){
		.delay_ms = conf->admission.delay_ms,
		.retry_after_s = conf->admission.retry_after_s,
		.urgent_rate = conf->admission.emergencies,
		.transactions = conf->admission.transactions,
	};
	settings->calls = conf->admission.calls;
	settings->reserved_calls = conf->admission.reserve;
	settings->ignores_strangers = !conf->peers.refuse;
	settings->plays_dead = !conf->monitor.alive;
}

void settings_fill(struct agent_settings *settings, const struct conf *conf,
		   struct arena *arena)
{
	struct wire_address *listen =
		arena_alloc(arena, conf->listen_count * sizeof *listen);
	struct wire_peer *peers = arena_alloc(arena, conf->proxy_count * sizeof *peers);

	for (size_t i = 0; i < conf->listen_count; i++)
		listen[i] = address_of(&conf->listen[i]);
	for (size_t i = 0; i < conf->proxy_count; i++) {
		peers[i].name = conf->proxies[i].name;
		peers[i].address = address_of(&conf->proxies[i].address);
		peers[i].tls_name = tls_name_of(conf, &conf->proxies[i]);
	}
	*settings = (struct agent_settings){
		.wire = {
			.listen = listen,
			.listen_count = conf->listen_count,
			.peers = peers,
			.peer_count = conf->proxy_count,
			.domain = conf->domain,
			.tls = keep_tls(conf, arena),
			.limits = limits_of(conf),
			.is_proxy = conf->call.model == MODEL_PROXY,
		},
	};
	settings_refresh(settings, conf);
}

/* The features that can be named, with their actions for on and off. */
static void take_feature_names(struct policy *policy, const struct conf *conf)
{
	static const struct feature_name features[] = {
		[FEATURE_CALL_FWD_ALL] = { NULL, ACTION_FORWARD_ALL_ON,
					   ACTION_FORWARD_ALL_OFF },
		[FEATURE_CALL_FWD_BUSY] = { NULL, ACTION_FORWARD_BUSY_ON,
					    ACTION_FORWARD_BUSY_OFF },
		[FEATURE_CALL_FWD_NO_ANSWER] = { NULL, ACTION_FORWARD_NO_ANSWER_ON,
						 ACTION_FORWARD_NO_ANSWER_OFF },
		[FEATURE_SEND_ALL_CALLS] = { NULL, ACTION_SEND_ALL_CALLS_ON,
					     ACTION_SEND_ALL_CALLS_OFF },
	};

	for (size_t i = 0; i < conf->feature_name_count && i < FEATURE_NAMES_MAX; i++) {
		struct feature_name *name = &policy->feature_names[i];

		*name = features[conf->feature_names[i].feature];
		name->name = conf->feature_names[i].name;
		policy->feature_name_count++;
	}
}

struct policy settings_policy(const struct conf *conf)
{
	struct policy policy = {
		.routes_untagged = conf->call.untagged == UNTAGGED_ROUTE,
		.trunk_members = conf->call.trunk_members,
		.restricted_status = conf->denial.restricted,
		.unknown_status = conf->denial.unknown,
		.forward_hops = conf->call.forward_hops,
		.is_chained = conf->call.chained,
		.no_answer_s = conf->call.no_answer_s,
	};

	take_feature_names(&policy, conf);
	return policy;
}
