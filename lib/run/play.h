/* SPDX-License-Identifier: MIT */
#pragma once
/* A case while it is played: what the files of this room share. */
#include "base/fault.h"
#include "base/list.h"
#include "lab/lab.h"
#include "lab/mail.h"
#include "lab/registrar.h"
#include "lab/sm.h"
#include "lab/talk.h"
#include "run/child.h"
#include "run/match.h"
#include "run/net.h"
#include "run/run.h"
#include "run/trace.h"

struct diary;
struct outline;

/** A name that the case gave a value. */
struct capture {
	struct list node;
	const char *name, *value;
};

/** An `allow` line. */
struct allowance {
	struct list node;
	const struct script_step *step;
	const struct phone *phone;	/* of a message; NULL: a finding */
	unsigned left;
};

/** How far the states of a lamp have been taken. */
struct cursor {
	struct list node;
	const struct phone *phone;
	const char *extension;
	size_t taken;
};

/** An `on` line that is noted. */
struct noted_rule {
	struct list node;
	const struct script_step *step;
	const struct phone *phone;
	const struct rule *rule;
};

struct play {
	const struct script_case *kase;
	const struct run_settings *settings;
	struct arena arena;		/* for the case */
	struct arena scratch;		/* for one look at things */
	struct loop *loop;
	struct lab *lab;
	/* Files. */
	const char *directory, *database, *config, *journal, *control, *log;
	struct outline *outline;
	struct diary *diary;
	struct trace trace;
	/* Who plays. */
	struct net net;
	const char *cm_host, *cm_uri;
	struct child *daemon;		/* NULL = it does not run */
	bool daemon_may_end;		/* it was told to */
	bool daemon_has_ended;
	int daemon_status;
	struct child *exec;		/* NULL = none */
	const struct script_step *exec_step;
	struct registrar **users;	/* of each proxy */
	struct sm_settings *sm_is;
	struct sm **sms;
	size_t sm_count;
	struct phone **phones;		/* as kase->players */
	/* What was said. */
	struct list captures, allowances, rules, cursors;
	struct list findings;		/* of the players; see finding.c */
	size_t frames_watched;
	int64_t began_us, line_us;	/* line: when the one before was done */
	/* What went wrong first. */
	bool is_failed, is_broken;
	const struct script_place *failed_at;
	const char *sentence;
};

enum { PLAY_CM_PORT = 5062, PLAY_PORT = 5060 };

int64_t play_now_us(const struct play *play);

/** Notes why the case fails, unless it failed already.  -1. */
int play_fail(struct play *play, const struct script_place *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** The same: it could not be set up. */
int play_break(struct play *play, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** Lets at most MS milliseconds pass, or until something happened; notices who died. */
void play_step(struct play *play, unsigned ms);

/** MS times --patience, in µs. */
int64_t play_patience_us(const struct play *play, unsigned ms);

/** TEXT with its variables, in the case's arena; NULL and a failure: one is not set. */
const char *play_text(struct play *play, const struct script_step *step,
		      const struct script_text *text);

/** For match_details(): values live in the scratch arena, captures in the case's. */
struct match_names play_names(struct play *play);

/** The value of a variable; context is the play. */
const char *play_value(void *play, const struct script_piece *variable);

struct phone *play_phone(const struct play *play, const struct script_player *player);

/** The phones WHO speaks of: the I-th, NULL = there are fewer. */
struct phone *play_who(const struct play *play, const struct script_who *who, size_t i);

/** WHO, for a sentence, in the scratch arena. */
const char *play_who_text(struct play *play, const struct script_who *who);

/* cast.c: proxies and players */

/** The N-th address of the case's block, in its arena. */
const char *cast_address(struct play *play, unsigned n);
void cast_plan_proxies(struct play *play);

/** As the setting `proxies` of halfcalld. */
const char *cast_proxies_text(struct play *play);
int cast_start_proxies(struct play *play);
int cast_add_users(struct play *play);
int cast_open_players(struct play *play);
void cast_close(struct play *play);

/* daemon.c: halfcalld */

void daemon_set_config(struct play *play);
int daemon_make_database(struct play *play);

/** Starts halfcalld; 0 or -1 and a failure at AT (NULL = of set-up). */
int daemon_start(struct play *play, const struct script_place *at);

/** Writes its configuration again and lets it read that. */
int daemon_reload(struct play *play, const struct script_place *at);

/* scene.c */

/** Sets all up; 0, or -1 and a failure. */
int scene_open(struct play *play);
void scene_close(struct play *play);

/** Puts the row of a `fault` line into the database; 0, or -errno and a sentence. */
int scene_fault(struct play *play, const struct script_step *step, struct fault *fault);

/* ending.c */

/** After the last step: 0, or -1 and a failure. */
int ending_judge(struct play *play);

/** Whether an `allow` speaks of MAIL; it is used up then. */
bool ending_allows(struct play *play, const struct mail *mail);

/* drawing.c */

/** What passed, for a person, in ARENA. */
const char *drawing_make(struct play *play, struct arena *arena);
