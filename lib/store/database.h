/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One connection to SQLite with its prepared statements, and SQLite's results as errno
 * and sentence.  It writes only while database_may_write() is on; otherwise query_only is
 * set.  A close leaves the WAL as it is unless TIDY.
 */
#include "base/fault.h"

#include <sqlite3.h>
#include <stdbool.h>

enum statement {
	SQL_BEGIN,
	SQL_END,
	SQL_VERSION,		/* -> user_version */
	SQL_STATION,		/* extension -> columns of enum station_column */
	SQL_STATION_PAGE,	/* extension -> the stations after it, the same columns */
	SQL_STATION_NEXT,	/* text -> the first extension that is not before it */
	SQL_NUMBER,		/* number -> extension */
	SQL_NUMBER_LIST,	/* extension -> its numbers, many rows */
	SQL_NUMBER_NEXT,	/* text -> the first number that is not before it */
	SQL_PERMISSION,		/* from, to -> permitted */
	SQL_PATTERN,		/* pattern -> columns of enum pattern_column */
	SQL_PATTERN_NEXT,	/* text -> the first pattern that is not before it */
	SQL_FORWARDINGS,	/* extension -> enum forwarding_column, many rows */
	SQL_COVERAGE,		/* extension -> enum coverage_column, by step, many rows */
	SQL_ACCESS_CODE,	/* dialled -> the longest code it begins with, its feature */
	SQL_ACCESS_CODE_NEXT,	/* text -> the first code that is not before it */
	SQL_DATA_VERSION,	/* -> changes when another connection has committed */
	SQL_EMERGENCY_LIST,	/* -> pattern, min_length, max_length of emergency numbers */
	SQL_ACCESS_CODE_LIST,	/* -> code, feature */
	SQL_BEGIN_WRITE,	/* from here on: prepared when first used */
	SQL_COMMIT,
	SQL_FORWARDING_OFF,	/* extension, condition */
	SQL_FORWARDING_ON,	/* extension, condition, destination: for any source */
	SQL_SEND_ALL_CALLS,	/* extension, 0 or 1 */
};

enum { STATEMENTS = SQL_SEND_ALL_CALLS + 1, READING_STATEMENTS = SQL_BEGIN_WRITE };

enum station_column {
	STATION_EXTENSION,
	STATION_NAME,
	STATION_APPEARANCES,
	STATION_RING_SECONDS,
	STATION_IN_SERVICE,
	STATION_SEND_ALL_CALLS,
	STATION_COR,
	STATION_COR_FOUND,
	STATION_CALLING_PARTY,
	STATION_CALLED_PARTY,
	STATION_FRL,
};

enum pattern_column {
	PATTERN_PATTERN,
	PATTERN_CALL_TYPE,
	PATTERN_MIN_FRL,
	PATTERN_MIN_LENGTH,
	PATTERN_MAX_LENGTH,
	PATTERN_TYPE_FOUND,
	PATTERN_IS_PUBLIC,
	PATTERN_IS_TOLL,
	PATTERN_IS_TAC,
	PATTERN_IS_EMERGENCY,
	PATTERN_IS_ATTENDANT,
};

enum forwarding_column {
	FORWARDING_CONDITION,
	FORWARDING_SOURCE,
	FORWARDING_DESTINATION,
	FORWARDING_ACTIVE,
};

enum coverage_column {
	COVERAGE_STEP,
	COVERAGE_TARGET,
	COVERAGE_CONDITION,
	COVERAGE_RING_SECONDS,
};

/** All zero is closed. */
struct database {
	const char *path;	/* borrowed for life; for sentences */
	sqlite3 *sqlite;	/* owned; NULL = closed */
	sqlite3_stmt *statements[STATEMENTS];	/* owned */
	unsigned waited_ms;	/* for locks; set to 0 where a new wait begins */
	unsigned probes;	/* of the dial plan; set to 0 where a call begins */
};

/** How long one load or open may wait for locks in total. */
enum { DATABASE_WAIT_MS = 100 };

/**
 * Opens PATH, checks its version and prepares every statement.  0, or -errno and a
 * sentence, and DATABASE is closed.
 */
int database_open(struct database *database, const char *path, struct fault *fault);

/** 0 when PRAGMA user_version is store_version(); else -EPROTO and a sentence. */
int database_check_version(struct database *database, struct fault *fault);

/**
 * Allows writing, and trusts the schema so that its triggers work; or forbids both again.
 * 0, or -errno and a sentence.
 */
int database_may_write(struct database *database, bool may, struct fault *fault);

/** Closes, if open.  TIDY: as SQLite does by default, moving the WAL into the file. */
void database_close(struct database *database, bool tidy);

/** -errno for SQLite's answer RC, with a sentence about PATH; SQLITE may be NULL. */
int database_fault(sqlite3 *sqlite, const char *path, int rc, struct fault *fault);

/**
 * Steps STATEMENT, its parameters bound: 1 = a row, 0 = no (further) row and the
 * statement is reset, or -errno and a sentence.
 */
int database_step(struct database *database, enum statement statement,
		  struct fault *fault);

/** Resets STATEMENT, whatever rows it still has. */
void database_reset(struct database *database, enum statement statement);

/** Binds parameter INDEX (from 1) of STATEMENT; TEXT is borrowed until it is reset. */
void database_bind_text(struct database *database, enum statement statement, int index,
			const char *text);
void database_bind_int(struct database *database, enum statement statement, int index,
		       int value);
