/* SPDX-License-Identifier: MIT */
#include "conf/address.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char no_tls[] =
	"asks for TLS, which is not available in this version; use transport=tcp or udp";

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

/* Splits the host from *REST: up to a port, a parameter or the end. */
static const char *parse_host(struct conf_address *address, const char **rest,
			      struct arena *arena)
{
	const char *start = *rest, *end;
	unsigned char binary[sizeof(struct in6_addr)];
	char canonical[INET6_ADDRSTRLEN];
	const char *host;
	int family;

	address->is_ipv6 = *start == '[';
	family = address->is_ipv6 ? AF_INET6 : AF_INET;
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
	if (inet_pton(family, host, binary) != 1 ||
	    !inet_ntop(family, binary, canonical, sizeof canonical))
		return arena_printf(arena,
				    "must have a numeric host such as 192.0.2.10 or "
				    "[2001:db8::10], not \"%.80s\"",
				    *host ? host : start);
	if (strncmp(canonical, "::ffff:", 7) == 0 && strchr(canonical, '.'))
		return arena_printf(arena,
				    "must have the IPv4 address %s as such, not in IPv6",
				    canonical + 7);
	if (strcmp(canonical, "0.0.0.0") == 0 || strcmp(canonical, "::") == 0)
		return arena_printf(arena,
				    "must name one address that others can reach, not %s",
				    canonical);
	address->host = arena_strdup(arena, canonical);
	return NULL;
}

static const char *parse_port(struct conf_address *address, const char **rest,
			      unsigned min_port, struct arena *arena)
{
	const char *digits, *text;
	unsigned long port;
	size_t length;

	address->port = 5060;
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
	if (strcasecmp(value, "tls") == 0)
		return no_tls;
	if (strcasecmp(value, "udp") == 0)
		address->transport = TRANSPORT_UDP;
	else if (strcasecmp(value, "tcp") == 0)
		address->transport = TRANSPORT_TCP;
	else
		return arena_printf(
			arena, "must have transport=udp or transport=tcp, not \"%.80s\"",
			value);
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
				"may have no parameter but transport=udp or tcp, "
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
				    "must be sip:HOST:PORT;transport=udp or tcp, "
				    "without \"%.80s\" at its end",
				    rest);
	return NULL;
}

const char *address_parse(struct conf_address *address, const char *text,
			  unsigned min_port, struct arena *arena)
{
	const char *rest = text, *complaint;

	*address = (struct conf_address){ .uri = arena_strdup(arena, text) };
	if (strncasecmp(text, "sips:", 5) == 0)
		return no_tls;
	if (strncasecmp(text, "sip:", 4) != 0)
		return arena_printf(
			arena,
			"must be an address such as "
			"\"sip:192.0.2.10:5062;transport=udp\", not \"%.80s\"",
			text);
	rest += 4;
	if (strchr(rest, '@'))
		return "must have no user part, only sip:HOST:PORT;transport=udp or tcp";
	complaint = parse_host(address, &rest, arena);
	if (!complaint)
		complaint = parse_port(address, &rest, min_port, arena);
	if (!complaint)
		complaint = parse_parameters(address, rest, arena);
	return complaint;
}
