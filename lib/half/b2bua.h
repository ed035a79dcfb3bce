/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The port of lib/call as a back-to-back user agent: this program has one dialog with the caller
 * and another with the callee (halfcall-protocol(7), HALF CALLS).
 */
#include "call/call.h"

extern const struct call_port b2bua_port;
