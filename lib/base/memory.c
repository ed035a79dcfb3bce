/* SPDX-License-Identifier: MIT */
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

void memory_out(void)
{
	fputs("halfcall: out of memory\n", stderr);
	abort();
}

void *memory_checked(const void *pointer)
{
	union {
		const void *borrowed;
		void *given;
	} is = { .borrowed = pointer };

	if (!pointer)
		memory_out();
	return is.given;
}

void *memory_new(size_t size)
{
	return memory_checked(calloc(1, size));
}
