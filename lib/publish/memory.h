/* SPDX-License-Identifier: MIT */
#pragma once
/* Out of memory ends the process with one sentence, as in base/arena.h. */
#include <stdio.h>
#include <stdlib.h>

/** Returns MEMORY unless it is NULL; then it ends the process. */
static inline void *memory_need(void *memory)
{
	if (memory == NULL) {
		fputs("halfcall: out of memory\n", stderr);
		abort();
	}
	return memory;
}
