/* SPDX-License-Identifier: MIT */
#pragma once
/* What the files of the built-in proxy know of it. */
#include "base/arena.h"
#include "base/list.h"
#include "lab/inside.h"

struct bulletin;
struct carrier;
struct sm_settings;

struct sm {
	struct lab *lab;
	const struct sm_settings *is;
	struct arena arena;
	struct wire_address listen[2];
	struct wire_settings wire_settings;
	struct wire *wire;		/* NULL = it is stopped */
	struct carrier *carrier;
	struct bulletin *bulletin;
	struct list hops;		/* of calls on their way through a sequence */
	unsigned long hop_count;
	char nonce[33];
	struct loop_timer *pulse;
	bool cm_is_down;
};

/* passage.c */

/** An INVITE outside any dialog; takes MSG over.  It came in at LISTENER. */
void passage_take(struct sm *sm, const struct listener *listener, msg_t *msg);

/** Another request to a user; likewise. */
void passage_direct(struct sm *sm, const struct listener *listener, msg_t *msg);

void passage_clear(struct sm *sm);

/* bulletin.c */

struct bulletin *bulletin_new(struct sm *sm);
void bulletin_free(struct bulletin *bulletin);
void bulletin_publish(struct bulletin *bulletin, msg_t *msg);
void bulletin_subscribe(struct bulletin *bulletin, const struct listener *listener,
			msg_t *msg);
const char *bulletin_lit(const struct bulletin *bulletin);
