/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Reads the rows that concern one call.  It knows the tables; files, locks and
 * transactions are handled in store.c.
 */
#include "store/loader.h"

/** As store_load_profile(), inside a read transaction. */
int profile_load(const struct loader *loader, const struct facts *facts,
		 struct profile *profile);
