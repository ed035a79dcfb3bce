/* SPDX-License-Identifier: MIT */
#include "conf/check.h"

#include "conf/address.h"

#include <string.h>
#include <strings.h>

/* File and line of entry I of the list NAME, which has been read and so exists. */
static struct source_line entry_at(const struct reader *reader, const char *name,
				   size_t i, const char *member)
{
	config_setting_t *list = config_lookup(&reader->file, name);
	config_setting_t *entry = config_setting_get_elem(list, (unsigned)i);

	return reader_at(reader,
			 member ? config_setting_get_member(entry, member) : entry);
}

static void check_listen(struct reader *reader)
{
	const struct conf_address *listen = reader->conf->listen;

	for (size_t i = 0; i < reader->conf->listen_count; i++)
		for (size_t j = 0; j < i; j++)
			if (listen[i].host && listen[j].host && listen[i].port != 0 &&
			    address_is_same(&listen[i], &listen[j])) {
				reader_fault(
					reader, entry_at(reader, "listen", i, NULL),
					"listen[%zu] is the same address as listen[%zu]",
					i, j);
				break;
			}
}

static void check_doublets(struct reader *reader, size_t i)
{
	const struct conf_proxy *proxies = reader->conf->proxies;

	for (size_t j = 0; proxies[i].name && j < i; j++)
		if (proxies[j].name && strcmp(proxies[i].name, proxies[j].name) == 0) {
			reader_fault(
				reader, entry_at(reader, "proxies", i, "name"),
				"proxies[%zu].name must be unique, but \"%s\" is also the name "
				"of proxies[%zu]",
				i, proxies[i].name, j);
			break;
		}
	for (size_t j = 0; proxies[i].address.host && j < i; j++)
		if (proxies[j].address.host &&
		    address_is_same(&proxies[i].address, &proxies[j].address)) {
			reader_fault(
				reader, entry_at(reader, "proxies", i, "address"),
				"proxies[%zu].address is the same address as that of "
				"proxies[%zu]",
				i, j);
			break;
		}
}

/* The interface of a link-local ADDRESS with its %, "" = it is none. */
static const char *zone_of(const struct conf_address *address)
{
	const char *zone = strchr(address->host, '%');

	return zone ? zone : "";
}

/* Requests leave from a listening address, so one must have the proxy's transport, family
 * and, if link-local, interface. */
static void check_reachable(struct reader *reader, size_t i)
{
	const struct conf *conf = reader->conf;
	const struct conf_address *proxy = &conf->proxies[i].address;

	if (!proxy->host || conf->listen_count == 0)
		return;
	for (size_t j = 0; j < conf->listen_count; j++) {
		const struct conf_address *ours = &conf->listen[j];

		if (!ours->host)
			return;	/* a fault of `listen` was reported; it may be the cause */
		if (ours->transport == proxy->transport &&
		    ours->is_ipv6 == proxy->is_ipv6 &&
		    strcmp(zone_of(ours), zone_of(proxy)) == 0)
			return;
	}
	reader_fault(reader, entry_at(reader, "proxies", i, "address"),
		     "proxies[%zu].address cannot be reached: listen has no address with "
		     "transport=%s over %s",
		     i, address_transport_name(proxy->transport),
		     *zone_of(proxy)  ? arena_printf(&reader->scratch, "interface %s",
						     zone_of(proxy) + 1)
		     : proxy->is_ipv6 ? "IPv6"
				      : "IPv4");
}

static void check_feature_name(struct reader *reader, size_t i)
{
	const struct conf_feature_name *names = reader->conf->feature_names;

	for (size_t j = 0; names[i].name && j < i; j++)
		if (names[j].name && strcasecmp(names[i].name, names[j].name) == 0) {
			reader_fault(
				reader, entry_at(reader, "feature_names", i, "name"),
				"feature_names[%zu].name must be unique, but \"%s\" is "
				"also the name of feature_names[%zu]",
				i, names[i].name, j);
			break;
		}
}

/* The default names: those of the features. */
void check_preset_feature_names(struct reader *reader)
{
	static const struct conf_feature_name names[] = {
		{ "call-fwd-all", FEATURE_CALL_FWD_ALL },
		{ "call-fwd-busy", FEATURE_CALL_FWD_BUSY },
		{ "call-fwd-no-answer", FEATURE_CALL_FWD_NO_ANSWER },
		{ "send-all-calls", FEATURE_SEND_ALL_CALLS },
	};
	struct conf *conf = reader->conf;

	conf->feature_names = arena_alloc(&conf->arena, sizeof names);
	memcpy(conf->feature_names, names, sizeof names);
	conf->feature_name_count = sizeof names / sizeof *names;
}

/* File and line of the setting PATH, or else of its GROUP. */
static struct source_line place_of(const struct reader *reader, const char *group,
				   const char *path)
{
	const config_setting_t *setting = config_lookup(&reader->file, path);

	if (!setting)
		setting = config_lookup(&reader->file, group);
	return setting ? reader_at(reader, setting) : source_at(&reader->source, 1);
}

/* Whoever uses TLS needs a certificate; one of ours is used at both ends of a connection. */
static void check_certificate(struct reader *reader)
{
	struct conf *conf = reader->conf;
	bool is_used = conf->tls.certificate || conf->tls.key;

	for (size_t i = 0; i < conf->listen_count && !is_used; i++)
		if (conf->listen[i].transport == TRANSPORT_TLS && conf->listen[i].host) {
			reader_fault(reader, entry_at(reader, "listen", i, NULL),
				     "listen[%zu] asks for TLS, which needs "
				     "tls.certificate and tls.key",
				     i);
			return;
		}
	if (!is_used && !conf->tls.ca && !conf->tls.mutual)
		return;
	if (!conf->tls.certificate)
		reader_fault(reader, place_of(reader, "tls", "tls"),
			     "tls.certificate is missing");
	if (!conf->tls.key)
		reader_fault(reader, place_of(reader, "tls", "tls"),
			     "tls.key is missing: the private key of tls.certificate");
}

/* What cannot be said in a row: where a file that is of no use was named. */
static void remember_tls(struct reader *reader)
{
	struct source_line at = place_of(reader, "tls", "tls");

	if (config_lookup(&reader->file, "tls"))
		reader->conf->tls.at =
			arena_printf(&reader->conf->arena, "%s:%u", at.file, at.line);
}

static bool is_one_host(const struct conf_proxy *a, const struct conf_proxy *b)
{
	return a->address.host && b->address.host &&
	       strcmp(a->address.host, b->address.host) == 0;
}

/* A proxy is known by its IP address, so entries with one address share the name. */
static void check_tls_name(struct reader *reader, size_t i)
{
	const struct conf *conf = reader->conf;
	const struct conf_proxy *proxy = &conf->proxies[i];
	bool is_named = proxy->tls_name;

	for (size_t j = 0; j < conf->proxy_count; j++) {
		const struct conf_proxy *other = &conf->proxies[j];

		if (!other->tls_name || !is_one_host(proxy, other))
			continue;
		if (j < i && proxy->tls_name &&
		    strcasecmp(proxy->tls_name, other->tls_name) != 0) {
			reader_fault(reader, entry_at(reader, "proxies", i, "tls_name"),
				     "proxies[%zu].tls_name must be \"%s\" like that of "
				     "proxies[%zu]: they have one IP address",
				     i, other->tls_name, j);
			return;
		}
		is_named = true;
	}
	/* The authorities of the system sign everybody's certificate. */
	if (!is_named && proxy->address.transport == TRANSPORT_TLS &&
	    conf->tls.certificate && !conf->tls.ca)
		reader_fault(
			reader, entry_at(reader, "proxies", i, NULL),
			"proxies[%zu].tls_name is missing: without it and tls.ca, any "
			"certificate that an authority of the system has signed would do",
			i);
}

static void check_limits(struct reader *reader)
{
	const struct conf *conf = reader->conf;

	if (conf->limits.reserved_connections >= conf->limits.connections)
		reader_fault(
			reader, place_of(reader, "limits", "limits.reserved_connections"),
			"limits.reserved_connections must be less than limits.connections "
			"(%u), not %u",
			conf->limits.connections, conf->limits.reserved_connections);
	if (conf->limits.queue_bytes < conf->limits.message_bytes)
		reader_fault(reader, place_of(reader, "limits", "limits.queue_bytes"),
			     "limits.queue_bytes must be at least limits.message_bytes "
			     "(%u), not %u",
			     conf->limits.message_bytes, conf->limits.queue_bytes);
}

void check_lists(struct reader *reader)
{
	check_listen(reader);
	check_certificate(reader);
	remember_tls(reader);
	check_limits(reader);
	for (size_t i = 0; i < reader->conf->feature_name_count; i++)
		check_feature_name(reader, i);
	for (size_t i = 0; i < reader->conf->proxy_count; i++) {
		check_doublets(reader, i);
		check_reachable(reader, i);
		check_tls_name(reader, i);
	}
}
