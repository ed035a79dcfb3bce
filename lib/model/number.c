/* SPDX-License-Identifier: MIT */
#include "model/number.h"

#include <string.h>

bool number_is(const char *text)
{
	text += *text == '+';
	return *text && text[strspn(text, "0123456789")] == '\0';
}

const char *number_plain(struct arena *arena, const char *text)
{
	char *plain = arena_strdup(arena, text), *to = plain;

	for (const char *from = text; *from; from++)
		if (!strchr("-.()", *from))
			*to++ = *from;
	*to = '\0';
	return number_is(plain) ? plain : text;
}
