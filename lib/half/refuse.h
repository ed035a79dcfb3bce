/* SPDX-License-Identifier: MIT */
#pragma once
/* Answers an INVITE that is refused. */
#include "invite/arrival.h"
#include "wire/uas.h"

/** Answers IN's INVITE with STATUS and the cause and sentence of WHY (may be NULL); frees *SERVER
 *  and sets it to NULL.  0 or -errno: -ENOENT if *SERVER is NULL already. */
int refuse_invite(const struct arrival *in, struct uas **server, int status,
		  const struct verdict *why);
