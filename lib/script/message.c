/* SPDX-License-Identifier: MIT */
/* Reads the sentences about messages that telephones receive and about their line lamps. */
#include "base/nearest.h"
#include "script/name.h"
#include "script/grammar.h"
#include "script/vector.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Whether TEXT looks like a method: a token in capitals. */
static bool is_method(const char *text)
{
	return isupper((unsigned char)*text) &&
	       !text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!%*+")];
}

const char *message_method(struct parse *parse, const struct token *token)
{
	const char *text = token_plain(parse, token);
	struct nearest nearest;

	if (!text || name_find(script_methods, text) >= 0)
		return text;
	nearest = nearest_to(text);
	name_offer(script_methods, &nearest);
	if (is_method(text) && !nearest.name)
		return text;		/* a method of a SIP extension */
	parse_fault_at(parse, token, "\"%.100s\" is no method%s", text,
		       parse_meant(parse, &nearest));
	return NULL;
}

bool message_read(struct parse *parse, struct sentence *sentence,
		  struct script_message *message)
{
	const struct token *token =
		sentence_take(parse, sentence, "a message, like 180, 200 INVITE or BYE");

	*message = (struct script_message){ 0 };
	if (!token)
		return false;
	if (!isdigit((unsigned char)*token->text)) {
		message->method = message_method(parse, token);
		return message->method;
	}
	if (!token_number(parse, token, "the code of an answer is", 100, 699,
			  &message->code))
		return false;
	token = sentence_next(sentence);
	if (token && is_method(token->text)) {
		sentence->at++;
		message->method = message_method(parse, token);
		return message->method;
	}
	return true;
}

bool message_is_never_heard(struct parse *parse, const struct token *token,
			    const struct script_message *message)
{
	bool is_ack = !message->code && strcmp(message->method, "ACK") == 0;

	if (message->code != 100 && !is_ack)
		return false;
	parse_fault_at(parse, token, "%s is never in a telephone's queue%s",
		       is_ack ? "ACK" : "100",
		       is_ack ? ": `answers` and `rejects` await it" : "");
	return true;
}

void lamp_read(struct parse *parse, struct sentence *sentence, struct script_step *step)
{
	struct script_state *states = NULL;
	const struct token *token = sentence_next(sentence);

	if (!token || term_begins(token)) {
		sentence->at = sentence->count;
		sentence_take(parse, sentence, "a state, like early");
		return;
	}
	for (; token && !term_begins(token); token = sentence_next(sentence)) {
		struct script_state state = { 0 };
		struct token inner = *token;
		size_t length = strlen(token->text);
		int index;

		state.may_miss = length > 2 && token->text[0] == '[' &&
				 token->text[length - 1] == ']';
		if (state.may_miss)
			inner.text = arena_strndup(&parse->scratch, token->text + 1,
						   length - 2);
		index = name_find(script_states, inner.text);
		if (index < 0)
			parse_fault_name(parse, &inner, script_states, "state");
		else
			state.name = script_states[index].name;
		if (state.name)
			VECTOR_ADD(parse->arena, states, step->state_count, state);
		sentence->at++;
	}
	step->states = states;
}
