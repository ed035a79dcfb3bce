/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A line being played.  It is begun, and then polled until it is done; so acts of a `together` are
 * all sent before any answer is read, and its waits are met in any order.
 */
#include "run/play.h"

enum step_outcome {
	STEP_FAILED = -1,		/* play_fail() was called */
	STEP_WAITS,
	STEP_DONE,
	STEP_MISFIT,			/* the head of the queue is another message; WHY */
};

struct step {
	const struct script_step *is;
	struct phone *phone;		/* whose line it is; NULL = any of several, or no one's */
	int64_t began_us, until_us;
	int64_t held_us;		/* since when it holds; 0 = it does not */
	const struct script_place *at;	/* of WHY */
	const char *why;		/* in the case's arena */
	struct errand *errand;
	int stage;			/* of acts in several parts */
	unsigned taken;			/* messages */
	unsigned long heard;		/* by all, when it began */
	bool is_done;
};

/* Each is of its file; begin may leave all to poll.  expire: the deadline has passed, is that
 * what was wanted? */
enum step_outcome perform_begin(struct play *play, struct step *step);
enum step_outcome perform_poll(struct play *play, struct step *step);
enum step_outcome await_poll(struct play *play, struct step *step);
enum step_outcome expect_poll(struct play *play, struct step *step);
enum step_outcome backstage_begin(struct play *play, struct step *step);
enum step_outcome backstage_poll(struct play *play, struct step *step);

/** Takes the oldest message of PHONE that is MESSAGE and has the step's details. */
enum step_outcome await_message(struct play *play, struct step *step, struct phone *phone,
				unsigned appearance, const struct script_message *message,
				bool with_details);

/** Whether the message in MAIL has the details of STEP; else its WHY. */
bool await_fits_details(struct play *play, struct step *step, const struct mail *mail);

/** Sets the step's WHY. */
enum step_outcome step_misfit(struct play *play, struct step *step,
			      const struct script_place *at, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/** What a message is, for a sentence: "486 Busy Here", "INVITE". */
const char *step_mail_text(struct play *play, const struct mail *mail);
const char *step_message_text(struct play *play, const struct script_message *message);

/** Whether nothing has passed for so long. */
bool step_is_quiet(const struct play *play, unsigned ms);
