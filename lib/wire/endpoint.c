/* SPDX-License-Identifier: MIT */
#include "wire/endpoint.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct sockaddr_in *v4(const struct sockaddr_storage *endpoint)
{
	return (const struct sockaddr_in *)(const void *)endpoint;
}

static const struct sockaddr_in6 *v6(const struct sockaddr_storage *endpoint)
{
	return (const struct sockaddr_in6 *)(const void *)endpoint;
}

static int read_zone(const char *zone, uint32_t *scope)
{
	char *end;
	unsigned long number = strtoul(zone, &end, 10);

	if (*zone >= '0' && *zone <= '9' && !*end && number && number <= UINT32_MAX) {
		*scope = (uint32_t)number;
		return 0;
	}
	*scope = if_nametoindex(zone);
	return *scope ? 0 : -ENODEV;
}

static int read_v6(const char *host, unsigned port, struct sockaddr_in6 *in6)
{
	char text[INET6_ADDRSTRLEN + IF_NAMESIZE + 2], *zone;
	size_t length = strlen(host);

	if (*host == '[') {
		if (length < 2 || host[length - 1] != ']')
			return -EINVAL;
		host++;
		length -= 2;
	}
	if (length >= sizeof text)
		return -EINVAL;
	memcpy(text, host, length);
	text[length] = '\0';
	zone = strchr(text, '%');
	if (zone)
		*zone++ = '\0';
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons((uint16_t)port);
	if (inet_pton(AF_INET6, text, &in6->sin6_addr) != 1)
		return -EINVAL;
	return zone ? read_zone(zone, &in6->sin6_scope_id) : 0;
}

int endpoint_read(const char *host, unsigned port, struct sockaddr_storage *endpoint)
{
	struct sockaddr_in *in = (struct sockaddr_in *)(void *)endpoint;
	int err;

	memset(endpoint, 0, sizeof *endpoint);
	if (port > UINT16_MAX)
		return -EINVAL;
	if (inet_pton(AF_INET, host, &in->sin_addr) == 1) {
		in->sin_family = AF_INET;
		in->sin_port = htons((uint16_t)port);
		return 0;
	}
	err = read_v6(host, port, (struct sockaddr_in6 *)(void *)endpoint);
	if (err == 0)
		endpoint_unmap(endpoint);
	return err;
}

void endpoint_unmap(struct sockaddr_storage *endpoint)
{
	struct sockaddr_in in = { .sin_family = AF_INET };

	if (endpoint->ss_family != AF_INET6 ||
	    !IN6_IS_ADDR_V4MAPPED(&v6(endpoint)->sin6_addr))
		return;
	in.sin_port = v6(endpoint)->sin6_port;
	memcpy(&in.sin_addr, &v6(endpoint)->sin6_addr.s6_addr[12], 4);
	memset(endpoint, 0, sizeof *endpoint);
	memcpy(endpoint, &in, sizeof in);
}

socklen_t endpoint_size(const struct sockaddr_storage *endpoint)
{
	return endpoint->ss_family == AF_INET ? sizeof(struct sockaddr_in)
					      : sizeof(struct sockaddr_in6);
}

unsigned endpoint_port(const struct sockaddr_storage *endpoint)
{
	return ntohs(endpoint->ss_family == AF_INET ? v4(endpoint)->sin_port
						    : v6(endpoint)->sin6_port);
}

static bool is_one_zone(const struct sockaddr_storage *a,
			const struct sockaddr_storage *b)
{
	return !v6(a)->sin6_scope_id || !v6(b)->sin6_scope_id ||
	       v6(a)->sin6_scope_id == v6(b)->sin6_scope_id;
}

bool endpoint_is_same_host(const struct sockaddr_storage *a,
			   const struct sockaddr_storage *b)
{
	if (a->ss_family != b->ss_family)
		return false;
	if (a->ss_family == AF_INET)
		return v4(a)->sin_addr.s_addr == v4(b)->sin_addr.s_addr;
	if (a->ss_family != AF_INET6)
		return false;
	return is_one_zone(a, b) &&
	       memcmp(&v6(a)->sin6_addr, &v6(b)->sin6_addr, sizeof(struct in6_addr)) == 0;
}

bool endpoint_is_same(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
	return endpoint_is_same_host(a, b) && endpoint_port(a) == endpoint_port(b);
}

bool endpoint_may_reach(const struct sockaddr_storage *a,
			const struct sockaddr_storage *b)
{
	bool is_local;

	if (a->ss_family != b->ss_family)
		return false;
	if (a->ss_family != AF_INET6)
		return true;
	is_local = IN6_IS_ADDR_LINKLOCAL(&v6(a)->sin6_addr);
	return is_local == IN6_IS_ADDR_LINKLOCAL(&v6(b)->sin6_addr) &&
	       (!is_local || is_one_zone(a, b));
}

bool endpoint_is_any(const struct sockaddr_storage *endpoint)
{
	if (endpoint->ss_family == AF_INET)
		return v4(endpoint)->sin_addr.s_addr == htonl(INADDR_ANY);
	return IN6_IS_ADDR_UNSPECIFIED(&v6(endpoint)->sin6_addr);
}

uint64_t endpoint_hash(const struct sockaddr_storage *endpoint)
{
	uint64_t words[2] = { 0, 0 };

	if (endpoint->ss_family == AF_INET)
		words[0] = v4(endpoint)->sin_addr.s_addr;
	else
		memcpy(words, &v6(endpoint)->sin6_addr, sizeof words);
	words[0] = (words[0] ^ (words[1] >> 29)) * UINT64_C(0x9e3779b97f4a7c15);
	words[0] =
		(words[0] ^ (words[0] >> 32) ^ words[1]) * UINT64_C(0xbf58476d1ce4e5b9);
	return words[0] ^ (words[0] >> 31);
}

const char *endpoint_host(const struct sockaddr_storage *endpoint,
			  char text[static ENDPOINT_TEXT])
{
	char host[INET6_ADDRSTRLEN] = "";

	if (endpoint->ss_family == AF_INET) {
		inet_ntop(AF_INET, &v4(endpoint)->sin_addr, host, sizeof host);
		snprintf(text, ENDPOINT_TEXT, "%s", host);
	} else {
		inet_ntop(AF_INET6, &v6(endpoint)->sin6_addr, host, sizeof host);
		snprintf(text, ENDPOINT_TEXT, "[%s]", host);
	}
	return text;
}

const char *endpoint_text(const struct sockaddr_storage *endpoint,
			  char text[static ENDPOINT_TEXT])
{
	size_t used = strlen(endpoint_host(endpoint, text));

	snprintf(text + used, ENDPOINT_TEXT - used, ":%u", endpoint_port(endpoint));
	return text;
}
