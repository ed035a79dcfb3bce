/* SPDX-License-Identifier: MIT */
#pragma once
/* The final answer of our own to an INVITE that is not let through. */
#include "invite/arrival.h"
#include "wire/uas.h"

/** Refuses IN's INVITE and frees *SERVER, which is NULL afterwards; WHY may be NULL.  0 or -errno:
 *  -ENOENT when it has been answered. */
int refuse_invite(const struct arrival *in, struct uas **server, int status,
		  const struct verdict *why);
