/* SPDX-License-Identifier: MIT */
#include "wire/listener.h"

#include "wire/stack.h"

const char *listener_host(const struct listener *listener)
{
	return listener->host;
}

const char *listener_address(const struct listener *listener)
{
	return listener->address;
}

bool listener_is_ipv6(const struct listener *listener)
{
	return listener->is_ipv6;
}
