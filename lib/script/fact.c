/* SPDX-License-Identifier: MIT */
/* Reads what follows `expect` and `allow`. */
#include "base/nearest.h"
#include "script/name.h"
#include "script/grammar.h"
#include "script/vector.h"

#include <string.h>

enum { STATUS_MAX = 255 };

static bool read_phases(struct parse *parse, struct sentence *sentence,
			struct script_step *step)
{
	const struct token *token;
	const char **words = NULL;

	while ((token = sentence_next(sentence)) && !term_begins(token) &&
	       !token_is(token, "of")) {
		int phase = name_find(script_phases, token->text);

		if (phase < 0) {
			parse_fault_name(parse, token, script_phases, "phase");
			return false;
		}
		VECTOR_ADD(parse->arena, words, step->word_count,
			   script_phases[phase].name);
		sentence->at++;
	}
	step->words = words;
	if (!sentence_takes(sentence, "of"))
		return true;
	token = sentence_take(parse, sentence, "who began the calls");
	return token && player_who(parse, token, WHO_ANY | WHO_ALL, &step->peer);
}

static bool is_status(const char *text)
{
	return strlen(text) == 3 && strspn(text, "0123456789") == 3 && text[0] >= '1' &&
	       text[0] <= '6';
}

/* Whether a value is one of the words that its key can have; reports a fault if not. */
static bool is_fit(struct parse *parse, const struct token *token, const char *key,
		   const char *value)
{
	const struct name *table = strcmp(key, "half") == 0	    ? script_halves
				   : strcmp(key, "event") == 0	    ? script_events
				   : strncmp(key, "phase_", 6) == 0 ? script_phases
								    : NULL;
	struct token inner = *token;

	inner.text = value;
	if (token->is_late)
		return true;
	if (strcmp(key, "status") == 0 && !is_status(value)) {
		parse_fault_at(parse, &inner,
			       "\"%.100s\" is no status, which is 100..699", value);
		return false;
	}
	if (!table || name_find(table, value) >= 0)
		return true;
	parse_fault_name(parse, &inner, table, key);
	return false;
}

static bool read_pair(struct parse *parse, const struct token *token,
		      struct script_pair *pair)
{
	const char *equals = strchr(token->text, '=');
	struct token key = *token;
	size_t length = 0;

	if (!equals) {
		parse_fault_at(parse, token, "\"%.100s\" is not KEY=VALUE", token->text);
		return false;
	}
	key.text = arena_strndup(&parse->scratch, token->text,
				 (size_t)(equals - token->text));
	if (name_find(script_journal_keys, key.text) < 0) {
		parse_fault_name(parse, &key, script_journal_keys, "key of the journal");
		return false;
	}
	pair->key = arena_strdup(parse->arena, key.text);
	while (token->cells[length].byte != '=')
		length++;
	pair->value =
		phrase_text(parse, token->cells + length + 1, token->count - length - 1);
	return is_fit(parse, token, pair->key, equals + 1);
}

static bool read_journal(struct parse *parse, struct sentence *sentence,
			 struct script_step *step)
{
	struct script_pair *pairs = NULL;
	const struct token *token = sentence_next(sentence);

	if (!token || term_begins(token)) {
		sentence->at = sentence->count;
		sentence_take(parse, sentence, "KEY=VALUE, like event=forward");
		return false;
	}
	for (; token && !term_begins(token); token = sentence_next(sentence)) {
		struct script_pair pair;

		if (!read_pair(parse, token, &pair))
			return false;
		VECTOR_ADD(parse->arena, pairs, step->pair_count, pair);
		sentence->at++;
	}
	step->pairs = pairs;
	return true;
}

static bool read_finding(struct parse *parse, struct sentence *sentence,
			 struct script_step *step)
{
	const struct token *token =
		sentence_take(parse, sentence, "the name of a finding");

	if (!token)
		return false;
	step->object = token_text(parse, token);
	if (name_find(script_findings, token->text) >= 0)
		return true;
	parse_fault_name(parse, token, script_findings, "finding");
	return false;
}

static bool read_sql(struct parse *parse, struct sentence *sentence,
		     struct script_step *step)
{
	const struct token *token = sentence_take(parse, sentence, "a query in quotes");

	if (!token)
		return false;
	step->object = token_text(parse, token);
	if (!sentence_takes(sentence, "=")) {
		parse_fault_at(parse, token,
			       "the query stands in quotes, and behind it = and a value");
		return false;
	}
	token = sentence_take(parse, sentence, "a value");
	if (token)
		step->value = token_text(parse, token);
	return token;
}

static bool read_cm(struct parse *parse, struct sentence *sentence,
		    struct script_step *step)
{
	const struct token *token = sentence_take(parse, sentence, "heard or sent");

	if (!token)
		return false;
	if (token_is(token, "heard") || token_is(token, "sent")) {
		step->kind = token_is(token, "heard") ? SCRIPT_EXPECT_CM_HEARD
						      : SCRIPT_EXPECT_CM_SENT;
		return message_read(parse, sentence, &step->message);
	}
	parse_fault_at(parse, token, "CM heard or sent something, not \"%.100s\"",
		       token->text);
	return false;
}

static bool read_exit(struct parse *parse, struct sentence *sentence,
		      struct script_step *step)
{
	const struct token *token = sentence_take(parse, sentence, "exit and a status");

	if (token && !token_is(token, "exit")) {
		parse_fault_at(parse, token,
			       "of the daemon `exit N` is expected, not \"%.100s\"",
			       token->text);
		return false;
	}
	token = token ? sentence_take(parse, sentence, "a status") : NULL;
	return token && token_number(parse, token, "an exit status is", 0, STATUS_MAX,
				     &step->number);
}

/* Reads `expect WHO shows`, `sees` or `is idle`. */
static bool read_of_player(struct parse *parse, struct sentence *sentence,
			   struct script_step *step, struct word *word)
{
	if (!act_read(parse, sentence, step, word))
		return false;
	word->terms = TERM_WITHIN;
	switch ((int)step->kind) {
	case SCRIPT_SHOWS:
		step->kind = SCRIPT_EXPECT_SHOWS;
		return true;
	case SCRIPT_SEES:
		step->kind = SCRIPT_EXPECT_SEES;
		return true;
	case SCRIPT_IS_IDLE:
		step->kind = SCRIPT_EXPECT_IDLE;
		return true;
	default:
		parse_fault_at(
			parse, &sentence->tokens[2],
			"of a player it may be expected what it shows or sees, or that "
			"it is idle; `%s` is a line of its own",
			word->name);
		return false;
	}
}

static bool read_fact(struct parse *parse, struct sentence *sentence,
		      struct script_step *step)
{
	switch ((int)step->kind) {
	case SCRIPT_EXPECT_PHASES:
		return read_phases(parse, sentence, step);
	case SCRIPT_EXPECT_JOURNAL:
		return read_journal(parse, sentence, step);
	case SCRIPT_EXPECT_FINDING:
		return read_finding(parse, sentence, step);
	case SCRIPT_EXPECT_SQL:
		return read_sql(parse, sentence, step);
	case SCRIPT_EXPECT_EXIT:
		return read_exit(parse, sentence, step);
	default:
		return read_cm(parse, sentence, step);
	}
}

/* Reports a word that is neither a fact nor a player, with the names that may be
 * meant. */
static bool unknown(struct parse *parse, const struct token *token)
{
	struct nearest nearest = nearest_to(token->text);

	word_offer(WORD_FACT, &nearest);
	nearest_offer(&nearest, "sql", 3);
	player_offer(parse, &nearest);
	parse_fault_at(parse, token, "\"%.100s\" is neither a fact nor a player%s",
		       token->text, parse_meant(parse, &nearest));
	return false;
}

bool fact_read(struct parse *parse, struct sentence *sentence, struct script_step *step,
	       struct word *word)
{
	static const struct word sql = {
		.name = "sql",
		.kind = SCRIPT_EXPECT_SQL,
		.terms = TERM_WITHIN,
	};
	const struct token *token = sentence_take(parse, sentence, "a fact");
	const struct word *found;

	if (!token)
		return false;
	found = token_is(token, "sql") ? &sql : word_find(WORD_FACT, token->text);
	if (found) {
		*word = *found;
		step->kind = (enum script_kind)found->kind;
		step->at = sentence_place(sentence, token);
		return read_fact(parse, sentence, step);
	}
	if (!sentence_next(sentence) ||
	    (!word_find(WORD_WAIT, sentence_next(sentence)->text) &&
	     !word_find(WORD_ACT, sentence_next(sentence)->text)))
		return unknown(parse, token);
	return read_of_player(parse, sentence, step, word);
}

bool fact_read_allowed(struct parse *parse, struct sentence *sentence,
		       struct script_step *step, struct word *word)
{
	const struct token *token =
		sentence_take(parse, sentence, "finding NAME, or WHO hears MESSAGE");

	if (!token)
		return false;
	if (token_is(token, "finding")) {
		*word = (struct word){ .name = "allow finding" };
		step->kind = SCRIPT_ALLOW_FINDING;
		step->at = sentence_place(sentence, token);
		return read_finding(parse, sentence, step);
	}
	if (!act_read(parse, sentence, step, word))
		return false;
	if (step->kind != SCRIPT_HEARS) {
		parse_fault_at(parse, &sentence->tokens[2],
			       "`allow` takes what a player hears, not `%s`", word->name);
		return false;
	}
	step->kind = SCRIPT_ALLOW_HEARS;
	word->terms = TERM_COUNT;
	return true;
}
