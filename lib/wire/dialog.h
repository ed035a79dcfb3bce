/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A dialog (RFC 3261 section 12): Call-ID, tags, CSeq numbers, route set and remote target.  It
 * knows nothing of the call it belongs to; its user keeps an index to find it for a request.
 * Sofia's legs are not used: they take a request into account before anything can be asked about
 * its sender, and take a new INVITE of an old Call-ID for an old one.
 */
#include "wire/wire.h"

struct dialog;

/**
 * As the one that was invited: REQUEST is the INVITE, TAG our To tag.  It and all it keeps are in
 * HOME.  An INVITE without Contact breaks RFC 3261 section 8.1.1.8; its From is taken instead.
 */
struct dialog *dialog_as_uas(su_home_t *home, const sip_t *request, const char *tag);

/** As the one that invites, by this Call-ID and From tag; CSeq begins at 1. */
struct dialog *dialog_as_uac(su_home_t *home, const char *call_id, const char *tag);

/** Writes Call-ID, From tag and CSeq into MSG, the INVITE that opens it; its To has no tag. */
void dialog_open(const struct dialog *dialog, msg_t *msg);

/** Learns tag, route set and target from a RESPONSE to our INVITE.  It stays with the first fork
 *  that answered provisionally until one answers finally: that one's count. */
void dialog_learn(struct dialog *dialog, const sip_t *response);

/** Takes the new target of a target refresh request or its 2xx (section 12.2). */
void dialog_refresh(struct dialog *dialog, const sip_t *sip);

/** Whether the tags of REQUEST, received with this Call-ID, are those of this dialog. */
bool dialog_is_of(const struct dialog *dialog, const sip_t *request);

/** Notes REQUEST's CSeq; false when one with a higher came before (section 12.2.2), where numbers
 *  from 2^31 on, which section 8.1.1.5 forbids, do not count. */
bool dialog_is_in_order(struct dialog *dialog, const sip_t *request);

/** The CSeq of our next request, which it counts. */
uint32_t dialog_next_cseq(struct dialog *dialog);

/** CSeq of our last request. */
uint32_t dialog_cseq(const struct dialog *dialog);

/** Makes MSG, a copy of a request or a new one, a request in it: URI, Route, Call-ID, tags and
 *  CSeq SEQ. */
void dialog_address(const struct dialog *dialog, msg_t *msg, uint32_t seq);

/** A request made from nothing between FROM and TO, as sip_from and sip_to of the INVITE; to be
 *  addressed. */
msg_t *dialog_request(struct wire *wire, const sip_from_t *from, const sip_to_t *to,
		      sip_method_t method, const char *name);

/** Borrowed for the dialog's life; the remote tag NULL = not known yet. */
const char *dialog_call_id(const struct dialog *dialog);
const char *dialog_local_tag(const struct dialog *dialog);
const char *dialog_remote_tag(const struct dialog *dialog);

/**
 * The route set that RECORDED makes (section 12.1), in HOME, REVERSED for who sent the request.
 * Sofia's sip_route_fixdup() and sip_route_reverse() look at one entry's parameters for the next
 * one's: `<sip:a>;lr, <sip:b>` ends the program.
 */
sip_route_t *dialog_route_set(su_home_t *home, const sip_record_route_t *recorded,
			      bool is_reversed);
