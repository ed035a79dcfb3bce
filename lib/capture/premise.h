/* SPDX-License-Identifier: MIT */
#pragma once
/* What a draft begins with: the rows of the database without which the call would go another way. */
#include "capture/dossier.h"

/** What the trunk is called, behind which whoever is no station is. */
extern const char premise_trunk[];

/** Whether TEXT may stand behind KEY= and in quotes of SQL as it is; NULL may not. */
bool premise_is_value(const char *text);

/** Writes lines `sql ...` for the COUNT players with these NAMES and for whoever else the journal
 *  names. */
void premise_write(const struct dossier *call, const char *const *names, size_t count,
		   FILE *out);
