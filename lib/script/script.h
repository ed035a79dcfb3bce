/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A script read: cases of plain data, which lib/run plays with the players of lib/lab.  The
 * language is halfcall-run(5).  `for`, rows of a table, braces and variables whose value is
 * known are resolved here; a case without faults can be played from the first step to the
 * last without a look at the text.  All of it lives in the arena of its struct script.
 */
#include "base/arena.h"
#include "script/case.h"

#include <stdbool.h>
#include <stddef.h>

struct faults;

/** A file: one case, or one for each row of its table. */
struct script {
	struct arena arena;
	const char *path;
	struct script_case *cases;
	size_t case_count;
	const char *const *included;	/* files it includes, as they were opened */
	size_t included_count;
	bool has_step;			/* it has a line that is not a setting; a file
					 * without one can be included */
	const char *lack;		/* a sentence that says why it is no complete
					 * case; NULL: it is one */
	struct script_place end;	/* the place to report that at */
};

/**
 * Reads the file at PATH; SETTINGS, the COUNT of them, stand for `set` of the same name.  What
 * is wrong is added to FAULTS, but for what it may lack as a case: script_complete() tells
 * that.  0, or -EINVAL if something was wrong; script_clear() either way.
 */
int script_read(struct script *script, const char *path,
		const struct script_setting *settings, size_t count,
		struct faults *faults);

/** The same with SIZE bytes at TEXT as the contents of the file. */
int script_read_text(struct script *script, const char *path, const char *text,
		     size_t size, struct faults *faults);

/** For a file that is to be played: adds to FAULTS what it lacks as a case.  Returns 0 or
 *  -EINVAL. */
int script_complete(const struct script *script, struct faults *faults);

void script_clear(struct script *script);

/** The value of a variable while a case is played, or NULL if it has none. */
typedef const char *script_value(void *context, const struct script_piece *variable);

/** TEXT with its variables replaced by their values, in ARENA; NULL if one of them has no
 *  value. */
const char *script_text_fill(const struct script_text *text, script_value *value,
			     void *context, struct arena *arena);
