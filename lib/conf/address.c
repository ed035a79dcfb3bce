/* SPDX-License-Identifier: MIT */
#include "conf/address.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *address_transport_name(enum conf_transport transport)
{
	static const char *const names[] = { "udp", "tcp", "tls" };

	return names[transport];
}

bool address_is_same(const struct conf_address *a, const struct conf_address *b)
{
	return a->transport == b->transport && a->port == b->port &&
	       strcmp(a->host, b->host) == 0;
}

/* RFC 3261 section 26.2.2: the scheme asks for TLS. */
static bool is_secure(const struct conf_address *address)
{
	return strncasecmp(address->uri, "sips:", 5) == 0;
}

/* ZONE, "eth0" or a number, under its name; NULL = there is none. */
static const char *zone_name(const char *zone, char name[static IF_NAMESIZE])
{
	unsigned index = if_nametoindex(zone);

	if (!index && *zone && strspn(zone, "0123456789") == strlen(zone))
		index = (unsigned)strtoul(zone, NULL, 10);
	return index ? if_indextoname(index, name) : NULL;
}

/* Appends ZONE (NULL = none is written) to the host that was read. */
static const char *take_zone(struct conf_address *address, const struct in6_addr *binary,
			     const char *zone, struct arena *arena)
{
	bool is_local = address->is_ipv6 && IN6_IS_ADDR_LINKLOCAL(binary);
	char name[IF_NAMESIZE];

	if (!zone && is_local)
		return arena_printf(
			arena,
			"must name the interface of its link-local address, as "
			"in [%s%%eth0]",
			address->host);
	if (!zone)
		return NULL;
	if (!is_local)
		return arena_printf(arena,
				    "may have no zone, \"%%%.80s\": %s is not link-local",
				    zone, address->host);
	if (!zone_name(zone, name))
		return arena_printf(arena,
				    "names the interface \"%.80s\", which does not exist",
				    zone);
	address->host = arena_printf(arena, "%s%%%s", address->host, name);
	return NULL;
}

static const char *take_host(struct conf_address *address, const char *text,
			     struct arena *arena)
{
	unsigned char binary[sizeof(struct in6_addr)] = { 0 };
	const char *percent = strchr(text, '%');
	char canonical[INET6_ADDRSTRLEN];
	const char *host = text;
	int family = address->is_ipv6 ? AF_INET6 : AF_INET;
	struct in6_addr in6;

	if (percent && address->is_ipv6)
		host = arena_strndup(arena, text, (size_t)(percent - text));
	if (inet_pton(family, host, binary) != 1 ||
	    !inet_ntop(family, binary, canonical, sizeof canonical))
		return arena_printf(arena,
				    "must have a numeric host such as 192.0.2.10 or "
				    "[2001:db8::10], not \"%.80s\"",
				    text);
	if (strncmp(canonical, "::ffff:", 7) == 0 && strchr(canonical, '.'))
		return arena_printf(arena,
				    "must have the IPv4 address %s as such, not in IPv6",
				    canonical + 7);
	if (strcmp(canonical, "0.0.0.0") == 0 || strcmp(canonical, "::") == 0)
		return arena_printf(
			arena,
			"must name one address that others can reach, not %s; "
			"for several addresses write an entry each",
			canonical);
	address->host = arena_strdup(arena, canonical);
	memcpy(&in6, binary, sizeof in6);
	return take_zone(address, &in6, host == text ? NULL : percent + 1, arena);
}

/* Splits the host from *REST: up to a port, a parameter or the end. */
static const char *parse_host(struct conf_address *address, const char **rest,
			      struct arena *arena)
{
	const char *start = *rest, *end, *host;

	address->is_ipv6 = *start == '[';
	if (address->is_ipv6) {
		end = strchr(++start, ']');
		if (!end)
			return "must close the bracket of its IPv6 address, as in "
			       "sip:[2001:db8::10]:5062";
		*rest = end + 1;
	} else {
		end = *rest = start + strcspn(start, ":;?>");
	}
	host = arena_strndup(arena, start, (size_t)(end - start));
	return take_host(address, *host ? host : start, arena);
}

static const char *parse_port(struct conf_address *address, const char **rest,
			      unsigned min_port, struct arena *arena)
{
	const char *digits, *text;
	unsigned long port;
	size_t length;

	if (**rest != ':')
		return NULL;
	digits = *rest + 1;
	length = strcspn(digits, ";?");
	text = arena_strndup(arena, digits, length);
	port = strtoul(text, NULL, 10);
	if (length == 0 || length > 5 || strspn(text, "0123456789") != length ||
	    port < min_port || port > 65535)
		return arena_printf(arena, "must have a port %u..65535, not \"%.80s\"",
				    min_port, text);
	address->port = (unsigned)port;
	*rest = digits + length;
	return NULL;
}

static const char *parse_transport(struct conf_address *address, const char *value,
				   struct arena *arena)
{
	enum conf_transport transport = TRANSPORT_UDP;

	while (strcasecmp(value, address_transport_name(transport)) != 0)
		if (transport++ == TRANSPORT_TLS)
			return arena_printf(
				arena,
				"must have transport=udp, tcp or tls, not \"%.80s\"",
				value);
	if (!is_secure(address))
		address->transport = transport;
	else if (transport == TRANSPORT_UDP)
		return "must not have transport=udp, because sips: asks for TLS";
	return NULL;
}

static const char *parse_parameters(struct conf_address *address, const char *rest,
				    struct arena *arena)
{
	static const char transport[] = "transport=";
	const size_t length = sizeof transport - 1;
	bool is_given = false;

	while (*rest == ';') {
		size_t size = strcspn(++rest, ";?");
		const char *parameter = arena_strndup(arena, rest, size), *complaint;

		if (strncasecmp(parameter, transport, length) != 0)
			return arena_printf(
				arena,
				"may have no parameter but transport=udp, tcp or tls, "
				"not \"%.80s\"",
				parameter);
		if (is_given)
			return "must give its transport once";
		is_given = true;
		complaint = parse_transport(address, parameter + length, arena);
		if (complaint)
			return complaint;
		rest += size;
	}
	if (*rest)
		return arena_printf(arena,
				    "must be sip:HOST:PORT;transport=udp, tcp or tls, "
				    "without \"%.80s\" at its end",
				    rest);
	return NULL;
}

const char *address_parse(struct conf_address *address, const char *text,
			  unsigned min_port, struct arena *arena)
{
	enum { NOT_WRITTEN = 65536 };
	const char *rest = text, *complaint;

	*address = (struct conf_address){ .uri = arena_strdup(arena, text),
					  .port = NOT_WRITTEN };
	if (is_secure(address))
		address->transport = TRANSPORT_TLS;
	else if (strncasecmp(text, "sip:", 4) != 0)
		return arena_printf(
			arena,
			"must be an address such as "
			"\"sip:192.0.2.10:5062;transport=udp\", not \"%.80s\"",
			text);
	rest = strchr(text, ':') + 1;
	if (strchr(rest, '@'))
		return "must have no user part, only sip:HOST:PORT;transport=udp, tcp or tls";
	complaint = parse_host(address, &rest, arena);
	if (!complaint)
		complaint = parse_port(address, &rest, min_port, arena);
	if (!complaint)
		complaint = parse_parameters(address, rest, arena);
	if (address->port == NOT_WRITTEN)
		address->port = address->transport == TRANSPORT_TLS ? 5061 : 5060;
	return complaint;
}
