/* SPDX-License-Identifier: MIT */
#pragma once
/* The command `halfcall run`: its options and its exit status (halfcall(1)). */
#include "base/fault.h"
#include "run/run.h"
#include "script/collection.h"
#include "script/script.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	RUNNER_PASSED = 0,
	RUNNER_FAILED = 1,
	RUNNER_WRONG = 2,	/* a script or an option */
	RUNNER_BROKEN = 3,	/* something could not be set up */
	RUNNER_NOTHING = 4,	/* no case was played */
};

enum runner_report { RUNNER_FOR_PEOPLE, RUNNER_TAP, RUNNER_JSON };

/** The options and files of the command line; texts are borrowed from it, lists are
 *  owned. */
struct runner {
	const char *proxy, *proxy_command, *can, *broken, *daemon;
	const char *net, *listen, *phones, *trunk;
	unsigned jobs, repeat, limit_s;
	unsigned long long seed;
	bool has_seed, is_fail_fast, is_hold, is_strict;
	double patience;
	const char *keep, *junit, *html;
	enum runner_report report;
	bool is_check, is_list, is_help;
	const char **matches, **tags;
	size_t match_count, tag_count;
	struct script_setting *settings;
	size_t setting_count;
	struct run_setting *config;	/* for halfcalld */
	size_t config_count;
	char *const *paths;
	size_t path_count;
};

/** Reads the COUNT WORDS behind `run`, which are put in another order.  0, or -EINVAL and a
 *  sentence; runner_clear() either way. */
int runner_read(struct runner *runner, char **words, size_t count, struct fault *fault);

void runner_clear(struct runner *runner);

/** Prints the options, for halfcall run -h. */
void runner_print_help(void);

/** Whether --match and --tag choose KASE. */
bool runner_chooses(const struct runner *runner, const struct script_case *kase);

/** Plays what is chosen: the exit status.  *FAULT, not NULL: what this version cannot do, and
 *  nothing was played. */
int runner_play(const struct runner *runner, const struct collection *collection,
		const char **fault);

/** `halfcall run WORDS`: the exit status. */
int runner_run(char **words, size_t count);
