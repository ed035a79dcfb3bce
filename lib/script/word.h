/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The words of the language in one table: the word, what may follow it, and its syntax as
 * messages and manuals show it. halfcall-run(5), etc/vim and etc/vscode are checked
 * against the table.
 */
#include "script/case.h"

struct nearest;

enum word_class {
	WORD_FRAME,	/* a line begins with it */
	WORD_SETTING,	/* a line begins with it, before the first step */
	WORD_ACT,
	WORD_WAIT,	/* behind a player */
	WORD_FACT,	/* behind `expect` */
	WORD_OBJECT,	/* behind `proxy`, `daemon`, `exec`: what happens to that
			 * object */
	WORD_TERM,	/* at the end of an act, a wait, a fact */
	WORD_CLAUSE,	/* inside a setting, an act, a fact */
	WORD_DETAIL,	/* in a detail */
};

/** What must follow a verb directly. */
enum word_takes {
	TAKES_NOTHING,
	TAKES_NUMBER,
	TAKES_CODE,
	TAKES_SENDS,
	TAKES_TRANSFER,
	TAKES_EXTENSION,
	TAKES_MESSAGE,
	TAKES_ON,
	TAKES_WHO,
	TAKES_IDLE,
	TAKES_STATES,
	TAKES_WATCHED,
};

enum {
	/* clauses that may follow, each once, in any order */
	CLAUSE_FROM = 1,
	CLAUSE_WITHOUT_SDP = 2,
	CLAUSE_WITHOUT_AUTH = 4,
	CLAUSE_TO_CM = 8,
	CLAUSE_EXPIRES = 16,
	CLAUSE_AT = 32,
	CLAUSE_ALL = 64,
	CLAUSE_PASSWORD = 128,
	/* terms */
	TERM_CODES = 1,
	TERM_AFTER = 2,
	TERM_WITHIN = 4,
	TERM_COUNT = 8,
	TERM_NONE = 16,
	/* details */
	DETAIL_SENT = 1,	/* HEADER: value, HEADER -, body FILE */
	DETAIL_CHECKED = 2,
	DETAIL_ANSWER = 4,	/* checked, if there is a -> */
	/* the players that can be its subject; bits 1 << enum script_role */
	BY_PHONE = 1,
	BY_TRUNK = 2,
	BY_APP = 4,
	BY_STRANGER = 8,
	BY_ANY = 15,
	BY_CALLER = BY_PHONE | BY_TRUNK | BY_STRANGER,
};

struct word {
	const char *name;
	enum word_class class;
	int kind;		/* enum script_kind, or enum word_frame */
	enum word_takes takes;
	unsigned clauses, terms, details, by;
	const char *syntax;	/* what follows the name, for messages and manuals */
	const char *help;
};

/** The words that a line can begin with instead of a player. */
enum word_frame {
	FRAME_EXPECT,
	FRAME_ALLOW,
	FRAME_TOGETHER,
	FRAME_FOR,
	FRAME_END,
	FRAME_WAIT,
	FRAME_PROXY,
	FRAME_DAEMON,
	FRAME_EXEC,
	FRAME_USERS,
	FRAME_SQL,
	FRAME_CONFIG,
	FRAME_SET,
	FRAME_INCLUDE,
	FRAME_TABLE,
	FRAME_ROW,
	FRAME_TAGS,
	FRAME_NEEDS,
	FRAME_KNOWN,
	FRAME_LIMIT,
	FRAME_PHONES,
	FRAME_TRUNK,
	FRAME_APP,
	FRAME_STRANGER,
	FRAME_PROXIES,
	FRAME_BREAK,
	FRAME_FAULT,
	FRAME_NONE = -1,
};

/** Ends with a NULL name. */
extern const struct word script_words[];

/** The word NAME of CLASS, or NULL. */
const struct word *word_find(enum word_class class, const char *name);

/** The first word NAME of a line; FRAME_NONE: it is none of these, so it must be a
 *  player. */
enum word_frame word_frame(const char *name);

/** Offers the words of CLASS as corrections of a misspelt one. */
void word_offer(enum word_class class, struct nearest *nearest);
