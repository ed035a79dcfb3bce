/* SPDX-License-Identifier: MIT */
/* Reads `sql`, `config` and `fault`, as settings before the first step and as steps. */
#include "base/nearest.h"
#include "script/name.h"
#include "script/grammar.h"

#include <stdlib.h>
#include <string.h>

enum { MS_MAX = 600 * 1000, NTH_MAX = 1000000 };

static void read_config(struct parse *parse, struct sentence *sentence,
			struct script_step *step)
{
	const struct token *path =
		sentence_take(parse, sentence, "the name of a setting");
	const struct cell *value;
	size_t count;

	step->kind = SCRIPT_CONFIG;
	if (!path)
		return;
	step->object = token_text(parse, path);
	value = sentence_rest(parse, sentence, "its value", &count);
	if (value)
		step->value = phrase_text(parse, value, count);
}

void mending_read(struct parse *parse, struct sentence *sentence, enum word_frame frame,
		  struct script_step *step)
{
	const struct cell *statements;
	size_t count;

	if (frame == FRAME_CONFIG) {
		read_config(parse, sentence, step);
		return;
	}
	step->kind = SCRIPT_SQL;
	statements = sentence_rest(parse, sentence, "a statement", &count);
	if (statements)
		step->object = phrase_text(parse, statements, count);
}

/* Faults of halfcalld ------------------------------------------------------------------- */

static void read_value(struct parse *parse, struct sentence *sentence,
		       const struct name_action *action,
		       struct script_daemon_fault *fault)
{
	const struct token *token;
	unsigned number;

	if (action->value == NAME_NOTHING)
		return;
	token = sentence_take(parse, sentence,
			      action->value == NAME_MS	     ? "milliseconds"
			      : action->value == NAME_STATUS ? "a status"
							     : "a text");
	if (!token)
		return;
	fault->value = token_text(parse, token);
	if (action->value == NAME_MS)
		token_number(parse, token, "milliseconds are", 0, MS_MAX, &number);
	else if (action->value == NAME_STATUS)
		token_number(parse, token, "a status is", 200, 699, &number);
}

static void read_action(struct parse *parse, struct sentence *sentence,
			struct script_daemon_fault *fault)
{
	const struct token *token = sentence_take(parse, sentence, "what is done");
	const struct name_action *action = token ? name_action_find(token->text) : NULL;
	struct nearest nearest;

	if (action) {
		fault->action = action->name;
		read_value(parse, sentence, action, fault);
	} else if (token) {
		nearest = nearest_to(token->text);
		name_offer_actions(&nearest);
		parse_fault_at(parse, token, "there is no fault \"%.100s\"%s",
			       token->text, parse_meant(parse, &nearest));
		sentence->at = sentence->count;
	}
}

static void read_how_often(struct parse *parse, struct sentence *sentence,
			   struct script_daemon_fault *fault)
{
	const struct token *token;

	for (;;) {
		bool is_nth = sentence_takes(sentence, "nth");

		if (!is_nth && !sentence_takes(sentence, "count"))
			return;
		token = sentence_take(parse, sentence, "a number");
		if (token)
			token_number(parse, token,
				     is_nth ? "`nth` wants" : "`count` wants", 1, NTH_MAX,
				     is_nth ? &fault->nth : &fault->count);
	}
}

void mending_read_fault(struct parse *parse, struct sentence *sentence,
			struct script_step *step)
{
	struct script_daemon_fault *fault = arena_alloc(parse->arena, sizeof *fault);
	const struct token *token = sentence_take(parse, sentence, "an extension");

	*fault = (struct script_daemon_fault){ .nth = 1, .count = 1 };
	step->kind = SCRIPT_FAULT;
	step->fault = fault;
	if (!token)
		return;
	fault->extension = token_text(parse, token);
	token = sentence_take(parse, sentence, "a half, orig or term");
	if (!token)
		return;
	fault->half = token_plain(parse, token);
	if (name_find(script_halves, token->text) < 0)
		parse_fault_name(parse, token, script_halves, "half");
	token = sentence_take(parse, sentence, "a method");
	if (!token)
		return;
	fault->method = message_method(parse, token);
	read_action(parse, sentence, fault);
	read_how_often(parse, sentence, fault);
	sentence_ends(parse, sentence);
}
