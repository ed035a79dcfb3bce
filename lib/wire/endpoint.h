/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * An IP address and port, as numbers alone: reading, comparing and printing them asks no name
 * service.  IPv4-mapped IPv6 addresses count as the IPv4 addresses they are.
 */
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum { ENDPOINT_TEXT = 80 };		/* "[IPv6%zone]:65535" and more */

/** HOST: IPv4, or IPv6 with or without brackets, fe80:: with %ZONE.  0, -EINVAL when it is no
 *  number, -ENODEV when there is no such zone. */
int endpoint_read(const char *host, unsigned port, struct sockaddr_storage *endpoint);

/** An IPv4-mapped IPv6 address becomes IPv4. */
void endpoint_unmap(struct sockaddr_storage *endpoint);

socklen_t endpoint_size(const struct sockaddr_storage *endpoint);

unsigned endpoint_port(const struct sockaddr_storage *endpoint);

/** The same address, whatever the ports.  A zone counts where both have one. */
bool endpoint_is_same_host(const struct sockaddr_storage *a,
			   const struct sockaddr_storage *b);

/** The same address and port. */
bool endpoint_is_same(const struct sockaddr_storage *a, const struct sockaddr_storage *b);

/** Whether packets go from A to B as far as their scopes say: one version of IP, and link-local
 *  addresses (RFC 4007) of one zone among themselves.  A zone counts where both have one. */
bool endpoint_may_reach(const struct sockaddr_storage *a,
			const struct sockaddr_storage *b);

/** 0.0.0.0 or :: */
bool endpoint_is_any(const struct sockaddr_storage *endpoint);

/** Of the address, without port and zone. */
uint64_t endpoint_hash(const struct sockaddr_storage *endpoint);

/** The host as in a URI or a Via: IPv6 in brackets, never with its zone. */
const char *endpoint_host(const struct sockaddr_storage *endpoint,
			  char text[static ENDPOINT_TEXT]);

/** "192.0.2.1:5060", "[2001:db8::1]:5060". */
const char *endpoint_text(const struct sockaddr_storage *endpoint,
			  char text[static ENDPOINT_TEXT]);
