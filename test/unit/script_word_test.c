/* SPDX-License-Identifier: MIT */
/* The tables of words and names against the manual, its examples, and the editors. */
#include "script/word.h"

#include "base/nearest.h"
#include "script/name.h"

#include "unit.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MANUAL SOURCE_DIR "/cmd/halfcall/halfcall-run.5"
#define NAMES SOURCE_DIR "/cmd/halfcall/halfcall-names.5"
#define VIM SOURCE_DIR "/etc/vim/syntax/halfcall.vim"
#define VSCODE SOURCE_DIR "/etc/vscode/syntaxes/halfcall.tmLanguage.json"

static const struct name *const tables[] = {
	script_phases,	     script_halves,   script_states, script_transports,
	script_needs,	     script_findings, script_breaks, script_methods,
	script_journal_keys, script_events,
};

enum { TABLES = sizeof tables / sizeof *tables };

/* The contents of FILE, which the caller frees. */
static char *loaded(const char *file)
{
	FILE *in = fopen(file, "r");
	char *text = NULL;
	size_t size = 0;

	ck_assert_msg(in != NULL, "%s is missing", file);
	ck_assert_msg(getdelim(&text, &size, '\0', in) > 0, "%s is empty", file);
	fclose(in);
	return text;
}

static bool is_part(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_';
}

/* Whether WORD stands in the LENGTH bytes at TEXT, no part of another. */
static bool has_word(const char *text, size_t length, const char *word)
{
	size_t size = strlen(word);

	for (size_t i = 0; i + size <= length; i++)
		if (memcmp(text + i, word, size) == 0 &&
		    (!is_part(*word) || i == 0 || !is_part(text[i - 1])) &&
		    (i + size == length || !is_part(word[size - 1]) ||
		     !is_part(text[i + size])))
			return true;
	return false;
}

/* Whether WORD stands in a line of MANUAL that begins with MACRO. */
static bool has_macro(const char *manual, const char *macro, const char *word)
{
	for (const char *line = manual; *line; line += strcspn(line, "\n") + 1) {
		size_t length = strcspn(line, "\n");

		if (strncmp(line, macro, strlen(macro)) == 0 &&
		    has_word(line, length, word))
			return true;
		if (!line[length])
			break;
	}
	return false;
}

static bool is_documented(const char *manual, const char *word)
{
	return has_macro(manual, ".It", word) || has_macro(manual, ".Ic", word);
}

/* The text of all examples, which the caller frees. */
static char *examples(const char *manual)
{
	char *all = calloc(1, strlen(manual) + 1), *to = all;
	const char *at = manual;

	ck_assert_ptr_nonnull(all);
	while ((at = strstr(at, "\n.Bd -literal"))) {
		const char *start = strchr(at + 1, '\n'), *end = strstr(start, "\n.Ed");

		ck_assert_ptr_nonnull(end);
		to = mempcpy(to, start, (size_t)(end - start));
		*to++ = '\n';
		at = end;
	}
	return all;
}

START_TEST(every_word_is_in_the_manual_and_in_an_example_of_it)
{
	char *manual = loaded(MANUAL), *played = examples(manual);

	for (const struct word *word = script_words; word->name; word++) {
		ck_assert_msg(is_documented(manual, word->name),
			      "halfcall-run(5) does not tell of `%s`", word->name);
		ck_assert_msg(has_word(played, strlen(played), word->name),
			      "halfcall-run(5) has no example with `%s`", word->name);
	}
	free(played);
	free(manual);
}
END_TEST

START_TEST(every_name_is_in_the_manual)
{
	char *manual = loaded(NAMES);

	for (size_t i = 0; i < TABLES; i++)
		for (const struct name *name = tables[i]; name->name; name++)
			ck_assert_msg(tables[i] == script_methods ||
					      tables[i] == script_halves ||
					      tables[i] == script_transports ||
					      is_documented(manual, name->name),
				      "halfcall-names(5) does not tell of `%s`",
				      name->name);
	for (const struct name_action *action = script_actions; action->name; action++)
		ck_assert_msg(is_documented(manual, action->name),
			      "halfcall-names(5) does not tell of `%s`", action->name);
	free(manual);
}
END_TEST

START_TEST(editors_know_every_word_and_name)
{
	static const char *const files[] = { VIM, VSCODE };

	for (size_t f = 0; f < 2; f++) {
		char *text = loaded(files[f]);
		size_t length = strlen(text);

		for (const struct word *word = script_words; word->name; word++)
			ck_assert_msg(has_word(text, length, word->name), "%s lacks `%s`",
				      files[f], word->name);
		for (size_t i = 0; i < TABLES; i++)
			for (const struct name *name = tables[i]; name->name; name++)
				ck_assert_msg(has_word(text, length, name->name),
					      "%s lacks `%s`", files[f], name->name);
		for (const struct name_action *action = script_actions; action->name;
		     action++)
			ck_assert_msg(has_word(text, length, action->name),
				      "%s lacks `%s`", files[f], action->name);
		free(text);
	}
}
END_TEST

START_TEST(words_of_a_class_are_told_apart_and_explained)
{
	for (const struct word *word = script_words; word->name; word++) {
		ck_assert_ptr_eq(word_find(word->class, word->name), word);
		ck_assert_uint_gt(strlen(word->help), 0);
		ck_assert_ptr_nonnull(word->syntax);
	}
	ck_assert_int_eq(word_frame("expect"), FRAME_EXPECT);
	ck_assert_int_eq(word_frame("fault"), FRAME_FAULT);
	ck_assert_int_eq(word_frame("dials"), FRAME_NONE);
}
END_TEST

START_TEST(the_nearest_word_has_at_most_a_third_of_its_letters_wrong)
{
	static const struct {
		const char *meant, *word;
	} cases[] = {
		{ "dails", "dials" },	{ "hangs-pu", "hangs-up" }, { "ANSWERS", "answers" },
		{ "rejetcs", "rejects" }, { "xyz", NULL },	  { "", NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct nearest nearest = nearest_to(cases[i].meant);

		word_offer(WORD_ACT, &nearest);
		if (cases[i].word)
			ck_assert_msg(nearest.name && strncmp(nearest.name, cases[i].word,
							      nearest.length) == 0,
				      "not %s for %s", cases[i].word, cases[i].meant);
		else
			ck_assert_ptr_null(nearest.name);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("words");
	TCase *words = tcase_create("words");

	tcase_add_test(words, every_word_is_in_the_manual_and_in_an_example_of_it);
	tcase_add_test(words, every_name_is_in_the_manual);
	tcase_add_test(words, editors_know_every_word_and_name);
	tcase_add_test(words, words_of_a_class_are_told_apart_and_explained);
	tcase_add_test(words, the_nearest_word_has_at_most_a_third_of_its_letters_wrong);
	suite_add_tcase(suite, words);
	return suite;
}
