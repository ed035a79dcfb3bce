/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Plays cases of scripts and judges them (halfcall-run(5)).  Each case is played from nothing:
 *
 *	scene   addresses (net), users' database (office), configuration (outline), halfcalld (child),
 *	        proxies and players (lib/lab)
 *	step    one line after the other: perform (acts), await (waits), expect (facts), backstage
 *	        (what is done to programs and database)
 *	ending  what must not be left over
 *
 * Messages are read as a script speaks of them (view), and compared with its details (match); what CM
 * heard and sent is found in the players' frames (trace), what it decided in its journal (diary).
 * Fail closed: whatever was not asked for fails the case, and so does all that cannot be told.
 */
#include "base/arena.h"
#include "script/case.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct run_setting {
	const char *path, *value;	/* as a `config` line */
};

/** Borrowed while a case is played. */
struct run_settings {
	const char *daemon;		/* program halfcalld; a name without / is searched in PATH */
	double patience;		/* multiplies deadlines */
	const char *keep;		/* directory for the files of failed cases; NULL = none */
	const char *broken;		/* fault of the built-in proxy; NULL = as the case says */
	const struct run_setting *config;	/* before each case's own */
	size_t config_count;
};

enum run_verdict {
	RUN_PASSED,
	RUN_FAILED,			/* a step, an expectation, or something left over */
	RUN_BROKEN,			/* it could not be set up */
	RUN_SKIPPED,			/* the proxy cannot */
	RUN_KNOWN,			/* failed, as it is known to */
	RUN_FIXED,			/* passed, and should not have */
};

struct run_result {
	struct arena arena;		/* of the texts below; arena_clear() frees */
	enum run_verdict verdict;
	const struct script_place *at;	/* NULL = no place */
	const char *sentence;		/* why; NULL = it passed */
	const char *drawing;		/* lines about it, "" = none */
	double seconds;
};

/** Plays KASE; RESULT is the caller's to clear. */
void run_case(const struct script_case *kase, const struct run_settings *settings,
	      struct run_result *result);

/** Lets the case that is played end at once, as failed; from a signal's handler too. */
void run_interrupt(void);
