/* SPDX-License-Identifier: MIT */
#include "lab/extra.h"

#include "base/memory.h"
#include "wire/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_called(const sip_header_t *header, const char *name)
{
	const char *called = header->sh_class == sip_unknown_class
				     ? header->sh_unknown->un_name
				     : header->sh_class->hc_name;
	char letter[2] = { header->sh_class->hc_short[0], '\0' };

	return (called && strcasecmp(called, name) == 0) ||
	       (*letter && strcasecmp(letter, name) == 0);
}

static void remove_called(msg_t *msg, const char *name)
{
	msg_pub_t *pub = (msg_pub_t *)sip_object(msg);
	msg_header_t **slot = &pub->msg_request + 2;	/* behind the start lines */
	msg_header_t **end = (msg_header_t **)(void *)((char *)pub + pub->msg_size);

	for (; slot < end; slot++) {
		msg_header_t *header = *slot, *next;

		for (; header; header = next) {
			next = header->sh_next;
			if (is_called((sip_header_t *)header, name))
				sip_header_remove(msg, sip_object(msg),
						  (sip_header_t *)header);
		}
	}
}

/* The lines that make a header must have a tag of ours still. */
static void keep_tag(msg_t *msg, const char *from_tag, const char *to_tag)
{
	sip_t *sip = sip_object(msg);

	if (from_tag && sip->sip_from && !sip->sip_from->a_tag)
		message_set_from_tag(msg, from_tag);
	if (to_tag && sip->sip_to && !sip->sip_to->a_tag)
		message_set_to_tag(msg, to_tag);
}

static void set_header(msg_t *msg, const struct extra_header *header)
{
	su_home_t *home = msg_home(msg);
	char *line = su_sprintf(home, "%s: %s\r\n", header->name, header->value);

	if (msg_header_parse_str(msg, (msg_pub_t *)sip_object(msg),
				 memory_checked(line)) < 0)
		message_add(msg, header->name, header->value);
}

static const char *multipart_type(msg_t *msg, const struct extra *extra)
{
	const char *end = memchr(extra->body, '\n', extra->body_length);
	size_t length = end ? (size_t)(end - extra->body) : 0;

	if (length < 3 || strncmp(extra->body, "--", 2) != 0)
		return "application/sdp";
	if (end[-1] == '\r')
		length--;
	return memory_checked(su_sprintf(msg_home(msg),
					 "multipart/mixed;boundary=\"%.*s\"",
					 (int)length - 2, extra->body + 2));
}

static void set_body(msg_t *msg, const struct extra *extra)
{
	sip_t *sip = sip_object(msg);
	sip_payload_t *payload = sip_payload_create(msg_home(msg), extra->body,
						    (isize_t)extra->body_length);

	message_remove_all(msg, (sip_header_t *)sip->sip_payload);
	message_insert(msg, (sip_header_t *)payload);
	message_remove_all(msg, (sip_header_t *)sip->sip_content_type);
	message_insert(msg, (sip_header_t *)sip_content_type_make(
				    msg_home(msg), multipart_type(msg, extra)));
}

void extra_apply(const struct extra *extra, msg_t *msg)
{
	const sip_t *sip = sip_object(msg);
	const char *from = sip->sip_from ? sip->sip_from->a_tag : NULL;
	const char *to = sip->sip_to ? sip->sip_to->a_tag : NULL;

	if (!extra)
		return;
	if (extra->body)
		set_body(msg, extra);
	for (size_t i = 0; i < extra->count; i++)
		remove_called(msg, extra->headers[i].name);
	for (size_t i = 0; i < extra->count; i++)
		if (extra->headers[i].value)
			set_header(msg, &extra->headers[i]);
	keep_tag(msg, from, to);
}

const char *extra_value(const struct extra *extra, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; extra && i < extra->count; i++)
		if (strcasecmp(extra->headers[i].name, name) == 0)
			value = extra->headers[i].value;
	return value;
}
