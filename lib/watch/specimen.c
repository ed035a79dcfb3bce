/* SPDX-License-Identifier: MIT */
#include "watch/specimen.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct scan_text specimen_text(const char *text)
{
	return (struct scan_text){ text, strlen(text) };
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct scan_text trim(const char *at, const char *end)
{
	while (at < end && is_blank(*at))
		at++;
	while (end > at && is_blank(end[-1]))
		end--;
	return (struct scan_text){ at, (size_t)(end - at) };
}

/* Methods are compared without their case here: no two differ in that alone. */
static bool read_start(struct specimen *specimen, const char *end)
{
	const char *at = specimen->bytes, *blank;

	if (end - at > 12 && strncasecmp(at, "SIP/2.0 ", 8) == 0) {
		specimen->status = atoi(at + 8);
		return specimen->status >= 100 && specimen->status <= 699;
	}
	blank = memchr(at, ' ', (size_t)(end - at));
	if (!blank || blank == at)
		return false;
	specimen->is_request = true;
	specimen->method = (struct scan_text){ at, (size_t)(blank - at) };
	at = blank + 1;
	blank = memchr(at, ' ', (size_t)(end - at));
	if (!blank || end - blank < 8 || strncasecmp(blank + 1, "SIP/2.0", 7) != 0)
		return false;
	specimen->uri = (struct scan_text){ at, (size_t)(blank - at) };
	return true;
}

static void read_cseq(struct specimen *specimen, struct scan_text value)
{
	const char *at = value.at, *end = at + value.length;
	uint64_t number = 0;

	for (; at < end && *at >= '0' && *at <= '9' && number <= UINT32_MAX; at++)
		number = number * 10 + (uint64_t)(*at - '0');
	if (at == value.at || number > UINT32_MAX)
		return;
	specimen->cseq = (uint32_t)number;
	specimen->cseq_method = trim(at, end);
}

static struct scan_text read_tag(struct scan_text value)
{
	const char *angle = memrchr(value.at, '>', value.length);
	struct scan_text tag = { 0 };

	if (angle) {
		value.length -= (size_t)(angle - value.at);
		value.at = angle;
	}
	specimen_param(value, "tag", &tag);
	return tag;
}

/* Names that differ in it are different; 0 = no name. */
static uint16_t key_of(struct scan_text name)
{
	return name.length ? (uint16_t)(name.length << 8 | (*name.at | 0x20)) : 0;
}

/* Takes up what a transaction is told by. */
static void note_line(struct specimen *specimen, const struct scan_line *line)
{
	struct scan_text name = specimen_name(line);

	if (!specimen->call_id.at && scan_is(&name, "Call-ID"))
		specimen->call_id = line->value;
	else if (!specimen->cseq_method.at && scan_is(&name, "CSeq"))
		read_cseq(specimen, line->value);
	else if (!specimen->from_tag.at && scan_is(&name, "From"))
		specimen->from_tag = read_tag(line->value);
	else if (!specimen->to_tag.at && scan_is(&name, "To"))
		specimen->to_tag = read_tag(line->value);
}

bool specimen_read(struct specimen *specimen, const char *bytes, size_t length)
{
	const char *end = bytes + length, *at = memchr(bytes, '\n', length);
	struct scan_line line;

	memset(specimen, 0, offsetof(struct specimen, keys));
	specimen->bytes = bytes;
	specimen->length = length;
	if (!at || !read_start(specimen, at))
		return false;
	for (at++; scan_line(at, end, &line); at = line.next) {
		if (specimen->line_count == SPECIMEN_LINES)
			return false;
		specimen->keys[specimen->line_count] = key_of(specimen_name(&line));
		specimen->lines[specimen->line_count++] = line;
		note_line(specimen, &line);
	}
	at += at < end && *at == '\r';
	at += at < end && *at == '\n';
	specimen->body = at;
	specimen->body_length = (size_t)(end - at);
	if (!specimen->is_request)
		specimen->method = specimen->cseq_method;
	return specimen->call_id.length && specimen->cseq_method.length;
}

struct scan_text specimen_name(const struct scan_line *line)
{
	static const char *const names[26] = {
		['a' - 'a'] = "Accept-Contact",
		['b' - 'a'] = "Referred-By",
		['c' - 'a'] = "Content-Type",
		['d' - 'a'] = "Request-Disposition",
		['e' - 'a'] = "Content-Encoding",
		['f' - 'a'] = "From",
		['i' - 'a'] = "Call-ID",
		['j' - 'a'] = "Reject-Contact",
		['k' - 'a'] = "Supported",
		['l' - 'a'] = "Content-Length",
		['m' - 'a'] = "Contact",
		['n' - 'a'] = "Identity-Info",
		['o' - 'a'] = "Event",
		['r' - 'a'] = "Refer-To",
		['s' - 'a'] = "Subject",
		['t' - 'a'] = "To",
		['u' - 'a'] = "Allow-Events",
		['v' - 'a'] = "Via",
		['x' - 'a'] = "Session-Expires",
		['y' - 'a'] = "Identity",
	};
	int letter = line->name.length == 1 ? (*line->name.at | 0x20) - 'a' : -1;

	return letter >= 0 && letter < 26 && names[letter] ? specimen_text(names[letter])
							   : line->name;
}

static bool is_named(const struct specimen *specimen, unsigned line,
		     struct scan_text name, uint16_t key)
{
	struct scan_text own;

	if (specimen->keys[line] != key)
		return false;
	own = specimen_name(&specimen->lines[line]);
	return strncasecmp(own.at, name.at, name.length) == 0;
}

struct scan_text specimen_value(const struct specimen *specimen, const char *name)
{
	struct scan_text wanted = specimen_text(name);
	uint16_t key = key_of(wanted);

	for (unsigned i = 0; i < specimen->line_count; i++)
		if (is_named(specimen, i, wanted, key))
			return specimen->lines[i].value;
	return (struct scan_text){ 0 };
}

bool specimen_has(const struct specimen *specimen, const char *name)
{
	return specimen_value(specimen, name).at != NULL;
}

/* Past the quoted string at AT. */
static const char *skip_quoted(const char *at, const char *end)
{
	for (at++; at < end && *at != '"'; at++)
		at += *at == '\\' && at + 1 < end;
	return at < end ? at + 1 : end;
}

/* The end of the element at AT: the next comma that is neither in quotes nor in <>. */
static const char *element_end(const char *at, const char *end)
{
	bool is_inside = false;

	while (at < end && (is_inside || *at != ',')) {
		if (*at == '"' && !is_inside) {
			at = skip_quoted(at, end);
			continue;
		}
		is_inside = *at == '<' || (is_inside && *at != '>');
		at++;
	}
	return at;
}

bool specimen_next(const struct specimen *specimen, struct specimen_walk *walk,
		   struct scan_text name, struct scan_text *element)
{
	uint16_t key = key_of(name);

	for (; walk->line < specimen->line_count; walk->line++, walk->at = NULL) {
		const struct scan_line *line = &specimen->lines[walk->line];
		const char *end = line->value.at + line->value.length, *stop;

		if (!is_named(specimen, walk->line, name, key))
			continue;
		if (!walk->at)
			walk->at = line->value.at;
		if (!walk->at || walk->at > end)
			continue;
		stop = element_end(walk->at, end);
		*element = trim(walk->at, stop);
		walk->at = stop + 1;
		return true;
	}
	return false;
}

unsigned specimen_count(const struct specimen *specimen, const char *name)
{
	struct specimen_walk walk = { 0 };
	struct scan_text element;
	unsigned count = 0;

	while (specimen_next(specimen, &walk, specimen_text(name), &element))
		count++;
	return count;
}

struct scan_text specimen_element(const struct specimen *specimen, const char *name,
				  unsigned n)
{
	struct specimen_walk walk = { 0 };
	struct scan_text element;

	for (unsigned i = 0;
	     specimen_next(specimen, &walk, specimen_text(name), &element); i++)
		if (i == n)
			return element;
	return (struct scan_text){ 0 };
}

/* The next parameter called NAME from *AT on; *AT is moved behind it. */
static bool next_param(const char **at, const char *end, const char *name,
		       struct scan_text *value)
{
	size_t length = strlen(name);
	const char *stop;

	while (*at < end) {
		if (**at == '"') {
			*at = skip_quoted(*at, end);
			continue;
		}
		if (*(*at)++ != ';')
			continue;
		*at = trim(*at, end).at;
		if ((size_t)(end - *at) < length || strncasecmp(*at, name, length) != 0)
			continue;
		stop = trim(*at + length, end).at;
		*value = (struct scan_text){ stop, 0 };
		if (stop == end || *stop == ';' || *stop == '>' || *stop == '?')
			return true;
		if (*stop != '=')
			continue;
		stop = trim(stop + 1, end).at;
		value->at = stop;
		if (stop < end && *stop == '"')
			stop = skip_quoted(stop, end);
		while (stop < end && !strchr(";>,? \t\r\n", *stop))
			stop++;
		value->length = (size_t)(stop - value->at);
		*at = stop;
		return true;
	}
	return false;
}

bool specimen_param(struct scan_text element, const char *name, struct scan_text *value)
{
	const char *at = element.at;

	return at && next_param(&at, at + element.length, name, value);
}

unsigned specimen_param_count(struct scan_text element, const char *name)
{
	const char *at = element.at;
	struct scan_text value;
	unsigned count = 0;

	while (at && next_param(&at, element.at + element.length, name, &value))
		count++;
	return count;
}

struct scan_text specimen_uri(struct scan_text element)
{
	const char *at = element.at, *end = at + element.length, *stop;

	while (at < end && *at != '<')
		at = *at == '"' ? skip_quoted(at, end) : at + 1;
	if (at < end) {
		at++;
		stop = memchr(at, '>', (size_t)(end - at));
		return (struct scan_text){ at, (size_t)((stop ? stop : end) - at) };
	}
	stop = element.at ? memchr(element.at, ';', element.length) : NULL;
	return stop ? (struct scan_text){ element.at, (size_t)(stop - element.at) }
		    : element;
}

struct scan_text specimen_user(struct scan_text uri)
{
	const char *at, *end;

	if (!uri.at || !(at = memchr(uri.at, ':', uri.length)))
		return (struct scan_text){ 0 };
	at++;
	end = memchr(at, '@', uri.length - (size_t)(at - uri.at));
	return end ? (struct scan_text){ at, (size_t)(end - at) }
		   : (struct scan_text){ 0 };
}

bool specimen_is_text(struct scan_text one, struct scan_text other)
{
	return one.length == other.length &&
	       (one.length == 0 || memcmp(one.at, other.at, one.length) == 0);
}

bool specimen_equals(struct scan_text one, struct scan_text other)
{
	const char *a = one.at, *a_end = a + one.length;
	const char *b = other.at, *b_end = b + other.length;

	if (specimen_is_text(one, other))
		return true;
	while (a < a_end && b < b_end) {
		if (is_blank(*a) != is_blank(*b))
			return false;
		if (is_blank(*a)) {
			while (a < a_end && is_blank(*a))
				a++;
			while (b < b_end && is_blank(*b))
				b++;
		} else if (*a++ != *b++) {
			return false;
		}
	}
	return a == a_end && b == b_end;
}

bool specimen_is_among(const struct specimen *part, const struct specimen *whole,
		       struct scan_text name)
{
	struct specimen_walk in_part = { 0 }, in_whole = { 0 };
	struct scan_text wanted, element;

	while (specimen_next(part, &in_part, name, &wanted)) {
		do {
			if (!specimen_next(whole, &in_whole, name, &element))
				return false;
		} while (!specimen_equals(wanted, element));
	}
	return true;
}

bool specimen_has_line(const struct specimen *whole, const struct specimen *part,
		       unsigned line, unsigned *from)
{
	struct scan_text name = specimen_name(&part->lines[line]);

	for (unsigned i = *from; i < whole->line_count; i++)
		if (whole->keys[i] == part->keys[line] &&
		    specimen_is_text(whole->lines[i].value, part->lines[line].value) &&
		    is_named(whole, i, name, part->keys[line])) {
			*from = i + 1;
			return true;
		}
	return false;
}

bool specimen_is_same(const struct specimen *one, const struct specimen *other,
		      struct scan_text name)
{
	struct specimen_walk in_one = { 0 }, in_other = { 0 };
	struct scan_text a, b;

	while (specimen_next(one, &in_one, name, &a))
		if (!specimen_next(other, &in_other, name, &b) || !specimen_equals(a, b))
			return false;
	return !specimen_next(other, &in_other, name, &b);
}

uint64_t specimen_hash(struct scan_text text)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < text.length; i++)
		hash = (hash ^ (unsigned char)text.at[i]) * 0x100000001b3u;
	return text.length ? hash : 0;
}
