/* SPDX-License-Identifier: MIT */
#include "wire/uri.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool uri_is_reachable(const url_t *url)
{
	return url->url_type == url_sip || url->url_type == url_sips ||
	       url->url_type == url_tel;
}

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

/*
 * RFC 3261 section 25.1, user: unreserved and some of user-unreserved.  The comma, semicolon,
 * question mark and slash may stand there too, but mean something to those who read carelessly;
 * "+15550100" and "%2B15550100" are not the same URI (section 19.1.4).
 */
static bool is_plain(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
	       (c && strchr("-_.!~*'()&=+$", c));
}

const char *uri_escape(struct arena *arena, const char *user)
{
	static const char digits[] = "0123456789ABCDEF";
	char *escaped = arena_alloc(arena, 3 * strlen(user) + 1), *to = escaped;

	for (; *user; user++) {
		unsigned char c = (unsigned char)*user;

		if (is_plain(*user)) {
			*to++ = *user;
			continue;
		}
		*to++ = '%';
		*to++ = digits[c >> 4];
		*to++ = digits[c & 15];
	}
	*to = '\0';
	return escaped;
}

static void copy_text(char *to, size_t size, const char *text, size_t length)
{
	if (length >= size)
		length = size - 1;
	memcpy(to, text, length);
	to[length] = '\0';
}

bool uri_param(const char *params, const char *name, char *value, size_t size)
{
	size_t wanted = strlen(name), length;

	for (; params && *params; params += length + (params[length] == ';')) {
		length = strcspn(params, ";");
		if (length < wanted || strncasecmp(params, name, wanted) != 0)
			continue;
		if (length != wanted && params[wanted] != '=')
			continue;
		copy_text(value, size, params + wanted + 1,
			  length == wanted ? 0 : length - wanted - 1);
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
