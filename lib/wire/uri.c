/* SPDX-License-Identifier: MIT */
#include "wire/uri.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *uri_user(struct arena *arena, const url_t *url)
{
	char *user;

	if (!url->url_user || !*url->url_user)
		return "";
	user = arena_strndup(arena, url->url_user, strcspn(url->url_user, ";"));
	url_unescape(user, user);
	return user;
}

const char *uri_quote(struct arena *arena, const char *text)
{
	char *quoted = arena_alloc(arena, 2 * strlen(text) + 3), *to = quoted;

	*to++ = '"';
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x20 || c == 0x7f)
			continue;
		if (c == '"' || c == '\\')
			*to++ = '\\';
		*to++ = (char)c;
	}
	*to = '"';
	return quoted;
}

const char *uri_unquote(struct arena *arena, const char *display)
{
	char *plain, *to;

	if (!display || *display != '"')
		return arena_strdup(arena, display ? display : "");
	plain = to = arena_alloc(arena, strlen(display));
	for (display++; *display && *display != '"'; display++) {
		if (*display == '\\' && display[1])
			display++;
		*to++ = *display;
	}
	*to = '\0';
	return plain;
}

const char *uri_escape(struct arena *arena, const char *user)
{
	/* "+15550100" and "%2B15550100" are not the same URI (RFC 3261 section 19.1.4). */
	static const char reserved[] = ",;?/";
	size_t length = (size_t)url_esclen(user, reserved);
	char *escaped = arena_alloc(arena, length + 1);

	url_escape(escaped, user, reserved);
	return escaped;
}

bool uri_param(const char *params, const char *name, char *value, size_t size)
{
	size_t wanted = strlen(name), length;

	for (; params && *params; params += length + (params[length] == ';')) {
		length = strcspn(params, ";");
		if (length < wanted || strncasecmp(params, name, wanted) != 0)
			continue;
		if (length == wanted)
			snprintf(value, size, "%s", "");
		else if (params[wanted] == '=')
			snprintf(value, size, "%.*s", (int)(length - wanted - 1),
				 params + wanted + 1);
		else
			continue;
		return true;
	}
	return false;
}

unsigned uri_port(const url_t *url)
{
	unsigned long port;
	char transport[8];
	char *end;

	if (url->url_port && *url->url_port) {
		port = strtoul(url->url_port, &end, 10);
		return *end || port > 65535 ? 65536 : (unsigned)port;
	}
	if (url->url_type == url_sips ||
	    (uri_param(url->url_params, "transport", transport, sizeof transport) &&
	     strcasecmp(transport, "tls") == 0))
		return 5061;
	return 5060;
}
