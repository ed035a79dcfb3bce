/* SPDX-License-Identifier: MIT */
/* Each line is a flat JSON object of texts and numbers, as halfcalld writes it. */
#include "run/diary.h"

#include "base/memory.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KEYS_MAX = 32, READ_BYTES = 65536 };

struct diary_event {
	const char *text;
	size_t count;
	struct {
		const char *key, *value;
	} pairs[KEYS_MAX];
};

struct diary {
	const char *path;
	struct arena arena;
	int fd;				/* -1 = not open yet */
	char *rest;			/* owned; an incomplete line */
	size_t rest_length;
	struct diary_event **events;	/* owned */
	size_t count, room;
};

struct diary *diary_open(const char *path)
{
	struct diary *diary = memory_new(sizeof *diary);

	diary->path = path;
	diary->fd = -1;
	return diary;
}

void diary_close(struct diary *diary)
{
	if (!diary)
		return;
	if (diary->fd >= 0)
		close(diary->fd);
	free(diary->rest);
	free(diary->events);
	arena_clear(&diary->arena);
	free(diary);
}

static void put_utf8(char **to, unsigned code)
{
	if (code < 0x80) {
		*(*to)++ = (char)code;
	} else if (code < 0x800) {
		*(*to)++ = (char)(0xc0 | code >> 6);
		*(*to)++ = (char)(0x80 | (code & 0x3f));
	} else {
		*(*to)++ = (char)(0xe0 | code >> 12);
		*(*to)++ = (char)(0x80 | (code >> 6 & 0x3f));
		*(*to)++ = (char)(0x80 | (code & 0x3f));
	}
}

static void put_escaped(char **to, const char **at)
{
	static const char letters[] = "bfnrt", meant[] = "\b\f\n\r\t";
	const char *letter = strchr(letters, **at);
	char digits[5] = "";

	if (**at == 'u' && strlen(*at) > 4) {
		memcpy(digits, *at + 1, 4);
		put_utf8(to, (unsigned)strtoul(digits, NULL, 16));
		*at += 5;
	} else {
		*(*to)++ = letter && *letter ? meant[letter - letters] : **at;
		*at += **at != '\0';
	}
}

/* The string whose opening quote is at *AT, which moves behind it. */
static const char *read_string(struct arena *arena, const char **at)
{
	char *text = arena_alloc(arena, strlen(*at) + 1), *to = text;

	++*at;
	while (**at && **at != '"') {
		if (**at == '\\') {
			++*at;
			put_escaped(&to, at);
		} else {
			*to++ = *(*at)++;
		}
	}
	*at += **at == '"';
	*to = '\0';
	return text;
}

static const char *read_value(struct arena *arena, const char **at)
{
	size_t length;

	if (**at == '"')
		return read_string(arena, at);
	length = strcspn(*at, ",}");
	*at += length;
	return arena_strndup(arena, *at - length, length);
}

static void read_event(struct diary_event *event, struct arena *arena)
{
	const char *at = event->text + strspn(event->text, " {");

	while (*at == '"' && event->count < KEYS_MAX) {
		event->pairs[event->count].key = read_string(arena, &at);
		at += strspn(at, " :");
		event->pairs[event->count++].value = read_value(arena, &at);
		at += strspn(at, " ,");
	}
}

static void add_line(struct diary *diary, const char *line, size_t length)
{
	struct diary_event *event = arena_alloc(&diary->arena, sizeof *event);

	event->text = arena_strndup(&diary->arena, line, length);
	read_event(event, &diary->arena);
	if (diary->count == diary->room) {
		diary->room = diary->room ? 2 * diary->room : 64;
		diary->events = memory_checked(
			reallocarray(diary->events, diary->room, sizeof *diary->events));
	}
	diary->events[diary->count++] = event;
}

static void take(struct diary *diary, const char *bytes, size_t length)
{
	char *newline, *at;

	diary->rest =
		memory_checked(realloc(diary->rest, diary->rest_length + length + 1));
	memcpy(diary->rest + diary->rest_length, bytes, length);
	diary->rest_length += length;
	at = diary->rest;
	while ((newline = memchr(at, '\n',
				 diary->rest_length - (size_t)(at - diary->rest)))) {
		add_line(diary, at, (size_t)(newline - at));
		at = newline + 1;
	}
	diary->rest_length -= (size_t)(at - diary->rest);
	memmove(diary->rest, at, diary->rest_length);
}

void diary_read(struct diary *diary)
{
	char bytes[READ_BYTES];
	ssize_t length;

	if (diary->fd < 0)
		diary->fd = open(diary->path, O_RDONLY | O_CLOEXEC);
	while (diary->fd >= 0 && (length = read(diary->fd, bytes, sizeof bytes)) > 0)
		take(diary, bytes, (size_t)length);
}

size_t diary_count(const struct diary *diary)
{
	return diary->count;
}

const struct diary_event *diary_event(const struct diary *diary, size_t i)
{
	return diary->events[i];
}

const char *diary_value(const struct diary_event *event, const char *key)
{
	for (size_t i = 0; i < event->count; i++)
		if (strcmp(event->pairs[i].key, key) == 0)
			return event->pairs[i].value;
	return NULL;
}

const char *diary_text(const struct diary_event *event)
{
	return event->text;
}
