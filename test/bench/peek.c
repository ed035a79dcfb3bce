/* SPDX-License-Identifier: MIT */
#include <string.h>
#include <strings.h>

#include "peek.h"

static const struct {
	const char *name;
	enum peek_method method;
} peek_methods[] = {
	{ "INVITE ", PEEK_INVITE },
	{ "ACK ", PEEK_ACK },
	{ "BYE ", PEEK_BYE },
	{ "CANCEL ", PEEK_CANCEL },
	{ "OPTIONS ", PEEK_OPTIONS },
};

static bool peek_begins(struct span span, const char *with)
{
	size_t size = strlen(with);

	return span.size >= size && memcmp(span.text, with, size) == 0;
}

static bool peek_start(struct peek *peek)
{
	struct span line = peek->start;

	if (peek_begins(line, "SIP/2.0 ")) {
		if (line.size < sizeof "SIP/2.0 200")
			return false;
		for (const char *digit = line.text + 8; digit < line.text + 11; digit++) {
			if (*digit < '0' || *digit > '9')
				return false;
			peek->status = peek->status * 10 + (*digit - '0');
		}
		return peek->status >= 100 && peek->status < 700;
	}
	for (size_t i = 0; i < sizeof peek_methods / sizeof *peek_methods; i++)
		if (peek_begins(line, peek_methods[i].name))
			peek->method = peek_methods[i].method;
	const char *uri = memchr(line.text, ' ', line.size);
	if (!uri)
		return false;
	uri++;
	const char *end = memchr(uri, ' ', line.size - (size_t)(uri - line.text));
	if (!end)
		return false;
	peek->uri = (struct span){ uri, (size_t)(end - uri) };
	return true;
}

/* Whether LINE is a header of this NAME, which ends in a colon. */
static bool peek_is(struct span line, const char *name)
{
	size_t size = strlen(name);

	return line.size > size && strncasecmp(line.text, name, size) == 0;
}

static bool peek_add(struct peek_list *list, struct span line)
{
	if (list->count == PEEK_LINES)
		return false;
	list->line[list->count++] = line;
	return true;
}

/* Stores LINE if it is a header that is needed; false if there are too many of its
 * kind. */
static bool peek_keep(struct peek *peek, struct span line)
{
	switch (line.text[0] | 0x20) {
	case 'v':
		if (peek_is(line, "Via:") || peek_is(line, "v:"))
			return peek_add(&peek->via, line);
		break;
	case 'r':
		if (peek_is(line, "Route:"))
			return peek_add(&peek->route, line);
		if (peek_is(line, "Record-Route:"))
			return peek_add(&peek->record_route, line);
		break;
	case 'f':
		if (peek_is(line, "From:") || peek_is(line, "f:"))
			peek->from = line;
		break;
	case 't':
		if (peek_is(line, "To:") || peek_is(line, "t:"))
			peek->to = line;
		break;
	case 'i':
		if (peek_is(line, "i:"))
			peek->call_id = line;
		break;
	case 'm':
		if (peek_is(line, "m:"))
			peek->contact = line;
		break;
	case 'c':
		if (peek_is(line, "Call-ID:"))
			peek->call_id = line;
		else if (peek_is(line, "CSeq:"))
			peek->cseq = line;
		else if (peek_is(line, "Contact:"))
			peek->contact = line;
		break;
	default:
		break;
	}
	return true;
}

bool peek_message(struct peek *peek, const char *text, size_t size)
{
	const char *end = text + size;
	const char *next = memchr(text, '\n', size);

	memset(peek, 0, sizeof *peek);
	if (!next)
		return false;
	next++;
	peek->start = (struct span){ text, (size_t)(next - text) };
	peek->rest = (struct span){ next, (size_t)(end - next) };
	if (!peek_start(peek))
		return false;
	while (next < end && *next != '\r' && *next != '\n') {
		const char *line = next;
		next = memchr(line, '\n', (size_t)(end - line));
		next = next ? next + 1 : end;
		if (!peek_keep(peek, (struct span){ line, (size_t)(next - line) }))
			return false;
	}
	return peek->via.count && peek->from.size && peek->to.size &&
	       peek->call_id.size && peek->cseq.size;
}

bool peek_next(struct span *rest, struct span *value)
{
	const char *end = rest->text + rest->size;
	const char *at = rest->text;
	bool is_quoted = false;
	bool is_in_angles = false;

	if (rest->size && peek_is(*rest, "Via:"))
		at += 4;
	else if (peek_is(*rest, "Route:"))
		at += 6;
	else if (peek_is(*rest, "Record-Route:"))
		at += 13;
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	value->text = at;
	for (; at < end && *at != '\r' && *at != '\n'; at++) {
		if (*at == '"')
			is_quoted = !is_quoted;
		else if (*at == '<' && !is_quoted)
			is_in_angles = true;
		else if (*at == '>' && !is_quoted)
			is_in_angles = false;
		else if (*at == ',' && !is_quoted && !is_in_angles)
			break;
	}
	value->size = (size_t)(at - value->text);
	if (at < end && *at == ',')
		at++;
	rest->text = at;
	rest->size = (size_t)(end - at);
	return value->size > 0;
}

bool peek_behind(struct span span, const char *mark, struct span *behind)
{
	size_t size = strlen(mark);
	const char *found = memmem(span.text, span.size, mark, size);

	if (!found)
		return false;
	behind->text = found + size;
	behind->size = span.size - (size_t)(behind->text - span.text);
	return true;
}

static bool peek_hex(const char *text, uint32_t *number)
{
	*number = 0;
	for (int i = 0; i < 8; i++) {
		char c = text[i];
		unsigned digit;

		if (c >= '0' && c <= '9')
			digit = (unsigned)(c - '0');
		else if (c >= 'a' && c <= 'f')
			digit = (unsigned)(c - 'a' + 10);
		else
			return false;
		*number = *number << 4 | digit;
	}
	return true;
}

bool peek_ident(struct span span, const char *mark, char *letter, struct ident *ident)
{
	struct span behind;

	if (!peek_behind(span, mark, &behind) || behind.size < 1 + IDENT_DIGITS)
		return false;
	*letter = behind.text[0];
	return peek_hex(behind.text + 1, &ident->slot) &&
	       peek_hex(behind.text + 9, &ident->serial);
}

struct span peek_uri(struct span value)
{
	const char *open = memchr(value.text, '<', value.size);

	if (!open)
		return value;
	open++;
	size_t left = value.size - (size_t)(open - value.text);
	const char *close = memchr(open, '>', left);
	return (struct span){ open, close ? (size_t)(close - open) : left };
}
