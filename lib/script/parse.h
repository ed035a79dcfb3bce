/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A script being read: what its parts share.  Private to this room.  A file is walked three
 * times for each row of its table: for the table itself, for the players (any line may name
 * them), and for everything; only the last walk tells faults, but for those of the table.
 */
#include "base/index.h"
#include "script/faults.h"
#include "script/page.h"
#include "script/phrase.h"
#include "script/player.h"
#include "script/script.h"
#include "script/sentence.h"
#include "script/word.h"

struct name;
struct nearest;

enum parse_walk { WALK_TABLE, WALK_PLAYERS, WALK_ALL };

/** A table of examples. */
struct parse_table {
	const struct page_line *line;	/* NULL: there is none */
	struct token *columns;
	size_t column_count;
	struct parse_row {
		const struct page_line *line;
		struct token *values;	/* as many as columns */
		const char *name;	/* names the case of this row */
	} * rows;
	size_t row_count;
	bool is_faulty;			/* has columns, but every row is faulty */
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
	const struct page *open[16];	/* files being walked, the one that names first */
	size_t open_count;
	size_t include_count;		/* of this walk */

	enum parse_walk walk;
	bool is_loud;			/* faults are told */
	const struct page_line *line;	/* the one being read */
	bool has_column;		/* the line being read has a column of the table */
	bool is_blind;			/* ... or a variable whose value is not known for a fault */
	bool is_over;			/* a bound was met, and told; nothing more is read */
	bool was_faulty;
	size_t fault_count;		/* told or not */
	size_t work;			/* bytes read so far */
	size_t all_steps;		/* of all cases of the file */

	struct parse_table table;
	const struct parse_row *row;	/* whose values replace the variables now, or NULL */

	/* of the case */
	struct script_case *kase;
	struct index variables;		/* struct variable, by name */
	struct index names, extensions;	/* struct player */
	const struct script_player **players;
	const char **proxies, **tags;
	struct script_sequence *sequences;
	struct script_step *before, *steps;
	bool has_begun;			/* the first step is behind us */
	bool has_judge;			/* a wait, a -> or an expect */
	unsigned groups;		/* given so far */
	unsigned group;			/* of `together`, else 0 */
	const char **pending;		/* captures of the group: known after its end */
	size_t pending_count;
};

/** Tells what is wrong at PLACE, unless this walk is silent or the line is blind. */
void parse_fault(struct parse *parse, const struct script_place *place,
		 const char *format, ...) __attribute__((format(printf, 3, 4)));

void parse_fault_list(struct parse *parse, const struct script_place *place,
		      const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));

/** The same about a token. */
void parse_fault_at(struct parse *parse, const struct token *token, const char *format,
		    ...) __attribute__((format(printf, 3, 4)));

/** About a name that is not in TABLE: `there is no WHAT "x"; did you mean y?` */
void parse_fault_name(struct parse *parse, const struct token *token,
		      const struct name *table, const char *what);

/** The end of such a sentence: `; did you mean y?`, or "". */
const char *parse_meant(struct parse *parse, const struct nearest *nearest);

/** Counts BYTES of work; false once there was too much of it, which is told at LINE. */
bool parse_may_go_on(struct parse *parse, const struct page_line *line, size_t bytes);

/* The parts of the grammar, a file each, called by its prefix. */

/** A setting; FRAME is what it begins with. */
void setting_read(struct parse *parse, struct sentence *sentence, enum word_frame frame);

/** `phones ...` */
void phones_read(struct parse *parse, struct sentence *sentence);

/** `table ...` and `row ...` */
void rows_read(struct parse *parse, struct sentence *sentence, enum word_frame frame);

/** What stands behind `fault`, into STEP. */
void mending_read_fault(struct parse *parse, struct sentence *sentence,
			struct script_step *step);

/** `sql` and `config`, settings or steps, into STEP. */
void mending_read(struct parse *parse, struct sentence *sentence, enum word_frame frame,
		  struct script_step *step);

/** A verb and what follows it, up to the terms, into STEP; what may follow, into WORD.  False
 *  and a fault if there is no such verb, or it makes no sense. */
bool act_read(struct parse *parse, struct sentence *sentence, struct script_step *step,
	      struct word *word);

/** Whether STEP is a wait, or says what must come of it. */
bool act_judges(const struct script_step *step);

/** What stands behind `expect` and behind `allow`, up to the terms, as act_read(). */
bool fact_read(struct parse *parse, struct sentence *sentence, struct script_step *step,
	       struct word *word);
bool fact_read_allowed(struct parse *parse, struct sentence *sentence,
		       struct script_step *step, struct word *word);

/** What stands behind `wait`, `proxy`, `daemon`, `exec`, as act_read(). */
bool object_read(struct parse *parse, struct sentence *sentence, enum word_frame frame,
		 struct script_step *step, struct word *word);

/** CODE [METHOD] | METHOD; false and a fault if it is neither. */
bool message_read(struct parse *parse, struct sentence *sentence,
		  struct script_message *message);

/** What is in no queue: 100 and ACK; a fault and true. */
bool message_is_never_heard(struct parse *parse, const struct token *token,
			    const struct script_message *message);

/** A method, as it stands, or NULL and a fault. */
const char *message_method(struct parse *parse, const struct token *token);

/** States of a lamp up to a term or the end. */
void lamp_read(struct parse *parse, struct sentence *sentence, struct script_step *step);

/** The terms that WORD may end with; all that is left must be such. */
void term_read(struct parse *parse, struct sentence *sentence, const struct word *word,
	       struct script_step *step);

/** N | N.. | N..N, or a fault and false. */
bool term_range(struct parse *parse, const struct token *token,
		struct script_range *range);

/** N s: into *MS, or a fault and false. */
bool term_seconds(struct parse *parse, struct sentence *sentence, const char *what,
		  unsigned *ms);

/** Whether TOKEN begins a term. */
bool term_begins(const struct token *token);

/** The details of a sentence about WORD, into STEP; IS_GROUP: braces make several of it. */
void detail_read(struct parse *parse, const struct sentence *sentence,
		 const struct word *word, bool is_group, struct script_step *step);

/** Reads SELECTOR at *AT of PHRASE and moves *AT behind it; false, and a fault is reported, if
 *  there is none. */
bool selector_read(struct parse *parse, const struct phrase *phrase, size_t *at,
		   struct script_selector *selector);

/** The words of TOKEN with its braces resolved, COUNT of them; a fault and NULL. */
struct token *brace_expand(struct parse *parse, const struct token *token, size_t *count);

/** A file named in the line being read, beside the file that has the line: its path. */
const char *file_beside(struct parse *parse, const char *name);

/** The page at PATH, read once, or NULL and a fault at PLACE. */
const struct page *file_page(struct parse *parse, const char *path,
			     const struct script_place *place);

/** The path of the file that COUNT cells at COLUMN name; a fault if it cannot be read. */
struct script_text file_read(struct parse *parse, const struct cell *cells, size_t count,
			     unsigned column);

/** All lines of PAGE. */
void block_read(struct parse *parse, const struct page *page);
