/* SPDX-License-Identifier: MIT */
#include "ctl/datum.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

/* A datum is a json_t of jansson; the type is hidden from other rooms. */
static const json_t *json_of(const struct datum *datum)
{
	return (const json_t *)datum;
}

static const struct datum *datum_of(const json_t *json)
{
	return (const struct datum *)json;
}

const struct datum *datum_get(const struct datum *datum, const char *key)
{
	return datum_of(json_object_get(json_of(datum), key));
}

size_t datum_count(const struct datum *datum)
{
	const json_t *json = json_of(datum);

	return json_is_array(json) ? json_array_size(json) : json_object_size(json);
}

const struct datum *datum_item(const struct datum *datum, size_t i, const char **key)
{
	json_t *json = (json_t *)(uintptr_t)datum;	/* iterating changes nothing */
	void *at;

	if (json_is_array(json))
		return datum_of(json_array_get(json, i));
	for (at = json_object_iter(json); at && i > 0; i--)
		at = json_object_iter_next(json, at);
	if (at && key)
		*key = json_object_iter_key(at);
	return at ? datum_of(json_object_iter_value(at)) : NULL;
}

const char *datum_text(const struct datum *datum, char buffer[static DATUM_TEXT])
{
	const json_t *json = json_of(datum);

	if (json_is_string(json))
		return json_string_value(json);
	if (json_is_integer(json))
		snprintf(buffer, DATUM_TEXT, "%lld", (long long)json_integer_value(json));
	else if (json_is_boolean(json))
		snprintf(buffer, DATUM_TEXT, "%s", json_is_true(json) ? "yes" : "no");
	else
		buffer[0] = '\0';
	return buffer;
}

long long datum_number(const struct datum *datum)
{
	return json_integer_value(json_of(datum));
}

bool datum_is_true(const struct datum *datum)
{
	return json_is_true(json_of(datum));
}
