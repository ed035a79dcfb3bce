/* SPDX-License-Identifier: MIT */
/* Acts and waits: a verb behind a player, and what follows it. */
#include "base/nearest.h"
#include "script/grammar.h"

#include <ctype.h>
#include <string.h>

enum { EXPIRES_MAX = 86400 * 365, REJECT_MIN = 300, REJECT_MAX = 699 };

static bool act_read_verb(struct parse *parse, struct sentence *sentence,
			  struct script_step *step, struct word *word, bool is_inner);

bool act_judges(const struct script_step *step)
{
	if (step->terms.code_count || step->terms.is_silence)
		return true;
	switch ((int)step->kind) {
	case SCRIPT_HEARS:
	case SCRIPT_TALKS_TO:
	case SCRIPT_IS_IDLE:
	case SCRIPT_SHOWS:
	case SCRIPT_SEES:
	case SCRIPT_WAIT:
	case SCRIPT_EXEC_ENDS:
	case SCRIPT_DAEMON_IS_GONE:
		return true;
	default:
		return step->kind >= SCRIPT_EXPECT_PHASES &&
		       step->kind <= SCRIPT_EXPECT_CM_SENT;
	}
}

/* Reads a number or URI to call, redirect or transfer to. */
static bool read_number(struct parse *parse, struct sentence *sentence,
			struct script_text *number)
{
	const struct token *token = sentence_take(parse, sentence, "a number");

	if (!token)
		return false;
	*number = token_text(parse, token);
	if (!token->count || term_begins(token)) {
		parse_fault_at(parse, token, "a number must stand before \"%.100s\"",
			       token->text);
		return false;
	}
	return true;
}

static bool read_file(struct parse *parse, struct sentence *sentence,
		      struct script_step *step)
{
	const struct token *token = sentence_take(parse, sentence, "the name of a file");

	if (!token)
		return false;
	step->object = file_read(parse, token->cells, token->count, token->column);
	if (sentence_takes(sentence, "to")) {
		step->to_cm = sentence_takes(sentence, "cm");
		if (!step->to_cm)
			parse_fault_at(parse, token,
				       "bytes are sent to the proxy, or `to cm`");
	}
	return true;
}

/* Reads what follows `sends`: 18x [reliably] | raw FILE [to cm] | METHOD [to
 * NUMBER|cm]. */
static bool read_sends(struct parse *parse, struct sentence *sentence,
		       struct script_step *step, struct word *word)
{
	const struct token *token;

	if (sentence_takes(sentence, "raw")) {
		step->kind = SCRIPT_SENDS_RAW;
		word->details = DETAIL_ANSWER;
		return read_file(parse, sentence, step);
	}
	token = sentence_take(parse, sentence, "180, a method, or raw FILE");
	if (!token)
		return false;
	if (isdigit((unsigned char)*token->text)) {
		word->terms = TERM_AFTER | TERM_WITHIN;
		step->is_reliable = sentence_takes(sentence, "reliably");
		return token_number(parse, token, "`sends` takes a provisional answer,",
				    180, 189, &step->message.code);
	}
	step->kind = SCRIPT_SENDS_REQUEST;
	step->message.method = message_method(parse, token);
	if (!sentence_takes(sentence, "to"))
		return step->message.method;
	step->to_cm = sentence_takes(sentence, "cm");
	return (step->to_cm || read_number(parse, sentence, &step->object)) &&
	       step->message.method;
}

static bool read_transfer(struct parse *parse, struct sentence *sentence,
			  struct script_step *step)
{
	const struct token *token = sentence_next(sentence);
	struct token number;

	if (!token || *token->text != ':')
		return read_number(parse, sentence, &step->object);
	sentence->at++;
	number = *token;
	number.text++;
	step->has_number =
		token_number(parse, &number, "an appearance is", 1, 1000, &step->number);
	return step->has_number;
}

/* Reads what follows `on`: MESSAGE ACT, an act that is done as soon as the message
 * arrives. */
static bool read_on(struct parse *parse, struct sentence *sentence,
		    struct script_step *step)
{
	struct script_step *then = arena_alloc(parse->arena, sizeof *then);
	struct word word;

	if (!message_read(parse, sentence, &step->message))
		return false;
	step->then = then;
	return act_read_verb(parse, sentence, then, &word, true);
}

static bool may_be_inner(const struct script_step *step)
{
	switch ((int)step->kind) {
	case SCRIPT_ANSWERS:
	case SCRIPT_REJECTS:
	case SCRIPT_REDIRECTS:
	case SCRIPT_CANCELS:
	case SCRIPT_HANGS_UP:
	case SCRIPT_SENDS_PROGRESS:
	case SCRIPT_GOES_DEAD:
		return true;
	default:
		return false;
	}
}

static bool read_hears(struct parse *parse, struct sentence *sentence,
		       struct script_step *step)
{
	const struct token *token = sentence_next(sentence);

	return message_read(parse, sentence, &step->message) &&
	       !message_is_never_heard(parse, token, &step->message);
}

static bool read_idle(struct parse *parse, struct sentence *sentence)
{
	const struct token *token = sentence_take(parse, sentence, "idle");

	if (token && !token_is(token, "idle"))
		parse_fault_at(parse, token, "a telephone may be idle, not \"%.100s\"",
			       token->text);
	return token && token_is(token, "idle");
}

static bool read_extension(struct parse *parse, struct sentence *sentence,
			   struct script_step *step)
{
	const struct token *token = sentence_take(parse, sentence, "an extension");

	if (!token)
		return false;
	step->object = token_text(parse, token);
	return true;
}

/* Reads what must follow a verb directly. */
static bool read_taken(struct parse *parse, struct sentence *sentence,
		       struct script_step *step, struct word *word)
{
	const struct token *token;

	switch (word->takes) {
	case TAKES_NUMBER:
		return read_number(parse, sentence, &step->object);
	case TAKES_CODE:
		token = sentence_take(parse, sentence, "a code");
		return token &&
		       token_number(parse, token, "`rejects` takes a final answer,",
				    REJECT_MIN, REJECT_MAX, &step->message.code);
	case TAKES_SENDS:
		return read_sends(parse, sentence, step, word);
	case TAKES_TRANSFER:
		return read_transfer(parse, sentence, step);
	case TAKES_EXTENSION:
		return read_extension(parse, sentence, step);
	case TAKES_MESSAGE:
		return read_hears(parse, sentence, step);
	case TAKES_ON:
		return read_on(parse, sentence, step);
	case TAKES_WHO:
		token = sentence_take(parse, sentence, "a player");
		return token && player_who(parse, token, WHO_ANY | WHO_ALL, &step->peer);
	case TAKES_IDLE:
		return read_idle(parse, sentence);
	case TAKES_STATES:
	case TAKES_WATCHED:
		if (word->takes == TAKES_WATCHED &&
		    !read_extension(parse, sentence, step))
			return false;
		lamp_read(parse, sentence, step);
		return step->state_count > 0;
	case TAKES_NOTHING:
		break;
	}
	return true;
}

/* Clauses ----------------------------------------------------------------------------- */

static bool read_without(struct parse *parse, struct sentence *sentence,
			 const struct word *word, struct script_step *step)
{
	const struct token *token = sentence_take(parse, sentence, "sdp");

	if (token && (word->clauses & CLAUSE_WITHOUT_SDP) && token_is(token, "sdp"))
		step->without_sdp = true;
	else if (token && (word->clauses & CLAUSE_WITHOUT_AUTH) &&
		 token_is(token, "auth"))
		step->without_auth = true;
	else if (token)
		parse_fault_at(parse, token, "`%s` has no `without %.100s`", word->name,
			       token->text);
	return token;
}

static bool read_expires(struct parse *parse, struct sentence *sentence,
			 struct script_step *step)
{
	const struct token *token = sentence_take(parse, sentence, "seconds");

	step->has_number = token && token_number(parse, token, "`expires` wants", 0,
						 EXPIRES_MAX, &step->number);
	return step->has_number;
}

static bool read_to_cm(struct parse *parse, struct sentence *sentence,
		       struct script_step *step)
{
	const struct token *token = sentence_take(parse, sentence, "cm");

	step->to_cm = token && token_is(token, "cm");
	if (token && !step->to_cm)
		parse_fault_at(parse, token, "past the proxy there is only `to cm`");
	return step->to_cm;
}

static bool read_at(struct parse *parse, struct sentence *sentence,
		    struct script_step *step)
{
	const struct token *token = sentence_take(parse, sentence, "who answers");

	return token && player_who(parse, token, WHO_ONE, &step->peer);
}

/* Reads the clause that begins at the next token; false = there is none, or it is malformed. */
static bool read_clause(struct parse *parse, struct sentence *sentence,
			const struct word *word, struct script_step *step)
{
	unsigned has = word->clauses;
	const struct token *token;

	if ((has & CLAUSE_FROM) && sentence_takes(sentence, "from"))
		return read_number(parse, sentence, &step->value);
	if ((has & (CLAUSE_WITHOUT_SDP | CLAUSE_WITHOUT_AUTH)) &&
	    sentence_takes(sentence, "without"))
		return read_without(parse, sentence, word, step);
	if ((has & CLAUSE_TO_CM) && sentence_takes(sentence, "to"))
		return read_to_cm(parse, sentence, step);
	if ((has & CLAUSE_EXPIRES) && sentence_takes(sentence, "expires"))
		return read_expires(parse, sentence, step);
	if ((has & CLAUSE_AT) && sentence_takes(sentence, "at"))
		return read_at(parse, sentence, step);
	if ((has & CLAUSE_ALL) && sentence_takes(sentence, "all"))
		return step->is_all = true;
	if (!(has & CLAUSE_PASSWORD) || !sentence_takes(sentence, "password"))
		return false;
	token = sentence_take(parse, sentence, "the password");
	if (token)
		step->value = token_text(parse, token);
	return token;
}

/* `calls NUMBER` expects the telephone of that number to answer, unless `at` names
 * another. */
static bool find_called(struct parse *parse, const struct token *verb,
			struct script_step *step)
{
	const struct token *number = verb + 1;

	if (step->peer.player)
		return true;
	if (!number->is_late && player_is_phone(parse, number->text))
		return player_who(parse, number, WHO_ONE, &step->peer);
	parse_fault_at(
		parse, number,
		"no telephone is known by %.100s; say who answers: `calls %.100s at "
		"WHO`",
		number->text, number->text);
	return false;
}

/* Verbs ------------------------------------------------------------------------------- */

static const struct word *find_verb(const char *name)
{
	const struct word *word = word_find(WORD_ACT, name);

	return word ? word : word_find(WORD_WAIT, name);
}

static bool act_read_verb(struct parse *parse, struct sentence *sentence,
			  struct script_step *step, struct word *word, bool is_inner)
{
	const struct token *verb = sentence_take(parse, sentence, "an act or a wait");
	const struct word *found = verb ? find_verb(verb->text) : NULL;

	if (!verb)
		return false;
	if (!found) {
		struct nearest nearest = nearest_to(verb->text);

		word_offer(WORD_ACT, &nearest);
		word_offer(WORD_WAIT, &nearest);
		parse_fault_at(parse, verb, "there is no act and no wait \"%.100s\"%s",
			       verb->text, parse_meant(parse, &nearest));
		return false;
	}
	*word = *found;
	step->kind = (enum script_kind)found->kind;
	step->at = sentence_place(sentence, verb);
	if (is_inner && !may_be_inner(step)) {
		parse_fault_at(parse, verb,
			       "behind `on MESSAGE` stands answers, rejects, redirects, "
			       "cancels, hangs-up, sends 18x or goes-dead, not %s",
			       word->name);
		return false;
	}
	if (!read_taken(parse, sentence, step, word))
		return false;
	while (read_clause(parse, sentence, word, step))
		;
	return step->kind != SCRIPT_CALLS || find_called(parse, verb, step);
}

bool act_read(struct parse *parse, struct sentence *sentence, struct script_step *step,
	      struct word *word)
{
	return act_read_verb(parse, sentence, step, word, false);
}
