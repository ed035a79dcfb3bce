/* SPDX-License-Identifier: MIT */
/* `phones EXT[/DEVICE] ... [over T] [password P] [with TAG ...] [lines N] [via PROXY ...]`. */
#include "base/nearest.h"
#include "script/name.h"
#include "script/grammar.h"
#include "script/vector.h"

#include <string.h>

enum { LINES_PRESET = 3, LINES_MAX = 1000 };

static const char *const clauses[] = { "over",	"password", "with",
				       "lines", "via",	    "unregistered" };

static bool is_clause(const struct token *token)
{
	for (size_t i = 0; i < sizeof clauses / sizeof *clauses; i++)
		if (token_is(token, clauses[i]))
			return true;
	return false;
}

static void read_transport(struct parse *parse, struct sentence *sentence,
			   struct script_player *like)
{
	const struct token *token = sentence_take(parse, sentence, "udp, tcp or tls");
	int transport = token ? name_find(script_transports, token->text) : 0;

	if (transport < 0)
		parse_fault_name(parse, token, script_transports, "transport");
	else
		like->transport = (enum script_transport)transport;
}

/* Reads the words up to the next clause, at least one. */
static const char **read_list(struct parse *parse, struct sentence *sentence,
			      const char *what, size_t *count)
{
	const struct token *token = sentence_take(parse, sentence, what);
	const char **list = NULL;

	*count = 0;
	while (token) {
		const char *word = token_plain(parse, token);

		if (word)
			VECTOR_ADD(parse->arena, list, *count, word);
		token = sentence_next(sentence);
		if (token && is_clause(token))
			break;
		sentence->at += token != NULL;
	}
	return list;
}

static void read_via(struct parse *parse, struct sentence *sentence,
		     struct script_player *like)
{
	size_t start = sentence->at;

	like->via = read_list(parse, sentence, "the name of a proxy", &like->via_count);
	for (size_t i = start; i < sentence->at; i++) {
		const struct token *token = &sentence->tokens[i];
		struct nearest nearest = nearest_to(token->text);
		bool is_known = false;

		for (size_t j = 0; j < parse->kase->proxy_count; j++) {
			is_known |= strcmp(parse->proxies[j], token->text) == 0;
			nearest_offer(&nearest, parse->proxies[j],
				      strlen(parse->proxies[j]));
		}
		if (!is_known)
			parse_fault_at(parse, token,
				       "there is no proxy %.100s; `proxies` names them%s",
				       token->text, parse_meant(parse, &nearest));
	}
}

/* Reads the clause at the next token; false if there is none. */
static bool read_clause(struct parse *parse, struct sentence *sentence,
			struct script_player *like)
{
	const struct token *token;

	if (sentence_takes(sentence, "over")) {
		read_transport(parse, sentence, like);
	} else if (sentence_takes(sentence, "password")) {
		like->password = sentence_take_plain(parse, sentence, "the password");
	} else if (sentence_takes(sentence, "with")) {
		like->supported = read_list(parse, sentence, "an option tag, like 100rel",
					    &like->supported_count);
	} else if (sentence_takes(sentence, "lines")) {
		token = sentence_take(parse, sentence, "how many");
		if (token)
			token_number(parse, token, "`lines` wants", 1, LINES_MAX,
				     &like->lines);
	} else if (sentence_takes(sentence, "via")) {
		read_via(parse, sentence, like);
	} else if (sentence_takes(sentence, "unregistered")) {
		like->is_unregistered = true;
	} else {
		return false;
	}
	return true;
}

static void add(struct parse *parse, const struct sentence *sentence,
		const struct token *token, const struct script_player *like)
{
	struct script_player player = *like;
	const char *slash;

	player.name = token_plain(parse, token);
	if (!player.name)
		return;
	slash = strchr(player.name, '/');
	player.extension = player.name;
	if (slash) {
		player.extension = arena_strndup(parse->arena, player.name,
						 (size_t)(slash - player.name));
		player.device = slash + 1;
	}
	if (!player.password)
		player.password = player.extension;
	player.at = sentence_place(sentence, token);
	player_add(parse, token, &player);
}

void phones_read(struct parse *parse, struct sentence *sentence)
{
	struct script_player like = { .role = SCRIPT_PHONE, .lines = LINES_PRESET };
	const struct token *first = sentence_next(sentence);
	size_t start = sentence->at, end;

	if (!first || is_clause(first)) {
		parse_fault_at(parse, first ? first : &sentence->tokens[0],
			       "`phones` lacks a telephone, EXT or EXT/DEVICE");
		return;
	}
	while (sentence_next(sentence) && !is_clause(sentence_next(sentence)))
		sentence->at++;
	end = sentence->at;
	while (read_clause(parse, sentence, &like))
		;
	if (!sentence_ends(parse, sentence))
		return;
	for (size_t i = start; i < end; i++) {
		size_t count;
		struct token *tokens = brace_expand(parse, &sentence->tokens[i], &count);

		for (size_t j = 0; j < count; j++)
			add(parse, sentence, &tokens[j], &like);
	}
}
