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

/* Requests leave from a listening address, so one must have the proxy's transport and
 * family. */
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
		    ours->is_ipv6 == proxy->is_ipv6)
			return;
	}
	reader_fault(reader, entry_at(reader, "proxies", i, "address"),
		     "proxies[%zu].address cannot be reached: listen has no address with "
		     "transport=%s over %s",
		     i, address_transport_name(proxy->transport),
		     proxy->is_ipv6 ? "IPv6" : "IPv4");
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

void check_lists(struct reader *reader)
{
	check_listen(reader);
	for (size_t i = 0; i < reader->conf->feature_name_count; i++)
		check_feature_name(reader, i);
	for (size_t i = 0; i < reader->conf->proxy_count; i++) {
		check_doublets(reader, i);
		check_reachable(reader, i);
	}
}
