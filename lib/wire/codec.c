/* SPDX-License-Identifier: MIT */
#include "wire/codec.h"

#include "wire/glance.h"

#include <sofia-sip/msg_buffer.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What is wrong with MSG: the name of the first header that cannot be read, or NULL. */
static const char *bad_header(const sip_t *sip)
{
	const msg_header_t *header = (const msg_header_t *)sip->sip_error;

	for (; header; header = header->sh_next) {
		const char *name = header->sh_class == sip_error_class
					   ? header->sh_error->er_name
					   : header->sh_class->hc_name;

		if (name)
			return name;
	}
	return NULL;
}

/* A malformed header that this program does not act on is no error and is passed on. */
static int status_of(msg_t *msg, const sip_t *sip, char phrase[static 64])
{
	unsigned mask = sip->sip_request ? sip_mask_request : sip_mask_response;
	const char *name;

	phrase[0] = '\0';
	if (sip->sip_request &&
	    strcasecmp(sip->sip_request->rq_version, sip_version_2_0) != 0)
		return 505;
	/* RFC 3261 section 19.1.1: headers have no place there. */
	if (sip->sip_request && sip->sip_request->rq_url->url_headers) {
		snprintf(phrase, 64, "Headers In Request-URI");
		return 400;
	}
	if (!(msg_extract_errors(msg) & mask) && !(sip->sip_flags & MSG_FLG_ERROR) &&
	    sip_sanity_check(sip) >= 0)
		return 0;
	name = bad_header(sip);
	if (name)
		snprintf(phrase, 64, "Bad %.40s Header", name);
	return 400;
}

enum { MANY_BYTES = 8 * 1024 };

static msg_t *parse(const char *bytes, size_t length)
{
	msg_t *msg = msg_create(sip_default_mclass(), 0);
	char *buffer = NULL;

	/* One block for the bytes and most of what is read from them, not fifty. */
	if (msg && length < MANY_BYTES)
		su_home_preload(msg_home(msg), 1, (isize_t)(3 * length + 1024));
	if (msg && length < INT32_MAX)
		buffer = msg_buf_exact(msg, (usize_t)length + 1);
	if (!buffer) {
		msg_destroy(msg);
		return NULL;
	}
	memcpy(buffer, bytes, length);
	buffer[length] = '\0';
	msg_recv_commit(msg, (usize_t)length, 1);
	msg_extract(msg);
	return msg;
}

/* Characters of a token (RFC 3261 section 25.1) that Sofia does not take in a method. */
static bool is_odd(char c)
{
	return c == '+' || c == '`';
}

static bool has_odd(struct glance_text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (is_odd(text.at[i]))
			return true;
	return false;
}

static void make_even(char *bytes, struct glance_text text, const char *start)
{
	for (size_t i = 0; i < text.length; i++)
		if (is_odd(text.at[i]))
			bytes[text.at + i - start] = '~';
}

static const char *text_in(msg_t *msg, struct glance_text text)
{
	return su_strndup(msg_home(msg), text.at, (isize_t)text.length);
}

/* Parses the message with the characters that Sofia does not accept in a method replaced;
 * NULL = it has none. */
static msg_t *parse_odd(const char *bytes, size_t length)
{
	struct glance glance;
	char *copy;
	msg_t *msg;
	sip_t *sip;

	if (!glance_read(&glance, bytes, length) || !has_odd(glance.cseq_method))
		return NULL;
	copy = malloc(length);
	if (!copy)
		return NULL;
	memcpy(copy, bytes, length);
	make_even(copy, glance.cseq_method, bytes);
	make_even(copy, glance.method, bytes);
	msg = parse(copy, length);
	free(copy);
	sip = sip_object(msg);
	if (sip && sip->sip_cseq)
		sip->sip_cseq->cs_method_name = text_in(msg, glance.cseq_method);
	if (sip && sip->sip_request)
		sip->sip_request->rq_method_name = text_in(msg, glance.method);
	return msg;
}

msg_t *codec_read(const char *bytes, size_t length, int *status, char phrase[static 64])
{
	msg_t *msg = parse(bytes, length);
	const sip_t *sip = sip_object(msg);

	if (sip && (!sip->sip_cseq || !(sip->sip_request || sip->sip_status))) {
		msg_t *other = parse_odd(bytes, length);

		if (other) {
			msg_destroy(msg);
			msg = other;
			sip = sip_object(msg);
		}
	}
	if (sip && (sip->sip_request || sip->sip_status)) {
		*status = status_of(msg, sip, phrase);
		return msg;
	}
	msg_destroy(msg);
	return NULL;
}

enum { PIECES = 64 };

static char *join(const msg_iovec_t *pieces, size_t count, const char *lines,
		  size_t *length, size_t *lines_at)
{
	size_t lines_length = strlen(lines), total = lines_length;
	char *bytes, *to;

	for (size_t i = 0; i < count; i++)
		total += pieces[i].mv_len;
	bytes = to = malloc(total + 1);
	if (!bytes)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		memcpy(to, pieces[i].mv_base, pieces[i].mv_len);
		to += pieces[i].mv_len;
	}
	*to = '\0';
	/* Behind the start line. */
	to = memchr(bytes, '\n', total - lines_length);
	if (!to) {
		free(bytes);
		return NULL;
	}
	to++;
	memmove(to + lines_length, to, total - lines_length - (size_t)(to - bytes) + 1);
	memcpy(to, lines, lines_length);
	*length = total;
	if (lines_at)
		*lines_at = (size_t)(to - bytes);
	return bytes;
}

/* Adds a missing separator, and sets Content-Length to the length of the body. */
static int complete(msg_t *msg)
{
	sip_t *sip = sip_object(msg);
	size_t body = sip->sip_payload ? sip->sip_payload->pl_len : 0;
	sip_content_length_t *length = sip->sip_content_length;

	if (!sip->sip_separator)
		sip->sip_separator = sip_separator_create(msg_home(msg));
	if (!sip->sip_separator || body > INT32_MAX)
		return -1;
	if (length && length->l_length != body) {
		length->l_length = (uint32_t)body;
		sip_fragment_clear(length->l_common);
	}
	if (length)
		return 0;
	length = sip_content_length_create(msg_home(msg), (uint32_t)body);
	return sip_header_insert(msg, sip, (sip_header_t *)length);
}

char *codec_write(msg_t *msg, const char *lines, size_t *length, size_t *lines_at)
{
	msg_iovec_t some[PIECES], *pieces = some;
	size_t count;
	char *bytes;

	if (complete(msg) < 0 || msg_serialize(msg, (msg_pub_t *)sip_object(msg)) < 0 ||
	    msg_prepare(msg) < 0)
		return NULL;
	count = msg_iovec(msg, pieces, PIECES);
	if (count > PIECES) {
		pieces = calloc(count, sizeof *pieces);
		if (!pieces)
			return NULL;
		count = msg_iovec(msg, pieces, (isize_t)count);
	}
	bytes = join(pieces, count, lines, length, lines_at);
	if (pieces != some)
		free(pieces);
	return bytes;
}
