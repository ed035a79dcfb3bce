/* SPDX-License-Identifier: MIT */
#include "run/raw.h"

#include "run/play.h"

#include <ctype.h>
#include <string.h>

/* $NAME, $NAME.host, $NAME.port in the text of a raw message. */
static const char *fill_raw(struct play *play, const char *text)
{
	const char *filled = "", *dollar;

	while ((dollar = strchr(text, '$'))) {
		size_t length = 1;
		struct script_piece piece = { 0 };
		const char *value;

		filled = arena_printf(&play->arena, "%s%.*s", filled,
				      (int)(dollar - text), text);
		while (isalnum((unsigned char)dollar[length]) ||
		       (dollar[length] && strchr("_-/", dollar[length])))
			length++;
		piece.variable = arena_strndup(&play->arena, dollar + 1, length - 1);
		if (strncmp(dollar + length, ".host", 5) == 0)
			piece.part = SCRIPT_HOST;
		if (strncmp(dollar + length, ".port", 5) == 0)
			piece.part = SCRIPT_PORT;
		value = length > 1 ? play_value(play, &piece) : NULL;
		text = dollar + length + (value && piece.part != SCRIPT_WHOLE ? 5 : 0);
		if (dollar[1] == '$') {
			value = "$";
			text = dollar + 2;
		}
		filled = arena_printf(&play->arena, "%s%s", filled, value ? value : "$");
		if (!value)
			text = dollar + 1;
	}
	return arena_printf(&play->arena, "%s%s", filled, text);
}

/* TEXT with the Content-Length that its body has. */
static const char *with_length(struct play *play, const char *text)
{
	const char *body = strstr(text, "\r\n\r\n"), *at = text, *end;

	if (!body)
		return text;
	body += 4;
	while (at < body && (at = strchr(at, '\n')) && ++at < body) {
		size_t name = strncasecmp(at, "Content-Length:", 15) == 0 ? 15
			      : strncasecmp(at, "l:", 2) == 0		  ? 2
									  : 0;

		if (!name)
			continue;
		end = at + strcspn(at, "\r\n");
		return arena_printf(&play->arena, "%.*s %zu%s", (int)(at + name - text),
				    text, strlen(body), end);
	}
	return text;
}

const char *raw_text(struct play *play, const char *text)
{
	return with_length(play, fill_raw(play, text));
}
