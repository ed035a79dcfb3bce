/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Reliable provisional responses through a b2bua call (RFC 3262): the callee's RSeq becomes
 * one of ours towards the caller, the caller's PRACK goes on with the callee's numbers.
 */
#include "agent/half.h"

/** Whether RESPONSE wants a PRACK. */
bool reliable_is_asked(const sip_t *response);

/** Remembers RESPONSE's RSeq with CLIENT, so that Sofia drops its retransmissions; false
 *  when it is one. */
bool reliable_is_new(nta_outgoing_t *client, const sip_t *response);

/** Sends MSG to the caller reliably; RESPONSE is the callee's.  Takes MSG over. */
int reliable_pass(struct half_call *half, msg_t *msg, const sip_t *response);
