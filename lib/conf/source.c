/* SPDX-License-Identifier: MIT */
#include "conf/source.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

enum { FILE_MAX = 1 << 20, DEPTH_MAX = 10 };

/* A file being copied into the text. */
struct scan {
	struct source *source;
	FILE *text, *lines;	/* where it is copied to */
	const char *file;
	unsigned line;
	const char *at;		/* the rest to copy; terminated by NUL */
	bool is_line_start;	/* only blanks since the line began */
	int depth;
	char before;		/* what the last token ended with, 'x' for names and numbers */
	unsigned long long lists;	/* open brackets, innermost lowest: 1 = list, 0 = group */
};

static int scan_file(struct scan *scan);

static int scan_fault(struct scan *scan, const char *sentence)
{
	scan->source->fault = sentence;
	scan->source->fault_at = (struct source_line){ scan->file, scan->line };
	return -1;
}

/* The contents of NAME, terminated and to be freed; or NULL and a sentence in *WHY. */
static char *file_load(struct arena *arena, const char *name, const char **why)
{
	struct stat about;
	FILE *file = fopen(name, "re");
	char *bytes = NULL;
	size_t size;

	*why = NULL;
	if (!file || fstat(fileno(file), &about) < 0) {
		*why = arena_printf(arena, "cannot be opened: %s", strerror(errno));
		goto out;
	}
	if (S_ISDIR(about.st_mode)) {
		*why = "is a directory, not a file";
		goto out;
	}
	bytes = calloc(1, FILE_MAX + 2);
	if (!bytes) {
		*why = "cannot be read: out of memory";
		goto out;
	}
	size = fread(bytes, 1, FILE_MAX + 1, file);
	if (ferror(file))
		*why = arena_printf(arena, "cannot be read: %s", strerror(errno));
	else if (size > FILE_MAX)
		*why = "is larger than 1 MiB, no configuration file";
	else if (memchr(bytes, '\0', size))
		*why = "has a zero byte in it, no configuration file";
out:
	if (file)
		fclose(file);
	if (*why) {
		free(bytes);
		return NULL;
	}
	return bytes;
}

static void note_line(struct scan *scan)
{
	struct source_line line = { scan->file, scan->line };

	fwrite(&line, sizeof line, 1, scan->lines);
}

/* Copies COUNT bytes, counting lines. */
static void copy(struct scan *scan, size_t count)
{
	for (; count > 0; count--, scan->at++) {
		fputc(*scan->at, scan->text);
		if (*scan->at == '\n') {
			scan->line++;
			scan->is_line_start = true;
			note_line(scan);
		}
	}
}

/* A bracket, a separator, or something libconfig will refuse. */
static void copy_mark(struct scan *scan)
{
	char mark = *scan->at;

	if (strchr("([{", mark))
		scan->lists = scan->lists << 1 | (mark != '{');
	else if (strchr(")]}", mark))
		scan->lists >>= 1;
	if (!isspace((unsigned char)mark))
		scan->before = mark;
	copy(scan, 1);
}

/* libconfig leaks a text at a place where its grammar allows none. */
static bool may_be_text(const struct scan *scan)
{
	return scan->before && (strchr("=:([\"", scan->before) ||
				(scan->before == ',' && (scan->lists & 1)));
}

static int copy_text(struct scan *scan)
{
	unsigned start = scan->line;

	if (!may_be_text(scan))
		return scan_fault(scan, "a text in quotes may not stand here; "
					"is something missing before it?");
	scan->before = '"';
	copy(scan, 1);
	while (*scan->at != '"') {
		if (*scan->at == '\0') {
			scan->line = start;
			return scan_fault(scan, "the text that begins here never ends");
		}
		if (strncasecmp(scan->at, "\\x00", 4) == 0)
			return scan_fault(scan, "\\x00 is not allowed in a text");
		copy(scan, scan->at[0] == '\\' && scan->at[1] ? 2 : 1);
	}
	copy(scan, 1);
	return 0;
}

static int copy_comment(struct scan *scan)
{
	const char *end = strstr(scan->at + 2, "*/");

	if (!end)
		return scan_fault(scan, "the comment that begins here never ends");
	copy(scan, (size_t)(end + 2 - scan->at));
	return 0;
}

/* libconfig keeps 32 bits of a number without an L behind it. */
static void copy_number(struct scan *scan)
{
	const char *digits = scan->at + (*scan->at == '-' || *scan->at == '+');
	bool is_hex = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
	size_t length = is_hex ? 2 + strspn(digits + 2, "0123456789abcdefABCDEF")
			       : strspn(digits, "0123456789");
	char next = digits[length];
	unsigned long long number = strtoull(digits, NULL, is_hex ? 16 : 10);

	scan->before = 'x';
	copy(scan, (size_t)(digits + length - scan->at));
	if (number > INT_MAX && next != 'L' && next != '.' && next != 'e' && next != 'E')
		fputc('L', scan->text);
}

static const char *included_name(const struct scan *scan, const char *name)
{
	const char *slash = strrchr(scan->file, '/');

	if (*name == '/' || !slash)
		return name;
	return arena_printf(&scan->source->arena, "%.*s%s", (int)(slash + 1 - scan->file),
			    scan->file, name);
}

/* At the name's opening quote of an @include. */
static int copy_included(struct scan *scan)
{
	const char *name = scan->at + 1, *end = name + strcspn(name, "\"\n"), *why;
	struct scan below = *scan;
	char *bytes;
	int rc;

	if (*end != '"')
		return scan_fault(scan, "the name of the file to include never ends");
	if (scan->depth == DEPTH_MAX)
		return scan_fault(scan,
				  "@include goes too deep; does a file include itself?");
	name = arena_strndup(&scan->source->arena, name, (size_t)(end - name));
	below.file = included_name(scan, name);
	below.line = 1;
	below.depth++;
	bytes = file_load(&scan->source->arena, below.file, &why);
	if (!bytes)
		return scan_fault(scan, arena_printf(&scan->source->arena,
						     "%s, to be included, %s", below.file,
						     why));
	below.at = bytes;
	fputc('\n', scan->text);
	note_line(&below);
	rc = scan_file(&below);
	free(bytes);
	scan->before = below.before;
	scan->lists = below.lists;

	fputc('\n', scan->text);
	note_line(scan);
	scan->at = end + 1;
	return rc;
}

static int scan_file(struct scan *scan)
{
	static const char include[] = "@include";
	int rc = 0;

	scan->is_line_start = true;
	while (rc == 0 && *scan->at) {
		const char *at = scan->at;
		bool is_line_start = scan->is_line_start;

		scan->is_line_start = is_line_start && isblank((unsigned char)*at);
		if (is_line_start && strncmp(at, include, sizeof include - 1) == 0) {
			const char *quote = at + sizeof include - 1;

			quote += strspn(quote, " \t");
			if (*quote != '"')
				return scan_fault(
					scan, "@include must be followed by \"FILE\"");
			scan->at = quote;
			rc = copy_included(scan);
		} else if (*at == '"') {
			rc = copy_text(scan);
		} else if (at[0] == '/' && at[1] == '*') {
			rc = copy_comment(scan);
		} else if (*at == '#' || (at[0] == '/' && at[1] == '/')) {
			copy(scan, strcspn(at, "\n"));
		} else if (isalpha((unsigned char)*at) || *at == '*') {
			scan->before = 'x';
			copy(scan, 1 + strspn(at + 1, "-0123456789_*"
						      "abcdefghijklmnopqrstuvwxyz"
						      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
		} else if (isdigit((unsigned char)*at) ||
			   ((*at == '-' || *at == '+') &&
			    isdigit((unsigned char)at[1]))) {
			copy_number(scan);
		} else if (*at == '.') {
			scan->before = 'x';
			copy(scan, 1 + strspn(at + 1, "0123456789"));
		} else {
			copy_mark(scan);
		}
	}
	return rc;
}

int source_read(struct source *source, const char *file)
{
	struct scan scan = { .source = source, .line = 1 };
	size_t lines_size = 0;
	char *lines = NULL, *bytes;
	const char *why;
	int rc = -1;

	*source = (struct source){ 0 };
	scan.file = arena_strdup(&source->arena, file);
	bytes = file_load(&source->arena, file, &why);
	if (!bytes)
		return scan_fault(&scan, why);

	scan.at = bytes;
	scan.text = open_memstream(&source->text, &source->size);
	scan.lines = open_memstream(&lines, &lines_size);
	if (scan.text && scan.lines) {
		note_line(&scan);
		rc = scan_file(&scan);
	} else {
		scan_fault(&scan, "cannot be read: out of memory");
	}
	if (scan.text)
		fclose(scan.text);
	if (scan.lines)
		fclose(scan.lines);
	free(bytes);
	source->lines = (struct source_line *)(void *)lines;
	source->line_count = lines_size / sizeof *source->lines;
	return rc;
}

void source_clear(struct source *source)
{
	free(source->text);
	free(source->lines);
	arena_clear(&source->arena);
	*source = (struct source){ 0 };
}

struct source_line source_at(const struct source *source, unsigned line)
{
	size_t index = line > 0 ? line - 1 : 0;

	if (index >= source->line_count)
		index = source->line_count - 1;
	return source->lines[index];
}
