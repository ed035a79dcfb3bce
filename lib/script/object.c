/* SPDX-License-Identifier: MIT */
/* Reads what follows `wait`, `proxy`, `daemon` and `exec`. */
#include "base/nearest.h"
#include "script/grammar.h"

#include <string.h>

enum { STATUS_MAX = 255 };

/* The verbs of each object; the table of words has them too. */
static const struct {
	enum word_frame frame;
	const char *word;
	enum script_kind kind;
} objects[] = {
	{ FRAME_PROXY, "stops", SCRIPT_PROXY_STOPS },
	{ FRAME_PROXY, "starts", SCRIPT_PROXY_STARTS },
	{ FRAME_DAEMON, "dies", SCRIPT_DAEMON_DIES },
	{ FRAME_DAEMON, "starts", SCRIPT_DAEMON_STARTS },
	{ FRAME_DAEMON, "restarts", SCRIPT_DAEMON_RESTARTS },
	{ FRAME_DAEMON, "drains", SCRIPT_DAEMON_DRAINS },
};

enum { OBJECTS = sizeof objects / sizeof *objects };

/* Reads the verb of the object FRAME at the next token. */
static bool read_fate(struct parse *parse, struct sentence *sentence,
		      enum word_frame frame, struct script_step *step)
{
	const struct token *token = sentence_take(
		parse, sentence,
		frame == FRAME_PROXY ? "stops or starts" : "what becomes of it");
	struct nearest nearest;

	if (!token)
		return false;
	nearest = nearest_to(token->text);
	for (size_t i = 0; i < OBJECTS; i++) {
		if (objects[i].frame != frame)
			continue;
		if (token_is(token, objects[i].word)) {
			step->kind = objects[i].kind;
			return true;
		}
		nearest_offer(&nearest, objects[i].word, strlen(objects[i].word));
	}
	parse_fault_at(parse, token, "the %s does not \"%.100s\"%s",
		       sentence->tokens[0].text, token->text,
		       parse_meant(parse, &nearest));
	return false;
}

static bool is_proxy(const struct parse *parse, const char *name)
{
	for (size_t i = 0; i < parse->kase->proxy_count; i++)
		if (strcmp(parse->proxies[i], name) == 0)
			return true;
	return false;
}

static bool read_proxy(struct parse *parse, struct sentence *sentence,
		       struct script_step *step)
{
	const struct token *token = sentence_next(sentence);

	if (token && is_proxy(parse, token->text)) {
		step->object = token_text(parse, token);
		sentence->at++;
	} else if (token && sentence->count > sentence->at + 1 &&
		   (token_is(&token[1], "stops") || token_is(&token[1], "starts"))) {
		parse_fault_at(parse, token,
			       "there is no proxy %.100s; `proxies` names them",
			       token->text);
		return false;
	} else if (parse->kase->proxy_count > 1) {
		parse_fault_at(
			parse, sentence->tokens,
			"there are several proxies: name one, like `proxy %s stops`",
			parse->proxies[0]);
		return false;
	}
	return read_fate(parse, sentence, FRAME_PROXY, step);
}

static bool read_gone(struct parse *parse, struct sentence *sentence,
		      struct script_step *step)
{
	const struct token *token = sentence_take(parse, sentence, "gone");

	if (token && !token_is(token, "gone"))
		parse_fault_at(parse, token,
			       "the daemon is `gone`, or not, but not \"%.100s\"",
			       token->text);
	step->kind = SCRIPT_DAEMON_IS_GONE;
	return token && token_is(token, "gone");
}

static bool read_exec(struct parse *parse, struct sentence *sentence,
		      struct script_step *step, struct word *word)
{
	const struct token *token;
	const struct cell *command;
	size_t count;

	if (sentence_takes(sentence, "ends")) {
		step->kind = SCRIPT_EXEC_ENDS;
		word->terms = TERM_WITHIN;
		token = sentence_take(parse, sentence, "an exit status");
		return token && token_number(parse, token, "an exit status is", 0,
					     STATUS_MAX, &step->number);
	}
	step->kind = SCRIPT_EXEC;
	command = sentence_rest(parse, sentence, "a command, or ends N", &count);
	if (command)
		step->object = phrase_text(parse, command, count);
	return command;
}

bool object_read(struct parse *parse, struct sentence *sentence, enum word_frame frame,
		 struct script_step *step, struct word *word)
{
	const struct token *first = sentence->tokens;

	*word = (struct word){ .name = first->text };
	step->at = sentence_place(sentence, first);
	if (frame == FRAME_WAIT) {
		step->kind = SCRIPT_WAIT;
		return term_seconds(parse, sentence, "wait", &step->number);
	}
	if (frame == FRAME_EXEC)
		return read_exec(parse, sentence, step, word);
	word->terms = TERM_WITHIN;
	if (frame == FRAME_PROXY)
		return read_proxy(parse, sentence, step);
	if (sentence_takes(sentence, "is"))
		return read_gone(parse, sentence, step);
	return read_fate(parse, sentence, FRAME_DAEMON, step);
}
