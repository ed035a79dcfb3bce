/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Scenes: messages around a proxy that does everything right.  A test changes one of them, or takes
 * it out, and says which findings that must give; unchanged a scene gives none.
 */
#include "watch/watch.h"

struct scene_line {
	int at_ms;
	bool is_out;
	enum watch_seat seat;
	const char *text;		/* with \n for CR LF */
};

struct scene {
	const char *name;
	const struct scene_line *lines;
	size_t count;
};

extern const struct scene chain_scene, cancel_scene, phone_scene, trunk_scene,
	event_scene, forks_scene, trying_scene, recorded_scene, passed_scene;

/** A change of one line of a scene. */
struct change {
	unsigned line;			/* from 0 */
	const char *old, *with;		/* in its text; both NULL: it does not come */
	int copy_ms;			/* not 0: a copy comes so much later */
	int late_ms;			/* not 0: it comes so much later */
	unsigned end;			/* not 0: nothing comes from this line on */
};

/** Plays SCENE with CHANGE (NULL = none) into a watch of SETTINGS (NULL = usual ones): the names of
 *  what it tells, each once, joined by blanks; "" = nothing. */
const char *watch_peer_play(const struct scene *scene, const struct change *change,
			    const struct watch_settings *settings);

/** The last finding told: sentence (clause). */
extern char watch_peer_said[512];
