/* SPDX-License-Identifier: MIT */
#pragma once
/* What deeds of a client transaction and its door both do with it. */
#include "wire/ack.h"
#include "wire/outbound_state.h"

/** Sends its bytes; what fails at once is told in the next round of the loop. */
void outbound_send(struct outbound *outbound);

/** The INVITE as it was sent, for ACK and CANCEL; borrowed. */
struct ack_invite outbound_sent(const struct outbound *outbound);

/** The topmost Via becomes one of the transport it goes by now.  0 or -ENOMEM. */
int outbound_replace_via(struct outbound *outbound);

/** The digest of a To tag, never 0: what struct outbound_fork and outbound_passed() have. */
uint64_t outbound_tag(const struct wire *wire, const char *tag);

/** The fork with TAG, or NULL. */
struct outbound_fork *outbound_fork(const struct outbound *outbound, uint64_t tag);

/** Remembers a fork; NULL = out of memory, or there are too many. */
struct outbound_fork *outbound_add_fork(struct outbound *outbound, uint64_t tag);
