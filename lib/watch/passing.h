/* SPDX-License-Identifier: MIT */
#pragma once
/* Which headers a proxy may touch (RFC 3261 section 20, column "proxy" of tables 2 and 3). */
#include "watch/specimen.h"

/** Whether a rule compares the header NAME between what a proxy took and what it sent. */
bool passing_is_compared(struct scan_text name);

/** Whether a proxy may add elements to NAME, those there are stay. */
bool passing_may_grow(struct scan_text name);
