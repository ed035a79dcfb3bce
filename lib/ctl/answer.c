/* SPDX-License-Identifier: MIT */
#include "ctl/answer.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char replacement[] = "\xef\xbf\xbd";	/* U+FFFD */

static void put(struct answer *answer, const char *text, size_t length)
{
	if (answer->is_broken)
		return;
	if (answer->room - answer->length < length) {
		size_t room = (answer->length + length) * 2 + 1024;
		char *grown = realloc(answer->text, room);

		if (!grown) {
			answer->is_broken = true;
			return;
		}
		answer->text = grown;
		answer->room = room;
	}
	memcpy(answer->text + answer->length, text, length);
	answer->length += length;
}

static void put_text(struct answer *answer, const char *text)
{
	put(answer, text, strlen(text));
}

static bool is_continued(const unsigned char *text, size_t from, size_t length)
{
	for (size_t i = from; i < length; i++)
		if ((text[i] & 0xc0) != 0x80)
			return false;
	return true;
}

/* The length of the UTF-8 character at TEXT (RFC 3629 section 4), 0 if it is none. */
static size_t character_length(const unsigned char *text)
{
	unsigned char second = text[0] < 0x80 ? 0 : text[1];

	if (text[0] < 0x80)
		return 1;
	if (text[0] >= 0xc2 && text[0] <= 0xdf)
		return is_continued(text, 1, 2) ? 2 : 0;
	if (text[0] >= 0xe0 && text[0] <= 0xef) {
		if ((text[0] == 0xe0 && second < 0xa0) ||
		    (text[0] == 0xed && second > 0x9f))
			return 0;	/* too long a form, or a surrogate */
		return is_continued(text, 1, 3) ? 3 : 0;
	}
	if (text[0] >= 0xf0 && text[0] <= 0xf4) {
		if ((text[0] == 0xf0 && second < 0x90) ||
		    (text[0] == 0xf4 && second > 0x8f))
			return 0;
		return is_continued(text, 1, 4) ? 4 : 0;
	}
	return 0;
}

bool answer_is_utf8(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t length;

	for (; *at; at += length) {
		length = character_length(at);
		if (!length)
			return false;
	}
	return true;
}

static void put_escaped(struct answer *answer, unsigned char c)
{
	char text[8];

	if (c == '"' || c == '\\')
		snprintf(text, sizeof text, "\\%c", c);
	else
		snprintf(text, sizeof text, "\\u%04x", c);
	put_text(answer, text);
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static void put_string(struct answer *answer, const char *string)
{
	put(answer, "\"", 1);
	while (*string) {
		const unsigned char *at = (const unsigned char *)string;
		size_t length = 0;

		while (is_plain(at[length]))
			length++;
		if (length) {
			put(answer, string, length);
		} else if (*at < 0x80) {
			put_escaped(answer, *at);
			length = 1;
		} else if ((length = character_length(at)) > 0) {
			put(answer, string, length);
		} else {
			put_text(answer, replacement);
			length = 1;
		}
		string += length;
	}
	put(answer, "\"", 1);
}

/* Writes what precedes a value: a comma unless it is the first, and its key. */
static void put_key(struct answer *answer, const char *key)
{
	if (answer->needs_comma)
		put(answer, ",", 1);
	answer->needs_comma = true;
	if (key) {
		put_string(answer, key);
		put(answer, ":", 1);
	}
}

static void begin(struct answer *answer, const char *key, const char *bracket)
{
	put_key(answer, key);
	put(answer, bracket, 1);
	answer->needs_comma = false;
}

static void end(struct answer *answer, const char *bracket)
{
	put(answer, bracket, 1);
	answer->needs_comma = true;
}

struct arena *answer_arena(struct answer *answer)
{
	return &answer->arena;
}

void answer_row_begin(struct answer *answer)
{
	answer->needs_comma = false;
	put_text(answer, "{\"row\":{");
}

void answer_row_end(struct answer *answer)
{
	put_text(answer, "}}\n");
}

void answer_row(struct answer *answer, const char *json)
{
	put_text(answer, "{\"row\":");
	put_text(answer, json);
	put_text(answer, "}\n");
}

void answer_text(struct answer *answer, const char *key, const char *text)
{
	if (!text)
		return;
	put_key(answer, key);
	put_string(answer, text);
}

void answer_number(struct answer *answer, const char *key, int64_t number)
{
	char text[24];

	snprintf(text, sizeof text, "%" PRId64, number);
	put_key(answer, key);
	put_text(answer, text);
}

void answer_flag(struct answer *answer, const char *key, bool flag)
{
	put_key(answer, key);
	put_text(answer, flag ? "true" : "false");
}

void answer_list_begin(struct answer *answer, const char *key)
{
	begin(answer, key, "[");
}

void answer_list_end(struct answer *answer)
{
	end(answer, "]");
}

void answer_object_begin(struct answer *answer, const char *key)
{
	begin(answer, key, "{");
}

void answer_object_end(struct answer *answer)
{
	end(answer, "}");
}

void answer_status(struct answer *answer, int status)
{
	answer->status = status;
}

void answer_refuse(struct answer *answer, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	answer->fault = arena_strdup(&answer->arena, text);
	answer->status = 1;
	answer->more = NULL;
}

void answer_continue(struct answer *answer,
		     bool (*more)(void *state, struct answer *answer), void *state)
{
	answer->more = more;
	answer->state = state;
}

void answer_finish(struct answer *answer)
{
	answer->needs_comma = false;
	put(answer, "{", 1);
	answer_number(answer, "done", answer->status);
	answer_text(answer, "fault", answer->fault);
	put_text(answer, "}\n");
}

void answer_clear(struct answer *answer)
{
	free(answer->text);
	arena_clear(&answer->arena);
	*answer = (struct answer){ 0 };
}
