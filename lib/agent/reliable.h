/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Reliable provisional responses through a b2bua call (RFC 3262): the callee's RSeq becomes
 * one of ours towards the caller, the caller's PRACK goes on with the callee's numbers.
 */
#include "agent/fork.h"

/** Whether RESPONSE wants a PRACK. */
bool reliable_is_asked(const sip_t *response);

/** Remembers the RSeq of RESPONSE, which is FORK's; false when it is a retransmission. */
bool reliable_is_new(struct fork *fork, const sip_t *response);

/** Sends MSG to the caller reliably; RESPONSE is the callee's.  Takes MSG over.  The PRACK
 *  goes to whom the response is from; we answer it when the call has left him. */
int reliable_pass(struct half_call *half, msg_t *msg, const sip_t *response);
