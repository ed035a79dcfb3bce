/* SPDX-License-Identifier: MIT */
#include "wire/response.h"

#include "wire/glance.h"
#include "wire/message.h"
#include "wire/pen.h"

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

/* A copy of HEADER alone, with a list of parameters of its own, that shares its text: REQUEST
 * outlives the response. */
static sip_header_t *borrow(msg_t *msg, const sip_header_t *header)
{
	su_home_t *home = msg_home(msg);
	sip_header_t *copy =
		(sip_header_t *)msg_header_copy_one(home, (const msg_header_t *)header);

	if (!copy)
		return NULL;
	copy->sh_next = NULL;
	copy->sh_succ = NULL;
	copy->sh_prev = NULL;
	/* Not as it was written: its line may have had others in it. */
	sip_fragment_clear(copy->sh_common);
	return copy;
}

/* Moves HEADER, which others follow in MSG's order, to behind PLACE. */
static void move(sip_header_t *header, sip_header_t *place)
{
	msg_header_t *succ = header->sh_succ, *after;

	*header->sh_prev = succ;
	if (succ)
		succ->sh_prev = header->sh_prev;
	after = place->sh_succ;
	header->sh_succ = after;
	if (after)
		after->sh_prev = &header->sh_succ;
	header->sh_prev = &place->sh_succ;
	place->sh_succ = (msg_header_t *)header;
}

/* An answer that is being made; what is added comes behind PLACE. */
struct made {
	msg_t *msg;
	sip_header_t *place;
};

/* Adds LIST, all there is of its kind; of several Via, Sofia puts each new one on top. */
static int add(struct made *made, sip_header_t *list)
{
	if (!list || sip_header_insert(made->msg, sip_object(made->msg), list) < 0)
		return -ENOMEM;
	for (; list; list = list->sh_next) {
		if (list->sh_succ)
			move(list, made->place);
		made->place = list;
	}
	return 0;
}

/* Adds copies of LIST, which may be empty. */
static int add_list(struct made *made, const void *list)
{
	sip_header_t *copies = NULL, **end = &copies;

	for (const sip_header_t *next = list; next; next = next->sh_next) {
		*end = borrow(made->msg, next);
		if (!*end)
			return -ENOMEM;
		end = (sip_header_t **)(void *)&(*end)->sh_next;
	}
	return copies ? add(made, copies) : 0;
}

static int add_to(struct made *made, const sip_to_t *to, const char *tag)
{
	su_home_t *home = msg_home(made->msg);
	sip_to_t *copy;
	char *param;

	if (to->a_tag)
		return add_list(made, to);
	copy = sip_to_dup(home, to);
	param = su_sprintf(home, "tag=%s", tag);
	if (!copy || !param || msg_header_replace_param(home, copy->a_common, param) < 0)
		return -ENOMEM;
	return add(made, (sip_header_t *)copy);
}

/* What makes MSG an answer to REQUEST, on top. */
static int add_common(msg_t *msg, const sip_t *request, const char *tag)
{
	sip_status_t *line = sip_object(msg)->sip_status;
	struct made made = { .msg = msg, .place = (sip_header_t *)line };

	if (add_list(&made, request->sip_via) < 0 ||
	    add_list(&made, request->sip_from) < 0 ||
	    add_to(&made, request->sip_to, tag) < 0 ||
	    add_list(&made, request->sip_call_id) < 0 ||
	    add_list(&made, request->sip_cseq) < 0)
		return -ENOMEM;
	/* RFC 3261 section 12.1.1: in the order received. */
	return line->st_status > 100 && line->st_status < 300
		       ? add_list(&made, request->sip_record_route)
		       : 0;
}

msg_t *response_new(const sip_t *request, int status, const char *tag)
{
	msg_t *msg = msg_create(sip_default_mclass(), 0);
	sip_status_t *line =
		msg ? sip_status_create(msg_home(msg), (unsigned)status, NULL, NULL)
		    : NULL;

	if (line && sip_header_insert(msg, sip_object(msg), (sip_header_t *)line) >= 0 &&
	    add_common(msg, request, tag) == 0)
		return msg;
	msg_destroy(msg);
	return NULL;
}

msg_t *response_from(const sip_t *request, msg_t *response, const char *tag)
{
	msg_t *msg = message_copy(response);
	sip_t *sip = sip_object(msg);

	message_strip_hops(msg);
	message_remove_all(msg, (sip_header_t *)sip->sip_from);
	message_remove_all(msg, (sip_header_t *)sip->sip_to);
	message_remove_all(msg, (sip_header_t *)sip->sip_call_id);
	message_remove_all(msg, (sip_header_t *)sip->sip_cseq);
	message_strip_reliable(msg);
	if (add_common(msg, request, tag) == 0)
		return msg;
	msg_destroy(msg);
	return NULL;
}

int response_number(msg_t *msg, uint32_t rseq)
{
	su_home_t *home = msg_home(msg);
	sip_require_t *require = sip_require_make(home, "100rel");
	sip_rseq_t *number = sip_rseq_format(home, "%u", rseq);

	message_strip_reliable(msg);
	if (!require || !number ||
	    sip_header_insert(msg, sip_object(msg), (sip_header_t *)require) < 0 ||
	    sip_header_insert(msg, sip_object(msg), (sip_header_t *)number) < 0)
		return -ENOMEM;
	return 0;
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
