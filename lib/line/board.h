/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The board of all stations' line appearances: which are in use, by a reservation or by a
 * call.  Pure memory; a station appears on it with its first line in use and leaves with
 * its last.
 */
#include <stddef.h>
#include <stdint.h>

struct board;

/** Never NULL (out of memory ends the process, as in base/arena.h). */
struct board *board_new(void);

/** NULL is fine. */
void board_free(struct board *board);

/** What board_seize() answers instead of an appearance. */
enum { BOARD_NO_SUCH_LINE = -1, BOARD_BUSY = -2 };

/**
 * Takes appearance WANTED (1 ... LINES, of which 256 count) of EXTENSION, or the lowest idle one when WANTED is
 * 0.  The number taken, or BOARD_NO_SUCH_LINE (WANTED > LINES), or BOARD_BUSY (that one, or
 * all, are in use).
 */
int board_seize(struct board *board, const char *extension, unsigned lines,
		unsigned wanted);

/** Gives it back; 0 or an idle one is fine. */
void board_release(struct board *board, const char *extension, unsigned appearance);

/** Appearances in use, of EXTENSION or (NULL) of all. */
size_t board_in_use(struct board *board, const char *extension);

/** The appearances of EXTENSION in use, the first 64: bit n - 1 of number n. */
uint64_t board_lines(struct board *board, const char *extension);
