/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A stage for the agent's tests: one agent on loopback, hooks that answer what the test
 * says, and two telephones with nothing but a socket and text.  Sofia's clock is moved by
 * the test.  Every function fails the test that calls it when something is not as asked.
 */
#include "agent/agent.h"
#include "wire/loop.h"

#include <check.h>

enum { PHONE_TEXT = 66000, STAGE_NOTES = 4096 };

/** A telephone (with all that is between it and us): one socket, one dialog. */
struct phone {
	struct stage *stage;
	const char *name;		/* for faults */
	int fd;				/* UDP, or a TCP connection */
	int listener;			/* TCP: where connections come in; -1 = none */
	unsigned port;
	bool is_stream;
	/* the dialog, as header values and a Request-URI */
	char call_id[128], local[512], remote[512], target[512];
	char tag[32];			/* of ours; given to requests that have none */
	char route[2048];		/* whole Route lines */
	unsigned cseq, invite_cseq;
	unsigned branch;		/* of the last request, made unique by port */
	char contact[256];		/* header value; may be changed for a target refresh */
	char request[PHONE_TEXT];	/* the last request heard */
	char heard[PHONE_TEXT];		/* the last message heard */
	char pending[PHONE_TEXT];	/* TCP: the beginning of the next message */
	size_t pending_length;
};

struct stage {
	struct loop *loop;
	struct agent *agent;
	unsigned udp, tcp;		/* the agent's ports */
	struct wire_address listen[4];
	struct wire_peer proxies[2];
	struct agent_settings settings;
	struct station station;		/* served, unless is_stranger */
	bool is_unserved;
	struct verdict verdict;		/* what decide answers */
	bool is_unreadable;		/* decide answers 500 */
	unsigned members;		/* trunk members decide knows of; 0 = unlimited */
	unsigned decisions;		/* how often decide was asked */
	int act_error;			/* 0, or what act fails with */
	unsigned acts;			/* how often it was asked */
	unsigned visited, redirections;	/* what the last INVITE's facts said */
	char notes[STAGE_NOTES];	/* events noted, each followed by a space */
	char rule[64], reason[256];	/* of the last event noted; "" = none */
	char way_back[64];		/* the last INVITE's, if it made no sense */
	char shows[STAGE_NOTES];	/* "2001 recipient early; " ... */
	unsigned idles;			/* how often the agent said it was idle */
	struct phone caller, callee;
	unsigned calls;
	const char *phase;		/* tag of the INVITEs sent, "imsterm" at first */
};

/** Opens telephones, then the agent.  SETUP may change settings; NULL = b2bua, all headers. */
void stage_open(struct stage *stage, void (*setup)(struct stage *stage));

/** The same; MODEL is 0 for the back-to-back user agent, 1 for the proxy. */
void stage_open_model(struct stage *stage, int model);

/** Moves the clock until nothing is alive in the agent, asserts so, and frees all. */
void stage_close(struct stage *stage);

/** The settings, changed, count from the next request on. */
void stage_reload(struct stage *stage);

/** Lets the agent do all it can without waiting. */
void stage_run(struct stage *stage);

/** Moves Sofia's clock by MS and lets the agent do what is due. */
void stage_skip(struct stage *stage, unsigned ms);

/** Moves the clock far enough for all of SIP's timers to end; what is sent gets lost. */
void stage_settle(struct stage *stage);

/** Asserts how many half calls are alive. */
void stage_assert_halves(struct stage *stage, size_t halves);

/** Asserts that nothing of the agent's is alive in Sofia, nor any half call. */
void stage_assert_empty(struct stage *stage);

/** Makes PHONE another one at HOST, e.g. a stranger at 127.0.0.2. */
void phone_open(struct stage *stage, struct phone *phone, const char *name,
		const char *host);

/** Makes PHONE speak TCP: it listens on its UDP port; phone_connect() is for a caller. */
void phone_listen_tcp(struct phone *phone);
void phone_connect_tcp(struct phone *phone);
void phone_close(struct phone *phone);

/** Sends LENGTH bytes as they are. */
void phone_send(struct phone *phone, const char *text, size_t length);

/** Begins a new call to 2001 with HEADERS (whole lines) and BODY, either may be "". */
void phone_invite(struct phone *phone, const char *headers, const char *body);

/** The same with Routes of the test's own (whole lines) in place of the usual two. */
void phone_invite_by(struct phone *phone, const char *routes, const char *headers,
		     const char *body);

/** Sends a request inside the dialog. */
void phone_ask(struct phone *phone, const char *method, const char *headers,
	       const char *body);

/** ACK of the 2xx to the last INVITE of this telephone. */
void phone_ack(struct phone *phone);

/** ACK of a failure, and CANCEL: on the branch of the last INVITE. */
void phone_ack_failure(struct phone *phone);
void phone_cancel(struct phone *phone, const char *headers);

/** Sends the last request again, to the byte. */
void phone_resend(struct phone *phone);

/** Answers the last request heard; the To tag is TAG, or the telephone's own for NULL. */
void phone_answer(struct phone *phone, int status, const char *headers, const char *body);
void phone_answer_as(struct phone *phone, const char *tag, int status,
		     const char *headers, const char *body);

/** Answers REQUEST, heard before others were. */
void phone_answer_to(struct phone *phone, const char *request, int status);

/**
 * The next message must be WHAT: a method, or "200 INVITE".  100 Trying is passed over
 * unless asked for.  A dialog is learnt from what is heard.
 */
void phone_hear(struct phone *phone, const char *what);

/** The same, passing over everything else. */
void phone_await(struct phone *phone, const char *what);

/** Nothing more is heard. */
void phone_hear_nothing(struct phone *phone);

/** Passes over all that came. */
void phone_forget(struct phone *phone);

/** The value of the Nth (from 0) header line NAME of TEXT; "" = none.  Borrowed until five
 *  more are asked for. */
const char *text_header(const char *text, const char *name, unsigned n);

/** Header lines of TEXT save those NAMES (a list "A:B:" ) owns; borrowed until called again. */
const char *text_without(const char *text, const char *names);

/** What comes after the empty line. */
const char *text_body(const char *text);

/** Asserts that the heard message's header NAME contains PART, or has none of it. */
void phone_has(struct phone *phone, const char *name, const char *part);
void phone_lacks(struct phone *phone, const char *name, const char *part);

/** INVITE, 180, 200, ACK: both talk. */
void stage_talk(struct stage *stage);

/** BYE of PHONE and its answer. */
void stage_hang_up(struct stage *stage, struct phone *phone);
