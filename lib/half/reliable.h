/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Reliable provisional responses through a b2bua call (RFC 3262): the callee's RSeq becomes
 * one of ours towards the caller, the caller's PRACK goes on with the callee's numbers.
 */
#include "half/fork.h"

/** Whether RESPONSE wants a PRACK. */
bool reliable_is_asked(const sip_t *response);

/** Remembers the RSeq of RESPONSE, which is FORK's; false when it is a retransmission. */
bool reliable_is_new(struct fork *fork, const sip_t *response);

/** Sends MSG to the caller reliably; RESPONSE, of FORK, is what it was made from.  Takes MSG over. */
int reliable_pass(struct half_call *half, struct fork *fork, msg_t *msg,
		  const sip_t *response);

/** The caller's PRACK of what was passed as OURS: it goes to the fork it is for; where the call has
 *  left that, it is answered here.  Takes PRACK over. */
void reliable_acknowledged(struct half_call *half, struct uas *prack, uint32_t ours);
