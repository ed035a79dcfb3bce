/* SPDX-License-Identifier: MIT */
#include "wire/lone.h"

#include "wire/glance.h"
#include "wire/pen.h"
#include "wire/via.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECT_MS = 2000, BEYOND_MS = 1000 };

/* One that went by a stream, until that is known to be open. */
struct lone {
	struct list node;		/* in wire->lones */
	struct timer timer;
	struct wire *wire;
	uint64_t token;
	struct emit_target to;		/* of the datagram */
	size_t length;
	char bytes[];			/* the same */
};

static void lone_free(struct lone *lone)
{
	loop_cancel(lone->wire->loop, &lone->timer);
	list_remove(&lone->node);
	free(lone);
}

static void has_arrived(struct timer *timer)
{
	lone_free(container_of(timer, struct lone, timer));
}

static bool find_via(const char *bytes, size_t length, struct glance_field *via)
{
	const char *at = bytes;

	for (bool is_first = true; glance_next(&at, bytes + length, is_first, via);
	     is_first = false)
		if (glance_is(via, "Via", 'v'))
			return true;
	return false;
}

/* VIA as one of STREAM with the same branch and what follows it; false = via_line() did not write
 * it. */
static bool read_via(const struct glance_field *via, const struct emit_target *stream,
		     char line[static VIA_LINE])
{
	char text[VIA_LINE], branch[VIA_LINE], *extra;
	size_t length;

	if (via->value.length >= sizeof text)
		return false;
	memcpy(text, via->value.at, via->value.length);
	text[via->value.length] = '\0';
	extra = strchr(text, ';');
	if (!extra || strncmp(extra, ";branch=", 8) != 0)
		return false;
	extra += 8;
	length = strcspn(extra, ";");
	snprintf(branch, sizeof branch, "%.*s", (int)length, extra);
	extra += length;
	if (strncmp(extra, ";rport", 6) == 0)
		extra += 6;
	via_line(line, stream, branch, extra);
	return true;
}

/* BYTES with a Via for STREAM, to be freed; NULL = not so. */
static char *for_stream(const char *bytes, size_t length,
			const struct emit_target *stream, size_t *new_length)
{
	struct glance_field via;
	char line[VIA_LINE];
	struct pen pen = { 0 };
	const char *rest;

	if (!find_via(bytes, length, &via) || !read_via(&via, stream, line))
		return NULL;
	rest = via.whole.at + via.whole.length;
	pen_write(&pen, bytes, (size_t)(via.whole.at - bytes));
	pen_add(&pen, line);
	pen_write(&pen, rest, (size_t)(bytes + length - rest));
	return pen_end(&pen, new_length);
}

static struct lone *lone_new(struct wire *wire, const struct emit_target *to,
			     const char *bytes, size_t length)
{
	unsigned connect_ms = wire->settings->limits.connect_ms;
	struct lone *lone = calloc(1, sizeof *lone + length);

	if (!lone)
		return NULL;
	lone->wire = wire;
	/* The lowest bit is for tokens of inbounds. */
	lone->token = core_unique(wire) & ~UINT64_C(1);
	lone->to = *to;
	lone->length = length;
	memcpy(lone->bytes, bytes, length);
	list_init(&lone->node);
	list_append(&wire->lones, &lone->node);
	timer_init(&lone->timer, has_arrived);
	loop_start(wire->loop, &lone->timer,
		   (connect_ms ? connect_ms : CONNECT_MS) + BEYOND_MS);
	return lone;
}

int lone_send(struct wire *wire, const struct emit_target *to, const char *bytes,
	      size_t length)
{
	struct emit_target stream;
	size_t large_length;
	struct lone *lone;
	char *large;
	int err;

	if (!emit_is_too_large(wire, to, length, &stream))
		return emit(wire, to, bytes, length, 0);
	large = for_stream(bytes, length, &stream, &large_length);
	lone = large ? lone_new(wire, to, bytes, length) : NULL;
	err = lone ? emit(wire, &stream, large, large_length, lone->token) : -ENOMEM;
	free(large);
	if (err == 0)
		return 0;
	if (lone)
		lone_free(lone);
	return emit(wire, to, bytes, length, 0);
}

void lone_failed(struct wire *wire, uint64_t token, int err)
{
	struct list *node = wire->lones.next;
	struct lone *lone;

	/* It was read before the far end closed in order. */
	if (err == EPIPE)
		return;
	for (; node != &wire->lones; node = node->next) {
		lone = container_of(node, struct lone, node);
		if (lone->token != token)
			continue;
		emit(wire, &lone->to, lone->bytes, lone->length, 0);
		lone_free(lone);
		return;
	}
}

void lone_end(struct wire *wire)
{
	while (!list_is_empty(&wire->lones))
		lone_free(container_of(wire->lones.next, struct lone, node));
}
