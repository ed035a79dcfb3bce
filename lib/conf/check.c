/* SPDX-License-Identifier: MIT */
#include "conf/address.h"
#include "conf/reader.h"

#include <string.h>

/* Where entry I of the list NAME stands; the list was read, so it is there. */
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

/* We send from a listening address, so there must be one of the proxy's kind. */
static void check_reachable(struct reader *reader, size_t i)
{
	const struct conf *conf = reader->conf;
	const struct conf_address *proxy = &conf->proxies[i].address;

	if (!proxy->host || conf->listen_count == 0)
		return;
	for (size_t j = 0; j < conf->listen_count; j++) {
		const struct conf_address *ours = &conf->listen[j];

		if (!ours->host)
			return;	/* told already; it may have been the one */
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

void check_lists(struct reader *reader)
{
	check_listen(reader);
	for (size_t i = 0; i < reader->conf->proxy_count; i++) {
		check_doublets(reader, i);
		check_reachable(reader, i);
	}
}
