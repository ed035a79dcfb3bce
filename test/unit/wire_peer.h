/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A stage for the wire's tests: one wire on loopback whose clock stands still unless the test
 * moves it, and far ends with nothing but sockets and text.  Every function fails the test that
 * calls it when something is not as asked.
 */
#include "wire/loop.h"
#include "wire/peer.h"
#include "wire/reply.h"
#include "wire/uac.h"
#include "wire/uas.h"

#include <check.h>

enum { FAR_TEXT = 66000, STAGE_NOTES = 4096 };

/** A far end: a UDP socket, or a TCP connection with a socket that listens beside it. */
struct far {
	struct stage *stage;
	int fd, listener;		/* -1 = none */
	unsigned port;			/* its sent-by */
	bool is_stream;
	char heard[FAR_TEXT];		/* the last message */
	char pending[FAR_TEXT];		/* of a stream: the beginning of the next */
	size_t pending_length;
};

struct stage {
	struct loop *loop;
	struct wire *wire;
	struct wire_settings settings;
	struct wire_events events;
	struct wire_address listen[2];	/* UDP, TCP */
	struct wire_peer peers[2];
	unsigned udp, tcp;		/* the wire's ports */
	struct far far;			/* the peer at 127.0.0.1 */
	char notes[STAGE_NOTES];	/* what happened, each followed by a space */
	struct uas *uas;		/* of the last request, if takes */
	struct uac *uac;
	msg_t *request;			/* the last request that made no uas */
	bool takes;			/* requests are given to uas_new() */
	bool frees_on_heard;		/* the uac is freed in its callback */
	struct uas_events uas_events;
};

/** Opens the stage. SETUP (NULL = none) may change the settings before the wire opens;
 *  the far end is open already. */
void stage_open(struct stage *stage, void (*setup)(struct stage *stage));

/** The same, all of it over TCP: the far end has connected, and listens too. */
void stage_open_tcp(struct stage *stage, void (*setup)(struct stage *stage));

/** Frees the stage without moving the clock. */
void stage_close(struct stage *stage);

/** Moves the clock beyond every timer, asserts that no transaction is left, and frees the
 *  stage. */
void stage_end(struct stage *stage);

/** Lets the wire do all it can now. */
void stage_run(struct stage *stage);

/** Moves the clock. */
void stage_skip(struct stage *stage, unsigned ms);

/** Adds to the notes. */
void stage_note(struct stage *stage, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** Asserts that NOTES were noted since the last call. */
void stage_noted(struct stage *stage, const char *notes);

/** Asserts the numbers of server and client transactions. */
void stage_counts(struct stage *stage, size_t servers, size_t clients);

void far_open(struct stage *stage, struct far *far, const char *host);
void far_close(struct far *far);

/** Closes the connection alone. */
void far_hang_up(struct far *far);

/** Sends TEXT unchanged and runs the wire. */
void far_send(struct far *far, const char *text);

/** Sends a request with BRANCH (without the cookie z9hG4bK; NULL = "1"); HEADERS are
 *  whole lines. */
void far_request(struct far *far, const char *method, const char *branch,
		 const char *headers, const char *body);

/** Sends an answer to the request heard last, with To tag TAG. */
void far_answer(struct far *far, const char *status, const char *tag,
		const char *headers);

/** The same as an answer to REQUEST. */
void far_answer_to(struct far *far, const char *request, const char *status,
		   const char *tag, const char *headers);

/** Receives the next message into far->heard; it must begin with START ("" =
 *  anything). */
void far_hear(struct far *far, const char *start);

/** Asserts that no message has come. */
void far_hear_nothing(struct far *far);

/** Asserts that no message comes before MS from now, and then one that begins with
 *  START. */
void far_hear_after(struct far *far, unsigned ms, const char *start);

/** The value of the Nth header line NAME of TEXT, "" = none; borrowed until five more. */
const char *far_header(const char *text, const char *name, unsigned n);

void far_has(struct far *far, const char *name, const char *part);
void far_lacks(struct far *far, const char *name, const char *part);

/** A request of METHOD to the far end, the caller's. */
msg_t *stage_request(struct stage *stage, sip_method_t method, const char *name);

/** Sends METHOD to the far end by its transport and keeps the uac. */
void stage_ask(struct stage *stage, sip_method_t method, const char *name);

/** Notes the response that a uac got; stage_ask() uses it, other tests can too. */
void stage_heard(void *context, struct uac *uac, int status, msg_t *response);

/** An ACK for the 2xx heard last, to be given to uac_ack(). */
void stage_ack(struct stage *stage, const char *tag);

/** The way to the far end. */
struct way stage_way(struct stage *stage);
