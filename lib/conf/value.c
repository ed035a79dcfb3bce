/* SPDX-License-Identifier: MIT */
#include "conf/value.h"

#include "conf/address.h"

#include <ctype.h>
#include <string.h>

enum { SHOWN_BYTES = 80 };

const char *value_describe(struct reader *reader, const config_setting_t *setting)
{
	const char *text;
	size_t length;

	switch (config_setting_type(setting)) {
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		return arena_printf(&reader->scratch, "%lld",
				    config_setting_get_int64(setting));
	case CONFIG_TYPE_FLOAT:
		return arena_printf(&reader->scratch, "%g",
				    config_setting_get_float(setting));
	case CONFIG_TYPE_BOOL:
		return config_setting_get_bool(setting) ? "true" : "false";
	case CONFIG_TYPE_STRING:
		text = config_setting_get_string(setting);
		length = strlen(text);
		if (length <= SHOWN_BYTES)
			return arena_printf(&reader->scratch, "\"%s\"", text);
		length = SHOWN_BYTES;
		while (((unsigned char)text[length] & 0xc0) == 0x80)
			length--;	/* whole characters of UTF-8 */
		return arena_printf(&reader->scratch, "\"%.*s...\"", (int)length, text);
	case CONFIG_TYPE_GROUP:
		return "a group";
	default:
		return "a list";
	}
}

static void read_bool(struct reader *reader, const struct item *item,
		      config_setting_t *setting, const char *shown, void *base)
{
	if (config_setting_type(setting) == CONFIG_TYPE_BOOL)
		item_put_number(item, base, config_setting_get_bool(setting));
	else
		reader_fault(reader, reader_at(reader, setting),
			     "%s must be true or false, not %s", shown,
			     value_describe(reader, setting));
}

static void read_number(struct reader *reader, const struct item *item,
			config_setting_t *setting, const char *shown, void *base)
{
	int type = config_setting_type(setting);
	bool is_whole = type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64;
	long long number = is_whole ? config_setting_get_int64(setting) : 0;

	if (is_whole && number >= item->min && number <= item->max)
		item_put_number(item, base, number);
	else
		reader_fault(reader, reader_at(reader, setting),
			     "%s must be %s%lld..%lld, not %s", shown,
			     is_whole ? "" : "a whole number ", item->min, item->max,
			     value_describe(reader, setting));
}

static void read_word(struct reader *reader, const struct item *item,
		      config_setting_t *setting, const char *shown, void *base)
{
	const char *word = config_setting_get_string(setting);
	int index = word ? item_word_index(item, word) : -1;

	if (index >= 0)
		item_put_number(item, base, index);
	else
		reader_fault(reader, reader_at(reader, setting), "%s must be %s, not %s",
			     shown, item_words(item, &reader->scratch),
			     value_describe(reader, setting));
}

static bool is_allowed(const struct item *item, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x20 || c == 0x7f)
			return false;
		/*
		 * ASCII only: the C locale's letters, as the program never sets another.
		 */
		if (item->allowed && !isalnum(c) && !strchr(item->allowed, c))
			return false;
	}
	return true;
}

static void read_text(struct reader *reader, const struct item *item,
		      config_setting_t *setting, const char *shown, void *base)
{
	struct source_line at = reader_at(reader, setting);
	const char *text = config_setting_get_string(setting);
	long long length = text ? (long long)strlen(text) : 0;

	if (!text) {
		reader_fault(reader, at, "%s must be a text in quotes, not %s", shown,
			     value_describe(reader, setting));
	} else if (length == 0 && item->min > 0) {
		reader_fault(reader, at, "%s must not be empty", shown);
	} else if (length < item->min || length > item->max) {
		reader_fault(reader, at, "%s must be %lld..%lld bytes long, not %lld",
			     shown, item->min, item->max, length);
	} else if (!is_allowed(item, text) && item->allowed) {
		reader_fault(reader, at,
			     "%s may have letters, digits and \"%s\" in it, not %s",
			     shown, item->allowed, value_describe(reader, setting));
	} else if (!is_allowed(item, text)) {
		reader_fault(reader, at,
			     "%s must have no control characters in it, not %s", shown,
			     value_describe(reader, setting));
	} else {
		text = arena_strdup(&reader->conf->arena, text);
		memcpy((char *)base + item->in.offset, &text, sizeof text);
	}
}

void value_read_address(struct reader *reader, unsigned min_port,
			const config_setting_t *setting, const char *shown,
			struct conf_address *address)
{
	const char *text = config_setting_get_string(setting), *complaint;

	if (text)
		complaint = address_parse(address, text, min_port, &reader->conf->arena);
	else
		complaint = arena_printf(&reader->scratch,
					 "must be an address such as "
					 "\"sip:192.0.2.10:5062;transport=udp\", not %s",
					 value_describe(reader, setting));
	if (complaint) {
		reader_fault(reader, reader_at(reader, setting), "%s %s", shown,
			     complaint);
		*address = (struct conf_address){ 0 };
	}
}

void value_read(struct reader *reader, const struct item *item, config_setting_t *setting,
		const char *shown, void *base)
{
	switch (item->type) {
	case ITEM_BOOL:
		read_bool(reader, item, setting, shown, base);
		return;
	case ITEM_NUMBER:
		read_number(reader, item, setting, shown, base);
		return;
	case ITEM_WORD:
		read_word(reader, item, setting, shown, base);
		return;
	case ITEM_TEXT:
		read_text(reader, item, setting, shown, base);
		return;
	case ITEM_ADDRESS:
		value_read_address(
			reader, (unsigned)item->min, setting, shown,
			(struct conf_address *)(void *)((char *)base + item->in.offset));
		return;
	case ITEM_ADDRESSES:
	case ITEM_GROUPS:
		break;
	}
}
