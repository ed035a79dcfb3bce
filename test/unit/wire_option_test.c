/* SPDX-License-Identifier: MIT */
/* What is required and not known here. */
#include "wire/option.h"
#include "unit.h"

#include <sofia-sip/msg_mclass.h>
#include <stdio.h>
#include <string.h>

static const char head[] =
	"OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP c\r\nFrom: <sip:d@e>;tag=1\r\n"
	"To: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n";

static const struct {
	const char *lines;
	const char *unknown[3];		/* by enum option_use */
} examples[] = {
	{ "", { NULL, NULL, NULL } },
	{ "Require: 100rel, timer\r\nRequire: replaces\r\n", { NULL, NULL, NULL } },
	{ "Require: 100REL, foo\r\nRequire: bar, foobar\r\n",
	  { "foo, bar, foobar", "foo, bar, foobar", NULL } },
	{ "Require: precondition\r\n", { "precondition", NULL, NULL } },
	{ "Require: 100re, 100rel2, re\r\n",
	  { "100re, 100rel2, re", "100re, 100rel2, re", NULL } },
	{ "Proxy-Require: 100rel, privacy, foo\r\n", { NULL, NULL, "100rel, foo" } },
};

static const char *ask(const char *lines, enum option_use use, struct arena *arena)
{
	static char text[70000];
	const char *unknown;
	msg_t *msg;

	snprintf(text, sizeof text, "%s%s\r\n", head, lines);
	msg = msg_make(sip_default_mclass(), 0, text, (ssize_t)strlen(text));
	unknown = option_unknown(arena, sip_object(msg), use);
	msg_destroy(msg);
	return unknown;
}

START_TEST(each_use_needs_to_know_other_things)
{
	struct arena arena = { 0 };

	for (unsigned use = OPTION_ANSWERED; use <= OPTION_FORWARDED; use++)
		ck_assert_pstr_eq(ask(examples[_i].lines, use, &arena),
				  examples[_i].unknown[use]);
	arena_clear(&arena);
}
END_TEST

START_TEST(thousands_of_tags_make_a_short_answer)
{
	static char lines[66000];
	size_t used = (size_t)sprintf(lines, "Require: 100rel");
	struct arena arena = { 0 };
	const char *unknown;

	for (int i = 0; i < 9000; i++)
		used += (size_t)sprintf(lines + used, ",t%d", i);
	sprintf(lines + used, "\r\n");
	unknown = ask(lines, OPTION_ANSWERED, &arena);
	ck_assert_uint_gt(strlen(unknown), 900);
	ck_assert_uint_le(strlen(unknown), 1000);
	ck_assert_int_eq(strncmp(unknown, "t0, t1, t2", 10), 0);
	ck_assert_int_ne(unknown[strlen(unknown) - 1], ' ');
	memset(lines + 9, 'x', 2000);
	ck_assert_str_eq(ask(lines, OPTION_ANSWERED, &arena), "");
	arena_clear(&arena);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("wire_option");
	TCase *tcase = tcase_create("options");

	tcase_add_loop_test(tcase, each_use_needs_to_know_other_things, 0,
			    sizeof examples / sizeof *examples);
	tcase_add_test(tcase, thousands_of_tags_make_a_short_answer);
	suite_add_tcase(suite, tcase);
	return suite;
}
