/* SPDX-License-Identifier: MIT */
#include "server/messages.h"

#include "base/clock.h"
#include "capture/capture.h"
#include "capture/reading.h"
#include "capture/thread.h"
#include "model/call_id.h"
#include "wire/endpoint.h"

#include <stdio.h>
#include <string.h>

enum { PART = 100 };	/* messages looked at in one go */

struct message_rows {
	const struct subject *subject;
	struct thread *thread;
	const char *call;		/* NULL = all */
	uint64_t after;			/* number of the last one looked at */
	uint64_t shown_after;		/* rows begin behind it */
	uint64_t until;
	uint64_t number;		/* 0 = all */
	bool has_bytes;
};

/* The name of the proxy with this address, or NULL. */
static const char *proxy_at(const struct conf *conf, const struct sockaddr_storage *far)
{
	struct sockaddr_storage address;

	for (size_t i = 0; i < conf->proxy_count; i++)
		if (endpoint_read(conf->proxies[i].address.host, 0, &address) == 0 &&
		    endpoint_is_same_host(&address, far))
			return conf->proxies[i].name;
	return NULL;
}

static const char *transport_name(enum way_transport transport)
{
	static const char *const names[] = {
		[WAY_UDP] = "UDP", [WAY_TCP] = "TCP", [WAY_TLS] = "TLS"
	};

	return names[transport];
}

static void write_addresses(struct answer *answer, const struct conf *conf,
			    const struct sighting *sighting)
{
	char text[ENDPOINT_TEXT];
	const char *proxy = proxy_at(conf, &sighting->far);

	answer_text(answer, "direction", sighting->is_out ? "out" : "in");
	answer_text(answer, "local", endpoint_text(&sighting->near, text));
	answer_text(answer, "remote", endpoint_text(&sighting->far, text));
	answer_text(answer, "peer", proxy ? proxy : text);
	answer_text(answer, "transport", transport_name(sighting->transport));
}

static void write_said(struct answer *answer, const struct sighting *sighting)
{
	char what[64];

	if (sighting->status) {
		snprintf(what, sizeof what, "%d", sighting->status);
		answer_number(answer, "status", sighting->status);
		answer_text(answer, "reason", sighting->reason);
	}
	answer_text(answer, "what", sighting->status ? what : sighting->method);
	answer_text(answer, "method", sighting->method);
	answer_number(answer, "cseq", sighting->cseq);
	if (*sighting->phase_text)
		answer_text(answer, "phase", sighting->phase_text);
	answer_text(answer, "from", sighting->from);
	answer_text(answer, "to", *sighting->dialled ? sighting->dialled : sighting->to);
	answer_text(answer, "sip_call_id", sighting->sip_call_id);
}

/* JSON holds neither NUL nor what is not UTF-8; such a message is written as hexadecimal digits. */
static bool is_text(const struct sighting *sighting)
{
	return strlen(sighting->bytes) == sighting->length &&
	       answer_is_utf8(sighting->bytes);
}

static void write_bytes(struct answer *answer, const struct sighting *sighting,
			struct arena *arena)
{
	static const char digits[] = "0123456789abcdef";
	char *hex;

	if (is_text(sighting)) {
		answer_text(answer, "text", sighting->bytes);
		return;
	}
	hex = arena_alloc(arena, sighting->length * 2 + 1);
	for (size_t i = 0; i < sighting->length; i++) {
		unsigned char byte = (unsigned char)sighting->bytes[i];

		hex[2 * i] = digits[byte >> 4];
		hex[2 * i + 1] = digits[byte & 15];
	}
	answer_text(answer, "hex", hex);
}

static void write_row(struct answer *answer, const struct message_rows *rows,
		      const struct sighting *sighting, struct arena *arena)
{
	char time[CLOCK_RFC3339];

	answer_row_begin(answer);
	answer_text(answer, "t", clock_rfc3339(time, sighting->wall_us));
	answer_number(answer, "seq", (int64_t)sighting->seq);
	if (*sighting->sip_call_id)
		answer_text(answer, "call", sighting->call);
	if (sighting->has_half)
		answer_text(answer, "half", half_name(sighting->half));
	write_addresses(answer, rows->subject->conf, sighting);
	write_said(answer, sighting);
	if (sighting->is_again)
		answer_flag(answer, "again", true);
	answer_number(answer, "length", (int64_t)sighting->length);
	if (rows->has_bytes) {
		answer_number(answer, "wall_us", sighting->wall_us);
		write_bytes(answer, sighting, arena);
	}
	answer_row_end(answer);
}

static bool is_of_call(const struct sighting *sighting, const char *call)
{
	return !call || strcmp(sighting->call, call) == 0 ||
	       strcmp(sighting->sip_call_id, call) == 0;
}

static bool is_wanted(const struct message_rows *rows, const struct sighting *sighting)
{
	return sighting->seq > rows->shown_after &&
	       (!rows->number || sighting->seq == rows->number) &&
	       is_of_call(sighting, rows->call);
}

static bool write_messages(void *state, struct answer *answer)
{
	struct message_rows *rows = state;
	struct capture *capture = recorder_capture(rows->subject->recorder);
	struct arena arena = { 0 };
	struct sighting sighting;
	int looked_at = 0;

	while (looked_at < PART && rows->after < rows->until &&
	       capture_next(capture, rows->after, &sighting)) {
		looked_at++;
		rows->after = sighting.seq;
		reading_fill(&sighting, &arena);
		thread_follow(rows->thread, &sighting);
		if (is_wanted(rows, &sighting))
			write_row(answer, rows, &sighting, &arena);
		arena_clear(&arena);
	}
	return looked_at == PART;
}

/* A Call-ID stands for the call it belongs to, both halves of it. */
static const char *call_of(const char *text, struct arena *arena)
{
	enum { ID = 16 };

	if (!text || (strlen(text) == ID && strspn(text, "0123456789abcdef") == ID))
		return text ? arena_strdup(arena, text) : NULL;
	return call_id_of(arena, text);
}

/* The call of the newest INVITE, in ARENA; "" = there is none. */
static const char *newest_call(struct capture *capture, struct arena *arena)
{
	static const char start[] = "INVITE ";
	struct sighting sighting;
	uint64_t after = 0, found = 0;

	while (capture_next(capture, after, &sighting)) {
		after = sighting.seq;
		if (strncmp(sighting.bytes, start, sizeof start - 1) == 0)
			found = after;
	}
	if (!found || !capture_next(capture, found - 1, &sighting))
		return "";
	reading_fill(&sighting, arena);
	return sighting.call;
}

/* Where the newest LAST messages of the call begin. */
static uint64_t behind_newest(const struct message_rows *rows, long long last)
{
	return last > 0 && rows->until > (uint64_t)last ? rows->until - (uint64_t)last
							: 0;
}

void messages_list(const struct subject *subject, const struct request *request,
		   struct answer *answer)
{
	struct arena *arena = answer_arena(answer);
	struct message_rows *rows = arena_alloc(arena, sizeof *rows);
	const struct capture *capture = recorder_capture(subject->recorder);
	long long after = request_number(request, "after", 0);
	uint64_t newest;

	if (!capture_is_on(capture) && capture_count(capture) == capture_lost(capture)) {
		answer_refuse(answer, "no messages are captured; halfcall message "
				      "capture on begins it");
		return;
	}
	rows->subject = subject;
	rows->thread = thread_new(arena);
	rows->call = call_of(request_text(request, "call"), arena);
	if (request_flag(request, "newest") && !rows->call)
		rows->call = newest_call(recorder_capture(subject->recorder), arena);
	rows->number = (uint64_t)request_number(request, "number", 0);
	rows->until = capture_count(capture);
	rows->shown_after = after > 0 ? (uint64_t)after : 0;
	newest = behind_newest(rows, request_number(request, "last", 0));
	if (rows->shown_after < newest)
		rows->shown_after = newest;
	rows->has_bytes = request_flag(request, "bytes");
	answer_continue(answer, write_messages, rows);
}

void messages_switch(const struct subject *subject, const struct request *request,
		     struct answer *answer)
{
	const char *state = request_text(request, "state");
	bool is_on = state && strcmp(state, "on") == 0;
	struct fault fault;

	if (!state || (!is_on && strcmp(state, "off") != 0))
		answer_refuse(answer, "the capture is turned on or off");
	else if (recorder_switch(subject->recorder, is_on, &fault) < 0)
		answer_refuse(answer, "%s", fault.text);
}
