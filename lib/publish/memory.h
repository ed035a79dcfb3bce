/* SPDX-License-Identifier: MIT */
#pragma once
/* Out of memory ends the process with one sentence, as in base/arena.h. */
#include <stdio.h>
#include <stdlib.h>

/** MEMORY, which is not NULL: whoever asked for it never sees that. */
static inline void *memory_need(void *memory)
{
	if (memory == NULL) {
		fputs("halfcall: out of memory\n", stderr);
		abort();
	}
	return memory;
}
