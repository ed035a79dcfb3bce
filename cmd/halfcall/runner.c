/* SPDX-License-Identifier: MIT */
#include "halfcall/runner.h"

#include "halfcall/table.h"
#include "script/name.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Choosing ---------------------------------------------------------------------------- */

/* Whether GLOB fits the file's path or name, with or without ".call", or the case's name. */
static bool is_match(const char *glob, const struct script_case *kase)
{
	const char *slash = strrchr(kase->path, '/');
	const char *file = slash ? slash + 1 : kase->path;
	size_t length = strlen(file);
	char *stem;
	bool fits;

	if (fnmatch(glob, kase->path, 0) == 0 || fnmatch(glob, file, 0) == 0 ||
	    fnmatch(glob, kase->name, 0) == 0 || strcmp(glob, kase->name) == 0)
		return true;
	if (length < 5 || strcmp(file + length - 5, ".call") != 0)
		return false;
	stem = strndup(file, length - 5);
	fits = stem && fnmatch(glob, stem, 0) == 0;
	free(stem);
	return fits;
}

static bool has_tag(const struct script_case *kase, const char *tag)
{
	for (size_t i = 0; i < kase->tag_count; i++)
		if (strcmp(kase->tags[i], tag) == 0)
			return true;
	return false;
}

bool runner_chooses(const struct runner *runner, const struct script_case *kase)
{
	bool fits = !runner->match_count, wants = false, has = false;

	for (size_t i = 0; i < runner->match_count; i++)
		fits |= is_match(runner->matches[i], kase);
	for (size_t i = 0; i < runner->tag_count; i++) {
		const char *tag = runner->tags[i];

		if (*tag == '!' && has_tag(kase, tag + 1))
			return false;
		wants |= *tag != '!';
		has |= *tag != '!' && has_tag(kase, tag);
	}
	return fits && (has || !wants);
}

/* Telling ----------------------------------------------------------------------------- */

static void complain(const char *sentence)
{
	fputs("halfcall run: ", stderr);
	table_print_text(sentence, stderr);
	putc('\n', stderr);
}

static int list_breaks(void)
{
	for (const struct name *name = script_breaks; name->name; name++)
		printf("%-20s %s\n", name->name, name->help);
	return RUNNER_PASSED;
}

static void print_words(const char *before, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("%s%s", i ? "," : before, words[i]);
}

/* NAME, title, tags, needs: columns between tabs. */
static void list_case(const struct script_case *kase)
{
	size_t count = 0;
	const char *needs[16];

	for (size_t i = 0; script_needs[i].name; i++)
		if (kase->needs & (1u << i))
			needs[count++] = script_needs[i].name;
	table_print_text(kase->name, stdout);
	putchar('\t');
	table_print_text(kase->title, stdout);
	print_words("\ttags ", kase->tags, kase->tag_count);
	print_words("\tneeds ", needs, count);
	putchar('\n');
}

/* Playing ----------------------------------------------------------------------------- */

static int play(const struct runner *runner, const struct collection *collection)
{
	const char *fault;
	int status = runner_play(runner, collection, &fault);

	if (fault)
		fprintf(stderr, "halfcall run: this version cannot do %s yet\n", fault);
	return status;
}

static int check(const struct runner *runner, const struct collection *collection)
{
	size_t chosen = 0, files = collection_files(collection);

	if (collection_faults(collection)) {
		collection_print_faults(collection, stderr);
		return RUNNER_WRONG;
	}
	for (size_t i = 0; i < collection_count(collection); i++) {
		const struct script_case *kase = collection_case(collection, i);

		if (!runner_chooses(runner, kase))
			continue;
		chosen++;
		if (runner->is_list)
			list_case(kase);
	}
	if (!chosen) {
		complain(collection_count(collection)
				 ? "no case is chosen by --match and --tag"
				 : "there is no case; cases are files *.call");
		return RUNNER_NOTHING;
	}
	if (runner->is_check && !runner->is_list)
		printf("%zu case%s in %zu file%s, no fault\n", chosen,
		       chosen == 1 ? "" : "s", files, files == 1 ? "" : "s");
	return runner->is_check || runner->is_list ? RUNNER_PASSED
						   : play(runner, collection);
}

static int do_run(const struct runner *runner)
{
	struct collection *collection;
	int status;

	if (runner->is_help) {
		runner_print_help();
		return RUNNER_PASSED;
	}
	if (runner->broken && strcmp(runner->broken, "list") == 0)
		return list_breaks();
	if (!runner->path_count) {
		complain(
			"names no FILE and no DIRECTORY with cases; see halfcall run --help");
		return RUNNER_WRONG;
	}
	collection = collection_read(runner->paths, runner->path_count, runner->settings,
				     runner->setting_count);
	status = check(runner, collection);
	collection_free(collection);
	return status;
}

int runner_run(char **words, size_t count)
{
	struct runner runner;
	struct fault fault = { "" };
	int status = RUNNER_WRONG;

	if (runner_read(&runner, words, count, &fault) < 0)
		complain(fault.text);
	else
		status = do_run(&runner);
	runner_clear(&runner);
	if (fflush(stdout) == EOF || ferror(stdout)) {
		fprintf(stderr, "halfcall run: stdout: %s\n", strerror(errno));
		return RUNNER_BROKEN;
	}
	return status;
}
