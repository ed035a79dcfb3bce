/* SPDX-License-Identifier: MIT */
#pragma once
/* The one door through which bytes leave: where faults on demand are made. */
#include "wire/core.h"

struct way;

/** As struct transport_target, small enough to be kept in great numbers. */
struct emit_target {
	const struct listener *listener;
	uint64_t connection;		/* the one a request came by; 0 = any */
	const char *tls_name;		/* borrowed for the wire's life */
	union {
		struct sockaddr_in ip4;
		struct sockaddr_in6 ip6;
	} to;
	uint8_t transport;		/* enum way_transport */
};

/** Sets TARGET's address. */
void emit_set_to(struct emit_target *target, const struct sockaddr_storage *to);

struct sockaddr_storage emit_to(const struct emit_target *target);

/** TARGET of a request that goes by WAY. */
void emit_target_of(const struct wire *wire, const struct way *way,
		    struct emit_target *target);

static inline bool emit_is_stream(const struct emit_target *target)
{
	return target->transport != WAY_UDP;
}

/** Whether a request of LENGTH bytes to TARGET, by datagram, is to go by STREAM instead: the peer
 *  there has one (RFC 3261 section 18.1.1; the path's MTU is unknown). */
bool emit_is_too_large(const struct wire *wire, const struct emit_target *target,
		       size_t length, struct emit_target *stream);

/** Sends LENGTH bytes, which are copied.  0 or -errno; what fails later is told with TOKEN: an
 *  inbound's is odd, an outbound's even, 0 = nothing is told. */
int emit(struct wire *wire, const struct emit_target *target, const char *bytes,
	 size_t length, uint64_t token);

/** PACKET as it is told. */
struct wire_frame emit_frame_of(const struct transport_packet *packet);

/** Drops what is still delayed. */
void emit_close(struct wire *wire);
