/* SPDX-License-Identifier: MIT */
#pragma once
/* The users' database of a case, changed and asked beside halfcalld. */
#include "base/arena.h"
#include "base/fault.h"

/** SQL, statements, in the database at PATH.  0, or -EINVAL and SQLite's sentence. */
int office_do(const char *path, const char *sql, struct fault *fault);

/** The same with the bytes of the file at SQL_PATH. */
int office_do_file(const char *path, const char *sql_path, struct fault *fault);

/** The first column of the first row that QUERY gives, as text in ARENA; "" = NULL or no row. */
int office_ask(const char *path, const char *query, struct arena *arena,
	       const char **value, struct fault *fault);

/** Calls VISIT with the first two columns of each row. */
int office_visit(const char *path, const char *query,
		 void (*visit)(void *context, const char *one, const char *two),
		 void *context, struct fault *fault);

/** The bytes of a file, terminated, in ARENA; 0, or -errno and a sentence. */
int office_read_file(const char *path, struct arena *arena, const char **bytes,
		     size_t *length, struct fault *fault);

/** TEXT as a literal of SQL; the caller's to free. */
char *office_quote(const char *text);
