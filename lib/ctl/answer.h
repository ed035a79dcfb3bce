/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * An answer being written: rows, each one JSON object on a line of its own.  Any text may
 * go in; the output is valid JSON.  A long answer is written in parts as the client reads
 * them, so it neither blocks the program nor fills its memory.
 */
#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** All zero is an empty answer.  The members are this room's. */
struct answer {
	char *text;			/* owned; what is not yet sent */
	size_t length, room;
	bool needs_comma;
	bool is_broken;			/* out of memory: nothing more is written */
	int status;
	char *fault;			/* in the arena; NULL = none */
	struct arena arena;		/* lives until the client is gone */
	bool (*more)(void *state, struct answer *answer);
	void *state;
};

/** Memory for the handler's state; lives as long as the answer. */
struct arena *answer_arena(struct answer *answer);

void answer_row_begin(struct answer *answer);
void answer_row_end(struct answer *answer);

/* The members of a row.  KEY is a plain word, or NULL inside a list. */

/** Whether answer_text() would write TEXT as it is. */
bool answer_is_utf8(const char *text);

/** Invalid UTF-8 becomes U+FFFD; a TEXT of NULL is left out. */
void answer_text(struct answer *answer, const char *key, const char *text);
void answer_number(struct answer *answer, const char *key, int64_t number);
void answer_flag(struct answer *answer, const char *key, bool flag);
void answer_list_begin(struct answer *answer, const char *key);
void answer_list_end(struct answer *answer);
void answer_object_begin(struct answer *answer, const char *key);
void answer_object_end(struct answer *answer);

/** A whole row that is JSON of one line already. */
void answer_row(struct answer *answer, const char *json);

/** Sets the exit status of the client: 0 by default, 1 = refused. */
void answer_status(struct answer *answer, int status);

/** Ends the answer with a sentence, and status 1. */
void answer_refuse(struct answer *answer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * Continues a long answer: MORE is called whenever the client has read what was sent,
 * writes the next rows, about a hundred, and returns false at the end.  STATE is in the
 * answer's arena and must hold no pointer to an object that may be freed between two
 * calls.
 */
void answer_continue(struct answer *answer,
		     bool (*more)(void *state, struct answer *answer), void *state);

/** Writes the last line.  For ctl.c only, not for handlers. */
void answer_finish(struct answer *answer);

void answer_clear(struct answer *answer);
