/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The messages of one call as a ladder: the originating half on the left of this program, the
 * terminating half on its right, the time downwards.
 *
 *	        sm-a               cm               sm-a
 *	  0.000  |--INVITE 2001----->|                 |
 *	         |  phase=imsorig    |                 |
 */
#include "capture/sighting.h"

#include <stdio.h>

enum { LADDER_WIDTH = 80, LADDER_LEAST = 40 };

struct ladder_style {
	unsigned width;			/* columns there are */
	bool is_coloured;		/* a colour for each half, as a terminal takes it */
};

/** The COUNT messages in MESSAGES, in the order in which they passed. */
void ladder_print(const struct sighting *messages, size_t count,
		  const struct ladder_style *style, FILE *out);
