/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a message says about itself, as far as its bytes tell at a glance (wire/scan.h): enough to
 * list it and to find its call.  A message that no one can parse is read as far as it goes.
 */
#include "base/arena.h"
#include "capture/sighting.h"

/** Fills the part of SIGHTING that its bytes say; text goes to ARENA. */
void reading_fill(struct sighting *sighting, struct arena *arena);

/** The value of the first header NAME, or SHORT_NAME if that is no NUL; folds are blanks; NULL = there is
 *  none.  In ARENA. */
const char *reading_header(const struct sighting *sighting, const char *name,
			   char short_name, struct arena *arena);

/** Its body, within its bytes; NULL = it has none. */
const char *reading_body(const struct sighting *sighting);
