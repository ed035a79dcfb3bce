/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Reliable provisional responses in a b2bua call (RFC 3262).  This program numbers them towards
 * the caller (RSeq); the PRACK that the caller sends is passed on with the callee's RSeq and CSeq in
 * its RAck.
 */
#include "half/fork.h"

/** Whether RESPONSE asks for a PRACK: it has RSeq and Require: 100rel. */
bool reliable_is_asked(const sip_t *response);

/** Stores the RSeq of RESPONSE in FORK, which sent it.  Returns false for a retransmission, true
 *  also for a response that is not reliable. */
bool reliable_is_new(struct fork *fork, const sip_t *response);

/** Sends MSG, made from FORK's RESPONSE, reliably to the caller; takes MSG over.  0 or -errno. */
int reliable_pass(struct half_call *half, struct fork *fork, msg_t *msg,
		  const sip_t *response);

/** Handles the caller's PRACK for the response with RSeq OURS: passes it to the fork that sent the
 *  response, or answers it with 200 if the call has left that fork.  Takes PRACK over. */
void reliable_acknowledged(struct half_call *half, struct uas *prack, uint32_t ours);
