/* SPDX-License-Identifier: MIT */
/*
 * Characters are told apart by the table that Sofia's parser uses, so that both draw the same
 * borders.  Whatever the parser takes beyond the plain form (folds, blanks inside parameters,
 * comments, things said twice) only makes the message unsure.
 */
#include "wire/scan.h"

#include <sofia-sip/bnf.h>
#include <string.h>
#include <strings.h>

enum { NUMBER_DIGITS = 9 };		/* of what must fit 32 bits */

bool scan_is(const struct scan_text *text, const char *word)
{
	size_t length = strlen(word);

	return text->at && text->length == length &&
	       strncasecmp(text->at, word, length) == 0;
}

bool scan_is_named(const struct scan_line *line, const char *name, char short_name)
{
	if (line->name.length == 1)
		return short_name && (*line->name.at | 0x20) == short_name;
	return scan_is(&line->name, name);
}

static const char *past_token(const char *at, const char *end)
{
	while (at < end && IS_TOKEN(*at))
		at++;
	return at;
}

static const char *past_blanks(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	return at;
}

static const char *skip_digits(const char *at, const char *end)
{
	while (at < end && IS_DIGIT(*at))
		at++;
	return at;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The LF that ends the line at AT, or END. */
static const char *find_end(const char *at, const char *end, bool *is_folded)
{
	for (const char *lf; (lf = memchr(at, '\n', (size_t)(end - at))); at = lf + 1) {
		if (lf + 1 == end || (lf[1] != ' ' && lf[1] != '\t'))
			return lf;
		*is_folded = true;
	}
	return end;
}

/* At the empty line, or where nothing follows. */
static bool is_end(const char *at, const char *end)
{
	return at >= end || *at == '\n' || (*at == '\r' && at + 1 < end && at[1] == '\n');
}

bool scan_line(const char *at, const char *end, struct scan_line *line)
{
	const char *stop, *colon;

	if (is_end(at, end))
		return false;
	line->is_folded = false;
	stop = find_end(at, end, &line->is_folded);
	line->next = stop < end ? stop + 1 : end;
	while (stop > at && is_blank(stop[-1]))
		stop--;
	colon = past_token(at, stop);
	line->name = (struct scan_text){ at, (size_t)(colon - at) };
	colon = past_blanks(colon, stop);
	if (colon == stop || *colon != ':') {
		line->name.length = 0;
		line->value = (struct scan_text){ at, (size_t)(stop - at) };
		return true;
	}
	for (at = colon + 1; at < stop && is_blank(*at); at++)
		;
	line->value = (struct scan_text){ at, (size_t)(stop - at) };
	return true;
}

/* Sets TEXT to what is from AT to END, unless it was set before: then which counts is unsure. */
static bool set(struct scan_text *text, const char *at, const char *end)
{
	if (text->at)
		return false;
	*text = (struct scan_text){ at, (size_t)(end - at) };
	return true;
}

/* The end of the quoted string at AT, or NULL. */
static const char *skip_quoted(const char *at, const char *end)
{
	for (at++; at < end; at++) {
		if (*at == '"')
			return at + 1;
		if (*at == '\\')
			at++;
	}
	return NULL;
}

/* A parameter at *AT (a semicolon); NAME and VALUE, NULL without one.  False: not plain. */
static bool read_param(const char **at, const char *end, struct scan_text *name,
		       struct scan_text *value)
{
	const char *start = *at + 1, *stop = past_token(start, end);

	*name = (struct scan_text){ start, (size_t)(stop - start) };
	*value = (struct scan_text){ 0 };
	if (stop == start)
		return false;
	if (stop < end && *stop == '=') {
		start = stop + 1;
		if (start < end && *start == '"')
			stop = skip_quoted(start, end);
		else
			for (stop = start; stop < end && IS_PARAM(*stop); stop++)
				;
		if (!stop || stop == start)
			return false;
		*value = (struct scan_text){ start, (size_t)(stop - start) };
	}
	*at = stop;
	return true;
}

static bool read_via_params(struct scan *scan, const char **at, const char *end)
{
	struct scan_text name, value, rport = { 0 }, received = { 0 };

	while (*at < end && **at == ';') {
		if (!read_param(at, end, &name, &value))
			return false;
		if (scan_is(&name, "branch") &&
		    (!value.at || !set(&scan->branch, value.at, value.at + value.length)))
			return false;
		if (scan_is(&name, "rport") && !set(&rport, name.at, *at))
			return false;
		if (scan_is(&name, "received") && !set(&received, name.at, *at))
			return false;
	}
	scan->has_rport = rport.at != NULL;
	scan->has_received = received.at != NULL;
	return true;
}

static bool read_port(const char **at, const char *end, unsigned *port)
{
	const char *start = *at, *stop = skip_digits(start, end);

	if (stop == start || stop - start > 5)
		return false;
	for (*port = 0; start < stop; start++)
		*port = *port * 10 + (unsigned)(*start - '0');
	*at = stop;
	return *port > 0 && *port <= UINT16_MAX;
}

static const char *skip_host(const char *at, const char *end)
{
	if (at < end && *at == '[') {
		at++;
		while (at < end && (IS_HEX(*at) || *at == ':' || *at == '.'))
			at++;
		return at < end && *at == ']' ? at + 1 : NULL;
	}
	while (at < end && (IS_ALPHANUM((unsigned char)*at) || *at == '.' || *at == '-'))
		at++;
	return at;
}

/* The first of the Vias in VALUE. */
static bool read_via(struct scan *scan, const struct scan_text *value)
{
	const char *at = value->at, *end = at + value->length, *start;

	if (value->length < 8 || strncasecmp(at, "SIP/2.0/", 8) != 0)
		return false;
	start = at += 8;
	at = past_token(at, end);
	scan->protocol = (struct scan_text){ start, (size_t)(at - start) };
	start = past_blanks(at, end);
	if (!scan->protocol.length || start == at)
		return false;
	at = skip_host(start, end);
	if (!at || at == start)
		return false;
	scan->host = (struct scan_text){ start, (size_t)(at - start) };
	if (at < end && *at == ':') {
		at++;
		if (!read_port(&at, end, &scan->port))
			return false;
	}
	if (!read_via_params(scan, &at, end))
		return false;
	start = at;
	at = past_blanks(at, end);
	if (at < end && *at != ',')
		return false;
	scan->via = (struct scan_text){ value->at, (size_t)(start - value->at) };
	scan->has_more_vias = scan->has_more_vias || at < end;
	return true;
}

/* The tag of a From or To; TAG stays NULL without one. */
static bool read_tag(const struct scan_text *value, struct scan_text *tag)
{
	const char *at = value->at, *end = at + value->length, *angle;
	struct scan_text name, param;

	if (at < end && *at == '"') {
		angle = skip_quoted(at, end);
		if (!angle)
			return false;
		angle = past_blanks(angle, end);
		if (angle == end || *angle != '<')
			return false;
	} else {
		for (angle = at; angle < end && (IS_TOKEN(*angle) || is_blank(*angle));
		     angle++)
			;
	}
	if (angle < end && *angle == '<') {
		at = memchr(angle, '>', (size_t)(end - angle));
		if (!at || at == angle + 1)
			return false;
		at++;
	} else {
		while (at < end && !strchr(" \t,;?", *at))
			at++;
		if (at == value->at)
			return false;
	}
	at = past_blanks(at, end);
	while (at < end && *at == ';') {
		if (!read_param(&at, end, &name, &param))
			return false;
		if (!scan_is(&name, "tag"))
			continue;
		if (!param.at || *param.at == '"' ||
		    !set(tag, param.at, param.at + param.length))
			return false;
	}
	return at == end;
}

/* Digits from *AT on; false when there are none, or more than 32 bits take. */
static bool read_number(const char **at, const char *end, uint32_t *number)
{
	const char *start = *at, *stop = skip_digits(start, end);
	uint64_t value = 0;

	if (stop == start || stop - start > NUMBER_DIGITS + 1)
		return false;
	for (; start < stop; start++)
		value = value * 10 + (uint64_t)(*start - '0');
	*at = stop;
	*number = (uint32_t)value;
	return value <= UINT32_MAX;
}

static bool read_cseq(struct scan *scan, const struct scan_text *value)
{
	const char *at = value->at, *end = at + value->length, *start;

	if (scan->cseq_method.at || !read_number(&at, end, &scan->cseq))
		return false;
	start = past_blanks(at, end);
	if (start == at)
		return false;
	at = past_token(start, end);
	return at > start && at == end && set(&scan->cseq_method, start, end);
}

static bool read_length(struct scan *scan, const struct scan_text *value)
{
	const char *at = value->at, *end = at + value->length;
	uint32_t number = 0;

	if (!read_number(&at, end, &number) || at != end) {
		scan->is_length_bad = true;
		return false;
	}
	if (scan->has_length && scan->content_length != number)
		scan->is_length_bad = true;
	if (scan->has_length)
		return false;
	scan->has_length = true;
	scan->content_length = number;
	return true;
}

/* A header line and where its parts are; END leaves out what ends it. */
struct header {
	const char *at, *end;
	bool is_folded;
	bool is_broken;			/* one of the names below, but no colon behind it */
	struct scan_text value;
};

/* Whether HEADER is called NAME (lower case, LENGTH letters and hyphens) or, where that is a
 * letter, SHORT_NAME; its value is read then. */
static bool is_called(struct header *header, const char *name, size_t length,
		      char short_name)
{
	const char *at = header->at, *end = header->end;
	size_t same = 0;

	while (same < length && at + same < end && (at[same] | 0x20) == name[same])
		same++;
	if (same < length) {
		if (!same || (*at | 0x20) != short_name ||
		    (at + 1 < end && IS_TOKEN(at[1])))
			return false;
		same = 1;
	} else if (at + same < end && IS_TOKEN(at[same])) {
		return false;
	}
	at = past_blanks(at + same, end);
	header->is_broken = at == end || *at != ':';
	if (header->is_broken)
		return false;
	for (at++; at < end && is_blank(*at); at++)
		;
	header->value = (struct scan_text){ at, (size_t)(end - at) };
	return true;
}

#define CALLED(header, name, short_name) \
	is_called(header, name, sizeof name - 1, short_name)

static bool read_any_via(struct scan *scan, const struct header *header)
{
	scan->has_more_vias = scan->has_more_vias || scan->has_via;
	if (scan->has_via)
		return true;
	scan->has_via = true;
	return !header->is_folded && read_via(scan, &header->value);
}

static bool read_party(const struct header *header, bool *has, struct scan_text *tag)
{
	if (*has || header->is_folded)
		return false;
	*has = true;
	return read_tag(&header->value, tag);
}

static bool read_call_id(struct scan *scan, const struct header *header)
{
	return !header->is_folded && header->value.length &&
	       set(&scan->call_id, header->value.at, header->end);
}

/* What HEADER says about the message; false: it makes it unsure. */
static bool read_header(struct scan *scan, struct header *header, bool *has_from,
			bool *has_to)
{
	header->is_broken = false;
	switch (*header->at | 0x20) {
	case 'v':
		if (CALLED(header, "via", 'v'))
			return read_any_via(scan, header);
		break;
	case 'f':
		if (CALLED(header, "from", 'f'))
			return read_party(header, has_from, &scan->from_tag);
		break;
	case 't':
		if (CALLED(header, "to", 't'))
			return read_party(header, has_to, &scan->to_tag);
		break;
	case 'i':
		if (CALLED(header, "i", 'i'))
			return read_call_id(scan, header);
		break;
	case 'l':
		if (CALLED(header, "l", 'l'))
			return read_length(scan, &header->value) && !header->is_folded;
		break;
	case 'c':
		if (CALLED(header, "cseq", '\0'))
			return !header->is_folded && read_cseq(scan, &header->value);
		if (!header->is_broken && CALLED(header, "call-id", '\0'))
			return read_call_id(scan, header);
		if (!header->is_broken && CALLED(header, "content-length", '\0'))
			return read_length(scan, &header->value) && !header->is_folded;
		break;
	default:
		break;
	}
	return !header->is_broken;
}

static const char *past_word(const char *at, const char *end)
{
	while (at < end && !is_blank(*at))
		at++;
	return at;
}

/* Whether all from AT to END is the name of a version of SIP. */
static bool is_version(const char *at, const char *end)
{
	const char *dot;

	if (end - at < 7 || strncasecmp(at, "SIP/", 4) != 0)
		return false;
	dot = skip_digits(at + 4, end);
	return dot > at + 4 && dot + 1 < end && *dot == '.' &&
	       skip_digits(dot + 1, end) == end;
}

/* Characters of a token (RFC 3261 section 25.1); Sofia does not take the plus and the backquote. */
static bool is_token(const struct scan_text *text)
{
	for (size_t i = 0; i < text->length; i++)
		if (!IS_TOKEN(text->at[i]) && text->at[i] != '+' && text->at[i] != '`')
			return false;
	return text->length > 0;
}

/* A request: method, URI and version with single blanks between; anything else is unsure. */
static bool read_request(struct scan *scan, const char *token_end, const char *stop)
{
	const char *method_end = past_word(scan->bytes, stop), *at, *uri_end, *version;

	scan->is_request = true;
	scan->method =
		(struct scan_text){ scan->bytes, (size_t)(method_end - scan->bytes) };
	at = method_end < stop ? method_end + 1 : stop;
	uri_end = past_word(at, stop);
	version = uri_end < stop ? uri_end + 1 : stop;
	scan->uri = (struct scan_text){ at, (size_t)(uri_end - at) };
	scan->is_version_2 =
		stop - version == 7 && strncasecmp(version, "SIP/2.0", 7) == 0;
	scan->is_plain_line = is_token(&scan->method) && uri_end > at &&
			      is_version(version, stop) && *method_end == ' ' &&
			      *uri_end == ' ';
	return scan->is_plain_line && scan->is_version_2 && token_end == method_end;
}

static bool read_response(struct scan *scan, const char *stop)
{
	const char *at = scan->bytes + 7;

	scan->is_version_2 = stop - scan->bytes > 7 && *at == ' ' &&
			     strncasecmp(scan->bytes, "SIP/2.0", 7) == 0;
	if (!scan->is_version_2 || stop - at < 4 || skip_digits(at + 1, stop) != at + 4 ||
	    (stop - at > 4 && at[4] != ' '))
		return false;
	scan->status = (at[1] - '0') * 100 + (at[2] - '0') * 10 + (at[3] - '0');
	return scan->status >= 100;
}

const char *scan_first_line(const struct scan *scan)
{
	const char *lf = memchr(scan->bytes, '\n', scan->length);

	return lf ? lf + 1 : scan->bytes + scan->length;
}

static bool read_start(struct scan *scan, const char *stop)
{
	const char *at = past_token(scan->bytes, stop);

	if (at == scan->bytes || at == stop)
		return false;
	scan->has_start = true;
	if (*at == '/')
		return read_response(scan, stop);
	/* Whatever its method is made of, it is no response. */
	return read_request(scan, at, stop);
}

static bool has_bare_cr(const char *at, const char *end)
{
	for (const char *cr; (cr = memchr(at, '\r', (size_t)(end - at))); at = cr + 1)
		if (cr + 1 == end || cr[1] != '\n')
			return true;
	return false;
}

void scan_read(struct scan *scan, const char *bytes, size_t length, unsigned max_lines)
{
	const char *end = bytes + length, *at, *stop;
	bool has_from = false, has_to = false;
	struct header header;

	*scan = (struct scan){ .bytes = bytes, .length = length };
	at = scan_first_line(scan);
	stop = at > bytes && at[-1] == '\n' ? at - 1 : at;
	if (stop > bytes && stop[-1] == '\r')
		stop--;
	scan->is_sure = read_start(scan, stop);
	if (at < end && (*at == ' ' || *at == '\t'))
		scan->is_sure = false;
	while (!is_end(at, end)) {
		if (scan->lines++ == max_lines) {
			scan->is_sure = false;
			break;
		}
		header.at = at;
		header.is_folded = false;
		stop = find_end(at, end, &header.is_folded);
		at = stop < end ? stop + 1 : end;
		while (stop > header.at && is_blank(stop[-1]))
			stop--;
		header.end = stop;
		if (!read_header(scan, &header, &has_from, &has_to))
			scan->is_sure = false;
	}
	scan->has_end = scan->lines <= max_lines && at < end;
	if (scan->has_end)
		at += *at == '\r' ? 2 : 1;
	scan->head_length = (size_t)(at - bytes);
	scan->has_zero = memchr(bytes, '\0', scan->head_length) != NULL;
	if (!scan->has_end || scan->has_zero || has_bare_cr(bytes, at) || !has_from ||
	    !has_to || !scan->via.at || !scan->call_id.at || !scan->cseq_method.at ||
	    scan->is_length_bad)
		scan->is_sure = false;
}
