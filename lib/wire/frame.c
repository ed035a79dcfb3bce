/* SPDX-License-Identifier: MIT */
#include "wire/frame.h"

#include <string.h>
#include <strings.h>

static struct frame bad(const char *why, size_t length)
{
	return (struct frame){ .kind = FRAME_BAD, .length = length, .why = why };
}

static struct frame more(size_t whole, size_t max, size_t length)
{
	if (length >= max)
		return bad("Message Too Large", length);
	return (struct frame){ .kind = FRAME_MORE, .length = whole };
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return at;
}

/* The value behind the colon when the line from AT to END is Content-Length's, or NULL. */
static const char *content_length(const char *at, const char *end)
{
	static const char name[] = "Content-Length";
	const char *colon = memchr(at, ':', (size_t)(end - at));
	const char *stop = colon;

	if (!colon)
		return NULL;
	while (stop > at && (stop[-1] == ' ' || stop[-1] == '\t'))
		stop--;
	if (stop - at == 1 ? *at != 'l' && *at != 'L'
			   : stop - at != sizeof name - 1 ||
				     strncasecmp(at, name, sizeof name - 1) != 0)
		return NULL;
	return colon + 1;
}

/* Reads digits with blanks around them; -1 = anything else, or a number that is too
 * large. */
static long read_number(const char *at, const char *end)
{
	long value = 0;
	int digits = 0;

	at = skip_blanks(at, end);
	for (; at < end && *at >= '0' && *at <= '9' && digits < 9; at++, digits++)
		value = value * 10 + (*at - '0');
	return digits && skip_blanks(at, end) == end ? value : -1;
}

/* The end of the line at AT, its LF left out; folds belong to it.  NULL = it goes on beyond END. */
static const char *line_end(const char *at, const char *end)
{
	for (const char *lf; (lf = memchr(at, '\n', (size_t)(end - at))); at = lf + 1) {
		if (lf + 1 == end)
			return NULL;
		if (lf[1] != ' ' && lf[1] != '\t')
			return lf;
	}
	return NULL;
}

/* Reads the value at AT; folds and line ends inside it count as blanks. */
static long read_length(const char *at, const char *end)
{
	char text[64];
	size_t length = (size_t)(end - at);

	if (length >= sizeof text)
		return -1;
	for (size_t i = 0; i < length; i++)
		text[i] = at[i] == '\r' || at[i] == '\n' ? ' ' : at[i];
	return read_number(text, text + length);
}

static struct frame blanks(const char *bytes, size_t length)
{
	size_t i = 0;

	while (i < length && (bytes[i] == '\r' || bytes[i] == '\n'))
		i++;
	return (struct frame){
		.kind = memmem(bytes, i, "\r\n\r\n", 4) ? FRAME_PING : FRAME_BLANK,
		.length = i,
	};
}

/* Whether there is a CR that is not followed by LF; parsers differ in how they read
 * it. */
static bool has_bare_cr(const char *at, const char *end)
{
	for (const char *cr; (cr = memchr(at, '\r', (size_t)(end - at))); at = cr + 1)
		if (cr + 1 < end && cr[1] != '\n')
			return true;
	return false;
}

struct frame frame_next(const char *bytes, size_t length, size_t max)
{
	const char *at = bytes, *end = bytes + length, *lf, *value;
	long body = -1, number;

	if (length && (*bytes == '\r' || *bytes == '\n'))
		return blanks(bytes, length);
	while ((lf = line_end(at, end))) {
		if (at != bytes && (value = content_length(at, lf))) {
			number = read_length(value, lf);
			if (number < 0 || (body >= 0 && number != body))
				return bad("Bad Content-Length",
					   (size_t)(lf + 1 - bytes));
			body = number;
		}
		at = lf + 1;
		if (*at == '\n' || (*at == '\r' && at + 1 < end && at[1] == '\n'))
			break;
	}
	if (!lf || (size_t)(at - bytes) >= max)
		return more(0, max, length);
	at += *at == '\r' ? 2 : 1;
	if (has_bare_cr(bytes, at))
		return bad("Bad Line End", (size_t)(at - bytes));
	if (body < 0)
		return bad("Missing Content-Length", (size_t)(at - bytes));
	if ((size_t)(at - bytes) + (size_t)body > max)
		return bad("Message Too Large", (size_t)(at - bytes));
	if ((size_t)(end - at) < (size_t)body)
		return more((size_t)(at - bytes) + (size_t)body, max, length);
	return (struct frame){ .kind = FRAME_MESSAGE,
			       .length = (size_t)(at - bytes) + (size_t)body };
}
