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

/* Parameters that describe the URI they stand on, so they stay with it. */
static const char *const own[] = {
	"transport", "lr", "maddr", "ttl", "user", "method", "comp", "odi",
};

enum { OWN = sizeof own / sizeof *own };

/* A parameter inside a string of them: name and, behind '=', value. */
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
	return strlen(name) == param->name && strncasecmp(param->text, name, param->name) == 0;
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

static void read_param(struct arena *arena, struct route_tag *tag, const struct param *param)
{
	size_t skip = param->name < param->length ? param->name + 1 : param->length;
	const char *value = param->text + skip;
	size_t length = param->length - skip;

	if (param_is(param, "phase")) {
		if (length >= 2 && *value == '"' && value[length - 1] == '"')
			value++, length -= 2;
		tag->phases++;
		tag->text = arena_strndup(arena, value, length);
		tag->phase = phase_by_name(tag->text);
	} else if (!param_is_own(param)) {
		tag->carried = arena_printf(arena, "%s%s%.*s", tag->carried,
					    *tag->carried ? ";" : "", (int)param->length,
					    param->text);
	}
}

struct route_tag phase_read(struct arena *arena, const char *uri_params,
			    const char *const *header_params)
{
	struct route_tag tag = { .phase = PHASE_NONE, .carried = "" };
	struct param param;

	while (param_next(&uri_params, &param))
		read_param(arena, &tag, &param);

	for (; header_params && *header_params; header_params++) {
		const char *rest = *header_params;

		if (param_next(&rest, &param))
			read_param(arena, &tag, &param);
	}
	return tag;
}

const char *phase_write(struct arena *arena, const char *way_back_params, enum phase phase,
			const struct route_tag *tagged)
{
	const char *rest = way_back_params, *name = phase_name(phase);
	const char *written = "", *between = "";
	bool has_lr = false;
	struct param param;

	while (param_next(&rest, &param)) {
		if (param_is(&param, "phase"))
			continue;
		has_lr = has_lr || param_is(&param, "lr");
		written = arena_printf(arena, "%s%s%.*s", written, between, (int)param.length,
				       param.text);
		between = ";";
	}
	if (!has_lr) {
		written = arena_printf(arena, "%s%slr", written, between);
		between = ";";
	}
	if (name)
		written = arena_printf(arena, "%s%sphase=%s", written, between, name);

	rest = tagged->carried;
	while (param_next(&rest, &param))
		if (!has_name_of(way_back_params, &param))
			written = arena_printf(arena, "%s;%.*s", written, (int)param.length,
					       param.text);
	return written;
}
