/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Reads what is administered about one call.  Knows the tables; knows nothing of files,
 * locks and transactions, which are the store's.
 */
#include "model/facts.h"
#include "store/database.h"

/** As store_load_profile(), inside a read transaction. */
int profile_load(struct database *database, const struct facts *facts,
		 struct arena *arena, struct profile *profile, struct fault *fault);
