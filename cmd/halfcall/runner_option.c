/* SPDX-License-Identifier: MIT */
/* The options of `halfcall run`, as a table. */
#include "base/arena.h"
#include "base/nearest.h"
#include "halfcall/runner.h"
#include "script/name.h"
#include "script/utf8.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JOBS_MAX = 256, REPEAT_MAX = 1000000, LIMIT_MAX = 86400, PATIENCE_MAX = 1000 };

enum option_id {
	OPTION_PROXY = 256,
	OPTION_PROXY_COMMAND,
	OPTION_CAN,
	OPTION_BREAK,
	OPTION_DAEMON,
	OPTION_NET,
	OPTION_LISTEN,
	OPTION_PHONES,
	OPTION_TRUNK,
	OPTION_REPEAT,
	OPTION_SEED,
	OPTION_FAIL_FAST,
	OPTION_MATCH,
	OPTION_TAG,
	OPTION_SET,
	OPTION_CONFIG,
	OPTION_PATIENCE,
	OPTION_LIMIT,
	OPTION_KEEP,
	OPTION_HOLD,
	OPTION_TAP,
	OPTION_JSON,
	OPTION_JUNIT,
	OPTION_HTML,
	OPTION_STRICT,
	OPTION_LIST,
};

/* clang-format off */
static const struct {
	const char *name;		/* long, or a letter */
	int id;
	const char *argument;		/* NULL = none */
	const char *help;
} table[] = {
	{ "n", 'n', NULL, "check only, play nothing" },
	{ "list", OPTION_LIST, NULL, "list the cases that are chosen" },
	{ "match", OPTION_MATCH, "GLOB", "only cases whose file or name fits" },
	{ "tag", OPTION_TAG, "NAME|!NAME", "only cases with this tag, or without it" },
	{ "set", OPTION_SET, "NAME=VALUE", "in place of `set NAME` in the scripts" },
	{ "config", OPTION_CONFIG, "PATH=VALUE", "a setting of halfcalld, before those of a case" },
	{ "proxy", OPTION_PROXY, "reference|kamailio|URI[,URI ...]", "the proxy under test" },
	{ "proxy-command", OPTION_PROXY_COMMAND, "CMD", "sh -c CMD starts it for each case" },
	{ "can", OPTION_CAN, "WORD,...", "what that proxy can do" },
	{ "break", OPTION_BREAK, "NAME|each|list", "the built-in proxy with a fault" },
	{ "daemon", OPTION_DAEMON, "CONF", "the running halfcalld of this file" },
	{ "net", OPTION_NET, "ADDRESS/BITS", "where every player gets an address of its own" },
	{ "listen", OPTION_LISTEN, "ADDRESS", "of halfcalld, for a proxy elsewhere" },
	{ "phones", OPTION_PHONES, "IP", "of the telephones, for a proxy elsewhere" },
	{ "trunk", OPTION_TRUNK, "IP", "of the trunk, for a proxy elsewhere" },
	{ "j", 'j', "N", "cases played at a time" },
	{ "repeat", OPTION_REPEAT, "N", "times each case is played; all must pass" },
	{ "seed", OPTION_SEED, "N", "for tags, branches, Call-IDs, jitter" },
	{ "fail-fast", OPTION_FAIL_FAST, NULL, "stop after the first failure" },
	{ "patience", OPTION_PATIENCE, "FACTOR", "multiplies deadlines" },
	{ "limit", OPTION_LIMIT, "S", "seconds the whole run may take" },
	{ "keep", OPTION_KEEP, "DIR", "where the files of failed cases are kept" },
	{ "hold", OPTION_HOLD, NULL, "stop at a failure until Enter" },
	{ "tap", OPTION_TAP, NULL, "report as TAP 14" },
	{ "json", OPTION_JSON, NULL, "report as JSON lines" },
	{ "junit", OPTION_JUNIT, "FILE", "also report as JUnit" },
	{ "html", OPTION_HTML, "FILE", "also report as HTML" },
	{ "strict", OPTION_STRICT, NULL, "a skipped case is a failed one" },
	{ "help", 'h', NULL, "this list" },
};
/* clang-format on */

enum { OPTIONS = sizeof table / sizeof *table };

void runner_print_help(void)
{
	puts("usage: halfcall run [option ...] FILE|DIRECTORY ...");
	for (size_t i = 0; i < OPTIONS; i++) {
		char left[64];

		snprintf(left, sizeof left, "%s%s%s%s", table[i].name[1] ? "--" : "-",
			 table[i].name, table[i].argument ? " " : "",
			 table[i].argument ? table[i].argument : "");
		printf("  %-40s %s\n", left, table[i].help);
	}
}

static const char *name_of(int id)
{
	for (size_t i = 0; i < OPTIONS; i++)
		if (table[i].id == id)
			return table[i].name;
	return "";
}

/* Values ------------------------------------------------------------------------------ */

static int read_number(int id, const char *text, unsigned long long least,
		       unsigned long long most, unsigned long long *number,
		       struct fault *fault)
{
	const char *name = name_of(id);
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 10);
	if (errno || !isdigit((unsigned char)*text) || *end || *number < least ||
	    *number > most)
		return fault_say(fault, EINVAL,
				 "%s%s wants a number from %llu to %llu, not \"%.60s\"",
				 name[1] ? "--" : "-", name, least, most, text);
	return 0;
}

static int read_unsigned(int id, const char *text, unsigned most, unsigned *value,
			 struct fault *fault)
{
	unsigned long long number;
	int rc = read_number(id, text, 1, most, &number, fault);

	if (rc == 0)
		*value = (unsigned)number;
	return rc;
}

static int read_patience(struct runner *runner, const char *text, struct fault *fault)
{
	char *end;

	runner->patience = strtod(text, &end);
	if (!isdigit((unsigned char)*text) || *end || !(runner->patience > 0) ||
	    runner->patience > PATIENCE_MAX)
		return fault_say(fault, EINVAL,
				 "--patience wants a factor like 2 or 0.5, up to %d, not "
				 "\"%.60s\"",
				 PATIENCE_MAX, text);
	return 0;
}

static int unknown_name(const char *option, const char *name, const struct name *names,
			struct fault *fault)
{
	struct nearest nearest = nearest_to(name);

	name_offer(names, &nearest);
	return fault_say(fault, EINVAL, "--%s: there is no \"%.60s\"%s%.*s%s", option,
			 name, nearest.name ? "; did you mean " : "", (int)nearest.length,
			 nearest.name ? nearest.name : "", nearest.name ? "?" : "");
}

static int read_can(struct runner *runner, const char *text, struct fault *fault)
{
	struct arena arena = { 0 };
	char *words = arena_strdup(&arena, text), *at, *rest = words;
	int rc = 0;

	runner->can = text;
	while (rc == 0 && (at = strsep(&rest, ",")))
		if (name_find(script_needs, at) < 0)
			rc = unknown_name("can", at, script_needs, fault);
	arena_clear(&arena);
	return rc;
}

static int read_break(struct runner *runner, const char *text, struct fault *fault)
{
	runner->broken = text;
	if (strcmp(text, "each") == 0 || strcmp(text, "list") == 0 ||
	    name_find(script_breaks, text) >= 0)
		return 0;
	return unknown_name("break", text, script_breaks, fault);
}

static int read_proxy(struct runner *runner, const char *text, struct fault *fault)
{
	runner->proxy = text;
	if (strcmp(text, "reference") == 0 || strcmp(text, "kamailio") == 0 ||
	    strncmp(text, "sip:", 4) == 0)
		return 0;
	return fault_say(
		fault, EINVAL,
		"--proxy wants reference, kamailio or sip:HOST:PORT;transport=tcp, "
		"not \"%.60s\"",
		text);
}

/* Grows LIST by one. */
static void *grown(void *list, size_t count, size_t size)
{
	void *more = reallocarray(list, count + 1, size);

	if (!more) {
		fputs("halfcall: out of memory\n", stderr);
		abort();
	}
	return more;
}

static bool is_clean(const char *text)
{
	for (size_t step; *text; text += step) {
		step = utf8_length(text, strlen(text));
		if (!step || (unsigned char)*text < 0x20 || *text == 0x7f)
			return false;
	}
	return true;
}

static int read_set(struct runner *runner, char *text, struct fault *fault)
{
	char *equals = strchr(text, '=');

	if (!equals)
		return fault_say(fault, EINVAL, "--set wants NAME=VALUE, not \"%.60s\"",
				 text);
	*equals = '\0';
	if (!name_is_plain(text))
		return fault_say(
			fault, EINVAL,
			"--set: \"%.60s\" cannot be the name of a variable: a letter, "
			"then letters, digits, - and _",
			text);
	if (!is_clean(equals + 1) || strlen(equals + 1) > SCRIPT_LINE_MAX)
		return fault_say(
			fault, EINVAL,
			"--set: the value of %.60s has a control character, is not "
			"UTF-8, or is too long",
			text);
	runner->settings =
		grown(runner->settings, runner->setting_count, sizeof *runner->settings);
	runner->settings[runner->setting_count++] =
		(struct script_setting){ text, equals + 1 };
	return 0;
}

static int read_config(struct runner *runner, char *text, struct fault *fault)
{
	char *equals = strchr(text, '=');

	if (!equals || equals == text || !is_clean(equals + 1))
		return fault_say(fault, EINVAL,
				 "--config wants PATH=VALUE as in halfcalld.conf, not "
				 "\"%.60s\"",
				 text);
	*equals = '\0';
	runner->config =
		grown(runner->config, runner->config_count, sizeof *runner->config);
	runner->config[runner->config_count++] = (struct run_setting){ text, equals + 1 };
	return 0;
}

static int read_tag(struct runner *runner, const char *text, struct fault *fault)
{
	if (!name_is_plain(text + (*text == '!')))
		return fault_say(fault, EINVAL,
				 "--tag wants NAME or !NAME, not \"%.60s\"", text);
	runner->tags = grown(runner->tags, runner->tag_count, sizeof *runner->tags);
	runner->tags[runner->tag_count++] = text;
	return 0;
}

static int read_report(struct runner *runner, enum runner_report report,
		       struct fault *fault)
{
	if (runner->report != RUNNER_FOR_PEOPLE && runner->report != report)
		return fault_say(fault, EINVAL, "--tap and --json exclude each other");
	runner->report = report;
	return 0;
}

/* Options that are a word, a flag or a number. */
static int read_plain(struct runner *runner, int id, const char *text,
		      struct fault *fault)
{
	switch (id) {
	case OPTION_PROXY_COMMAND:
		runner->proxy_command = text;
		return 0;
	case OPTION_DAEMON:
		runner->daemon = text;
		return 0;
	case OPTION_NET:
		runner->net = text;
		return 0;
	case OPTION_LISTEN:
		runner->listen = text;
		return 0;
	case OPTION_PHONES:
		runner->phones = text;
		return 0;
	case OPTION_TRUNK:
		runner->trunk = text;
		return 0;
	case OPTION_KEEP:
		runner->keep = text;
		return 0;
	case OPTION_JUNIT:
		runner->junit = text;
		return 0;
	case OPTION_HTML:
		runner->html = text;
		return 0;
	case OPTION_FAIL_FAST:
		runner->is_fail_fast = true;
		return 0;
	case OPTION_HOLD:
		runner->is_hold = true;
		return 0;
	case OPTION_STRICT:
		runner->is_strict = true;
		return 0;
	case OPTION_REPEAT:
		return read_unsigned(id, text, REPEAT_MAX, &runner->repeat, fault);
	case OPTION_LIMIT:
		return read_unsigned(id, text, LIMIT_MAX, &runner->limit_s, fault);
	case OPTION_SEED:
		runner->has_seed = true;
		return read_number(id, text, 0, ULLONG_MAX, &runner->seed, fault);
	default:
		return read_unsigned(id, text, JOBS_MAX, &runner->jobs, fault);
	}
}

static int read_option(struct runner *runner, int id, char *text, struct fault *fault)
{
	switch (id) {
	case 'n':
		runner->is_check = true;
		return 0;
	case 'h':
		runner->is_help = true;
		return 0;
	case OPTION_LIST:
		runner->is_list = true;
		return 0;
	case OPTION_MATCH:
		runner->matches = grown(runner->matches, runner->match_count,
					sizeof *runner->matches);
		runner->matches[runner->match_count++] = text;
		return 0;
	case OPTION_CONFIG:
		return read_config(runner, text, fault);
	case OPTION_TAG:
		return read_tag(runner, text, fault);
	case OPTION_SET:
		return read_set(runner, text, fault);
	case OPTION_PROXY:
		return read_proxy(runner, text, fault);
	case OPTION_CAN:
		return read_can(runner, text, fault);
	case OPTION_BREAK:
		return read_break(runner, text, fault);
	case OPTION_PATIENCE:
		return read_patience(runner, text, fault);
	case OPTION_TAP:
		return read_report(runner, RUNNER_TAP, fault);
	case OPTION_JSON:
		return read_report(runner, RUNNER_JSON, fault);
	default:
		return read_plain(runner, id, text, fault);
	}
}

/* The command line -------------------------------------------------------------------- */

static int wrong_option(int option, char *const *words, struct fault *fault)
{
	const char *word = words[optind - 1];
	struct nearest nearest;

	if (option == ':')
		return fault_say(fault, EINVAL, "%.60s lacks its value", word);
	if (optopt && optopt < 256 && isalpha(optopt))
		return fault_say(fault, EINVAL, "run has no option -%c", optopt);
	nearest = nearest_to(word + strspn(word, "-"));
	for (size_t i = 0; i < OPTIONS; i++)
		nearest_offer(&nearest, table[i].name, strlen(table[i].name));
	return fault_say(fault, EINVAL,
			 "run has no option %.60s, or it has no value%s%.*s%s", word,
			 nearest.name ? "; did you mean --" : "", (int)nearest.length,
			 nearest.name ? nearest.name : "", nearest.name ? "?" : "");
}

int runner_read(struct runner *runner, char **words, size_t count, struct fault *fault)
{
	struct option longs[OPTIONS + 1] = { { 0 } };
	int option, rc = 0;

	*runner = (struct runner){ .jobs = 1, .repeat = 1, .patience = 1 };
	for (size_t i = 0; i < OPTIONS; i++)
		longs[i] = (struct option){ table[i].name, table[i].argument != NULL,
					    NULL, table[i].id };
	optind = 0;		/* main() has read options of its own */
	opterr = 0;
	/* The first word is taken for the program's name: the caller's "run". */
	while (rc == 0 &&
	       (option = getopt_long((int)count, words, ":nj:h", longs, NULL)) != -1)
		rc = option == '?' || option == ':'
			     ? wrong_option(option, words, fault)
			     : read_option(runner, option, optarg, fault);
	runner->paths = words + optind;
	runner->path_count = rc == 0 ? count - (size_t)optind : 0;
	return rc;
}

void runner_clear(struct runner *runner)
{
	free(runner->matches);
	free(runner->tags);
	free(runner->settings);
	free(runner->config);
}
