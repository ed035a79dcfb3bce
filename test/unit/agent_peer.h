/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A stage for the agent's tests: one agent on loopback, hooks that return what the test has set,
 * and two telephones that consist of a socket and text.  The test moves the loop's clock.  Every
 * function makes the test that calls it fail if what it expects does not happen.
 */
#include "agent/agent.h"
#include "wire/loop.h"

#include <check.h>

enum { PHONE_TEXT = 66000, STAGE_NOTES = 4096 };

/** A telephone and the proxy in front of it: one socket, one dialog. */
struct phone {
	struct stage *stage;
	const char *name;		/* for failure messages and user parts */
	int fd;				/* UDP, or a TCP connection */
	int listener;			/* TCP: where connections come in; -1 = none */
	unsigned port;
	bool is_stream;
	/* the dialog, as header values and a Request-URI */
	char call_id[128], local[512], remote[512], target[512];
	char tag[32];			/* of the telephone: From tag of its requests, To tag of its
					 * responses */
	char route[2048];		/* whole Route lines */
	unsigned cseq, invite_cseq;
	unsigned branch;		/* counter in the Via branch of the last request sent */
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
	struct station station;		/* served, unless is_unserved */
	bool is_unserved;
	struct verdict verdict;		/* the verdict that the hook decide() gives */
	bool is_unreadable;		/* decide() gives the verdict 500 */
	unsigned members;		/* decide() refuses calls beyond so many; 0 =
					 * unlimited */
	unsigned decisions;		/* how often decide() was called */
	int act_error;			/* -errno that the hook act() returns, 0 = it
					 * succeeds */
	unsigned acts;			/* how often act() was called */
	unsigned visited, redirections;	/* History-Info in the facts of the last INVITE */
	char notes[STAGE_NOTES];	/* events noted, each followed by a space */
	char rule[64], reason[256];	/* of the last event noted; "" = none */
	char noted[300];		/* of the last event noted: "from=.. to=.. status=.. id=.." */
	char way_back[64];		/* facts->senseless_way_back of the last INVITE, or "" */
	char shows[STAGE_NOTES];	/* dialogs shown: "2001 recipient early; " ... */
	char shown[512];		/* the parties of the dialog shown last: "LOCAL-TAG
					 * REMOTE-TAG LOCAL-NAME REMOTE-USER REMOTE-NAME
					 * APPEARANCE", - for what is not known */
	char shown_call_id[128];	/* its Call-ID */
	unsigned publishes;		/* how many PUBLISH requests have been answered */
	char published[128];		/* the last: "STATUS ETAG EXPIRES MIN-EXPIRES RETRY-AFTER" */
	unsigned idles;			/* how often the agent said it was idle */
	struct phone caller, callee;
	unsigned calls;
	const char *phase;		/* tag of the INVITEs sent, "imsterm" at first */
};

/** Opens the telephones and starts the agent.  SETUP may change the settings; with NULL the model is
 *  b2bua and every optional header is written. */
void stage_open(struct stage *stage, void (*setup)(struct stage *stage));

/** The same; MODEL is 0 for the back-to-back user agent, 1 for the proxy. */
void stage_open_model(struct stage *stage, int model);

/** Moves the clock until every SIP timer has ended, asserts that no call, dialog or transaction
 *  exists, and frees the stage. */
void stage_close(struct stage *stage);

/** agent_new() on the stage's loop with its hooks. */
int stage_second_agent(struct stage *stage, const struct agent_settings *settings,
		       struct agent **agent, struct fault *fault);

/** Applies stage->settings, which the test has changed, by agent_reload(). */
void stage_reload(struct stage *stage);

/** Runs the agent until it has nothing to do at this moment. */
void stage_run(struct stage *stage);

/** Moves the loop's clock by MS and lets the agent do what is due. */
void stage_skip(struct stage *stage, unsigned ms);

/** Moves the clock beyond the end of every SIP timer; messages sent meanwhile are discarded. */
void stage_settle(struct stage *stage);

/** Asserts that HALVES half calls exist. */
void stage_assert_halves(struct stage *stage, size_t halves);

/** Asserts that no transaction, dialog or half call exists. */
void stage_assert_empty(struct stage *stage);

/** Opens another telephone at the address HOST, for example a stranger at 127.0.0.2. */
void phone_open(struct stage *stage, struct phone *phone, const char *name,
		const char *host);

/** Makes PHONE use TCP: it listens at the number of its UDP port (a callee), or connects to the agent
 *  (a caller). */
void phone_listen_tcp(struct phone *phone);
void phone_connect_tcp(struct phone *phone);
void phone_close(struct phone *phone);

/** Sends LENGTH bytes of TEXT unchanged. */
void phone_send(struct phone *phone, const char *text, size_t length);

/** Begins a new call to 2001 with HEADERS (whole lines) and BODY, either may be "". */
void phone_invite(struct phone *phone, const char *headers, const char *body);

/** phone_invite() with ROUTES, whole header lines, in place of the usual two. */
void phone_invite_by(struct phone *phone, const char *routes, const char *headers,
		     const char *body);

/** Sends a request inside the dialog. */
void phone_ask(struct phone *phone, const char *method, const char *headers,
	       const char *body);

/** Sends the ACK of the 2xx to the last INVITE of this telephone. */
void phone_ack(struct phone *phone);

/** Send the ACK of a failure, and CANCEL, with the Via branch of the last INVITE. */
void phone_ack_failure(struct phone *phone);
void phone_cancel(struct phone *phone, const char *headers);

/** Sends the last request again unchanged. */
void phone_resend(struct phone *phone);

/** Answers the last request heard; the To tag is TAG, or the telephone's own for NULL. */
void phone_answer(struct phone *phone, int status, const char *headers, const char *body);
void phone_answer_as(struct phone *phone, const char *tag, int status,
		     const char *headers, const char *body);

/** Answers REQUEST, the text of a request heard earlier. */
void phone_answer_to(struct phone *phone, const char *request, int status);

/**
 * Receives the next message, which must be WHAT: a method, or status and method as in "200 INVITE".
 * 100 is skipped unless WHAT asks for it.  Updates the dialog from the message.
 */
void phone_hear(struct phone *phone, const char *what);

/** phone_hear(), skipping every other message. */
void phone_await(struct phone *phone, const char *what);

/** Asserts that no message arrives. */
void phone_hear_nothing(struct phone *phone);

/** Discards every message that has arrived. */
void phone_forget(struct phone *phone);

/** The value of header line NAME of TEXT number NTH, from 0; "" = none.  Valid until the fifth call
 *  after this one. */
const char *text_header(const char *text, const char *name, unsigned n);

/** The header lines of TEXT without those in NAMES, a list "A:B:"; valid until the next call. */
const char *text_without(const char *text, const char *names);

/** The body of TEXT: what follows the empty line. */
const char *text_body(const char *text);

/** Asserts that header NAME of the message heard contains PART, or does not contain it. */
void phone_has(struct phone *phone, const char *name, const char *part);
void phone_lacks(struct phone *phone, const char *name, const char *part);

/** Sets up a call from caller to callee: INVITE, 180, 200, ACK. */
void stage_talk(struct stage *stage);

/** PHONE sends BYE, the other telephone answers it. */
void stage_hang_up(struct stage *stage, struct phone *phone);
