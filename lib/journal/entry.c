/* SPDX-License-Identifier: MIT */
#include "journal/entry.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char ellipsis[] = "\xe2\x80\xa6";		/* U+2026 */
static const char replacement[] = "\xef\xbf\xbd";	/* U+FFFD */

static bool is_between(unsigned char c, unsigned low, unsigned high)
{
	return c >= low && c <= high;
}

/*
 * The length of the UTF-8 character at TEXT (RFC 3629 section 4), 0 if it is none.  DEL
 * and U+0080 ... U+009F count as none: JSON does not escape them, but terminals act on
 * them.
 */
static size_t character_length(const unsigned char *text)
{
	unsigned low = 0x80, high = 0xbf;
	size_t length;

	if (text[0] < 0x7f)
		return 1;
	if (is_between(text[0], 0xc2, 0xdf))
		length = 2;
	else if (is_between(text[0], 0xe0, 0xef))
		length = 3;
	else if (is_between(text[0], 0xf0, 0xf4))
		length = 4;
	else
		return 0;

	if (text[0] == 0xc2 || text[0] == 0xe0)
		low = 0xa0;
	else if (text[0] == 0xf0)
		low = 0x90;
	else if (text[0] == 0xed)
		high = 0x9f;	/* surrogates */
	else if (text[0] == 0xf4)
		high = 0x8f;
	if (!is_between(text[1], low, high))
		return 0;
	for (size_t i = 2; i < length; i++)
		if (!is_between(text[i], 0x80, 0xbf))
			return 0;
	return length;
}

/* Copies TEXT, cleaned and cut at ENTRY_TEXT bytes.  The bytes written, with the NUL. */
static size_t copy_text(char to[static ENTRY_TEXT], const char *text)
{
	const size_t limit = ENTRY_TEXT - sizeof ellipsis;
	size_t used = 0;

	while (*text) {
		size_t length = character_length((const unsigned char *)text);
		size_t step = length ? length : 1;
		const char *from = length ? text : replacement;

		if (length == 1 && used < limit) {	/* most of it is ASCII */
			to[used++] = *text++;
			continue;
		}
		if (!length)
			length = sizeof replacement - 1;
		if (used + length > limit) {
			memcpy(to + used, ellipsis, sizeof ellipsis - 1);
			used += sizeof ellipsis - 1;
			break;
		}
		memcpy(to + used, from, length);
		used += length;
		text += step;
	}
	to[used] = '\0';
	return used + 1;
}

static bool make_room(struct entry *entry, size_t room)
{
	char *block;

	if (entry->room >= room)
		return true;
	block = realloc(entry->block, room);
	if (!block)
		return false;
	entry->block = block;
	entry->room = (uint16_t)room;
	return true;
}

void entry_set(struct entry *entry, const struct event *event)
{
	const char *const texts[ENTRY_TEXTS] = {
		[TEXT_EVENT] = event->event,
		[TEXT_CALL] = event->call,
		[TEXT_EXTENSION] = event->extension,
		[TEXT_FROM] = event->from,
		[TEXT_TO] = event->to,
		[TEXT_RULE] = event->rule,
		[TEXT_REASON] = event->reason,
		[TEXT_PROXY] = event->proxy,
		[TEXT_SIP_CALL_ID] = event->sip_call_id,
	};
	char cleaned[ENTRY_TEXTS * ENTRY_TEXT];
	size_t used = 0;

	entry->wall_us = event->wall_us;
	entry->seq = event->seq;
	entry->status = event->status;
	entry->half = event->half;
	entry->phase_in = event->phase_in;
	entry->phase_out = event->phase_out;
	for (size_t i = 0; i < ENTRY_TEXTS; i++) {
		entry->start[i] = texts[i] ? (uint16_t)(used + 1) : 0;
		if (texts[i])
			used += copy_text(cleaned + used, texts[i]);
	}
	if (!make_room(entry, used))
		memset(entry->start, 0, sizeof entry->start);
	else if (used)
		memcpy(entry->block, cleaned, used);
}

const char *entry_text(const struct entry *entry, enum entry_text which)
{
	return entry->start[which] ? entry->block + entry->start[which] - 1 : NULL;
}

void entry_clear(struct entry *entry)
{
	free(entry->block);
	*entry = (struct entry){ 0 };
}
