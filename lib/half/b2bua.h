/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The call's port as a back-to-back user agent: each side has a dialog of its own with us
 * (halfcall-protocol(7)).
 */
#include "call/call.h"

extern const struct call_port b2bua_port;
