/* SPDX-License-Identifier: MIT */
#include "wire/response.h"

#include "wire/codec.h"
#include "wire/pen.h"
#include "wire/glance.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int response_head_make(struct response_head *head, const sip_t *request)
{
	struct pen pen = { 0 }, routes = { 0 };
	size_t length;

	pen_headers(&pen, request->sip_via);
	pen_header(&pen, request->sip_from);
	pen_header(&pen, request->sip_call_id);
	pen_header(&pen, request->sip_cseq);
	pen_header(&pen, request->sip_to);
	pen_back(&pen);
	pen_headers(&routes, request->sip_record_route);
	head->text = pen_end(&pen, &head->length);
	head->record_route = pen_end(&routes, &length);
	head->has_tag = request->sip_to->a_tag != NULL;
	if (head->text && head->record_route)
		return 0;
	response_head_clear(head);
	return -ENOMEM;
}

void response_head_clear(struct response_head *head)
{
	free(head->text);
	free(head->record_route);
	*head = (struct response_head){ 0 };
}

static void write_head(struct pen *pen, const struct response_head *head,
		       const struct response_parts *parts)
{
	pen_write(pen, head->text, head->length);
	if (parts->tag && !head->has_tag) {
		pen_add(pen, ";tag=");
		pen_add(pen, parts->tag);
	}
	pen_add(pen, "\r\n");
	/* RFC 3261 section 12.1.1: in the order received. */
	if (parts->status > 100 && parts->status < 300)
		pen_add(pen, head->record_route);
	if (parts->lines)
		pen_add(pen, parts->lines);
}

static const char *phrase_of(const struct response_parts *parts)
{
	const char *usual = sip_status_phrase(parts->status);

	if (parts->phrase)
		return parts->phrase;
	return usual ? usual : "Unknown";
}

char *response_write(const struct response_head *head, const struct response_parts *parts,
		     size_t *length)
{
	struct pen pen = { 0 };

	pen_format(&pen, "SIP/2.0 %03d %s\r\n", parts->status, phrase_of(parts));
	write_head(&pen, head, parts);
	pen_add(&pen, "Content-Length: 0\r\n\r\n");
	return pen_end(&pen, length);
}

char *response_print(const struct response_head *head, const struct response_parts *parts,
		     msg_t *msg, size_t *length)
{
	struct pen pen = { 0 };
	char *lines, *bytes = NULL;
	size_t lines_length;

	write_head(&pen, head, parts);
	lines = pen_end(&pen, &lines_length);
	if (lines)
		bytes = codec_write(msg, lines, length, NULL);
	free(lines);
	return bytes;
}

/* Where the first value of VALUE, a Via, ends: at its comma, or NULL = there is no other. */
static const char *comma_of(struct glance_text value)
{
	bool is_quoted = false;

	for (size_t i = 0; i < value.length; i++) {
		if (value.at[i] == '"')
			is_quoted = !is_quoted;
		else if (value.at[i] == '\\' && is_quoted)
			i++;
		else if (value.at[i] == ',' && !is_quoted)
			return &value.at[i];
	}
	return NULL;
}

char *response_without_via(const char *bytes, size_t *length)
{
	const char *at = bytes, *end = bytes + *length, *comma;
	struct glance_field field, other;
	struct pen pen = { 0 };
	bool is_first = true;

	do {
		if (!glance_next(&at, end, is_first, &field))
			return NULL;
		is_first = false;
	} while (!glance_is(&field, "Via", 'v'));
	comma = comma_of(field.value);
	/* Without a second Via there is no address to send it to. */
	for (const char *next = at; !comma;) {
		if (!glance_next(&next, end, false, &other))
			return NULL;
		if (glance_is(&other, "Via", 'v'))
			break;
	}
	pen_write(&pen, bytes, (size_t)(field.whole.at - bytes));
	if (comma) {
		comma++;
		pen_add(&pen, "Via: ");
		comma += strspn(comma, " \t\r\n");
		pen_write(&pen, comma, (size_t)(at - comma));
	}
	pen_write(&pen, at, (size_t)(end - at));
	return pen_end(&pen, length);
}
