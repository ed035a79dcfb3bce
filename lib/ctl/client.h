/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The asking side of the control socket (ctl.h): one question, then its rows, one by one,
 * and how it ended.  Calls block, but no longer than CLIENT_PATIENCE_S without new bytes.
 */
#include "base/fault.h"
#include "ctl/datum.h"

struct client_question;
struct client_link;

enum { CLIENT_PATIENCE_S = 10 };

struct client_question *client_question_new(const char *command);
void client_question_free(struct client_question *question);
void client_question_text(struct client_question *question, const char *key,
			  const char *text);
void client_question_number(struct client_question *question, const char *key,
			    long long number);
void client_question_flag(struct client_question *question, const char *key);

/** The text that member KEY was given, or NULL; borrowed. */
const char *client_question_find(const struct client_question *question, const char *key);

/** Connects to the daemon at PATH and asks.  0 and *LINK, owned; or -errno and a
 * sentence. */
int client_ask(const char *path, const struct client_question *question,
	       struct client_link **link, struct fault *fault);

/** A row, and the same as JSON text; both borrowed until the next call. */
struct client_row {
	const struct datum *datum;
	const char *json;
};

/**
 * 1 and the next ROW; 0 when the answer is complete: *STATUS is 0 or 1 and FAULT the
 * sentence, "" if none; or -errno and a sentence when the daemon went away or its answer
 * is invalid.
 */
int client_next(struct client_link *link, struct client_row *row, int *status,
		struct fault *fault);

/** NULL is fine. */
void client_free(struct client_link *link);
