/* SPDX-License-Identifier: MIT */
#pragma once
/* Where an INVITE goes: to the number dialled, or on because of a forwarding or coverage. */
#include "model/verdict.h"

/** Where an INVITE goes. */
struct target {
	const char *destination;	/* NULL = as dialled */
	const struct hop *hops;		/* all steps from the called party to the
					 * destination, including those that failed;
					 * the last one leads to the destination */
	unsigned hop_count;		/* 0 = as dialled */
	bool is_outside;		/* the destination is no station here; as dialled: the
					 * verdict says so */
};
