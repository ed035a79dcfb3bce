/* SPDX-License-Identifier: MIT */
#include "script/player.h"

#include "base/nearest.h"
#include "script/parse.h"
#include "script/token.h"
#include "script/variable.h"
#include "script/vector.h"
#include "script/word.h"

#include <stdlib.h>
#include <string.h>

/* Whether NAME is a word of the language, so that it cannot name a player. */
static bool is_reserved(const char *name)
{
	return word_frame(name) != FRAME_NONE || word_find(WORD_FACT, name) ||
	       strcmp(name, "env") == 0 || strcmp(name, "CM") == 0 ||
	       strcmp(name, "PROXY") == 0 || strcmp(name, "DOMAIN") == 0;
}

static bool is_sound(struct parse *parse, const struct token *token,
		     const struct script_player *like)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.+";
	const char *name = like->name;
	size_t length = strspn(name, allowed);

	if (like->role == SCRIPT_PHONE && length > 0 && name[length] == '/' &&
	    name[length + 1])
		length += 1 + strspn(name + length + 1, allowed);
	if (length == 0 || name[length]) {
		parse_fault_at(
			parse, token,
			"\"%.100s\" cannot be %s: letters, digits, - _ . and +", name,
			like->role == SCRIPT_PHONE ? "a telephone, EXT or EXT/DEVICE"
						   : "a name");
		return false;
	}
	if (is_reserved(name)) {
		parse_fault_at(parse, token,
			       "%.100s is a word of the language; take another name",
			       name);
		return false;
	}
	return true;
}

static struct player *find(struct parse *parse, const char *name)
{
	struct index_entry *entry = index_find(&parse->names, name, NULL);

	return entry ? container_of(entry, struct player, by_name) : NULL;
}

const struct script_player *player_find(struct parse *parse, const char *name)
{
	const struct player *player = find(parse, name);

	return player ? &player->said : NULL;
}

static struct player *find_or_add(struct parse *parse, const struct script_player *like)
{
	struct player *player = find(parse, like->name);

	if (player)
		return player;
	player = arena_alloc(parse->arena, sizeof *player);
	list_init(&player->by_name.node);
	list_init(&player->by_extension.node);
	index_insert(&parse->names, &player->by_name, like->name);
	index_insert(&parse->extensions, &player->by_extension, like->extension);
	VECTOR_ADD(parse->arena, parse->players, parse->kase->player_count,
		   &player->said);
	return player;
}

void player_add(struct parse *parse, const struct token *token,
		const struct script_player *like)
{
	struct variable *variable;
	struct player *player;

	if (!is_sound(parse, token, like))
		return;
	variable = variable_find(parse, like->name, strlen(like->name));
	if (variable && variable->kind != VARIABLE_ADDRESS) {
		parse_fault_at(parse, token,
			       "%.100s is a variable already; take another name",
			       like->name);
		return;
	}
	if (parse->kase->player_count >= SCRIPT_PLAYERS_MAX) {
		parse_fault_at(parse, token, "a case has at most %d players",
			       SCRIPT_PLAYERS_MAX);
		return;
	}
	player = find_or_add(parse, like);
	if (player->said.name && player->said.role != like->role)
		parse_fault_at(parse, token,
			       "%.100s is something else already, in line %u", like->name,
			       player->said.at.line);
	player->said = *like;
	variable_put(parse, like->name, VARIABLE_ADDRESS);
}

void player_offer(struct parse *parse, struct nearest *nearest)
{
	for (size_t i = 0; i < parse->kase->player_count; i++) {
		const char *name = parse->players[i]->name;

		nearest_offer(nearest, name, strlen(name));
	}
}

/* Who ----------------------------------------------------------------------------------- */

/* The number of telephones of EXTENSION; *ONE is the first of them. */
static size_t phones_of(struct parse *parse, const char *extension,
			const struct script_player **one)
{
	struct index_entry *entry = NULL;
	size_t count = 0;

	*one = NULL;
	while (count < 2 && (entry = index_find(&parse->extensions, extension, entry))) {
		const struct player *player =
			container_of(entry, struct player, by_extension);

		if (player->said.role != SCRIPT_PHONE)
			continue;
		if (!*one)
			*one = &player->said;
		count++;
	}
	return count;
}

bool player_is_phone(struct parse *parse, const char *name)
{
	const struct script_player *one = player_find(parse, name);

	return one ? one->role == SCRIPT_PHONE : phones_of(parse, name, &one) > 0;
}

static bool unknown(struct parse *parse, const struct token *token, const char *name)
{
	struct nearest nearest = nearest_to(name);

	player_offer(parse, &nearest);
	if (nearest.name)
		parse_fault_at(
			parse, token,
			"there is no player %.100s; did you mean %.*s, or is `phones "
			"%.100s` missing?",
			name, (int)nearest.length, nearest.name, name);
	else
		parse_fault_at(parse, token,
			       "there is no player %.100s; is `phones %.100s` missing?",
			       name, name);
	return false;
}

/* EXT/star */
static bool any_of(struct parse *parse, const struct token *token, const char *extension,
		   unsigned how, struct script_who *who)
{
	const struct script_player *one;

	if (!phones_of(parse, extension, &one))
		return unknown(parse, token, extension);
	if (!(how & WHO_ANY)) {
		parse_fault_at(
			parse, token,
			"%.100s/* may ring, wait and be expected, but do nothing else: "
			"name one of its telephones",
			extension);
		return false;
	}
	who->extension = one->extension;
	return true;
}

/* A name without the appearance. */
static bool named(struct parse *parse, const struct token *token, char *name,
		  unsigned how, struct script_who *who)
{
	size_t length = strlen(name), count;
	const struct script_player *one;

	who->player = player_find(parse, name);
	if (who->player) {
		if (who->player->role == SCRIPT_PHONE)
			who->extension = who->player->extension;
		return true;
	}
	if (length > 2 && strcmp(name + length - 2, "/*") == 0) {
		name[length - 2] = '\0';
		return any_of(parse, token, name, how, who);
	}
	count = phones_of(parse, name, &one);
	if (!count)
		return unknown(parse, token, name);
	if (count > 1 && !(how & WHO_ALL)) {
		parse_fault_at(
			parse, token,
			"%.100s has several telephones: name one, like %.100s, or say "
			"%.100s/* for any of them",
			name, one->name, name);
		return false;
	}
	who->player = count == 1 ? one : NULL;
	who->extension = one->extension;
	return true;
}

static bool appearance_read(struct parse *parse, const struct token *token,
			    const char *digits, struct script_who *who)
{
	size_t length = strspn(digits, "0123456789");
	unsigned long number = length <= 9 ? strtoul(digits, NULL, 10) : 0;

	if (who->player && who->player->role != SCRIPT_PHONE) {
		parse_fault_at(parse, token,
			       "%.100s is no telephone and has no appearances",
			       who->player->name);
		return false;
	}
	if (!length || digits[length] || number < 1) {
		parse_fault_at(parse, token,
			       "an appearance is a number from 1, not \"%.100s\"",
			       digits);
		return false;
	}
	if (who->player && number > who->player->lines) {
		parse_fault_at(
			parse, token,
			"%.100s has %u appearances; `phones %.100s lines %lu` gives it "
			"more",
			who->player->name, who->player->lines, who->player->name, number);
		return false;
	}
	who->appearance = (unsigned)number;
	return true;
}

bool player_who(struct parse *parse, const struct token *token, unsigned how,
		struct script_who *who)
{
	char *name, *colon;

	*who = (struct script_who){ 0 };
	if (!token_plain(parse, token))
		return false;
	name = arena_strdup(&parse->scratch, token->text);
	colon = strchr(name, ':');
	if (colon)
		*colon = '\0';
	return named(parse, token, name, how, who) &&
	       (!colon || appearance_read(parse, token, colon + 1, who));
}
