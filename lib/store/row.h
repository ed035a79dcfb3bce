/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Reads one row without trusting it: other programs write the file, and its checks can be
 * switched off.  The first wrong column makes a sentence that names table and key; from
 * then on the row is invalid and every read returns a harmless value.
 */
#include "base/arena.h"
#include "model/trace.h"
#include "store/database.h"
#include "store/match.h"

struct row {
	struct database *database;	/* borrowed */
	enum statement statement;	/* positioned on the row */
	const char *table, *key;	/* borrowed; for the sentence */
	struct arena *arena;
	struct fault *fault;
	struct trace *trace;		/* NULL = off */
	int err;			/* 0, or -EBADMSG: the row is invalid */
};

/** The column as a number from LOW to HIGH; LOW when it is not one. */
int row_int(struct row *row, int column, int low, int high);

bool row_bool(struct row *row, int column);

bool row_is_null(const struct row *row, int column);

/** The column as UTF-8 without control characters, at most LIMIT bytes; in the arena. */
const char *row_text(struct row *row, int column, size_t limit);

/** The column as a number or handle, as the schema allows them: 1 to NUMBER_MAX bytes. */
const char *row_number(struct row *row, int column);

/**
 * The column as the enum value that BY_NAME returns for its word; 0 for an unknown word.
 */
int row_word(struct row *row, int column, int (*by_name)(const char *word));

/** Marks the row as invalid, with a sentence of printable ASCII, unless it is already. */
void row_refuse(struct row *row, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** Steps to the first or next row: 1, 0 = there is none, or -errno and a sentence. */
int row_step(struct row *row);

/** Steps on from the row, which must be the only one of its key, and resets the
 * statement. */
void row_end(struct row *row);

/**
 * For a joined row: faults of the columns read from now on are reported as those of TABLE
 * and its KEY.
 */
struct row row_joined(const struct row *row, const char *table, const char *key);

/**
 * Records columns FROM ... TO in the trace, if there is one, as a row of TABLE.  Call it
 * after the columns have been read, since converting them to text may change their type.
 */
void row_note(const struct row *row, const char *table, const char *key, int from,
	      int to);

/** Records in the trace that TABLE has no row KEY. */
void row_note_missing(const struct row *row, const char *table, const char *key);
