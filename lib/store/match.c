/* SPDX-License-Identifier: MIT */
#include "store/match.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

struct search {
	struct database *database;
	const char *digits;
	struct match *match;
	char path[NUMBER_MAX + 1];	/* the beginning of a pattern */
	struct fault *fault;
};

int match_begins(struct database *database, enum statement next, const char *text,
		 size_t *length, struct fault *fault)
{
	sqlite3_stmt *stmt = database->statements[next];
	size_t wanted = strlen(text);
	int found;

	database_bind_text(database, next, 1, text);
	found = database_step(database, next, fault);
	if (found <= 0)
		return found;

	found = 0;
	if (sqlite3_column_type(stmt, 0) == SQLITE_TEXT) {
		const char *entry = (const char *)sqlite3_column_text(stmt, 0);

		*length = (size_t)sqlite3_column_bytes(stmt, 0);
		found = entry && *length >= wanted &&
			strncasecmp(entry, text, wanted) == 0;
	}
	database_reset(database, next);
	return found;
}

static bool is_matched(const struct search *search, size_t length)
{
	return strlen(search->match->pattern) >= length;
}

/*
 * Looks at the patterns that begin with search->path.  A pattern sorts before all longer
 * ones that begin with it, so one probe finds out both whether there is one of exactly
 * this text and whether there are longer ones.  Digits are tried before x: of two equally
 * long patterns the first one found stays.
 */
static int descend(struct search *search, size_t depth)
{
	const char choices[2] = { search->digits[depth], 'x' };
	size_t length;
	int found;

	if (++search->database->probes > MATCH_PROBES_MAX)
		return -EBADMSG;
	found = match_begins(search->database, SQL_PATTERN_NEXT, search->path, &length,
			     search->fault);
	if (found <= 0)
		return found;
	if (length == depth && depth > 0 && !is_matched(search, depth))
		memcpy(search->match->pattern, search->path, depth + 1);
	if (search->digits[depth] == '\0') {
		search->match->is_prefix |= length > depth;
		return 0;
	}

	/* A pattern as long as the number is the best possible match. */
	for (int i = 0; i < 2 && !is_matched(search, strlen(search->digits)); i++) {
		int err;

		search->path[depth] = choices[i];
		search->path[depth + 1] = '\0';
		err = descend(search, depth + 1);
		if (err < 0)
			return err;
	}
	search->path[depth] = '\0';
	return 0;
}

int match_find(struct database *database, const char *digits, struct match *match,
	       struct fault *fault)
{
	struct search search = {
		.database = database,
		.digits = digits,
		.match = match,
		.fault = fault,
	};

	*match = (struct match){ 0 };
	return descend(&search, 0);
}
