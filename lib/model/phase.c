/* SPDX-License-Identifier: MIT */
#include "model/phase.h"

#include <string.h>
#include <strings.h>

static const struct {
	const char *name;
	enum phase phase, done;
} phases[] = {
	{ "imsorig",     PHASE_IMSORIG,     PHASE_ORIGDONE },
	{ "origdone",    PHASE_ORIGDONE,    PHASE_UNKNOWN },
	{ "imsterm",     PHASE_IMSTERM,     PHASE_TERMDONE },
	{ "termdone",    PHASE_TERMDONE,    PHASE_UNKNOWN },
	{ "terminating", PHASE_TERMINATING, PHASE_NONE },
};

enum { PHASES = sizeof phases / sizeof *phases };

/* Parameters that describe the URI itself; they do not move to another Route. */
static const char *const own[] = {
	"transport", "lr", "maddr", "ttl", "user", "method", "comp", "odi",
};

enum { OWN = sizeof own / sizeof *own };

/* One parameter inside a string of parameters: name and, behind '=', value. */
struct param {
	const char *text;
	size_t length;		/* of the whole, name and value */
	size_t name;		/* of the name */
};

/* Takes the next parameter off *REST; false at the end.  Empty ones are passed over. */
static bool param_next(const char **rest, struct param *param)
{
	const char *text = *rest, *equals;

	while (text && *text == ';')
		text++;
	if (!text || !*text)
		return false;
	param->text = text;
	param->length = strcspn(text, ";");
	equals = memchr(text, '=', param->length);
	param->name = equals ? (size_t)(equals - text) : param->length;
	*rest = text + param->length;
	return true;
}

static bool param_is(const struct param *param, const char *name)
{
	return strlen(name) == param->name &&
	       strncasecmp(param->text, name, param->name) == 0;
}

static bool param_is_own(const struct param *param)
{
	for (size_t i = 0; i < OWN; i++)
		if (param_is(param, own[i]))
			return true;
	return false;
}

/* Whether PARAMS has a parameter of the same name. */
static bool has_name_of(const char *params, const struct param *wanted)
{
	struct param param;

	while (param_next(&params, &param))
		if (param.name == wanted->name &&
		    strncasecmp(param.text, wanted->text, param.name) == 0)
			return true;
	return false;
}

const char *phase_name(enum phase phase)
{
	for (size_t i = 0; i < PHASES; i++)
		if (phases[i].phase == phase)
			return phases[i].name;
	return NULL;
}

enum phase phase_done(enum phase phase)
{
	for (size_t i = 0; i < PHASES; i++)
		if (phases[i].phase == phase)
			return phases[i].done;
	return phase;
}

static enum phase phase_by_name(const char *name)
{
	for (size_t i = 0; i < PHASES; i++)
		if (strcasecmp(phases[i].name, name) == 0)
			return phases[i].phase;
	return PHASE_UNKNOWN;
}

/* Text appended to a buffer whose size was computed beforehand, so that thousands of
 * parameters take time proportional to their length. */
struct text {
	char *start, *end;
};

static struct text text_start(struct arena *arena, size_t room)
{
	char *start = arena_alloc(arena, room + 1);

	return (struct text){ start, start };
}

static void text_put(struct text *text, const char *bytes, size_t length)
{
	memcpy(text->end, bytes, length);
	text->end += length;
}

/* One more parameter: LENGTH bytes, behind a ';' unless it is the first. */
static void text_put_param(struct text *text, const char *bytes, size_t length)
{
	if (text->end != text->start)
		*text->end++ = ';';
	text_put(text, bytes, length);
}

/* What a URI parameter may hold as it is (paramchar, RFC 3261 25.1). */
static bool is_paramchar(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || (c && strchr("-_.!~*'()[]/:&+$", c));
}

/*
 * Only header parameters have quoted values; in a URI the value is unquoted and escaped.
 */
static void text_put_unquoted(struct text *text, const char *value, size_t length)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < length; i++) {
		unsigned char c;

		if (value[i] == '\\' && i + 1 < length)
			i++;
		c = (unsigned char)value[i];
		if (is_paramchar(c))
			text_put(text, value + i, 1);
		else
			text_put(text, (char[]){ '%', hex[c >> 4], hex[c & 15] }, 3);
	}
}

static void read_param(struct arena *arena, struct route_tag *tag, struct text *carried,
		       const struct param *param)
{
	size_t skip = param->name < param->length ? param->name + 1 : param->length;
	const char *value = param->text + skip;
	size_t length = param->length - skip;
	bool is_quoted = length >= 2 && *value == '"' && value[length - 1] == '"';

	if (is_quoted)
		value++, length -= 2;

	if (param_is(param, "phase")) {
		tag->phases++;
		tag->text = arena_strndup(arena, value, length);
		tag->phase = phase_by_name(tag->text);
	} else if (is_quoted && !param_is_own(param)) {
		text_put_param(carried, param->text, skip);
		text_put_unquoted(carried, value, length);
	} else if (!param_is_own(param)) {
		text_put_param(carried, param->text, param->length);
	}
}

/* One header parameter; a ';' in it is part of a quoted value. */
static struct param param_whole(const char *text)
{
	size_t length = strlen(text);
	const char *equals = memchr(text, '=', length);

	return (struct param){ text, length, equals ? (size_t)(equals - text) : length };
}

/* Unquoting makes at most three bytes of one. */
static size_t carried_room(const char *uri_params, const char *const *header_params)
{
	size_t room = uri_params ? strlen(uri_params) : 0;

	for (; header_params && *header_params; header_params++)
		room += 3 * strlen(*header_params) + 1;
	return room;
}

struct route_tag phase_read(struct arena *arena, const char *uri_params,
			    const char *const *header_params)
{
	struct text carried = text_start(arena, carried_room(uri_params, header_params));
	struct route_tag tag = { .phase = PHASE_NONE, .carried = carried.start };
	struct param param;

	while (param_next(&uri_params, &param))
		read_param(arena, &tag, &carried, &param);

	for (; header_params && *header_params; header_params++) {
		param = param_whole(*header_params);
		if (param.length)
			read_param(arena, &tag, &carried, &param);
	}
	return tag;
}

const char *phase_write(struct arena *arena, const char *way_back_params,
			enum phase phase, const struct route_tag *tagged)
{
	const char *rest = way_back_params, *name = phase_name(phase);
	size_t room = (rest ? strlen(rest) : 0) + strlen(";lr;phase=;") +
		      (name ? strlen(name) : 0) + strlen(tagged->carried);
	struct text written = text_start(arena, room);
	bool has_lr = false;
	struct param param;

	while (param_next(&rest, &param)) {
		if (param_is(&param, "phase"))
			continue;
		has_lr = has_lr || param_is(&param, "lr");
		text_put_param(&written, param.text, param.length);
	}
	if (!has_lr)
		text_put_param(&written, "lr", strlen("lr"));
	if (name) {
		text_put_param(&written, "phase=", strlen("phase="));
		text_put(&written, name, strlen(name));
	}

	rest = tagged->carried;
	while (param_next(&rest, &param))
		if (!has_name_of(way_back_params, &param))
			text_put_param(&written, param.text, param.length);
	return written.start;
}
