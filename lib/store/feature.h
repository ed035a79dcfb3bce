/* SPDX-License-Identifier: MIT */
#pragma once
/* What a station does to its own features, as rows. */
#include "store/database.h"
#include "store/query.h"

/** As store_act(), inside a write transaction. */
int feature_write(struct database *database, const struct store_act *act,
		  struct fault *fault);
