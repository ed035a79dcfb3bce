/* SPDX-License-Identifier: MIT */
#include "script/utf8.h"

#include <stdbool.h>

static bool is_between(unsigned char c, unsigned low, unsigned high)
{
	return c >= low && c <= high;
}

size_t utf8_length(const char *text, size_t size)
{
	const unsigned char *at = (const unsigned char *)text;
	unsigned low = 0x80, high = 0xbf;
	size_t length = 0;

	if (at[0] < 0x80)
		return 1;
	if (is_between(at[0], 0xc2, 0xdf))
		length = 2;
	else if (is_between(at[0], 0xe0, 0xef))
		length = 3;
	else if (is_between(at[0], 0xf0, 0xf4))
		length = 4;
	if (!length || length > size)
		return 0;
	if (at[0] == 0xe0)
		low = 0xa0;
	else if (at[0] == 0xed)
		high = 0x9f;	/* surrogates */
	else if (at[0] == 0xf0)
		low = 0x90;
	else if (at[0] == 0xf4)
		high = 0x8f;
	if (!is_between(at[1], low, high))
		return 0;
	for (size_t i = 2; i < length; i++)
		if (!is_between(at[i], 0x80, 0xbf))
			return 0;
	return length;
}

unsigned utf8_count(const char *text, size_t size)
{
	unsigned count = 0;

	for (size_t i = 0; i < size; i++)
		count += ((unsigned char)text[i] & 0xc0) != 0x80;
	return count;
}
