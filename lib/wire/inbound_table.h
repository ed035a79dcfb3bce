/* SPDX-License-Identifier: MIT */
#pragma once
/* The tables of a server transaction. */
#include "wire/life.h"

extern const struct life inbound_invite, inbound_other;
