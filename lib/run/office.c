/* SPDX-License-Identifier: MIT */
#include "run/office.h"

#include "base/memory.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

enum { BUSY_MS = 2000, FILE_MAX = 64 << 20 };

static int open_it(const char *path, int flags, sqlite3 **db, struct fault *fault)
{
	int rc = sqlite3_open_v2(path, db, flags, NULL);

	if (rc == SQLITE_OK) {
		sqlite3_busy_timeout(*db, BUSY_MS);
		return 0;
	}
	fault_say(fault, EINVAL, "%s: %s", path, sqlite3_errmsg(*db));
	sqlite3_close(*db);
	return -EINVAL;
}

int office_do(const char *path, const char *sql, struct fault *fault)
{
	char *message = NULL;
	sqlite3 *db;
	int rc = open_it(path, SQLITE_OPEN_READWRITE, &db, fault);

	if (rc < 0)
		return rc;
	if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) {
		rc = fault_say(fault, EINVAL, "the database refuses it: %s",
			       message ? message : sqlite3_errmsg(db));
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	}
	sqlite3_free(message);
	sqlite3_close(db);
	return rc;
}

int office_read_file(const char *path, struct arena *arena, const char **bytes,
		     size_t *length, struct fault *fault)
{
	FILE *file = fopen(path, "re");
	char *text;
	long size;
	int rc = 0;

	if (!file)
		return fault_say(fault, errno, "%s: %s", path, strerror(errno));
	if (fseek(file, 0, SEEK_END) < 0 || (size = ftell(file)) < 0 || size > FILE_MAX) {
		rc = fault_say(fault, EFBIG, "%s cannot be read, or is too large", path);
	} else {
		rewind(file);
		text = arena_alloc(arena, (size_t)size + 1);
		*length = fread(text, 1, (size_t)size, file);
		*bytes = text;
		if (ferror(file))
			rc = fault_say(fault, EIO, "%s: %s", path, strerror(errno));
	}
	fclose(file);
	return rc;
}

int office_do_file(const char *path, const char *sql_path, struct fault *fault)
{
	struct arena arena = { 0 };
	const char *sql = "";
	size_t length = 0;
	int rc = office_read_file(sql_path, &arena, &sql, &length, fault);

	if (rc == 0)
		rc = office_do(path, sql, fault);
	arena_clear(&arena);
	return rc;
}

int office_visit(const char *path, const char *query,
		 void (*visit)(void *context, const char *one, const char *two),
		 void *context, struct fault *fault)
{
	sqlite3_stmt *statement = NULL;
	const char *rest = "";
	sqlite3 *db;
	int rc = open_it(path, SQLITE_OPEN_READONLY, &db, fault), step = SQLITE_ROW;

	if (rc < 0)
		return rc;
	if (sqlite3_prepare_v2(db, query, -1, &statement, &rest) != SQLITE_OK ||
	    !statement)
		rc = fault_say(fault, EINVAL, "the database refuses it: %s",
			       sqlite3_errmsg(db));
	else if (rest[strspn(rest, " \t\n;")])
		rc = fault_say(fault, EINVAL, "it is more than one query: %s", rest);
	else if (!sqlite3_stmt_readonly(statement))
		rc = fault_say(fault, EINVAL, "it is no query: it changes the database");
	while (rc == 0 && (step = sqlite3_step(statement)) == SQLITE_ROW) {
		const char *one = (const char *)sqlite3_column_text(statement, 0);
		const char *two = (const char *)sqlite3_column_text(statement, 1);

		visit(context, one ? one : "", two ? two : "");
	}
	if (rc == 0 && step != SQLITE_DONE)
		rc = fault_say(fault, EINVAL, "the database refuses it: %s",
			       sqlite3_errmsg(db));
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return rc;
}

struct asked {
	struct arena *arena;
	const char *value;
};

static void take_first(void *context, const char *one, const char *two)
{
	struct asked *asked = context;

	(void)two;
	if (!asked->value)
		asked->value = arena_strdup(asked->arena, one);
}

int office_ask(const char *path, const char *query, struct arena *arena,
	       const char **value, struct fault *fault)
{
	struct asked asked = { arena, NULL };
	int rc = office_visit(path, query, take_first, &asked, fault);

	*value = asked.value ? asked.value : "";
	return rc;
}

char *office_quote(const char *text)
{
	char *quoted = memory_new(2 * strlen(text) + 3), *to = quoted;

	*to++ = '\'';
	for (; *text; text++) {
		if (*text == '\'')
			*to++ = '\'';
		*to++ = *text;
	}
	*to = '\'';
	return quoted;
}
