/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What tests of the server share: a whole emulator with the sample users in a process of its
 * own, and all that is around it, which is the test: the operator who asks and sends
 * signals, and the proxy, which is one UDP socket.  Each function fails the test that calls it
 * when something is not as asked.
 */
#include <check.h>
#include <stddef.h>
#include <sys/types.h>

enum { PEER_TEXT = 65536 };

struct peer {
	char directory[64];
	char database[96], conf[96], control[96], log[96];
	pid_t pid;			/* of the emulator; 0 = it is not running */
	int proxy;			/* UDP, on 127.0.0.1 */
	unsigned proxy_port, port;	/* the proxy's and the emulator's */
	unsigned calls;
	char answer[PEER_TEXT];		/* rows, a line each */
	char sentence[512];		/* after them, "" = none */
	int status;
	char heard[PEER_TEXT];		/* the last message */
};

extern struct peer peer;

/** Makes a directory, the users' database and the proxy; does not start the emulator. */
void peer_set_up(void);

/** Ends the emulator, whose exit status must be 0, and removes the directory. */
void peer_tear_down(void);

/** Has the sqlite3 command execute SQL. */
void peer_write(const char *sql);

/** Writes a configuration of the required settings and MORE. */
void peer_configure(const char *more);

/** Starts the emulator and waits until it is ready. */
void peer_start(void);

/** Waits for the end of the emulator and returns its exit status. */
int peer_ended(void);

/** The emulator's log so far; borrowed until the next call. */
const char *peer_log(void);

/** Waits until the log has TEXT COUNT times. */
void peer_await_log(const char *text, unsigned count);

/**
 * Asks COMMAND; ARGUMENTS are "key=value" with a number for a value of digits after "#", and
 * "key" for a flag; NULL = none.
 */
void peer_ask(const char *command, const char *const *arguments);

/** Asks COMMAND again and again until the answer has MEMBER. */
void peer_await(const char *command, const char *member);

/** Asserts that the first row of the answer has MEMBER, a JSON text such as
 *  "\"calls\":0". */
void peer_says(const char *member);

/**
 * Sends METHOD of call CALL_ID with HEADERS (whole lines) as a telephone through the proxy;
 * Routes ask for PHASE; URI is dialled.
 */
void peer_send(const char *method, const char *call_id, const char *phase,
	       const char *uri, const char *headers);

/** Waits for a message that begins with WHAT and puts it into peer.heard; others are
 *  ignored. */
void peer_hear(const char *what);

/** Answers the request peer.heard; HEADERS are whole lines. */
void peer_reply(const char *status, const char *headers);

/** The value of a header line in peer.heard, "" = none; borrowed until the next call. */
const char *peer_header(const char *name);
