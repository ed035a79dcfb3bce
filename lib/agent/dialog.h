/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Our two dialogs of a b2bua call (RFC 3261 section 12): one with the caller, whose INVITE
 * we answer, one with the callee, whom we invite.  Each keeps its own Call-ID, tags, CSeq,
 * route set and remote target.  Sofia's legs are not used: they take a request into account
 * before we can see whom it comes from, and a new INVITE of an old Call-ID for an old one.
 */
#include "agent/half.h"

/**
 * The route set that RECORDED makes (RFC 3261 section 12.1), in HOME, REVERSED for who sent the
 * request; NULL = out of memory.  Sofia's sip_route_fixdup() and sip_route_reverse() look at
 * one entry's parameters for the next one's: `<sip:a>;lr, <sip:b>` ends the program.
 */
sip_route_t *dialog_route_set(su_home_t *home, const sip_record_route_t *recorded,
			      bool is_reversed);

/** Opens the dialog with the caller, once; fixes our To tag. */
int dialog_open_caller(struct half_call *half);

/** Opens a new dialog with the callee for the INVITE in MSG and writes its own Call-ID,
 *  From tag and CSeq into MSG; the one before, if any, is closed. */
int dialog_open_callee(struct half_call *half, msg_t *msg);

/** Learns the callee's tag, route set and target from a response to our INVITE; another
 *  tag than before is another fork, which from now on is the dialog. */
int dialog_learn_callee(struct half_call *half, const sip_t *response);

/** Takes the new target of a re-INVITE or UPDATE (RFC 3261 section 12.2). */
void dialog_refresh_target(struct half_call *half, enum call_side side, const sip_t *sip);

/** The dialog a request belongs to, or NULL. */
struct dialog *dialog_find(struct agent *agent, const sip_t *request);

/** Notes REQUEST's CSeq; false when one with a higher came before (RFC 3261 section 12.2.2). */
bool dialog_is_in_order(struct dialog *dialog, const sip_t *request);

enum call_side dialog_side(const struct dialog *dialog);

/** Requests in it are no longer found; fine for one that is not open. */
void dialog_close(struct dialog *dialog);

/**
 * Makes MSG, a copy of a request or a new one, a request in the dialog with SIDE: URI,
 * Route, Call-ID, tags and CSeq (SEQ as it is for ACK and CANCEL).
 */
int dialog_address(struct half_call *half, enum call_side side, msg_t *msg, uint32_t seq);

/** A request of our own for the dialog with SIDE, not yet addressed; NULL = out of memory. */
msg_t *dialog_request(struct half_call *half, enum call_side side, sip_method_t method,
		      const char *name);
