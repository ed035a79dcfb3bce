/* SPDX-License-Identifier: MIT */
#include "model/half.h"

#include <stddef.h>

const char *half_name(enum half half)
{
	static const char *const names[] = {
		[HALF_ORIG] = "orig",
		[HALF_TERM] = "term",
		[HALF_LINE] = "line",
		[HALF_NONE] = NULL,
	};

	return names[half];
}
