/* SPDX-License-Identifier: MIT */
#include "halfcall/follow.h"

#include "halfcall/talk.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { MARK = 96 };

static const struct timespec pause_between = { .tv_nsec = 200 * 1000 * 1000 };

struct follower {
	const char *path;
	char mark[MARK];		/* what has been asked for so far; "" = nothing yet */
	char next[MARK];
	unsigned long long seq;		/* the last event printed, 0 = none */
	unsigned long long lost;	/* in this turn */
};

static void take_mark(void *context, const struct client_row *row)
{
	struct follower *follower = context;
	char number[DATUM_TEXT];

	snprintf(follower->next, sizeof follower->next, "%s",
		 datum_text(datum_get(row->datum, "mark"), number));
}

/* Events that came between the mark and the question are in two answers. */
static void print_event(void *context, const struct client_row *row)
{
	struct follower *follower = context;
	unsigned long long seq =
		(unsigned long long)datum_number(datum_get(row->datum, "seq"));

	if (seq <= follower->seq)
		return;
	if (follower->seq)
		follower->lost += seq - follower->seq - 1;
	follower->seq = seq;
	puts(row->json);
}

static int ask(struct follower *follower, const char *command,
	       void (*row)(void *, const struct client_row *))
{
	struct client_question *question = client_question_new(command);
	struct fault fault;
	int status;

	if (*follower->mark)
		client_question_text(question, "since", follower->mark);
	status = talk_ask(follower->path, question, row, follower, &fault);
	client_question_free(question);
	if (status)
		talk_complain(&fault);
	return status;
}

static int turn(struct follower *follower)
{
	struct fault fault;
	int status = ask(follower, "journal mark", take_mark);

	if (!status && *follower->mark)
		status = ask(follower, "journal show", print_event);
	memcpy(follower->mark, follower->next, sizeof follower->mark);
	if (follower->lost) {
		fault_say(&fault, 0, "%llu events were forgotten before they were read",
			  follower->lost);
		talk_complain(&fault);
		follower->lost = 0;
	}
	return status;
}

int follow_journal(const char *path, const char *since)
{
	struct follower follower = { .path = path };
	int status;

	if (since)
		snprintf(follower.mark, sizeof follower.mark, "%s", since);
	status = turn(&follower);
	while (!status && fflush(stdout) == 0 && !ferror(stdout)) {
		nanosleep(&pause_between, NULL);
		status = turn(&follower);
		/* It was there a moment ago: gone, or another one by now. */
		if (status)
			status = EXIT_UNREACHABLE;
	}
	return status ? status : EXIT_REFUSED;
}
