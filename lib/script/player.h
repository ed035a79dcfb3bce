/* SPDX-License-Identifier: MIT */
#pragma once
/* Who plays in a case, and how lines name them. */
#include "base/index.h"
#include "script/case.h"

struct nearest;
struct parse;
struct token;

/** A player and how it is found. */
struct player {
	struct script_player said;
	struct index_entry by_name, by_extension;
};

/** Adds the player LIKE, named at TOKEN, or puts it in place of the one of this name.  A name
 *  that makes no sense is a fault. */
void player_add(struct parse *parse, const struct token *token,
		const struct script_player *like);

/** The player of this name, or NULL. */
const struct script_player *player_find(struct parse *parse, const char *name);

/** Whether NAME is a telephone, or an extension that has some. */
bool player_is_phone(struct parse *parse, const char *name);

/** Offers the names of all. */
void player_offer(struct parse *parse, struct nearest *nearest);

enum {
	WHO_ONE = 0,
	WHO_ANY = 1,		/* EXT/star may be said */
	WHO_ALL = 2,		/* EXT with several telephones means all of them */
};

/** EXT[/DEVICE][:APPEARANCE] or a name, at TOKEN; HOW of the above.  False and a fault if it
 *  is no player. */
bool player_who(struct parse *parse, const struct token *token, unsigned how,
		struct script_who *who);
