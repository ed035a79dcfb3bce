/* SPDX-License-Identifier: MIT */
#pragma once
/* Reads the rows of the table `fault` that a request meets, and uses them up. */
#include "model/mishap.h"
#include "store/database.h"

/** Sets *ANY to whether a row is not used up yet.  0, or -errno and a sentence. */
int due_any(struct database *database, bool *any, struct fault *fault);

/** Counts down the rows QUERY meets, in the transaction that is open: those whose time has not
 *  come by one, and uses the first of the others, which it copies to MISHAP (MISHAP_NONE: there
 *  is none).  0, or -errno and a sentence. */
int due_take(struct database *database, const struct mishap_query *query,
	     struct mishap *mishap, struct fault *fault);
