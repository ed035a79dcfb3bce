/* SPDX-License-Identifier: MIT */
/* Reads the settings, which come before the first step of a case. */
#include "script/grammar.h"
#include "script/name.h"
#include "script/variable.h"
#include "script/vector.h"

#include <stdlib.h>
#include <string.h>

enum { LIMIT_MS_MAX = 3600 * 1000, MONITOR_S_MAX = 3600 };

static void read_set(struct parse *parse, struct sentence *sentence)
{
	const struct token *name = sentence_take(parse, sentence, "a name and its value");
	const struct token *value =
		name ? sentence_take(parse, sentence, "its value") : NULL;
	struct variable *variable;

	if (!value || !variable_may_be(parse, name, VARIABLE_VALUE))
		return;
	if (sentence_next(sentence))
		parse_fault_at(
			parse, sentence_next(sentence),
			"a variable has one value; with blanks it stands in quotes");
	variable = variable_find(parse, name->text, strlen(name->text));
	if (variable && variable->is_fixed)
		return;
	variable = variable_put(parse, name->text, VARIABLE_VALUE);
	if (parse->is_blind)
		variable->kind = VARIABLE_UNKNOWN;
	else
		variable_assign(parse, variable, value->cells, value->count);
}

/* Reads the words after `tags` or `proxies`; they have letters, digits, - and _. */
static void read_names(struct parse *parse, struct sentence *sentence, const char *what,
		       const char ***names, size_t *count)
{
	const struct token *token = sentence_take(parse, sentence, what);

	for (; token; token = sentence_next(sentence)
				      ? sentence_take(parse, sentence, what)
				      : NULL) {
		const char *name = token_plain(parse, token);

		if (name && !name_is_plain(name))
			parse_fault_at(parse, token,
				       "\"%.100s\" cannot be %s: a letter, then letters, "
				       "digits, - and _",
				       name, what);
		else if (name)
			VECTOR_ADD(parse->arena, *names, *count, name);
	}
}

static void read_tags(struct parse *parse, struct sentence *sentence)
{
	const char **tags = NULL;
	size_t count = 0;

	read_names(parse, sentence, "a tag", &tags, &count);
	for (size_t i = 0; i < count; i++)
		VECTOR_ADD(parse->arena, parse->tags, parse->kase->tag_count, tags[i]);
}

static void read_proxies(struct parse *parse, struct sentence *sentence)
{
	parse->proxies = NULL;
	parse->kase->proxy_count = 0;
	read_names(parse, sentence, "a proxy's name", &parse->proxies,
		   &parse->kase->proxy_count);
	parse->kase->needs |= 1u << SCRIPT_TWO_PROXIES;
	for (size_t i = 0; i < parse->kase->proxy_count; i++)
		variable_put(parse, parse->proxies[i], VARIABLE_ADDRESS);
}

static void read_needs(struct parse *parse, struct sentence *sentence)
{
	const struct token *token =
		sentence_take(parse, sentence, "what the proxy must do");

	for (; token; token = sentence_next(sentence) ? sentence_take(parse, sentence, "")
						      : NULL) {
		int need = name_find(script_needs, token->text);

		if (need < 0)
			parse_fault_name(parse, token, script_needs, "need");
		else
			parse->kase->needs |= 1u << need;
	}
}

static void read_known(struct parse *parse, struct sentence *sentence)
{
	const char *reason = sentence_take_plain(parse, sentence, "the reason");

	if (reason && sentence_next(sentence))
		parse_fault_at(parse, sentence_next(sentence),
			       "a reason with blanks stands in quotes");
	else if (reason && !*reason)
		parse_fault_at(parse, &sentence->tokens[1], "the reason is empty");
	parse->kase->known = reason;
}

static void read_limit(struct parse *parse, struct sentence *sentence)
{
	if (term_seconds(parse, sentence, "limit", &parse->kase->limit_ms))
		sentence_ends(parse, sentence);
	if (parse->kase->limit_ms > LIMIT_MS_MAX)
		parse_fault_at(parse, &sentence->tokens[1],
			       "a case lasts at most an hour");
}

static void read_users(struct parse *parse, struct sentence *sentence)
{
	const struct token *name = sentence_take(parse, sentence, "the name of a file");

	if (name && token_plain(parse, name) && sentence_ends(parse, sentence))
		parse->kase->users =
			file_read(parse, name->cells, name->count, name->column).text;
}

static void read_player(struct parse *parse, struct sentence *sentence,
			enum script_role role, unsigned need)
{
	const struct token *token = sentence_take(parse, sentence, "a name");
	const char *name = token ? token_plain(parse, token) : NULL;
	struct script_player player = { .role = role, .name = name, .extension = name };

	if (!name || !sentence_ends(parse, sentence))
		return;
	player.at = sentence_place(sentence, token);
	player_add(parse, token, &player);
	parse->kase->needs |= need;
}

static void read_break(struct parse *parse, struct sentence *sentence)
{
	const struct token *token = sentence_take(parse, sentence, "the name of a break");
	const char *name = token ? token_plain(parse, token) : NULL;

	if (!name || !sentence_ends(parse, sentence))
		return;
	if (name_find(script_breaks, name) < 0)
		parse_fault_name(parse, token, script_breaks, "break");
	parse->kase->broken = name;
}

static void read_auth(struct parse *parse, struct sentence *sentence)
{
	const char **methods = NULL;
	const struct token *token = sentence_take(parse, sentence, "a method");

	parse->kase->auth_count = 0;
	for (; token; token = sentence_next(sentence) ? sentence_take(parse, sentence, "")
						      : NULL) {
		const char *method = message_method(parse, token);

		if (method)
			VECTOR_ADD(parse->arena, methods, parse->kase->auth_count,
				   method);
	}
	parse->kase->auth = methods;
	parse->kase->needs |= 1u << SCRIPT_AUTH;
}

static void read_sequence(struct parse *parse, struct sentence *sentence)
{
	struct script_sequence sequence = { 0 };
	const struct token *token = sentence_take(parse, sentence, "an extension");
	const char **apps = NULL;

	if (!token)
		return;
	sequence.at = sentence_place(sentence, token);
	sequence.extension = token_plain(parse, token);
	token = sentence_take(parse, sentence, "a half, orig or term");
	if (!token)
		return;
	sequence.half = token_plain(parse, token);
	if (strcmp(token->text, "orig") != 0 && strcmp(token->text, "term") != 0)
		parse_fault_at(parse, token, "a half is orig or term, not \"%.100s\"",
			       token->text);
	token = sentence_take(parse, sentence, "the applications, cm among them");
	for (; token; token = sentence_next(sentence) ? sentence_take(parse, sentence, "")
						      : NULL) {
		const struct script_player *app = player_find(parse, token->text);

		if (!token_is(token, "cm") && (!app || app->role != SCRIPT_APP))
			parse_fault_at(parse, token,
				       "there is no application %.100s; is `app %.100s` "
				       "missing?",
				       token->text, token->text);
		VECTOR_ADD(parse->arena, apps, sequence.app_count,
			   arena_strdup(parse->arena, token->text));
	}
	sequence.apps = apps;
	VECTOR_ADD(parse->arena, parse->sequences, parse->kase->sequence_count, sequence);
	parse->kase->needs |= 1u << SCRIPT_SEQUENCE;
}

static void read_proxy(struct parse *parse, struct sentence *sentence)
{
	if (sentence_takes(sentence, "auth")) {
		read_auth(parse, sentence);
	} else if (sentence_takes(sentence, "sequence")) {
		read_sequence(parse, sentence);
	} else if (sentence_takes(sentence, "monitor")) {
		const struct token *token = sentence_take(parse, sentence, "seconds");

		if (token && token_number(parse, token, "`proxy monitor` wants", 1,
					  MONITOR_S_MAX, &parse->kase->monitor_s))
			sentence_ends(parse, sentence);
		parse->kase->needs |= 1u << SCRIPT_MONITOR;
	}
}

/* Reads `sql`, `config` or `fault` used as a setting. */
static void read_before(struct parse *parse, struct sentence *sentence,
			enum word_frame frame)
{
	struct script_step step = { .at = sentence_place(sentence, sentence->tokens) };

	if (frame == FRAME_FAULT)
		mending_read_fault(parse, sentence, &step);
	else
		mending_read(parse, sentence, frame, &step);
	VECTOR_ADD(parse->arena, parse->before, parse->kase->before_count, step);
}

/* Reads, in the first two passes, what the third must know from its first line on. */
static void read_ahead(struct parse *parse, struct sentence *sentence,
		       enum word_frame frame)
{
	if (frame == FRAME_SET)
		read_set(parse, sentence);
	else if (frame == FRAME_TABLE || frame == FRAME_ROW)
		rows_read(parse, sentence, frame);
	else if (parse->walk != WALK_PLAYERS)
		return;
	else if (frame == FRAME_PHONES)
		phones_read(parse, sentence);
	else if (frame == FRAME_TRUNK)
		read_player(parse, sentence, SCRIPT_TRUNK, 0);
	else if (frame == FRAME_APP)
		read_player(parse, sentence, SCRIPT_APP, 0);
	else if (frame == FRAME_STRANGER)
		read_player(parse, sentence, SCRIPT_STRANGER, 0);
	else if (frame == FRAME_PROXIES)
		read_proxies(parse, sentence);
}

void setting_read(struct parse *parse, struct sentence *sentence, enum word_frame frame)
{
	if (parse->walk != WALK_ALL) {
		read_ahead(parse, sentence, frame);
		return;
	}
	switch ((int)frame) {
	case FRAME_SET:
		read_set(parse, sentence);
		break;
	case FRAME_TAGS:
		read_tags(parse, sentence);
		break;
	case FRAME_NEEDS:
		read_needs(parse, sentence);
		break;
	case FRAME_KNOWN:
		read_known(parse, sentence);
		break;
	case FRAME_LIMIT:
		read_limit(parse, sentence);
		break;
	case FRAME_USERS:
		read_users(parse, sentence);
		break;
	case FRAME_PHONES:
		phones_read(parse, sentence);
		break;
	case FRAME_TRUNK:
		read_player(parse, sentence, SCRIPT_TRUNK, 1u << SCRIPT_TRUNKS);
		break;
	case FRAME_APP:
		read_player(parse, sentence, SCRIPT_APP, 1u << SCRIPT_SEQUENCE);
		break;
	case FRAME_STRANGER:
		read_player(parse, sentence, SCRIPT_STRANGER, 0);
		break;
	case FRAME_PROXIES:
		read_proxies(parse, sentence);
		break;
	case FRAME_PROXY:
		read_proxy(parse, sentence);
		break;
	case FRAME_BREAK:
		read_break(parse, sentence);
		break;
	case FRAME_SQL:
	case FRAME_CONFIG:
	case FRAME_FAULT:
		read_before(parse, sentence, frame);
		break;
	default:	/* table and row are read by the first walk */
		break;
	}
}
