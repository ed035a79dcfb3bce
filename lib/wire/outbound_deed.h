/* SPDX-License-Identifier: MIT */
#pragma once
/* What the rows of a client transaction's tables ask and do. */
#include "wire/outbound_state.h"

bool outbound_deed_always(const struct outbound *outbound);

/** A CANCEL waits for the first provisional response. */
bool outbound_deed_is_cancel_held(const struct outbound *outbound);

/** 100, which does not set timer C again (RFC 3261 section 16.7). */
bool outbound_deed_is_trying(const struct outbound *outbound);

/** It went over a stream because of its size alone. */
bool outbound_deed_may_fall_back(const struct outbound *outbound);

int outbound_deed_hear(struct outbound *outbound);
int outbound_deed_hear_and_cancel(struct outbound *outbound);
int outbound_deed_finish(struct outbound *outbound);
int outbound_deed_acknowledge(struct outbound *outbound);
int outbound_deed_accept(struct outbound *outbound);
int outbound_deed_hold_cancel(struct outbound *outbound);
int outbound_deed_send_cancel(struct outbound *outbound);
int outbound_deed_send_again(struct outbound *outbound);
int outbound_deed_fall_back(struct outbound *outbound);
int outbound_deed_tell_timeout(struct outbound *outbound);
int outbound_deed_tell_broken(struct outbound *outbound);
int outbound_deed_ignore(struct outbound *outbound);

/** A state was entered: starts its timers. */
void outbound_deed_arm(struct outbound *outbound, const struct life_state *state);
