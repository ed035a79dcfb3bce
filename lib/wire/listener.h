/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One address as bound.  A request is received at one, and leaves from one: its Via, Contact
 * and Record-Route all name the same (RFC 3261 sections 8.1.1.8, 16.6).
 */
#include "wire/wire.h"

/** As in a URI: IPv6 in brackets.  Borrowed for the wire's life, like the next. */
const char *listener_host(const struct listener *listener);

/** Host and port as in a URI, with the transport: "127.0.0.1:5062;transport=udp". */
const char *listener_address(const struct listener *listener);

/** Host and port as in a Via: "127.0.0.1:5062".  Borrowed likewise. */
const char *listener_sent_by(const struct listener *listener);

bool listener_is_ipv6(const struct listener *listener);

enum way_transport listener_transport(const struct listener *listener);

unsigned listener_port(const struct listener *listener);

/** The address itself, with its port and zone. */
const struct sockaddr_storage *listener_endpoint(const struct listener *listener);

/** "UDP", "TCP", "TLS": as in a Via. */
const char *listener_protocol(const struct listener *listener);
