/* SPDX-License-Identifier: MIT */
#include "wire/body.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { DEPTH_MAX = 4 };		/* nested multiparts that are searched */

static char *find_session(struct arena *arena, const char *type, char *text, int depth);

static bool begins(const char *text, const char *with)
{
	return strncasecmp(text, with, strlen(with)) == 0;
}

/* The boundary among the parameters of TYPE, without quotes; NULL = none. */
static const char *boundary_of(struct arena *arena, const char *type)
{
	const char *value = strcasestr(type, "boundary=");

	if (!value)
		return NULL;
	value += strlen("boundary=");
	if (*value == '"')
		return arena_strndup(arena, value + 1, strcspn(value + 1, "\""));
	return arena_strndup(arena, value, strcspn(value, "; \t"));
}

/* Where in TEXT a line begins with DELIMITER; NULL = nowhere. */
static char *find_line(char *text, const char *delimiter)
{
	for (char *at = strstr(text, delimiter); at; at = strstr(at + 1, delimiter))
		if (at == text || at[-1] == '\n')
			return at;
	return NULL;
}

/* Searches PART, which begins with the rest of its delimiter's line, followed by its own
 * headers. */
static char *find_in_part(struct arena *arena, char *part, int depth)
{
	const char *type = "text/plain";
	char *line = strsep(&part, "\n");

	while (line && part) {
		line = strsep(&part, "\n");
		line[strcspn(line, "\r")] = '\0';
		if (!*line)
			break;
		if (begins(line, "Content-Type:"))
			type = line + strlen("Content-Type:");
	}
	type += strspn(type, " \t");
	return part ? find_session(arena, type, part, depth) : NULL;
}

static char *find_in_parts(struct arena *arena, const char *boundary, char *text,
			   int depth)
{
	const char *delimiter = arena_printf(arena, "--%s", boundary);
	char *part = find_line(text, delimiter), *found = NULL;

	while (part && !found) {
		char *next;

		part += strlen(delimiter);
		if (strncmp(part, "--", 2) == 0)
			break;
		next = find_line(part, delimiter);
		if (next)
			next[-1] = '\0';	/* the end of the line before */
		found = find_in_part(arena, part, depth);
		part = next;
	}
	return found;
}

/* Searches TEXT, a body of the Content-Type TYPE. */
static char *find_session(struct arena *arena, const char *type, char *text, int depth)
{
	const char *boundary;

	if (begins(type, "application/sdp") && strchr("; \t", type[15]))
		return text;
	if (depth == DEPTH_MAX || !begins(type, "multipart/"))
		return NULL;
	boundary = boundary_of(arena, type);
	return boundary && *boundary ? find_in_parts(arena, boundary, text, depth + 1)
				     : NULL;
}

char *body_session(struct arena *arena, const sip_t *sip)
{
	const sip_payload_t *payload = sip->sip_payload;
	const sip_content_type_t *content = sip->sip_content_type;
	const char *boundary, *type;

	if (!payload || payload->pl_len == 0 || !content || !content->c_type)
		return NULL;
	boundary = content->c_params ? msg_params_find(content->c_params, "boundary=")
				     : NULL;
	type = arena_printf(arena, "%s;boundary=%s", content->c_type,
			    boundary ? boundary : "");
	return find_session(arena, type,
			    arena_strndup(arena, payload->pl_data, payload->pl_len), 0);
}
