/* SPDX-License-Identifier: MIT */
#include "store/row.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static sqlite3_stmt *row_stmt(const struct row *row)
{
	return row->database->statements[row->statement];
}

static const char *column_name(const struct row *row, int column)
{
	const char *name = sqlite3_column_name(row_stmt(row), column);

	return name ? name : "a column";
}

/* Keys and values may contain anything; the sentence goes into a SIP header and a
 * terminal. */
static void make_printable(char *text)
{
	for (; *text; text++)
		if (*text < 0x20 || *text > 0x7e)
			*text = '?';
}

void row_refuse(struct row *row, const char *format, ...)
{
	char text[256];
	va_list args;

	if (row->err)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	row->err = fault_say(row->fault, EBADMSG, "table %s, row %.80s: %s", row->table,
			     row->key, text);
	if (row->fault)
		make_printable(row->fault->text);
}

int row_step(struct row *row)
{
	int found = database_step(row->database, row->statement, row->fault);

	if (found == -E2BIG)
		row_refuse(row, "a value is too long to be read");
	else if (found < 0)
		row->err = found;
	return row->err ? row->err : found;
}

void row_end(struct row *row)
{
	if (!row->err && row_step(row) == 1)
		row_refuse(row, "is there more than once; the index is damaged");
	database_reset(row->database, row->statement);
}

struct row row_joined(const struct row *row, const char *table, const char *key)
{
	struct row joined = *row;

	joined.table = table;
	joined.key = key;
	return joined;
}

int row_int(struct row *row, int column, int low, int high)
{
	sqlite3_int64 value = sqlite3_column_int64(row_stmt(row), column);

	if (sqlite3_column_type(row_stmt(row), column) == SQLITE_INTEGER &&
	    value >= low && value <= high)
		return (int)value;
	row_refuse(row, "%s must be a number from %d to %d", column_name(row, column),
		   low, high);
	return low;
}

bool row_bool(struct row *row, int column)
{
	return row_int(row, column, 0, 1) == 1;
}

bool row_is_null(const struct row *row, int column)
{
	return sqlite3_column_type(row_stmt(row), column) == SQLITE_NULL;
}

/* The character at TEXT, of *LENGTH bytes; 0 when it is none (RFC 3629 section 4). */
static unsigned utf8_at(const unsigned char *text, size_t left, size_t *length)
{
	static const unsigned least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = text[0] < 0x80 ? 1 : text[0] >= 0xf0 ? 4 : text[0] >= 0xe0 ? 3 : 2;
	unsigned value = n == 1 ? text[0] : text[0] & (0x7fU >> n);

	if (n > left || (text[0] >= 0x80 && text[0] < 0xc2) || text[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (text[i] & 0x3f);
	}
	*length = n;
	if (value < least[n] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	return value;
}

static bool is_plain_text(const unsigned char *text, size_t length)
{
	size_t step = 1;

	for (size_t i = 0; i < length; i += step) {
		unsigned c = utf8_at(text + i, length - i, &step);

		if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			return false;
	}
	return true;
}

const char *row_text(struct row *row, int column, size_t limit)
{
	const unsigned char *text;
	size_t length;

	if (sqlite3_column_type(row_stmt(row), column) != SQLITE_TEXT) {
		row_refuse(row, "%s must be text", column_name(row, column));
		return "";
	}
	text = sqlite3_column_text(row_stmt(row), column);
	length = (size_t)sqlite3_column_bytes(row_stmt(row), column);
	if (!text || length > limit) {
		row_refuse(row, "%s is longer than %zu bytes", column_name(row, column),
			   limit);
		return "";
	}
	if (!is_plain_text(text, length)) {
		row_refuse(row, "%s must be UTF-8 without control characters",
			   column_name(row, column));
		return "";
	}
	return arena_strndup(row->arena, (const char *)text, length);
}

const char *row_number(struct row *row, int column)
{
	static const char characters[] = "0123456789-._+*#"
					 "abcdefghijklmnopqrstuvwxyz"
					 "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const char *number = row_text(row, column, NUMBER_MAX);

	if (*number && number[strspn(number, characters)] == '\0')
		return number;
	row_refuse(row, "%s must be digits, letters or . _ - + * #",
		   column_name(row, column));
	return "";
}

int row_word(struct row *row, int column, int (*by_name)(const char *word))
{
	const char *word = row_text(row, column, 64);
	int value = row->err ? 0 : by_name(word);

	if (value >= 0)
		return value;
	row_refuse(row, "%s \"%s\" is unknown", column_name(row, column), word);
	return 0;
}

/* The column as `name=value`; a value that is empty or contains a blank is quoted. */
static const char *column_note(const struct row *row, int column)
{
	enum { VALUE_MAX = 64 };
	struct arena *arena = row->trace->arena;
	const char *value = (const char *)sqlite3_column_text(row_stmt(row), column);
	const char *quote = "";

	if (!value)
		return arena_printf(arena, "%s=NULL", column_name(row, column));
	if (!*value || strchr(value, ' '))
		quote = "'";
	return arena_printf(arena, "%s=%s%.*s%s", column_name(row, column), quote,
			    VALUE_MAX, value, quote);
}

void row_note(const struct row *row, const char *table, const char *key, int from, int to)
{
	const char *text = "";

	if (!row->trace)
		return;
	for (int column = from; column <= to; column++)
		text = arena_printf(row->trace->arena, "%s%s%s", text,
				    column > from ? " " : "", column_note(row, column));
	trace_note(row->trace, &(struct trace_step){
				       .kind = TRACE_ROW,
				       .subject = table,
				       .about = key,
				       .is_hit = true,
				       .text = text,
			       });
}

void row_note_missing(const struct row *row, const char *table, const char *key)
{
	if (row->trace)
		trace_note(row->trace, &(struct trace_step){
					       .kind = TRACE_ROW,
					       .subject = table,
					       .about = key,
					       .text = "",
				       });
}
