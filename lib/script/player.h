/* SPDX-License-Identifier: MIT */
#pragma once
/* The players of a case, and the names by which lines refer to them. */
#include "base/index.h"
#include "script/case.h"

struct nearest;
struct parse;
struct token;

/** A player and its entries in the indices. */
struct player {
	struct script_player said;
	struct index_entry by_name, by_extension;
};

/** Adds a copy of LIKE, which TOKEN names; it replaces a player of the same name. Reports
 *  a fault if the name is not allowed. */
void player_add(struct parse *parse, const struct token *token,
		const struct script_player *like);

/** The player of this name, or NULL. */
const struct script_player *player_find(struct parse *parse, const char *name);

/** Whether NAME is a telephone, or an extension with telephones. */
bool player_is_phone(struct parse *parse, const char *name);

/** Offers the names of all players as corrections of a misspelt one. */
void player_offer(struct parse *parse, struct nearest *nearest);

enum {
	WHO_ONE = 0,
	WHO_ANY = 1,		/* EXT/star is allowed */
	WHO_ALL = 2,		/* EXT alone means all of its telephones */
};

/** Reads EXT[/DEVICE][:APPEARANCE] or a name at TOKEN; HOW is a sum of the flags above.
 *  False, with a fault reported, if there is no such player. */
bool player_who(struct parse *parse, const struct token *token, unsigned how,
		struct script_who *who);
