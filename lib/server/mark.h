/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A moment, by how many events and messages there had been: what follows it can be asked for.  As
 * text it is one word of digits and dashes.  It is of no use to another daemon, not even a later
 * one.
 */
#include "base/fault.h"
#include "ctl/answer.h"
#include "server/subject.h"

struct mark {
	uint64_t events, messages;	/* so many before it */
	uint64_t switches;		/* recorder_switches() then */
	uint64_t daemon;		/* which one: when it began, us */
};

struct mark mark_now(const struct subject *subject);

/** 0, or -errno and a sentence: TEXT is no mark, or one of another daemon. */
int mark_read(const char *text, const struct subject *subject, struct mark *mark,
	      struct fault *fault);

/**
 * One row: `mark`, this moment, `events` and `messages`, their numbers so far; and of the time since SINCE, or since the ring was cleared if it is
 * NULL: `events_after` and `messages_after`, the numbers it begins behind, and whether some of
 * them are gone, `events_lost` and `messages_lost`.
 */
void mark_answer(const struct subject *subject, const struct mark *since,
		 struct answer *answer);
