/* SPDX-License-Identifier: MIT */
#include "agent/spoil.h"

#include "base/memory.h"
#include "wire/glance.h"

#include <stdio.h>
#include <string.h>

/* The value of FIELD becomes VALUE. */
static void put_value(FILE *out, const struct glance_field *field, const char *value)
{
	fprintf(out, "%.*s: %s\r\n", (int)field->name.length, field->name.at, value);
}

/* The parameter phase of a Route becomes TEXT; NULL: it goes. */
static void put_route(FILE *out, const struct glance_field *field, const char *text)
{
	static const char name[] = ";phase=";
	const char *at = field->whole.at, *end = at + field->whole.length;
	const char *phase = memmem(at, field->whole.length, name, sizeof name - 1);
	const char *stop = phase ? phase + sizeof name - 1 : at;

	if (!phase) {
		fwrite(at, 1, field->whole.length, out);
		return;
	}
	while (stop < end && !strchr(";>, \r\n", *stop))
		stop++;
	fprintf(out, "%.*s%s%s%.*s", (int)(phase - at), at, text ? name : "",
		text ? text : "", (int)(end - stop), stop);
}

static void put_field(FILE *out, const struct mishap *mishap,
		      const struct glance_field *field)
{
	bool is_route = glance_is(field, "Route", '\0');

	if (mishap->action == MISHAP_WRONG_PHASE && is_route)
		put_route(out, field, mishap->text);
	else if (mishap->action == MISHAP_NO_PHASE && is_route)
		put_route(out, field, NULL);
	else if (mishap->action == MISHAP_LOSE_HEADER &&
		 glance_is(field, mishap->text, '\0'))
		return;
	else if (mishap->action == MISHAP_MALFORMED &&
		 glance_is(field, "Max-Forwards", '\0'))
		put_value(out, field, "many");
	else if (mishap->action == MISHAP_STALE_ETAG &&
		 glance_is(field, "SIP-If-Match", '\0'))
		return;
	else
		fwrite(field->whole.at, 1, field->whole.length, out);
}

static bool changes_bytes(enum mishap_action action)
{
	return action == MISHAP_WRONG_PHASE || action == MISHAP_NO_PHASE ||
	       action == MISHAP_LOSE_HEADER || action == MISHAP_MALFORMED ||
	       action == MISHAP_STALE_ETAG;
}

/* A stream in memory whose bytes are *TEXT. */
static FILE *open_text(char **text, size_t *written)
{
	return memory_checked(open_memstream(text, written));
}

char *spoil_request(const struct mishap *mishap, const char *bytes, size_t length,
		    size_t *written)
{
	const char *at = bytes, *end = bytes + length;
	struct glance_field field;
	bool is_first = true;
	char *text;
	FILE *out;

	if (!changes_bytes(mishap->action))
		return NULL;
	out = open_text(&text, written);
	for (; glance_next(&at, end, is_first, &field); is_first = false) {
		if (is_first)
			fwrite(bytes, 1, (size_t)(field.whole.at - bytes), out);
		if (is_first && mishap->action == MISHAP_STALE_ETAG)
			fputs("SIP-If-Match: stale\r\n", out);
		put_field(out, mishap, &field);
	}
	fwrite(at, 1, (size_t)(end - at), out);
	fclose(out);
	return text;
}

static void put_cancel_field(FILE *out, const struct glance_field *field, bool *has_via)
{
	bool is_via = glance_is(field, "Via", 'v');

	if (glance_is(field, "CSeq", '\0'))
		fprintf(out, "CSeq: %.*s CANCEL\r\n",
			(int)strcspn(field->value.at, " \t"), field->value.at);
	else if ((is_via && !*has_via) || glance_is(field, "Max-Forwards", '\0') ||
		 glance_is(field, "From", 'f') || glance_is(field, "To", 't') ||
		 glance_is(field, "Call-ID", 'i') || glance_is(field, "Route", '\0'))
		fwrite(field->whole.at, 1, field->whole.length, out);
	*has_via = *has_via || is_via;
}

char *spoil_cancel(const char *invite, size_t length, size_t *written)
{
	const char *at = invite, *end = invite + length;
	struct glance_field field;
	bool is_first = true, has_via = false;
	char *text;
	FILE *out = open_text(&text, written);

	fputs("CANCEL", out);
	for (; glance_next(&at, end, is_first, &field); is_first = false) {
		if (is_first)	/* the rest of the start line */
			fprintf(out, "%.*s", (int)(field.whole.at - invite) - 6,
				invite + 6);
		put_cancel_field(out, &field, &has_via);
	}
	fputs("Content-Length: 0\r\n\r\n", out);
	fclose(out);
	return text;
}
