/* SPDX-License-Identifier: MIT */
#include "run/view.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FIELDS_MAX = 1000 };

static const struct {
	char letter;
	const char *name;
} compact[] = {
	{ 'a', "Accept-Contact" }, { 'b', "Referred-By" },	 { 'c', "Content-Type" },
	{ 'd', "Request-Disposition" }, { 'e', "Content-Encoding" }, { 'f', "From" },
	{ 'i', "Call-ID" },	   { 'j', "Reject-Contact" },	 { 'k', "Supported" },
	{ 'l', "Content-Length" }, { 'm', "Contact" },		 { 'n', "Identity-Info" },
	{ 'o', "Event" },	   { 'r', "Refer-To" },		 { 's', "Subject" },
	{ 't', "To" },		   { 'u', "Allow-Events" },	 { 'v', "Via" },
	{ 'x', "Session-Expires" }, { 'y', "Identity" },
};

/* Headers whose lines are lists of elements between commas. */
static const char *const lists[] = {
	"Accept",
	"Accept-Contact",
	"Accept-Encoding",
	"Accept-Language",
	"Alert-Info",
	"Allow",
	"Allow-Events",
	"Call-Info",
	"Contact",
	"Content-Encoding",
	"Content-Language",
	"Diversion",
	"Error-Info",
	"History-Info",
	"In-Reply-To",
	"P-Asserted-Identity",
	"P-Associated-URI",
	"P-Preferred-Identity",
	"Path",
	"Proxy-Require",
	"Reason",
	"Record-Route",
	"Reject-Contact",
	"Require",
	"Route",
	"Service-Route",
	"Supported",
	"Unsupported",
	"User-to-User",
	"Via",
	"Warning",
};

static const char *long_name(const char *name)
{
	if (name[0] && !name[1])
		for (size_t i = 0; i < sizeof compact / sizeof *compact; i++)
			if (tolower((unsigned char)name[0]) == compact[i].letter)
				return compact[i].name;
	return name;
}

static bool is_list(const char *name)
{
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (strcasecmp(lists[i], name) == 0)
			return true;
	return false;
}

/* Where the element at TEXT ends: at a comma outside quotes, <> and comments. */
static const char *element_end(const char *text)
{
	bool is_quoted = false;
	int depth = 0;

	for (; *text; text++) {
		if (is_quoted && *text == '\\' && text[1])
			text++;
		else if (*text == '"')
			is_quoted = !is_quoted;
		else if (!is_quoted && (*text == '<' || *text == '('))
			depth++;
		else if (!is_quoted && (*text == '>' || *text == ')'))
			depth -= depth > 0;
		else if (!is_quoted && !depth && *text == ',')
			break;
	}
	return text;
}

/* LENGTH bytes at TEXT without blanks at both ends. */
static const char *trimmed(struct arena *arena, const char *text, size_t length)
{
	while (length && isspace((unsigned char)*text)) {
		text++;
		length--;
	}
	while (length && isspace((unsigned char)text[length - 1]))
		length--;
	return arena_strndup(arena, text, length);
}

struct reading {
	struct arena *arena;
	struct view_field *fields;
	size_t count;
};

static void add_value(struct reading *reading, const char *name, const char *value)
{
	bool splits = is_list(name);

	do {
		const char *end = splits ? element_end(value) : value + strlen(value);

		if (reading->count < FIELDS_MAX)
			reading->fields[reading->count++] =
				(struct view_field){ name,
						     trimmed(reading->arena, value,
							     (size_t)(end - value)) };
		value = *end ? end + 1 : end;
	} while (*value);
}

static void add_line(struct reading *reading, const char *line)
{
	const char *colon = strchr(line, ':');

	if (colon)
		add_value(
			reading,
			long_name(trimmed(reading->arena, line, (size_t)(colon - line))),
			colon + 1);
}

/* Runs of blanks as one, in place. */
static void squeeze(char *text)
{
	char *to = text;
	bool was_blank = false;

	for (; *text; text++) {
		bool is_blank = isspace((unsigned char)*text);

		if (!is_blank || !was_blank)
			*to++ = is_blank ? ' ' : *text;
		was_blank = is_blank;
	}
	*to = '\0';
}

static void read_start(struct view *view, const char *line, struct arena *arena)
{
	char *copy = arena_strdup(arena, line), *rest = copy;
	const char *first = strsep(&rest, " "), *second = strsep(&rest, " ");

	view->method = view->phrase = "";
	if (strncmp(line, "SIP/2.0", 7) == 0) {
		view->status = second ? atoi(second) : -1;
		view->phrase = rest ? rest : "";
	} else {
		view->method = first;
		view->uri = second;
	}
}

/* The method in CSeq. */
static const char *cseq_method(const struct view *view)
{
	const char *cseq = view_field(view, "CSeq", 0);
	const char *blank = cseq ? strchr(cseq, ' ') : NULL;

	return blank ? blank + 1 : "";
}

/* A line without its end; *AT moves behind it.  NULL = there is none. */
static char *next_line(struct arena *arena, const char **at, const char *end)
{
	const char *line = *at, *newline = memchr(line, '\n', (size_t)(end - line));
	const char *stop = newline ? newline : end;

	if (line >= end)
		return NULL;
	*at = newline ? newline + 1 : end;
	if (stop > line && stop[-1] == '\r')
		stop--;
	return arena_strndup(arena, line, (size_t)(stop - line));
}

void view_read(struct view *view, const char *bytes, size_t length, struct arena *arena)
{
	struct reading reading = { .arena = arena };
	const char *at = bytes, *end = bytes + length, *whole = NULL;
	char *line;

	*view = (struct view){ .bytes = bytes };
	reading.fields = arena_alloc(arena, FIELDS_MAX * sizeof *reading.fields);
	line = next_line(arena, &at, end);
	read_start(view, line ? line : "", arena);
	while ((line = next_line(arena, &at, end)) && *line) {
		bool is_folded = isspace((unsigned char)*line);

		squeeze(line);
		if (is_folded && whole) {
			whole = arena_printf(arena, "%s %s", whole,
					     line + strspn(line, " "));
			continue;
		}
		if (whole)
			add_line(&reading, whole);
		whole = line;
	}
	if (whole)
		add_line(&reading, whole);
	view->fields = reading.fields;
	view->count = reading.count;
	view->body = arena_strndup(arena, at, (size_t)(end - at));
	view->body_length = (size_t)(end - at);
	if (!*view->method)
		view->method = cseq_method(view);
}

const char *view_field(const struct view *view, const char *name, size_t i)
{
	name = long_name(name);
	for (size_t j = 0; j < view->count; j++)
		if (strcasecmp(view->fields[j].name, name) == 0 && i-- == 0)
			return view->fields[j].value;
	return NULL;
}

size_t view_count(const struct view *view, const char *name)
{
	size_t count = 0;

	while (view_field(view, name, count))
		count++;
	return count;
}

/* Parts -------------------------------------------------------------------------------------- */

/* An element taken apart; "" = it has no such piece. */
struct pieces {
	const char *uri;		/* without parameters and headers */
	const char *uri_params, *uri_headers;
	const char *params;		/* behind it */
	bool is_via;
};

static const char *until(struct arena *arena, const char **at, const char *stops)
{
	size_t length = 0;
	bool is_quoted = false;

	while ((*at)[length] && (is_quoted || !strchr(stops, (*at)[length]))) {
		if ((*at)[length] == '"')
			is_quoted = !is_quoted;
		length++;
	}
	*at += length;
	return arena_strndup(arena, *at - length, length);
}

/* The opening < of a name-addr, NULL = it is none. */
static const char *bracket_of(const char *element)
{
	bool is_quoted = false;

	for (; *element; element++) {
		if (is_quoted && *element == '\\' && element[1])
			element++;
		else if (*element == '"')
			is_quoted = !is_quoted;
		else if (!is_quoted && *element == '<')
			return element;
	}
	return NULL;
}

static struct pieces take_apart(const char *element, struct arena *arena)
{
	const char *bracket = bracket_of(element), *at = bracket ? bracket + 1 : element;
	struct pieces pieces = { "", "", "", "", strncmp(element, "SIP/2.0/", 8) == 0 };
	bool is_bare_uri = !bracket && !pieces.is_via &&
			   (strncasecmp(element, "sip", 3) == 0 ||
			    strncasecmp(element, "tel:", 4) == 0);

	pieces.uri = until(arena, &at, bracket ? ";?>" : ";?");
	if (bracket || is_bare_uri) {
		if (*at == ';') {
			at++;
			pieces.uri_params = until(arena, &at, bracket ? "?>" : "?");
		}
		if (*at == '?') {
			at++;
			pieces.uri_headers = until(arena, &at, bracket ? ">" : "");
		}
	}
	at = bracket && *at == '>' ? at + 1 : at;
	while (*at == ' ')
		at++;
	if (*at == ';')
		pieces.params = at + 1;
	return pieces;
}

static const char *unescaped(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_strndup(arena, text, length), *to = copy;
	char digits[3] = "";

	for (const char *at = copy; *at; at++) {
		if (*at == '%' && isxdigit((unsigned char)at[1]) &&
		    isxdigit((unsigned char)at[2])) {
			memcpy(digits, at + 1, 2);
			*to++ = (char)strtoul(digits, NULL, 16);
			at += 2;
		} else {
			*to++ = *at;
		}
	}
	*to = '\0';
	return copy;
}

/* The I-th NAME=value in LIST between SEPARATORs; counts I down.  NULL = there are fewer. */
static const char *find_param(const char *list, char separator, const char *name,
			      size_t *i, struct arena *arena, bool is_escaped)
{
	const char stops[2] = { separator, '\0' };
	size_t length = strlen(name);

	while (*list) {
		const char *text = until(arena, &list, stops);

		text += strspn(text, " ");
		if (strncasecmp(text, name, length) == 0 &&
		    (text[length] == '=' || !text[length] || text[length] == ' ') &&
		    (*i)-- == 0) {
			text += length;
			text += strspn(text, " =");
			length = strlen(text);
			while (length && text[length - 1] == ' ')
				length--;
			if (is_escaped)
				return unescaped(arena, text, length);
			if (length >= 2 && *text == '"' && text[length - 1] == '"')
				return arena_strndup(arena, text + 1, length - 2);
			return arena_strndup(arena, text, length);
		}
		list += *list == separator;
	}
	return NULL;
}

/* user@host:port of a URI without its scheme, or host:port. */
static const char *address_part(const char *address, const char *name,
				struct arena *arena)
{
	const char *at = strrchr(address, '@'), *host = at ? at + 1 : address, *end;

	if (strcmp(name, "user") == 0)
		return at ? unescaped(arena, address, (size_t)(at - address)) : NULL;
	end = *host == '[' ? strchrnul(host, ']') + 1 : host + strcspn(host, ":");
	if (strcmp(name, "host") == 0)
		return arena_strndup(arena, host, (size_t)(end - host));
	return *end == ':' ? arena_strdup(arena, end + 1) : NULL;
}

static const char *number_of(const char *element, struct arena *arena)
{
	size_t digits = strspn(element, "0123456789");

	return digits ? arena_strndup(arena, element, digits) : NULL;
}

static const char *place_part(const struct pieces *pieces, const char *name,
			      struct arena *arena)
{
	const char *uri = pieces->uri, *blank = strrchr(uri, ' ');
	const char *colon = strchr(uri, ':');

	if (pieces->is_via)
		return blank && strcmp(name, "user") != 0
			       ? address_part(blank + 1, name, arena)
			       : NULL;
	if (!colon)
		return NULL;
	if (strncasecmp(uri, "tel:", 4) == 0)
		return strcmp(name, "user") == 0 ? arena_strdup(arena, colon + 1) : NULL;
	return address_part(colon + 1, name, arena);
}

const char *view_part(const char *element, const char *name, size_t i,
		      struct arena *arena)
{
	struct pieces pieces = take_apart(element, arena);
	const char *value, *blank;

	if (strcmp(name, "user") == 0 || strcmp(name, "host") == 0 ||
	    strcmp(name, "port") == 0)
		return i ? NULL : place_part(&pieces, name, arena);
	if (strcmp(name, "number") == 0)
		return i ? NULL : number_of(element, arena);
	if (strcmp(name, "transport") == 0 && pieces.is_via) {
		blank = strchrnul(element + 8, ' ');
		return i ? NULL
			 : arena_strndup(arena, element + 8,
					 (size_t)(blank - element) - 8);
	}
	value = find_param(pieces.params, ';', name, &i, arena, false);
	if (!value)
		value = find_param(pieces.uri_params, ';', name, &i, arena, true);
	if (!value)
		value = find_param(pieces.uri_headers, '&', name, &i, arena, true);
	return value;
}

size_t view_part_count(const char *element, const char *name, struct arena *arena)
{
	size_t count = 0;

	while (view_part(element, name, count, arena))
		count++;
	return count;
}
