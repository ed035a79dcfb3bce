/* SPDX-License-Identifier: MIT */
#include "ctl/request.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

struct request {
	json_t *json;
};

int request_read(const char *line, struct request **request, struct fault *fault)
{
	json_error_t error;
	json_t *json = json_loads(line, JSON_REJECT_DUPLICATES, &error);
	struct request *read;

	if (!json)
		return fault_say(fault, EINVAL, "the request is not JSON: %s",
				 error.text);
	if (!json_string_value(json_object_get(json, "command"))) {
		json_decref(json);
		return fault_say(fault, EINVAL, "the request names no command");
	}
	read = calloc(1, sizeof *read);
	if (!read) {
		json_decref(json);
		return fault_say(fault, ENOMEM, "out of memory");
	}
	read->json = json;
	*request = read;
	return 0;
}

void request_free(struct request *request)
{
	if (!request)
		return;
	json_decref(request->json);
	free(request);
}

const char *request_command(const struct request *request)
{
	return request_text(request, "command");
}

const char *request_text(const struct request *request, const char *key)
{
	return json_string_value(json_object_get(request->json, key));
}

long long request_number(const struct request *request, const char *key,
			 long long otherwise)
{
	const json_t *value = json_object_get(request->json, key);

	return json_is_integer(value) ? json_integer_value(value) : otherwise;
}

bool request_flag(const struct request *request, const char *key)
{
	return json_is_true(json_object_get(request->json, key));
}
