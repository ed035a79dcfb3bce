/* SPDX-License-Identifier: MIT */
#pragma once
/* What halfcall(1) is told about the messages that were captured. */
#include "ctl/answer.h"
#include "ctl/request.h"
#include "server/subject.h"

/**
 * A row for each message, oldest first: those behind number `after`, of the call `call` (id or
 * Call-ID), the newest `last`, number `number` alone, with
 * `newest` those of the newest call; with the messages themselves if `bytes` is set.
 */
void messages_list(const struct subject *subject, const struct request *request,
		   struct answer *answer);

/** Turns the capture on or off, as `state` says. */
void messages_switch(const struct subject *subject, const struct request *request,
		     struct answer *answer);
