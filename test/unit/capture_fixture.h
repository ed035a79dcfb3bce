/* SPDX-License-Identifier: MIT */
#pragma once
/* Messages of calls as CM sees them, for the tests of lib/capture. */
#include "capture/reading.h"
#include "capture/thread.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

enum { MESSAGES = 64 };

static struct arena arena;
static struct thread *thread;
static struct sighting messages[MESSAGES];
static size_t count;

static void set_up(void)
{
	count = 0;
	thread = thread_new(&arena);
}

static void tear_down(void)
{
	arena_clear(&arena);
}

/* A message passes: what comes in or goes OUT is TEXT, without its Via, Call-ID ..., which are in MORE. */
static struct sighting *pass(bool is_out, const char *text)
{
	struct sighting *message = &messages[count];

	ck_assert_uint_lt(count, MESSAGES);
	count++;
	*message = (struct sighting){
		.seq = count,
		.wall_us = 1000000000000000 + (int64_t)count * 1000,
		.is_out = is_out,
		.peer = "sm-a",
		.bytes = arena_strdup(&arena, text),
		.length = strlen(text),
	};
	reading_fill(message, &arena);
	thread_follow(thread, message);
	return message;
}

/* One dialog's side: a Call-ID, the caller's tag, a branch. */
struct side {
	const char *call_id, *tag, *branch;
};

/* START is a start line; TO_TAG "" = none; HEADERS each with CRLF. */
static struct sighting *say(bool is_out, const char *start, const struct side *side,
			    const char *cseq, const char *headers)
{
	return pass(is_out, arena_printf(&arena,
					 "%s\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=%s\r\n"
					 "From: <sip:1001@example.com>;tag=%s\r\n"
					 "To: <sip:2001@example.com>%s\r\nCall-ID: %s\r\n"
					 "CSeq: %s\r\n%sContent-Length: 0\r\n\r\n",
					 start, side->branch, side->tag,
					 strstr(headers, "X-Tag") ? ";tag=b" : "",
					 side->call_id, cseq, headers));
}

#define ROUTE(phase) "Route: <sip:192.0.2.9;lr;phase=" phase ">\r\n"

static const char invite_2001[] = "INVITE sip:2001@example.com SIP/2.0";
static const struct side orig_in = { "hc-0123456789abcdef-0", "a", "z9hG4bK-1" };
static const struct side orig_out = { "hc-0123456789abcdef-1", "h", "z9hG4bK-2" };
static const struct side term_in = { "hc-0123456789abcdef-1", "h", "z9hG4bK-3" };
static const struct side term_out = { "hc-0123456789abcdef-2", "i", "z9hG4bK-4" };

/* The INVITE through both halves, as a b2bua writes it. */
static void invite_all(void)
{
	say(false, invite_2001, &orig_in, "1 INVITE", ROUTE("imsorig"));
	say(true, invite_2001, &orig_out, "1 INVITE", ROUTE("origdone"));
	say(false, invite_2001, &term_in, "1 INVITE", ROUTE("imsterm"));
	say(true, invite_2001, &term_out, "1 INVITE", ROUTE("termdone"));
}

/* An answer on its way back through all of them. */
static void answer_all(const char *start, const char *cseq)
{
	say(false, start, &term_out, cseq, "X-Tag: b\r\n");
	say(true, start, &term_in, cseq, "X-Tag: b\r\n");
	say(false, start, &orig_out, cseq, "X-Tag: b\r\n");
	say(true, start, &orig_in, cseq, "X-Tag: b\r\n");
}

/* A request of the caller in the dialog. */
static void request_all(const char *start, const char *cseq)
{
	const struct side sides[] = { orig_in, orig_out, term_in, term_out };

	for (size_t i = 0; i < 4; i++) {
		struct side side = sides[i];

		side.branch = arena_printf(&arena, "%s-%s", side.branch, cseq);
		say(i % 2, start, &side, cseq, "X-Tag: b\r\n");
	}
}
