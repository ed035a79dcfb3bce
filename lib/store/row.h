/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Reads one row without trusting it: whoever wrote the file may have forced anything into
 * it.  The first wrong column makes a sentence that names table and key; from then on the
 * row is bad and every read answers something harmless.
 */
#include "base/arena.h"
#include "model/trace.h"
#include "store/database.h"
#include "store/match.h"

struct row {
	struct database *database;	/* borrowed */
	enum statement statement;	/* stands on the row */
	const char *table, *key;	/* borrowed; for the sentence */
	struct arena *arena;
	struct fault *fault;
	struct trace *trace;		/* NULL = off */
	int err;			/* 0, or -EBADMSG: the row is bad */
};

/** The column as a number from LOW to HIGH; LOW when it is not one. */
int row_int(struct row *row, int column, int low, int high);

bool row_bool(struct row *row, int column);

bool row_is_null(const struct row *row, int column);

/** The column as UTF-8 without control characters, at most LIMIT bytes; in the arena. */
const char *row_text(struct row *row, int column, size_t limit);

/** The column as a number or handle, as the schema allows them: 1 to NUMBER_MAX bytes. */
const char *row_number(struct row *row, int column);

/** The column as one of the words BY_NAME knows; 0 when it is not. */
int row_word(struct row *row, int column, int (*by_name)(const char *word));

/** Makes the row bad, with a sentence of printable ASCII, unless it is already. */
void row_refuse(struct row *row, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** Steps to the first or next row: 1, 0 = there is none, or -errno and a sentence. */
int row_step(struct row *row);

/** Steps on from the row, which must be the only one of its key, and resets the statement. */
void row_end(struct row *row);

/**
 * The same row as one of TABLE and its KEY, which it was joined with; what makes it bad is
 * then said of that one.
 */
struct row row_joined(const struct row *row, const char *table, const char *key);

/**
 * Notes columns FROM ... TO in the trace, if there is one, as a row of TABLE; once they
 * have been read, since telling them as text may change their type.
 */
void row_note(const struct row *row, const char *table, const char *key, int from,
	      int to);

/** Notes that TABLE has no row KEY. */
void row_note_missing(const struct row *row, const char *table, const char *key);
