/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Out of memory ends the process, here and with one sentence: a half-made answer would be worse
 * than none, and a supervisor starts the program again.  So no function of the house fails for
 * want of memory, and what needs memory may return void.
 */
#include <stddef.h>

/** SIZE bytes, zeroed; the caller's, by free(). */
void *memory_new(size_t size) __attribute__((malloc, alloc_size(1), returns_nonnull));

/** POINTER, which a library allocated, unless it is NULL: then the process ends. */
void *memory_checked(const void *pointer) __attribute__((returns_nonnull));

/** Says so on stderr and aborts. */
void memory_out(void) __attribute__((noreturn));
