/* SPDX-License-Identifier: MIT */
#include "script/page.h"

#include "script/faults.h"
#include "script/utf8.h"
#include "script/vector.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Reading ----------------------------------------------------------------------------- */

/* A sentence about why FILE (NULL = it could not be opened) is refused; NULL = it is
 * not. */
static const char *refusal(FILE *file, struct arena *arena)
{
	struct stat about;

	if (!file || fstat(fileno(file), &about) < 0)
		return arena_printf(arena, "cannot be opened: %s", strerror(errno));
	if (S_ISDIR(about.st_mode))
		return "is a directory, not a file";
	if (!S_ISREG(about.st_mode))
		return "is no ordinary file";
	if (about.st_size > SCRIPT_BYTES_MAX)
		return "is larger than 1 MiB, no script";
	return NULL;
}

int page_read(struct page *page, const char *path, const struct script_place *place,
	      struct arena *arena, struct faults *faults)
{
	struct stat about = { 0 };
	/* Opening a FIFO would block. */
	bool is_file = stat(path, &about) < 0 || S_ISREG(about.st_mode) ||
		       S_ISDIR(about.st_mode);
	FILE *file = is_file ? fopen(path, "re") : NULL;
	const char *why = is_file ? refusal(file, arena) : "is no ordinary file";
	char *bytes = NULL;
	size_t size = 0;
	int rc = -EINVAL;

	if (!why) {
		bytes = malloc(SCRIPT_BYTES_MAX + 1);
		if (!bytes)
			why = "cannot be read: out of memory";
	}
	if (!why) {
		size = fread(bytes, 1, SCRIPT_BYTES_MAX + 1, file);
		if (ferror(file))
			why = arena_printf(arena, "cannot be read: %s", strerror(errno));
		else if (size > SCRIPT_BYTES_MAX)
			why = "is larger than 1 MiB, no script";
	}
	if (why)
		faults_say(faults, place, place->line ? "%s %s" : "%.0s%s", path, why);
	else
		rc = page_parse(page, path, bytes, size, arena, faults);
	page->device = about.st_dev;
	page->inode = about.st_ino;
	if (file)
		fclose(file);
	free(bytes);
	return rc;
}

/* Lines ------------------------------------------------------------------------------- */

/* Where the comment of LENGTH bytes at TEXT begins, or LENGTH. */
static size_t comment_start(const char *text, size_t start, size_t length)
{
	for (size_t i = start; i < length; i++) {
		if (text[i] != '#' || (i > 0 && text[i - 1] == '\\'))
			continue;
		/* In an empty comment nothing follows the #. */
		if (i + 1 < length ? is_blank(text[i + 1]) : i == start)
			return i;
	}
	return length;
}

/* Whether a control character stands at TEXT; U+0080 ... U+009F have two bytes. */
static bool is_control(const char *text)
{
	unsigned char c = (unsigned char)text[0], next = (unsigned char)text[1];

	return (c < 0x20 && c != '\t') || c == 0x7f || (c == 0xc2 && next < 0xa0);
}

/* Reports the first byte of a line that no script may contain; false if there is one. */
static bool is_sound(const struct page_line *line, size_t length, struct faults *faults)
{
	for (size_t i = 0, step; i < length; i += step) {
		unsigned char c = (unsigned char)line->text[i];
		struct script_place at = { .file = line->file, .line = line->line };

		step = utf8_length(line->text + i, length - i);
		if (step && !is_control(line->text + i))
			continue;
		at.column = utf8_count(line->text, i) + 1;
		if (step)
			faults_say(faults, &at,
				   "a control character may not stand in a script");
		else
			faults_say(faults, &at, "the byte \\x%02x is not UTF-8", c);
		return false;
	}
	return true;
}

static unsigned indent_of(const char *text, size_t start)
{
	unsigned indent = 0;

	for (size_t i = 0; i < start; i++)
		indent = text[i] == '\t' ? (indent / 8 + 1) * 8 : indent + 1;
	return indent;
}

/* Adds LINE of LENGTH bytes unless it is empty or only a comment. */
static void add_line(struct page *page, struct page_line *line, size_t length,
		     struct arena *arena)
{
	const char *text = line->text;
	size_t end;

	while (line->start < length && is_blank(text[line->start]))
		line->start++;
	end = comment_start(text, line->start, length);
	if (line->line == 1 && end == line->start && end < length) {
		size_t from = end + 1, to = length;

		while (from < to && is_blank(text[from]))
			from++;
		while (to > from && is_blank(text[to - 1]))
			to--;
		if (from < to)
			page->title = arena_strndup(arena, text + from, to - from);
	}
	while (end > line->start && is_blank(text[end - 1]))
		end--;
	if (end == line->start)
		return;
	line->end = end;
	line->indent = indent_of(text, line->start);
	VECTOR_ADD(arena, page->lines, page->count, *line);
}

int page_parse(struct page *page, const char *path, const char *text, size_t size,
	       struct arena *arena, struct faults *faults)
{
	unsigned number = 0;
	int rc = 0;

	*page = (struct page){ .file = path };
	for (const char *at = text, *next; at < text + size; at = next) {
		const char *end = memchr(at, '\n', (size_t)(text + size - at));
		struct page_line line = { .file = path, .line = ++number };
		size_t length;

		next = end ? end + 1 : text + size;
		length = (size_t)((end ? end : next) - at);
		if (length > 0 && at[length - 1] == '\r')
			length--;
		/* Skips a byte order mark. */
		if (number == 1 && length >= 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0)
			at += 3, length -= 3;
		if (length > SCRIPT_LINE_MAX) {
			faults_say(faults,
				   &(struct script_place){ path, number, 1, 0, "" },
				   "the line is longer than %d bytes", SCRIPT_LINE_MAX);
			rc = -EINVAL;
			continue;
		}
		line.text = arena_strndup(arena, at, length);
		if (!is_sound(&line, length, faults))
			rc = -EINVAL;
		else
			add_line(page, &line, length, arena);
	}
	return rc;
}

struct script_place page_place(const struct page_line *line, size_t offset)
{
	return (struct script_place){
		.file = line->file,
		.line = line->line,
		.column = utf8_count(line->text, offset) + 1,
		.width = offset < line->end
				 ? utf8_count(line->text + offset, line->end - offset)
				 : 1,
		.text = line->text,
	};
}

bool page_line_begins(const struct page_line *line, const char *word)
{
	size_t length = strlen(word);

	return line->end - line->start >= length &&
	       memcmp(line->text + line->start, word, length) == 0 &&
	       (line->start + length == line->end ||
		is_blank(line->text[line->start + length]));
}
