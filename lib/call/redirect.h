/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Which of the verdict's redirects the event being handled asks for.
 */
#include "call/call.h"

/** Why the call would be forwarded now. */
enum forward_condition call_condition(const struct call *call);

/** The redirect for that condition; borrowed from the verdict. */
const struct redirect *call_redirect(const struct call *call);
