/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Reads what is administered about one call.  Knows the tables; knows nothing of files,
 * locks and transactions, which are the store's.
 */
#include "store/loader.h"

/** As store_load_profile(), inside a read transaction. */
int profile_load(const struct loader *loader, const struct facts *facts,
		 struct profile *profile);
