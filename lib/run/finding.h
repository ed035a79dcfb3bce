/* SPDX-License-Identifier: MIT */
#pragma once
/* What the proxy did wrong, as halfcalld journals it and as the players of the run see it. */
#include "base/list.h"

#include <stdbool.h>
#include <stddef.h>

struct play;

/** Takes in what has come since. */
void finding_read(struct play *play);

/** How many of this name there are. */
size_t finding_count(struct play *play, const char *name);

/** The first that MAY (answers for its name) does not allow, a sentence; NULL = there is none. */
const char *finding_first(struct play *play,
			  bool (*may)(struct play *play, const char *name));
