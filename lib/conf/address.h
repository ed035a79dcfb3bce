/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A SIP address of the configuration: "sip:"|"sips:" numeric host [":" port] [";transport="
 * udp|tcp|tls], deliberately a small part of the grammar in RFC 3261 section 25.1.  sips: means
 * TLS.
 */
#include "conf/conf.h"

/**
 * Reads TEXT into *ADDRESS, its strings into ARENA; `host` is canonical (inet_ntop), so
 * hosts compare as text.  NULL if TEXT is valid; else what is wrong, to be put behind the
 * setting's name in a sentence, in ARENA.
 */
const char *address_parse(struct conf_address *address, const char *text,
			  unsigned min_port, struct arena *arena);

/** The same host, port and transport. */
bool address_is_same(const struct conf_address *a, const struct conf_address *b);

/** "udp", "tcp" or "tls". */
const char *address_transport_name(enum conf_transport transport);
