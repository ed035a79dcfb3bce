/* SPDX-License-Identifier: MIT */
#pragma once
/* What the rows of a server transaction's tables ask and do. */
#include "wire/inbound_state.h"

bool inbound_deed_always(const struct inbound *inbound);

/** Nothing has been said yet. */
bool inbound_deed_is_silent(const struct inbound *inbound);

bool inbound_deed_is_acknowledged(const struct inbound *inbound);

/** A 408 to other than INVITE (RFC 4320 section 4.2). */
bool inbound_deed_may_not_be_said(const struct inbound *inbound);

int inbound_deed_send(struct inbound *inbound);
int inbound_deed_send_again(struct inbound *inbound);
int inbound_deed_send_trying(struct inbound *inbound);
int inbound_deed_tell_ack(struct inbound *inbound);
int inbound_deed_tell_no_ack(struct inbound *inbound);
int inbound_deed_tell_lost(struct inbound *inbound);
/** The bytes are not needed any more. */
int inbound_deed_let_go(struct inbound *inbound);
int inbound_deed_ignore(struct inbound *inbound);

/** A state was entered: starts its timers. */
void inbound_deed_arm(struct inbound *inbound, const struct life_state *state);
