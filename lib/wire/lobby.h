/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Where new calls wait, as bytes, until the work that ends older ones is done; and where those
 * that would wait too long are refused.  wire/admission.h decides; here its decisions become
 * messages.
 *
 *	proxy           lobby           inlet
 *	  | -- INVITE --> |               |
 *	  | -- INVITE --> | 100 Trying    |	a repetition
 *	  |               | -- INVITE --> |	lobby_serve(): all else has been handed out
 *	  | -- INVITE --> | 503           |	one too many
 *	  | --- ACK ----> |               |	known by its To tag, absorbed
 */
#include "wire/core.h"

struct lobby;

/** What came, and no transaction knows. */
struct lobby_request {
	const struct transport_packet *packet;
	const struct finder_parts *parts;
	const struct finder_key *key;
	bool has_tag;			/* To has a tag */
};

/** SERVE is called with each that has waited; the packet is borrowed during the call.  NULL = out
 *  of memory. */
struct lobby *lobby_new(struct wire *wire,
			void (*serve)(struct wire *wire,
				      const struct transport_packet *packet));

/** What waits is dropped; NULL is fine. */
void lobby_free(struct lobby *lobby);

void lobby_settle(struct lobby *lobby, const struct wire_admission *settings);

/** Whether REQUEST waits now or has been answered or absorbed; false: it is to be handed out. */
bool lobby_takes(struct lobby *lobby, const struct lobby_request *request);

/** Serves some of what waits; the loop does not sleep before the rest is. */
void lobby_serve(struct lobby *lobby);

/** Fills the members about admission. */
void lobby_statistics(struct lobby *lobby, struct wire_statistics *statistics);
