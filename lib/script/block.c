/* SPDX-License-Identifier: MIT */
/* Reads the lines of a file in order, with the blocks `together` and `for` ... `end`. */
#include "base/nearest.h"
#include "script/grammar.h"
#include "script/variable.h"
#include "script/vector.h"

#include <string.h>

static bool is_opening(const struct page_line *line)
{
	return page_line_begins(line, "together") || page_line_begins(line, "for");
}

/* Reports a fault of the whole LINE, which is not read any further. */
__attribute__((format(printf, 3, 4))) static void
fault_line(struct parse *parse, const struct page_line *line, const char *format, ...)
{
	struct script_place place = page_place(line, line->start);
	bool was_blind = parse->is_blind, had_column = parse->has_column;
	va_list args;

	parse->is_blind = parse->has_column = false;
	va_start(args, format);
	parse_fault_list(parse, &place, format, args);
	va_end(args);
	parse->is_blind = was_blind;
	parse->has_column = had_column;
}

/* Steps ------------------------------------------------------------------------------- */

static bool has_room(struct parse *parse)
{
	if (parse->all_steps < SCRIPT_STEPS_MAX)
		return true;
	if (!parse->is_over)
		parse_fault_at(parse, &(struct token){ .column = 1 },
			       "the cases of a file have at most %d steps",
			       SCRIPT_STEPS_MAX);
	parse->is_over = true;
	return false;
}

static void add(struct parse *parse, const struct script_step *step)
{
	if (!has_room(parse))
		return;
	parse->all_steps++;
	parse->has_judge |= act_judges(step);
	VECTOR_ADD(parse->arena, parse->steps, parse->kase->step_count, *step);
}

static bool is_fit(struct parse *parse, const struct token *token,
		   const struct word *word, const struct script_who *who)
{
	static const char *const roles[] = { "a telephone", "a trunk", "an application",
					     "a stranger" };
	enum script_role role = who->player ? who->player->role : SCRIPT_PHONE;

	if (!word->by || (word->by & (1u << role)))
		return true;
	parse_fault_at(parse, token, "%s is %s, of which `%s` cannot be said",
		       token->text, roles[role], word->name);
	return false;
}

/* The forms in which WHO may be named in STEP, as flags of player_who(). */
static unsigned how_named(const struct script_step *step)
{
	switch ((int)step->kind) {
	case SCRIPT_HEARS:
	case SCRIPT_RINGS:
	case SCRIPT_TALKS_TO:
		return WHO_ANY;
	case SCRIPT_ALLOW_HEARS:
	case SCRIPT_EXPECT_IDLE:
	case SCRIPT_EXPECT_SHOWS:
		return WHO_ANY | WHO_ALL;
	default:
		return WHO_ONE;
	}
}

/* Reports a transfer to an appearance that the player does not have. */
static void check_transfer(struct parse *parse, const struct script_step *step)
{
	const struct script_player *player = step->who.player;

	if (step->kind == SCRIPT_TRANSFERS && step->has_number && player &&
	    step->number > player->lines)
		parse_fault_at(parse, &(struct token){ .column = step->at.column },
			       "%s has %u appearances, not %u", player->name,
			       player->lines, step->number);
}

/* Adds STEP once for each of COUNT players. */
static void add_each(struct parse *parse, const struct word *word,
		     const struct token *whos, size_t count, struct script_step *step)
{
	step->group = parse->group ? parse->group : count > 1 ? ++parse->groups : 0;
	for (size_t i = 0; i < count && !parse->is_over; i++) {
		if (!player_who(parse, &whos[i], how_named(step), &step->who) ||
		    !is_fit(parse, &whos[i], word, &step->who))
			continue;
		check_transfer(parse, step);
		add(parse, step);
	}
}

/* Reports a line that begins with neither a word of the language nor a player. */
static bool unknown_word(struct parse *parse, const struct sentence *sentence)
{
	const struct token *first = sentence->tokens;
	struct nearest nearest = nearest_to(first->text);
	const char *second = sentence->count > 1 ? first[1].text : "";

	if (first->is_late || strpbrk(first->text, "{}:/") ||
	    word_find(WORD_ACT, second) || word_find(WORD_WAIT, second) ||
	    player_is_phone(parse, first->text) || player_find(parse, first->text))
		return false;
	word_offer(WORD_FRAME, &nearest);
	word_offer(WORD_SETTING, &nearest);
	player_offer(parse, &nearest);
	parse_fault_at(parse, first, "\"%.100s\" is neither a word nor a player%s",
		       first->text, parse_meant(parse, &nearest));
	return true;
}

static void read_act(struct parse *parse, struct sentence *sentence)
{
	struct script_step step = { 0 };
	struct token *whos;
	struct word word;
	size_t count;

	whos = brace_expand(parse, sentence->tokens, &count);
	sentence->at = 1;
	if (!act_read(parse, sentence, &step, &word) || !count)
		return;
	term_read(parse, sentence, &word, &step);
	detail_read(parse, sentence, &word, count > 1, &step);
	if (step.kind == SCRIPT_SHOWS || step.kind == SCRIPT_SEES)
		parse->kase->needs |= 1u << SCRIPT_EVENTS;
	add_each(parse, &word, whos, count, &step);
}

static void read_fact(struct parse *parse, struct sentence *sentence, bool is_expected)
{
	struct script_step step = { 0 };
	struct token *whos = NULL;
	struct word word;
	size_t count = 0;

	sentence->at = 1;
	if (!(is_expected ? fact_read : fact_read_allowed)(parse, sentence, &step, &word))
		return;
	if (word.by)
		whos = brace_expand(parse, &sentence->tokens[1], &count);
	term_read(parse, sentence, &word, &step);
	if (step.kind == SCRIPT_EXPECT_PHASES && !step.word_count != step.terms.is_none)
		parse_fault_at(parse, sentence->tokens,
			       "`expect phases` lists phases, or says `none`");
	detail_read(parse, sentence, &word, count > 1, &step);
	if (step.kind == SCRIPT_EXPECT_SHOWS || step.kind == SCRIPT_EXPECT_SEES)
		parse->kase->needs |= 1u << SCRIPT_EVENTS;
	if (whos) {
		add_each(parse, &word, whos, count, &step);
	} else if (!word.by) {
		step.group = parse->group;
		add(parse, &step);
	}
}

static void read_object(struct parse *parse, struct sentence *sentence,
			enum word_frame frame)
{
	struct script_step step = { .group = parse->group };
	struct word word;

	sentence->at = 1;
	sentence_is_alone(parse, sentence);
	if (!object_read(parse, sentence, frame, &step, &word))
		return;
	term_read(parse, sentence, &word, &step);
	add(parse, &step);
}

/* Reads `sql`, `config` or `fault` used as a step. */
static void read_mending(struct parse *parse, struct sentence *sentence,
			 enum word_frame frame)
{
	struct script_step step = {
		.at = sentence_place(sentence, sentence->tokens),
		.group = parse->group,
	};

	sentence->at = 1;
	sentence_is_alone(parse, sentence);
	if (frame == FRAME_FAULT)
		mending_read_fault(parse, sentence, &step);
	else
		mending_read(parse, sentence, frame, &step);
	add(parse, &step);
}

/* Lines ------------------------------------------------------------------------------- */

static bool is_setting(const struct sentence *sentence, enum word_frame frame)
{
	if (frame == FRAME_PROXY)
		return sentence->count > 1 &&
		       (token_is(&sentence->tokens[1], "auth") ||
			token_is(&sentence->tokens[1], "sequence") ||
			token_is(&sentence->tokens[1], "monitor"));
	return frame >= FRAME_USERS;
}

/* Reads the lines of another file in place of the line that includes it. */
static void read_include(struct parse *parse, struct sentence *sentence)
{
	const struct page *page = file_include(parse, sentence);

	if (page)
		block_read(parse, page);
}

static void read_setting(struct parse *parse, struct sentence *sentence,
			 enum word_frame frame)
{
	bool may_be_step =
		frame == FRAME_SQL || frame == FRAME_CONFIG || frame == FRAME_FAULT;

	if (parse->has_begun && may_be_step) {
		read_mending(parse, sentence, frame);
		return;
	}
	if (parse->has_begun && parse->walk == WALK_ALL) {
		parse_fault_at(parse, sentence->tokens,
			       "`%s` is a setting and must stand before the first step",
			       sentence->tokens[0].text);
		return;
	}
	sentence->at = 1;
	sentence_is_alone(parse, sentence);
	if (frame == FRAME_INCLUDE)
		read_include(parse, sentence);
	else
		setting_read(parse, sentence, frame);
}

/* The first line that is neither a setting nor `allow` ends the settings. */
static void begin(struct parse *parse, const struct page_line *line)
{
	if (parse->open_count == 1)
		parse->has_begun = true;
	else
		fault_line(parse, line,
			   "is a step, but a file that others include has settings only");
}

static void read_line(struct parse *parse, const struct page_line *line,
		      const struct page_line *details, size_t count)
{
	struct sentence sentence;
	enum word_frame frame;

	parse->is_blind = parse->has_column = false;
	sentence = sentence_begin(parse, line);
	sentence.details = details;
	sentence.detail_count = count;
	if (!sentence.count) {
		fault_line(parse, line, "says nothing: its variables are empty");
		return;
	}
	frame = sentence.tokens[0].is_quoted ? FRAME_NONE
					     : word_frame(sentence.tokens[0].text);
	if (is_setting(&sentence, frame)) {
		read_setting(parse, &sentence, frame);
		return;
	}
	if (frame == FRAME_ALLOW) {
		read_fact(parse, &sentence, false);
		return;
	}
	if (frame == FRAME_NONE) {
		if (unknown_word(parse, &sentence))
			return;
		begin(parse, line);
		read_act(parse, &sentence);
		return;
	}
	begin(parse, line);
	if (frame == FRAME_EXPECT)
		read_fact(parse, &sentence, true);
	else if (frame == FRAME_END)
		parse_fault_at(parse, sentence.tokens,
			       "`end` without a `together` or `for` above it");
	else
		read_object(parse, &sentence, frame);
}

/* Whether the present walk, WALK_TABLE or WALK_PLAYERS, reads LINE. */
static bool is_ahead(const struct parse *parse, const struct page_line *line)
{
	static const char *const words[] = { "set", "include",	"table",
					     "row", "phones",	"trunk",
					     "app", "stranger", "proxies" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (page_line_begins(line, words[i]))
			return i < 4 || parse->walk == WALK_PLAYERS;
	return false;
}

/* Blocks ------------------------------------------------------------------------------ */

/* The lines from the first up to but not including END. */
struct lines {
	const struct page_line *lines;
	size_t count;
};

/* The number of lines below the first of LINES that are its details. */
static size_t details_below(struct lines lines)
{
	size_t count = 0;

	while (1 + count < lines.count &&
	       lines.lines[1 + count].indent > lines.lines->indent)
		count++;
	return count;
}

/*
 * The lines between the opening at the first of LINES and its `end`; *USED counts both too.
 * Without an `end` they go on to the end of the file, which is told.
 */
static struct lines inside(struct parse *parse, struct lines lines, size_t *used)
{
	const struct page_line *first = lines.lines + 1;
	size_t i;

	for (i = 1; i < lines.count; i++) {
		const struct page_line *line = &lines.lines[i];

		if (line->indent > first->indent)
			continue;
		if (page_line_begins(line, "end") && line->end - line->start == 3) {
			*used = i + 1;
			return (struct lines){ first, i - 1 };
		}
		if (is_opening(line))
			fault_line(
				parse, line,
				"`for` and `together` do not nest: the one of line %u has "
				"no end before this",
				lines.lines->line);
	}
	fault_line(parse, lines.lines, "has no `end`");
	*used = lines.count;
	return (struct lines){ first, lines.count - 1 };
}

/* Reads LINES, the inside of one block; blocks inside blocks have been reported as
 * faults. */
static void read_plain(struct parse *parse, struct lines lines)
{
	unsigned indent = lines.count ? lines.lines->indent : 0;

	for (size_t i = 0; i < lines.count && !parse->is_over;) {
		struct lines rest = { lines.lines + i, lines.count - i };
		size_t details = details_below(rest);

		if (rest.lines->indent < indent)
			fault_line(parse, rest.lines,
				   "is less deep than line %u, the first of its block",
				   lines.lines->line);
		if (!is_opening(rest.lines) && !page_line_begins(rest.lines, "end"))
			read_line(parse, rest.lines, rest.lines + 1, details);
		arena_clear(&parse->scratch);
		i += 1 + details;
	}
}

static void read_together(struct parse *parse, struct lines body,
			  const struct sentence *sentence)
{
	if (sentence->count > 1)
		parse_fault_at(parse, &sentence->tokens[1],
			       "`together` stands alone; its lines follow");
	parse->group = ++parse->groups;
	read_plain(parse, body);
	parse->group = 0;
	for (size_t i = 0; i < parse->pending_count; i++)
		variable_put(parse, parse->pending[i], VARIABLE_CAPTURE);
	parse->pending_count = 0;
	parse->pending = NULL;
}

/* The words of `for NAME in`, copied so that they outlive the line. */
static struct token *words_of(struct parse *parse, struct sentence *sentence,
			      size_t *count)
{
	const struct token *token;
	struct token *words = NULL;

	*count = 0;
	if (!sentence_takes(sentence, "in")) {
		parse_fault_at(parse, sentence->tokens,
			       "`for NAME in WORD ...` lacks its `in`");
		return NULL;
	}
	token = sentence_take(parse, sentence, "the words to go through");
	for (; token; token = sentence_next(sentence), sentence->at += token != NULL) {
		size_t more;
		struct token *expanded = brace_expand(parse, token, &more);

		for (size_t i = 0; i < more; i++) {
			struct token word = expanded[i];

			word.cells = arena_alloc(parse->arena,
						 (word.count + 1) * sizeof *word.cells);
			if (word.count)
				memcpy(word.cells, expanded[i].cells,
				       word.count * sizeof *word.cells);
			VECTOR_ADD(parse->arena, words, *count, word);
		}
	}
	return words;
}

static void read_for(struct parse *parse, struct lines body, struct sentence *sentence)
{
	const struct token *token = sentence_take(parse, sentence, "a name");
	const char *name;
	struct variable *variable;
	struct token *words;
	size_t count;

	if (!token || !variable_may_be(parse, token, VARIABLE_UNKNOWN))
		return;
	name = arena_strdup(parse->arena, token->text);
	words = words_of(parse, sentence, &count);
	variable = variable_put(parse, name, VARIABLE_UNKNOWN);
	if (parse->is_blind || !count)
		count = 0;
	for (size_t i = 0; i < count && !parse->is_over; i++) {
		variable->kind = VARIABLE_VALUE;
		variable->cells = words[i].cells;
		variable->count = words[i].count;
		read_plain(parse, body);
	}
	if (!count)
		read_plain(parse, body);
	variable_drop(parse, name);
}

/* Reads the block that begins at the first of LINES; returns its number of lines. */
static size_t read_block(struct parse *parse, struct lines lines)
{
	struct sentence sentence;
	struct lines body;
	size_t used;

	begin(parse, lines.lines);
	body = inside(parse, lines, &used);
	if (!body.count)
		fault_line(parse, lines.lines, "has no line before its `end`");
	parse->is_blind = parse->has_column = false;
	sentence = sentence_begin(parse, lines.lines);
	sentence.at = 1;
	if (page_line_begins(lines.lines, "for"))
		read_for(parse, body, &sentence);
	else
		read_together(parse, body, &sentence);
	return used;
}

void block_read(struct parse *parse, const struct page *page)
{
	struct lines all = { page->lines, page->count };

	parse->open[parse->open_count++] = page;
	for (size_t i = 0; i < all.count && !parse->is_over;) {
		struct lines rest = { all.lines + i, all.count - i };
		const struct page_line *line = rest.lines;
		size_t used = 1;

		if (parse->walk != WALK_ALL) {
			parse->is_loud = page_line_begins(line, "table") ||
					 page_line_begins(line, "row");
			if (is_ahead(parse, line))
				read_line(parse, line, NULL, 0);
		} else if (is_opening(line)) {
			used = read_block(parse, rest);
		} else {
			used += details_below(rest);
			if (line->indent < all.lines->indent)
				fault_line(
					parse, line,
					"is less deep than line %u, the first of the file",
					all.lines->line);
			read_line(parse, line, line + 1, used - 1);
		}
		arena_clear(&parse->scratch);
		i += used;
	}
	parse->open_count--;
}
