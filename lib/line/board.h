/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Which line appearances of all stations are in use, by a reservation or by a call.
 * Memory only; a station is on the board while at least one of its lines is in use.
 */
#include <stddef.h>
#include <stdint.h>

struct board;

/** Never NULL (out of memory ends the process, as in base/arena.h). */
struct board *board_new(void);

/** NULL is fine. */
void board_free(struct board *board);

/** Results of board_seize() other than an appearance. */
enum { BOARD_NO_SUCH_LINE = -1, BOARD_BUSY = -2 };

/**
 * Takes appearance WANTED (1 ... LINES, at most 256) of EXTENSION, or the lowest idle one
 * when WANTED is 0.  The number taken, or BOARD_NO_SUCH_LINE (WANTED > LINES), or
 * BOARD_BUSY (that one, or all, are in use).
 */
int board_seize(struct board *board, const char *extension, unsigned lines,
		unsigned wanted);

/** Releases APPEARANCE; 0 or an idle one is fine. */
void board_release(struct board *board, const char *extension, unsigned appearance);

/** Appearances in use, of EXTENSION or (NULL) of all. */
size_t board_in_use(struct board *board, const char *extension);

/** The appearances of EXTENSION in use, the first 64: bit n - 1 of number n. */
uint64_t board_lines(struct board *board, const char *extension);
