/* SPDX-License-Identifier: MIT */
#pragma once
/* Lists for halfcall(1) and for what is kept in memory; no call waits for them. */
#include "store/database.h"
#include "store/query.h"

/** As store_load_stations() and store_load_numbers(), inside a read transaction. */
int list_stations(struct database *database, struct store_page *page,
		  struct fault *fault);
int list_numbers(struct database *database, struct store_numbers *numbers,
		 struct fault *fault);
int list_emergencies(struct database *database, struct store_emergencies *emergencies,
		     struct fault *fault);
