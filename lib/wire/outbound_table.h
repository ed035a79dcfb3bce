/* SPDX-License-Identifier: MIT */
#pragma once
/* The tables of a client transaction. */
#include "wire/life.h"

extern const struct life outbound_invite, outbound_other;
