/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A case of a script, as plain data: who plays and what happens, step by step, each with its
 * place.  It knows no other file of this room, so that all of them may use it.
 */
#include <stdbool.h>
#include <stddef.h>

enum {
	SCRIPT_BYTES_MAX = 1 << 20,	/* of a file */
	SCRIPT_LINE_MAX = 1 << 16,	/* bytes of a line, also when its variables are put in */
	SCRIPT_ROWS_MAX = 1000,		/* of a table */
	SCRIPT_BRACES_MAX = 1000,	/* words that the braces of one make */
	SCRIPT_PLAYERS_MAX = 1000,	/* of a case */
	SCRIPT_STEPS_MAX = 100000,	/* of all cases of a file */
	SCRIPT_WORK_MAX = 1 << 26,	/* bytes read again for rows and loops, of a file */
	SCRIPT_INCLUDES_MAX = 100,	/* of a case */
};

/** Where something stands. */
struct script_place {
	const char *file;
	unsigned line, column;		/* from 1; a character is a column, a tab too */
	unsigned width;			/* columns from there to the end of the sentence */
	const char *text;		/* the whole line as written */
};

/* Text that may have to wait ---------------------------------------------------------- */

/** Which part of a variable's value is wanted: $NAME, $NAME.host or $NAME.port. */
enum script_part { SCRIPT_WHOLE, SCRIPT_HOST, SCRIPT_PORT };

/** Either TEXT, or the value of a variable that is known only when the case is played. */
struct script_piece {
	const char *text;		/* NULL: a variable */
	const char *variable;		/* a player, CM, PROXY, DOMAIN or a name after `as` */
	enum script_part part;
};

/** A text; TEXT is NULL where the grammar lets it be left out. */
struct script_text {
	const char *text;		/* with pieces: the text as written, for
					 * messages */
	const struct script_piece *pieces;	/* NULL: no variables, TEXT is complete */
	size_t count;			/* of pieces */
};

/* Who ----------------------------------------------------------------------------------- */

enum script_role { SCRIPT_PHONE, SCRIPT_TRUNK, SCRIPT_APP, SCRIPT_STRANGER };
enum script_transport { SCRIPT_UDP, SCRIPT_TCP, SCRIPT_TLS };

/** A player: a line `phones`, `trunk`, `app` or `stranger` declares it. */
struct script_player {
	enum script_role role;
	const char *name;		/* "2001/desk", "pstn"; unique in the case */
	const char *extension;		/* of a phone; else the name */
	const char *device;		/* of a phone; NULL: it has none */
	struct script_place at;
	/* Phones alone: */
	enum script_transport transport;
	const char *password;
	const char *const *supported;	/* option tags for Supported, e.g. 100rel */
	size_t supported_count;
	unsigned lines;			/* appearances a script may name */
	const char *const *via;		/* proxies it registers with; no names = every
					 * proxy */
	size_t via_count;
	bool is_unregistered;		/* at the start */
};

/** The players a line is about. */
struct script_who {
	const struct script_player *player;	/* NULL: any of EXTENSION's phones */
	const char *extension;		/* of a phone; NULL: a player without one */
	unsigned appearance;		/* from 1; 0: none named */
};

/* What is said about messages ----------------------------------------------------------- */

/** A request, or an answer. */
struct script_message {
	unsigned code;			/* 0: a request */
	const char *method;		/* in an answer: of its request, NULL = any */
};

enum { SCRIPT_NO_END = 0x7fffffff };

struct script_range {
	unsigned least, most;		/* MOST may be SCRIPT_NO_END */
};

/** What a sentence may end with; times in ms are not yet multiplied by --patience. */
struct script_terms {
	const struct script_range *codes;	/* -> CODES; any of these ranges */
	size_t code_count;
	bool is_silence;		/* -> none */
	bool has_after, has_within, has_count;
	unsigned after_ms, within_ms;
	struct script_range count;
	bool is_none;			/* `none`: no such message, event ... */
};

/** Index of a selector: from 1; SCRIPT_EVERY without brackets, SCRIPT_LAST for [last]. */
enum { SCRIPT_EVERY = 0, SCRIPT_LAST = -1 };

/** A step into a value: .user .host .port .tag .number, else a parameter's name. */
struct script_step_into {
	const char *name;
	int index;
};

enum script_subject {
	SCRIPT_HEADER,			/* NAME is a header, in long or compact form */
	SCRIPT_REQUEST_URI,
	SCRIPT_STATUS,
	SCRIPT_BODY,
	SCRIPT_KEY,			/* NAME is a key of the journal, or of a lamp's dialog */
};

struct script_selector {
	enum script_subject subject;
	const char *name;
	int index;
	const struct script_step_into *parts;
	size_t part_count;
};

enum script_detail_kind {
	/* what is sent: */
	SCRIPT_SET,			/* HEADER: value */
	SCRIPT_LEAVE_OUT,		/* HEADER - */
	SCRIPT_SET_BODY,		/* body FILE */
	/* what must have come: */
	SCRIPT_EQUAL,
	SCRIPT_UNEQUAL,
	SCRIPT_MATCH,			/* an extended regular expression; groups to captures */
	SCRIPT_LESS,
	SCRIPT_GREATER,
	SCRIPT_ABSENT,
	SCRIPT_PRESENT,
	SCRIPT_COUNT,
	SCRIPT_CAPTURE,			/* as NAME */
};

struct script_detail {
	struct script_place at;
	enum script_detail_kind kind;
	struct script_selector selector;	/* for SCRIPT_SET and SCRIPT_LEAVE_OUT
						 * just the name of a header */
	struct script_text value;	/* for SCRIPT_SET_BODY the path of a file,
					 * relative to the directory halfcall runs in */
	bool is_as_sent;		/* body = sent */
	struct script_range count;
	const char *const *captures;	/* names after `as`, in the order of the groups */
	size_t capture_count;
};

/** A state of a lamp, in `shows` and `sees`. */
struct script_state {
	const char *name;		/* trying, proceeding, early, confirmed, terminated */
	bool may_miss;			/* it was written in brackets */
};

/** KEY=VALUE of `expect journal`. */
struct script_pair {
	const char *key;
	struct script_text value;
};

/* Steps --------------------------------------------------------------------------------- */

/** What a step does.  Behind each: the members of struct script_step that it uses in
 *  addition to who, terms and details. */
enum script_kind {
	/* acts */
	SCRIPT_DIALS,			/* object: number or URI; value: from */
	SCRIPT_OFF_HOOK,		/* number: expires, 0 = not said */
	SCRIPT_CALLS,			/* object: number; peer: the player after `at`,
					 * or else the one with that number */
	SCRIPT_RINGS,
	SCRIPT_SENDS_PROGRESS,		/* message.code; is_reliable */
	SCRIPT_SENDS_REQUEST,		/* message.method; object: number, or none */
	SCRIPT_SENDS_RAW,		/* object: file */
	SCRIPT_ANSWERS,
	SCRIPT_REJECTS,			/* message.code */
	SCRIPT_REDIRECTS,		/* object: number */
	SCRIPT_CANCELS,
	SCRIPT_HANGS_UP,
	SCRIPT_HOLDS,
	SCRIPT_RESUMES,
	SCRIPT_UPDATES,
	SCRIPT_TRANSFERS,		/* object: number; or number: the appearance */
	SCRIPT_REGISTERS,		/* is_all; has_number, number: expires; value: password */
	SCRIPT_UNREGISTERS,
	SCRIPT_WATCHES,			/* object: extension */
	SCRIPT_PASSES,
	SCRIPT_ON,			/* message: when it comes; then: what is done */
	SCRIPT_GOES_DEAD,
	SCRIPT_COMES_BACK,
	SCRIPT_FORGETS,
	/* waits */
	SCRIPT_HEARS,			/* message */
	SCRIPT_TALKS_TO,		/* peer */
	SCRIPT_IS_IDLE,
	SCRIPT_SHOWS,			/* states */
	SCRIPT_SEES,			/* object: extension; states */
	SCRIPT_WAIT,			/* number: ms */
	/* players that are no telephones */
	SCRIPT_PROXY_STOPS,		/* object: its name, or none: the only one */
	SCRIPT_PROXY_STARTS,		/* object: the same */
	SCRIPT_DAEMON_DIES,
	SCRIPT_DAEMON_STARTS,
	SCRIPT_DAEMON_RESTARTS,
	SCRIPT_DAEMON_DRAINS,
	SCRIPT_DAEMON_IS_GONE,
	SCRIPT_EXEC,			/* object: for sh -c */
	SCRIPT_EXEC_ENDS,		/* number: its status */
	/* settings, before the first step or in place of one */
	SCRIPT_SQL,			/* object: statements */
	SCRIPT_CONFIG,			/* object: path of the setting; value: as in the file */
	SCRIPT_FAULT,			/* fault */
	/* expect; the first three have no WHO */
	SCRIPT_EXPECT_PHASES,		/* words; peer: the player after `of`, or none */
	SCRIPT_EXPECT_JOURNAL,		/* pairs */
	SCRIPT_EXPECT_FINDING,		/* object: its name */
	SCRIPT_EXPECT_SQL,		/* object: query; value */
	SCRIPT_EXPECT_SHOWS,		/* states: all so far */
	SCRIPT_EXPECT_SEES,		/* object: extension; states: all so far */
	SCRIPT_EXPECT_IDLE,
	SCRIPT_EXPECT_EXIT,		/* number: status of the daemon */
	SCRIPT_EXPECT_CM_HEARD,		/* message */
	SCRIPT_EXPECT_CM_SENT,		/* message */
	/* allow, from here to the end of the case */
	SCRIPT_ALLOW_FINDING,		/* object: its name */
	SCRIPT_ALLOW_HEARS,		/* message; for every device of WHO */
};

/** A deliberate fault of halfcalld (halfcall-names(5)), a row of its table `fault`. */
struct script_daemon_fault {
	struct script_text extension;
	const char *half, *method, *action;
	struct script_text value;	/* number, status or text; none for most actions */
	unsigned nth, count;		/* from 1 */
};

struct script_step {
	enum script_kind kind;
	struct script_place at;		/* of the verb, which a report underlines */
	unsigned group;			/* 0: played alone; neighbours with the same
					 * number are played at the same time */
	struct script_who who;
	struct script_text object;	/* for a file: its path, relative to the
					 * directory halfcall runs in */
	struct script_text value;
	struct script_message message;
	struct script_who peer;
	bool has_number;
	unsigned number;
	bool without_sdp, without_auth, to_cm, is_reliable, is_all;
	const struct script_state *states;
	size_t state_count;
	const char *const *words;
	size_t word_count;
	const struct script_pair *pairs;
	size_t pair_count;
	const struct script_daemon_fault *fault;
	const struct script_step *then;	/* for SCRIPT_ON: what is done (answers,
					 * rejects ...); its who is not set */
	struct script_terms terms;
	const struct script_detail *details;
	size_t detail_count;
};

/* Cases --------------------------------------------------------------------------------- */

/** What a proxy must be able to do; names in script_needs (name.h). */
enum script_need {
	SCRIPT_AUTH,
	SCRIPT_EVENTS,
	SCRIPT_SEQUENCE,
	SCRIPT_TRUNKS,
	SCRIPT_TWO_PROXIES,
	SCRIPT_MONITOR,
	SCRIPT_RESTART,
};

/** `proxy sequence EXT HALF APP ...`; "cm" stands for CM. */
struct script_sequence {
	struct script_place at;
	const char *extension, *half;
	const char *const *apps;
	size_t app_count;
};

struct script_case {
	const char *name;		/* "a04-busy.call[486 Busy Here]": file's name and row */
	const char *path;		/* of the file, as it was given */
	const char *title;		/* first line's comment, else the file's name */
	struct script_place at;		/* of its row of the table, else of the file's
					 * first line */
	const char *const *tags;
	size_t tag_count;
	unsigned needs;			/* bits 1 << enum script_need, both written and
					 * implied ones */
	const char *known;		/* why it must fail; NULL: it must pass */
	unsigned limit_ms;		/* 0: the default of halfcall run */
	const char *users;		/* path of a file with SQL, relative to the
					 * directory halfcall runs in; NULL: none */
	const char *broken;		/* name of the break; NULL: none */
	const struct script_player *const *players;
	size_t player_count;
	const char *const *proxies;	/* names; none: one proxy, named by the run */
	size_t proxy_count;
	const char *const *auth;	/* methods the proxy asks credentials for */
	size_t auth_count;
	const struct script_sequence *sequences;
	size_t sequence_count;
	unsigned monitor_s;		/* seconds between the proxy's OPTIONS; 0: not said */
	const struct script_step *before;	/* SQL, CONFIG, FAULT before the first step */
	size_t before_count;
	const struct script_step *steps;
	size_t step_count;
};

/** One --set NAME=VALUE of the command line; the name is valid. */
struct script_setting {
	const char *name, *value;
};
