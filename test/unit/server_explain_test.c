/* SPDX-License-Identifier: MIT */
/*
 * Compares complete answers to halfcall explain.  Each file of test/explain has settings
 * and SQL ("! SETTINGS # SQL", or "!"), a question ("? KEY=VALUE ..."), and the answer:
 * its row without the rules that did not apply, and the exit status with its sentence.
 */
#include "server_peer.h"
#include "unit.h"

#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARGUMENTS = 8 };

static glob_t files;
static const char *special[64];		/* the examples that have settings or SQL */
static int special_count;

/* Skips rules at AT that did not apply; lib/feature's own tests check which those are. */
static const char *after_silent_rules(const char *at)
{
	static const char rule[] = "{\"rule\":", silent[] = "\"decides\":false}";

	while (strncmp(at, rule, sizeof rule - 1) == 0) {
		const char *end = strchr(at, '}') + 1;

		if (strncmp(end - (sizeof silent - 1), silent, sizeof silent - 1) != 0)
			break;
		at = end + (*end == ',');
	}
	return at;
}

/* The answer as a file has it: a line ends after each member of a list.  To be freed. */
static char *answered(void)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (const char *at = peer.answer; *(at = after_silent_rules(at)); at++) {
		if (*at == ',' && *after_silent_rules(at + 1) == ']')
			continue;
		putc(*at, out);
		if (*at == ',' && strchr("]}", at[-1]))
			putc('\n', out);
	}
	fprintf(out, "%d%s%s\n", peer.status, *peer.sentence ? " " : "", peer.sentence);
	fclose(out);
	return text;
}

/* Asks the QUESTION, words with blanks between them. */
static void ask(char *question)
{
	const char *arguments[ARGUMENTS] = { NULL };
	size_t count = 0;

	for (char *word = strtok(question, " "); word; word = strtok(NULL, " "))
		arguments[count++] = word;
	peer_ask("explain", arguments);
}

static void check_same(const char *file, const char *got, const char *wanted)
{
	size_t same = 0, line = 4;

	while (got[same] && got[same] == wanted[same])
		line += got[same++] == '\n';
	ck_assert_msg(strcmp(got, wanted) == 0, "%s:%zu: not <%.200s> but <%.200s>", file,
		      line, wanted + same, got + same);
}

/* A file in its parts. */
struct example {
	char settings[512], question[512];
	char wanted[PEER_TEXT];
};

static void read_line(FILE *in, char line[static 512])
{
	if (!fgets(line, 512, in))
		*line = '\0';
	line[strcspn(line, "\n")] = '\0';
}

/* Reads one file; makes no assertions, as it is also called outside tests. */
static void read_example(const char *file, struct example *example)
{
	FILE *in = fopen(file, "r");
	size_t length = 0;

	if (in) {
		read_line(in, example->settings);	/* the licence */
		read_line(in, example->settings);
		read_line(in, example->question);
		length = fread(example->wanted, 1, PEER_TEXT - 1, in);
		fclose(in);
	}
	example->wanted[length] = '\0';
}

static void check_example(const char *file, struct example *example)
{
	char *got;

	ask(example->question + 2);
	got = answered();
	check_same(file, got, example->wanted);
	free(got);
}

/* Whether nothing has to be set for it. */
static bool is_plain(const struct example *example)
{
	return strcmp(example->settings, "!") == 0;
}

START_TEST(calls_are_explained_as_in_the_files)
{
	static struct example example;

	peer_start();
	for (size_t i = 0; i < files.gl_pathc; i++) {
		read_example(files.gl_pathv[i], &example);
		if (is_plain(&example))
			check_example(files.gl_pathv[i], &example);
	}
}
END_TEST

START_TEST(calls_are_explained_under_other_settings)
{
	static struct example example;
	const char *sql;

	read_example(special[_i], &example);
	sql = strstr(example.settings, "# ");
	if (sql) {
		peer_write(sql + 2);
		example.settings[sql - example.settings] = '\0';
	}
	peer_configure(example.settings + 2);
	peer_start();
	check_example(special[_i], &example);
}
END_TEST

START_TEST(rules_that_say_nothing_are_told)
{
	peer_start();
	peer_ask("explain", (const char *const[]){ "from=1001", "to=2002", NULL });
	peer_says(
		"{\"rule\":\"emergency\",\"about\":\"1001 to 2002\",\"decides\":false},");
}
END_TEST

START_TEST(a_database_that_is_away_is_told)
{
	char moved[128];

	peer_start();
	snprintf(moved, sizeof moved, "%s.away", peer.database);
	ck_assert_int_eq(rename(peer.database, moved), 0);
	peer_ask("explain", (const char *const[]){ "from=1001", "to=2002", NULL });
	ck_assert_int_eq(peer.status, 1);
	peer_says("\"kind\":\"reject\",\"status\":500,\"cause\":0,\"sentence\":\"");
	peer_says("\"rule\":\"database\"");
	peer_says("users.db");
}
END_TEST

static void find_special(void)
{
	static struct example example;

	for (size_t i = 0; i < files.gl_pathc && special_count < 64; i++) {
		read_example(files.gl_pathv[i], &example);
		if (!is_plain(&example))
			special[special_count++] = files.gl_pathv[i];
	}
}

Suite *unit_suite(void)
{
	Suite *suite;
	TCase *tests;

	if (glob(SOURCE_DIR "/test/explain/*.explain", 0, NULL, &files) != 0) {
		fputs("there is nothing in test/explain\n", stderr);
		return NULL;
	}
	find_special();
	suite = suite_create("server explain");
	tests = tcase_create("explain");
	tcase_add_checked_fixture(tests, peer_set_up, peer_tear_down);
	tcase_add_test(tests, calls_are_explained_as_in_the_files);
	tcase_add_loop_test(tests, calls_are_explained_under_other_settings, 0,
			    special_count);
	tcase_add_test(tests, rules_that_say_nothing_are_told);
	tcase_add_test(tests, a_database_that_is_away_is_told);
	suite_add_tcase(suite, tests);
	return suite;
}
