/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The state of reading one script, shared by the files of this room and private to it.  A
 * file is read three times for each row of its table: for the table itself, for the
 * players, since any line may name them, and for everything.  Faults of the table are
 * reported by the first pass, all others by the last.
 */
#include "base/arena.h"
#include "base/index.h"
#include "script/case.h"
#include "script/cell.h"
#include "script/faults.h"
#include "script/page.h"

struct name;
struct nearest;
struct script;

enum parse_walk { WALK_TABLE, WALK_PLAYERS, WALK_ALL };

/** A table of examples. */
struct parse_table {
	const struct page_line *line;	/* NULL: there is none */
	struct token *columns;
	size_t column_count;
	struct parse_row {
		const struct page_line *line;
		struct token *values;	/* as many as columns */
		const char *name;	/* of the case that this row makes */
	} * rows;
	size_t row_count;
	bool is_faulty;			/* there are columns, but no row without a
					 * fault */
};

struct parse {
	struct script *script;
	struct faults *faults;
	struct arena *arena;		/* the script's */
	struct arena scratch;		/* of one line */
	const struct script_setting *settings;
	size_t setting_count;

	struct index pages;		/* files included, by name */
	const char **included;
	size_t included_count;
	const struct page *open[16];	/* files being read, outermost first */
	size_t open_count;
	size_t include_count;		/* of this pass */

	enum parse_walk walk;
	bool is_loud;			/* faults are reported */
	const struct page_line *line;	/* the one being read */
	bool has_column;		/* the line being read has a column of the table */
	bool is_blind;			/* a variable of the line has no value because
					 * of a fault; the line is not checked */
	bool is_over;			/* a limit was exceeded and reported; nothing
					 * more is read */
	bool was_faulty;
	size_t fault_count;		/* reported or not */
	size_t work;			/* bytes read so far */
	size_t all_steps;		/* of all cases of the file */

	struct parse_table table;
	const struct parse_row *row;	/* whose case is being read, or NULL */

	/* of the case */
	struct script_case *kase;
	struct index variables;		/* struct variable, by name */
	struct index names, extensions;	/* struct player */
	const struct script_player **players;
	const char **proxies, **tags;
	struct script_sequence *sequences;
	struct script_step *before, *steps;
	bool has_begun;			/* the first step has been read */
	bool has_judge;			/* it has a wait, a -> or an expect, so it can
					 * fail */
	unsigned groups;		/* numbers given to groups so far */
	unsigned group;			/* of `together`, else 0 */
	const char **pending;		/* captures of the group; they can be used
					 * after its end */
	size_t pending_count;
};

/** Reports a fault at PLACE, unless this pass reports none or the line is blind. */
void parse_fault(struct parse *parse, const struct script_place *place,
		 const char *format, ...) __attribute__((format(printf, 3, 4)));

void parse_fault_list(struct parse *parse, const struct script_place *place,
		      const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));

/** The same about a token. */
void parse_fault_at(struct parse *parse, const struct token *token, const char *format,
		    ...) __attribute__((format(printf, 3, 4)));

/** Reports that the name is not in TABLE: `there is no WHAT "x"; did you mean y?` */
void parse_fault_name(struct parse *parse, const struct token *token,
		      const struct name *table, const char *what);

/** The end of such a sentence: `; did you mean y?`, or "". */
const char *parse_meant(struct parse *parse, const struct nearest *nearest);

/** Adds BYTES to parse->work; false once that exceeds SCRIPT_WORK_MAX, which is reported
 *  at LINE. */
bool parse_may_go_on(struct parse *parse, const struct page_line *line, size_t bytes);
