/* SPDX-License-Identifier: MIT */
#include "wire/listener.h"

#include "wire/sockets.h"

const char *listener_host(const struct listener *listener)
{
	return listener->host;
}

const char *listener_address(const struct listener *listener)
{
	return listener->address;
}

const char *listener_sent_by(const struct listener *listener)
{
	return listener->sent_by;
}

bool listener_is_ipv6(const struct listener *listener)
{
	return listener->local.ss_family == AF_INET6;
}

enum way_transport listener_transport(const struct listener *listener)
{
	return listener->kind;
}

unsigned listener_port(const struct listener *listener)
{
	return endpoint_port(&listener->local);
}

const struct sockaddr_storage *listener_endpoint(const struct listener *listener)
{
	return &listener->local;
}

const char *listener_protocol(const struct listener *listener)
{
	static const char *const names[] = { "UDP", "TCP", "TLS" };

	return names[listener->kind];
}
