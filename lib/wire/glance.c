/* SPDX-License-Identifier: MIT */
#include "wire/glance.h"

#include <string.h>
#include <strings.h>

bool glance_equals(struct glance_text text, const char *other)
{
	return text.length == strlen(other) && memcmp(text.at, other, text.length) == 0;
}

bool glance_is(const struct glance_field *field, const char *name, char compact)
{
	if (field->name.length == 1)
		return compact && (field->name.at[0] | 0x20) == compact;
	return field->name.length == strlen(name) &&
	       strncasecmp(field->name.at, name, field->name.length) == 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Behind the end of the line at AT. */
static const char *next_line(const char *at, const char *end)
{
	const char *feed = memchr(at, '\n', (size_t)(end - at));

	return feed ? feed + 1 : end;
}

static struct glance_text trim(const char *at, const char *end)
{
	while (at < end && (is_blank(*at) || *at == '\r' || *at == '\n'))
		at++;
	while (end > at && (is_blank(end[-1]) || end[-1] == '\r' || end[-1] == '\n'))
		end--;
	return (struct glance_text){ at, (size_t)(end - at) };
}

bool glance_next(const char **at, const char *end, bool is_first,
		 struct glance_field *field)
{
	const char *line = is_first ? next_line(*at, end) : *at, *next, *colon;

	if (line >= end || *line == '\r' || *line == '\n')
		return false;
	next = next_line(line, end);
	while (next < end && is_blank(*next))
		next = next_line(next, end);
	colon = memchr(line, ':', (size_t)(next - line));
	if (!colon)
		colon = next;
	field->whole = (struct glance_text){ line, (size_t)(next - line) };
	field->name = trim(line, colon);
	field->value = trim(colon < next ? colon + 1 : next, next);
	*at = next;
	return true;
}

static bool read_number(struct glance_text text, uint64_t most, uint64_t *number)
{
	*number = 0;
	for (size_t i = 0; i < text.length; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return false;
		*number = *number * 10 + (unsigned)(text.at[i] - '0');
		if (*number > most)
			return false;
	}
	return text.length > 0;
}

/* The part of TEXT before the first of STOPS. */
static struct glance_text until(struct glance_text text, const char *stops)
{
	size_t i = 0;

	while (i < text.length && !strchr(stops, text.at[i]))
		i++;
	return (struct glance_text){ text.at, i };
}

static struct glance_text behind(struct glance_text text, size_t length)
{
	return (struct glance_text){ text.at + length, text.length - length };
}

static bool starts(struct glance_text text, const char *with)
{
	size_t length = strlen(with);

	return text.length >= length && strncasecmp(text.at, with, length) == 0;
}

static const char version[] = "SIP/2.0";

bool glance_read_start(struct glance *raw, const char *bytes, size_t length)
{
	const char *end = bytes + length, *feed = memchr(bytes, '\n', length);
	struct glance_text line = trim(bytes, feed ? feed : end), first, rest;
	uint64_t status;

	*raw = (struct glance){ .is_request = !starts(line, version) };
	if (line.at != bytes || memchr(line.at, '\t', line.length))
		return false;
	first = until(line, " ");
	if (first.length == line.length)
		return false;
	rest = behind(line, first.length + 1);
	if (!raw->is_request) {
		first = until(rest, " ");
		if (first.length != 3 || !read_number(first, 699, &status))
			return false;
		raw->status = (unsigned)status;
		return true;
	}
	raw->uri = until(rest, " ");
	rest = behind(rest, raw->uri.length);
	if (!raw->uri.length || rest.length != sizeof version ||
	    !starts(behind(rest, 1), version)) {
		raw->uri.length = 0;
		return false;
	}
	raw->method = first;
	return true;
}

static bool read_sent_by(struct glance *raw, struct glance_text *rest)
{
	uint64_t port = 0;

	if (rest->length && rest->at[0] == '[') {
		raw->host = until(*rest, "]");
		raw->host.length++;
		if (raw->host.length > rest->length)
			return false;
	} else {
		raw->host = until(*rest, ":; \t,\r\n\"");
	}
	*rest = behind(*rest, raw->host.length);
	if (rest->length && rest->at[0] == ':') {
		struct glance_text digits;

		*rest = behind(*rest, 1);
		digits = until(*rest, "; \t,\r\n\"");
		if (!read_number(digits, 65535, &port))
			return false;
		*rest = behind(*rest, digits.length);
	}
	raw->port = (unsigned)port;
	return raw->host.length > 0;
}

/* The parameters of the first value in REST, up to a comma. */
static bool read_params(struct glance *raw, struct glance_text rest)
{
	while (rest.length && rest.at[0] == ';') {
		struct glance_text param = until(behind(rest, 1), ";,");

		if (memchr(param.at, '"', param.length) ||
		    memchr(param.at, ' ', param.length) ||
		    memchr(param.at, '\t', param.length) ||
		    memchr(param.at, '\n', param.length))
			return false;
		if (starts(param, "branch=") && !raw->branch.length)
			raw->branch = behind(param, sizeof "branch=" - 1);
		rest = behind(rest, 1 + param.length);
	}
	return !rest.length || rest.at[0] == ',';
}

static bool read_via(struct glance *raw, struct glance_text value)
{
	struct glance_text protocol = until(value, " "), rest;

	if (!starts(protocol, "SIP/2.0/") || protocol.length == value.length)
		return false;
	rest = behind(value, protocol.length);
	while (rest.length && rest.at[0] == ' ')
		rest = behind(rest, 1);
	return read_sent_by(raw, &rest) && read_params(raw, rest);
}

static bool read_cseq(struct glance *raw, struct glance_text value)
{
	struct glance_text digits = until(value, " ");
	uint64_t cseq;

	if (digits.length + 2 > value.length || !read_number(digits, UINT32_MAX, &cseq))
		return false;
	raw->cseq = (uint32_t)cseq;
	raw->cseq_method = behind(value, digits.length + 1);
	return !memchr(raw->cseq_method.at, ' ', raw->cseq_method.length);
}

static bool is_plain(struct glance_text text)
{
	return text.length && !memchr(text.at, '\n', text.length) &&
	       !memchr(text.at, '\0', text.length);
}

bool glance_read(struct glance *raw, const char *bytes, size_t length)
{
	const char *at = bytes, *end = bytes + length;
	struct glance_field field;
	bool is_first = true;

	if (!glance_read_start(raw, bytes, length))
		return false;
	while (!(raw->host.length && raw->call_id.length && raw->cseq_method.length)) {
		if (!glance_next(&at, end, is_first, &field))
			return false;
		is_first = false;
		if (!raw->host.length && glance_is(&field, "Via", 'v')) {
			if (!is_plain(field.value) || !read_via(raw, field.value))
				return false;
		} else if (!raw->call_id.length && glance_is(&field, "Call-ID", 'i')) {
			raw->call_id = field.value;
			if (!is_plain(field.value) ||
			    memchr(field.value.at, ' ', field.value.length) ||
			    memchr(field.value.at, '\t', field.value.length))
				return false;
		} else if (!raw->cseq_method.length && glance_is(&field, "CSeq", '\0')) {
			if (!is_plain(field.value) || !read_cseq(raw, field.value))
				return false;
		}
	}
	return true;
}
