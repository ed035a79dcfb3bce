/* SPDX-License-Identifier: MIT */
#include "capture/reading.h"

#include "model/call_id.h"
#include "wire/scan.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { LINES_MAX = 1000 };

static const char *copy(struct arena *arena, const struct scan_text *text)
{
	return text->at ? arena_strndup(arena, text->at, text->length) : "";
}

/* A header value in one line. */
static char *unfolded(struct arena *arena, const struct scan_text *value)
{
	char *text = arena_strndup(arena, value->at, value->length);

	for (char *at = text; *at; at++)
		if (*at == '\r' || *at == '\n' || *at == '\t')
			*at = ' ';
	return text;
}

/* Values ---------------------------------------------------------------------------------- */

/* Where the first element of a list ends: at a comma outside quotes and brackets. */
static size_t element_length(const char *value)
{
	bool is_quoted = false, is_bracketed = false;
	size_t i;

	for (i = 0; value[i]; i++) {
		if (is_quoted && value[i] == '\\' && value[i + 1])
			i++;
		else if (value[i] == '"')
			is_quoted = !is_quoted;
		else if (!is_quoted && (value[i] == '<' || value[i] == '>'))
			is_bracketed = value[i] == '<';
		else if (!is_quoted && !is_bracketed && value[i] == ',')
			break;
	}
	return i;
}

/* The URI of VALUE, a name-addr or addr-spec; *REST is what follows it. */
static const char *uri_of(struct arena *arena, const char *value, const char **rest)
{
	size_t length = element_length(value);
	const char *end = value + length, *at = value, *stop;

	while (at < end && *at == ' ')
		at++;
	if (at < end && *at == '"')
		for (at++; at < end && *at != '"'; at++)
			at += *at == '\\' && at + 1 < end;
	stop = memchr(at, '<', (size_t)(end - at));
	if (stop) {
		at = stop + 1;
		stop = memchr(at, '>', (size_t)(end - at));
		*rest = stop ? arena_strndup(arena, stop + 1, (size_t)(end - stop) - 1)
			     : "";
	} else {
		stop = memchr(at, ';', (size_t)(end - at));
		*rest = stop ? arena_strndup(arena, stop, (size_t)(end - stop)) : "";
	}
	return arena_strndup(arena, at, (size_t)((stop ? stop : end) - at));
}

static int hex_of(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* %41 becomes A; %00 stays. */
static const char *unescaped(struct arena *arena, const char *text, size_t length)
{
	char *all = arena_strndup(arena, text, length), *to = all;

	for (const char *at = all; *at; at++) {
		int byte = *at == '%' && isxdigit((unsigned char)at[1]) &&
					   isxdigit((unsigned char)at[2])
				   ? hex_of(at[1]) * 16 + hex_of(at[2])
				   : 0;

		*to++ = byte ? (char)byte : *at;
		at += byte ? 2 : 0;
	}
	*to = '\0';
	return all;
}

/* The user part of URI, or the number of a tel: one. */
static const char *user_of(struct arena *arena, const char *uri)
{
	const char *colon = strchr(uri, ':'), *at;

	if (!colon)
		return "";
	if (strncasecmp(uri, "tel:", 4) == 0)
		return unescaped(arena, colon + 1, strcspn(colon + 1, ";>?"));
	at = strchr(colon, '@');
	if (!at)
		return "";
	/* A feature name and its like stand behind the number. */
	return unescaped(arena, colon + 1, strcspn(colon + 1, ";:@"));
}

static const char *params_of(const char *uri)
{
	const char *at = strchr(uri, '@');
	const char *params = strchr(at ? at : uri, ';');

	return params ? params + 1 : "";
}

/* The value of parameter NAME among PARAMS, joined by ';', or NULL. */
static const char *param_of(struct arena *arena, const char *params, const char *name)
{
	size_t length = strlen(name);

	while (*params) {
		size_t whole = strcspn(params, ";");

		if (whole > length && params[length] == '=' &&
		    strncasecmp(params, name, length) == 0)
			return arena_strndup(arena, params + length + 1,
					     whole - length - 1);
		params += whole + (params[whole] == ';');
	}
	return NULL;
}

/* Headers --------------------------------------------------------------------------------- */

static bool find_line(const struct scan *scan, const char *name, char short_name,
		      unsigned nth, struct scan_line *line)
{
	const char *end = scan->bytes + scan->length;

	for (const char *at = scan_first_line(scan); at && scan_line(at, end, line);
	     at = line->next)
		if (scan_is_named(line, name, short_name) && nth-- == 0)
			return true;
	return false;
}

static const char *header_of(struct arena *arena, const struct scan *scan,
			     const char *name, char short_name)
{
	struct scan_line line;

	return find_line(scan, name, short_name, 0, &line) ? unfolded(arena, &line.value)
							   : NULL;
}

static void read_routes(struct sighting *sighting, const struct scan *scan,
			struct arena *arena)
{
	const char *value = header_of(arena, scan, "Route", 0), *rest, *uri;
	struct route_tag tag;

	if (value) {
		uri = uri_of(arena, value, &rest);
		tag = phase_read(arena, params_of(uri), NULL);
		if (tag.phase == PHASE_NONE && *rest)
			tag = phase_read(arena, rest + 1, NULL);
		sighting->phase = tag.phase;
		sighting->phase_text = tag.text ? tag.text : "";
	}
	if (sighting->is_out)
		value = header_of(arena, scan, "Record-Route", 0);
	if (value) {
		value = param_of(arena, params_of(uri_of(arena, value, &rest)), "hc");
		sighting->handle = value ? value : "";
	}
}

/* The branch of the Via below the topmost. */
static void read_via_below(struct sighting *sighting, const struct scan *scan,
			   struct arena *arena)
{
	struct scan_line line;
	const char *value, *branch;
	size_t first;

	if (!find_line(scan, "Via", 'v', 0, &line))
		return;
	value = unfolded(arena, &line.value);
	first = element_length(value);
	if (value[first] == ',')
		value += first + 1;
	else if (find_line(scan, "Via", 'v', 1, &line))
		value = unfolded(arena, &line.value);
	else
		return;
	value = arena_strndup(arena, value, element_length(value));
	branch = strchr(value, ';');
	branch = branch ? param_of(arena, branch + 1, "branch") : NULL;
	sighting->branch_below = branch ? branch : "";
}

static void read_parties(struct sighting *sighting, const struct scan *scan,
			 struct arena *arena)
{
	const char *from = header_of(arena, scan, "From", 'f');
	const char *to = header_of(arena, scan, "To", 't'), *to_uri = "", *rest;

	if (from)
		sighting->from = user_of(arena, uri_of(arena, from, &rest));
	if (to) {
		to_uri = uri_of(arena, to, &rest);
		sighting->to = user_of(arena, to_uri);
	}
	sighting->dialled = user_of(arena, sighting->uri);
	sighting->is_off_hook = sighting->is_request &&
				(strcasestr(sighting->uri, ";avaya-cm-fnu=off-hook") ||
				 strcasestr(to_uri, ";avaya-cm-fnu=off-hook"));
}

/* The phrase behind "SIP/2.0 486 ". */
static const char *reason_of(struct arena *arena, const struct sighting *sighting)
{
	size_t length = strcspn(sighting->bytes, "\r\n");
	const char *at = memchr(sighting->bytes, ' ', length);
	const char *end = sighting->bytes + length;

	at = at ? memchr(at + 1, ' ', (size_t)(end - at) - 1) : NULL;
	return at ? arena_strndup(arena, at + 1, (size_t)(end - at) - 1) : "";
}

static void clear(struct sighting *sighting)
{
	sighting->method = sighting->reason = sighting->uri = "";
	sighting->sip_call_id = sighting->from_tag = sighting->to_tag = "";
	sighting->branch = sighting->branch_below = sighting->handle = "";
	sighting->from = sighting->to = sighting->dialled = "";
	sighting->phase_text = "";
	sighting->phase = PHASE_NONE;
}

void reading_fill(struct sighting *sighting, struct arena *arena)
{
	struct scan scan;

	clear(sighting);
	scan_read(&scan, sighting->bytes, sighting->length, LINES_MAX);
	sighting->is_request = scan.has_start && scan.is_request;
	sighting->status = scan.has_start && !scan.is_request ? scan.status : 0;
	sighting->method = copy(arena, sighting->is_request ? &scan.method
							    : &scan.cseq_method);
	sighting->cseq = scan.cseq;
	sighting->sip_call_id = copy(arena, &scan.call_id);
	sighting->from_tag = copy(arena, &scan.from_tag);
	sighting->to_tag = copy(arena, &scan.to_tag);
	sighting->branch = copy(arena, &scan.branch);
	sighting->call = call_id_of(arena, sighting->sip_call_id);
	if (sighting->is_request) {
		sighting->uri = copy(arena, &scan.uri);
		read_routes(sighting, &scan, arena);
		read_via_below(sighting, &scan, arena);
	} else if (sighting->status) {
		sighting->reason = reason_of(arena, sighting);
	}
	if (scan.has_start)
		read_parties(sighting, &scan, arena);
}

const char *reading_header(const struct sighting *sighting, const char *name,
			   char short_name, struct arena *arena)
{
	struct scan scan;

	scan_read(&scan, sighting->bytes, sighting->length, LINES_MAX);
	return scan.has_start ? header_of(arena, &scan, name, short_name) : NULL;
}

const char *reading_body(const struct sighting *sighting)
{
	struct scan scan;

	scan_read(&scan, sighting->bytes, sighting->length, LINES_MAX);
	return scan.has_end && scan.head_length < sighting->length
		       ? sighting->bytes + scan.head_length
		       : NULL;
}
