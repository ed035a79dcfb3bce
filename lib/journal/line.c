/* SPDX-License-Identifier: MIT */
#include "journal/line.h"

#include "base/clock.h"

#include <jansson.h>

/* Entries hold nothing but valid UTF-8, so the checking calls of jansson are not needed.
 * jansson refuses a NULL value, so its key is left out. */
static void put(json_t *object, const char *key, const char *text)
{
	if (text)
		json_object_set_new_nocheck(object, key, json_string_nocheck(text));
}

static void put_text(json_t *object, const char *key, const struct entry *entry,
		     enum entry_text which)
{
	put(object, key, entry_text(entry, which));
}

static void put_all(json_t *object, const struct entry *entry)
{
	const char *event = entry_text(entry, TEXT_EVENT);
	char time[CLOCK_RFC3339];

	put(object, "t", clock_rfc3339(time, entry->wall_us));
	json_object_set_new_nocheck(object, "seq", json_integer((json_int_t)entry->seq));
	put_text(object, "call", entry, TEXT_CALL);
	if (entry_text(entry, TEXT_CALL))
		put(object, "half", half_name(entry->half));
	put(object, "event", event ? event : "");
	put_text(object, "extension", entry, TEXT_EXTENSION);
	put_text(object, "from", entry, TEXT_FROM);
	put_text(object, "to", entry, TEXT_TO);
	put(object, "phase_in", phase_name(entry->phase_in));
	put(object, "phase_out", phase_name(entry->phase_out));
	put_text(object, "rule", entry, TEXT_RULE);
	if (entry->status)
		json_object_set_new_nocheck(object, "status",
					    json_integer(entry->status));
	put_text(object, "reason", entry, TEXT_REASON);
	put_text(object, "proxy", entry, TEXT_PROXY);
	put_text(object, "sip_call_id", entry, TEXT_SIP_CALL_ID);
}

size_t line_render(char line[static LINE_ROOM], const struct entry *entry)
{
	json_t *object = json_object();
	size_t length = 0;

	if (object) {
		put_all(object, entry);
		length = json_dumpb(object, line, LINE_ROOM - 1, JSON_COMPACT);
		if (length >= LINE_ROOM)
			length = 0;
		json_decref(object);
	}
	line[length] = '\0';
	return length;
}
