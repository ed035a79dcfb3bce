/* SPDX-License-Identifier: MIT */
#include "wire/core.h"

#include "base/memory.h"
#include "wire/endpoint.h"
#include "wire/listener.h"
#include "wire/uri.h"

#include <strings.h>

uint64_t core_unique(struct wire *wire)
{
	struct digest digest;
	uint64_t result[2];

	digest_init(&digest, &wire->secret);
	digest_add(&digest, &wire->sequence, sizeof wire->sequence);
	digest_end(&digest, result);
	wire->sequence++;
	return result[0];
}

const char *wire_addresses(const struct wire *wire)
{
	return wire->addresses;
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
	size_t count = transport_listener_count(wire->transport);
	struct sockaddr_storage address;

	if (!url->url_host || endpoint_read(url->url_host, uri_port(url), &address) < 0)
		return false;
	for (size_t i = 0; i < count; i++)
		if (endpoint_is_same(&address, listener_endpoint(transport_listener(
						       wire->transport, i))))
			return true;
	return false;
}

bool wire_is_here(const struct wire *wire, const url_t *url)
{
	return wire_is_listener(wire, url) ||
	       (url->url_host && strcasecmp(url->url_host, wire->settings->domain) == 0);
}

msg_t *wire_message(struct wire *wire)
{
	(void)wire;
	return memory_checked(msg_create(sip_default_mclass(), 0));
}
