/* SPDX-License-Identifier: MIT */
#include "wire/pen.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_FIRST = 1024 };

/* Room for LENGTH bytes and a NUL. */
static bool make_room(struct pen *pen, size_t length)
{
	size_t room = pen->room ? pen->room : ROOM_FIRST;
	char *text;

	if (pen->is_broken)
		return false;
	if (pen->length + length < pen->room)
		return true;
	while (room <= pen->length + length)
		room *= 2;
	text = realloc(pen->text, room);
	if (!text) {
		pen->is_broken = true;
		return false;
	}
	pen->text = text;
	pen->room = room;
	return true;
}

void pen_write(struct pen *pen, const char *text, size_t length)
{
	if (!make_room(pen, length))
		return;
	memcpy(pen->text + pen->length, text, length);
	pen->length += length;
}

void pen_add(struct pen *pen, const char *text)
{
	pen_write(pen, text, strlen(text));
}

void pen_format(struct pen *pen, const char *format, ...)
{
	for (int length = 128;;) {
		size_t room = (size_t)length + 1;
		va_list args;

		if (!make_room(pen, room))
			return;
		va_start(args, format);
		length = vsnprintf(pen->text + pen->length, room, format, args);
		va_end(args);
		if (length < 0) {
			pen->is_broken = true;
			return;
		}
		if ((size_t)length < room) {
			pen->length += (size_t)length;
			return;
		}
	}
}

void pen_header(struct pen *pen, const void *header)
{
	for (issize_t length = 256; header;) {
		size_t room = (size_t)length + 64;

		if (!make_room(pen, room))
			return;
		length = sip_header_e(pen->text + pen->length, (isize_t)room, header, 0);
		if (length < 0) {
			pen->is_broken = true;
			return;
		}
		if ((size_t)length < room) {
			pen->length += (size_t)length;
			return;
		}
	}
}

void pen_headers(struct pen *pen, const void *header)
{
	for (const sip_header_t *next = header; next; next = next->sh_next)
		pen_header(pen, next);
}

void pen_back(struct pen *pen)
{
	while (pen->length &&
	       (pen->text[pen->length - 1] == '\n' || pen->text[pen->length - 1] == '\r'))
		pen->length--;
}

char *pen_end(struct pen *pen, size_t *length)
{
	char *text = NULL;

	if (make_room(pen, 0)) {
		text = pen->text;
		text[pen->length] = '\0';
		*length = pen->length;
	} else {
		free(pen->text);
	}
	*pen = (struct pen){ 0 };
	return text;
}
