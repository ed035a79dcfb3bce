/* SPDX-License-Identifier: MIT */
#include "halfcall/verify.h"

#include "base/clock.h"
#include "halfcall/claim.h"
#include "halfcall/table.h"
#include "halfcall/talk.h"
#include "script/script.h"
#include "script/faults.h"

#include <getopt.h>
#include <string.h>
#include <time.h>

enum {
	DEADLINE_MS = 2000,		/* as for a line of a script */
	QUIET_MS = 100,			/* without a message, for what a later one could make false */
	WORDS_MAX = 8192,
};

static const struct timespec pause_between = { .tv_nsec = 50 * 1000 * 1000 };

/* What the command line says. */
struct wanted {
	const char *since, *file, *count, *within;
	bool is_none, is_without_findings, is_idle;
	char *const *words;
	size_t word_count;
};

struct verify {
	struct wanted wanted;
	struct script script;		/* its steps are what must be so */
	struct evidence evidence;
	struct claim_memory memory;
	unsigned long long seen;	/* events and messages so far */
	int64_t changed_ms;		/* when that grew */
};

void verify_print_usage(FILE *out)
{
	fputs("halfcall verify [--since mark] [--count n] [--within s] [--none] key=value ...\n"
	      "halfcall verify [--since mark] -f file\n"
	      "\twhether what must come of a call has come; also --no-findings, --idle\n",
	      out);
}

static int usage(const char *sentence)
{
	fprintf(stderr, "halfcall: %s\nusage: ", sentence);
	verify_print_usage(stderr);
	return EXIT_USAGE;
}

static bool read_options(struct wanted *wanted, char **words, size_t count)
{
	static const struct option table[] = {
		{ "since", required_argument, NULL, 's' },
		{ "count", required_argument, NULL, 'c' },
		{ "within", required_argument, NULL, 'w' },
		{ "none", no_argument, NULL, 'n' },
		{ "no-findings", no_argument, NULL, 'F' },
		{ "idle", no_argument, NULL, 'i' },
		{ 0 },
	};
	int option;

	optind = 0;		/* begins a new scan in glibc */
	opterr = 0;
	while ((option = getopt_long((int)count, words, "f:", table, NULL)) != -1) {
		switch (option) {
		case 's':
			wanted->since = optarg;
			break;
		case 'c':
			wanted->count = optarg;
			break;
		case 'w':
			wanted->within = optarg;
			break;
		case 'n':
			wanted->is_none = true;
			break;
		case 'F':
			wanted->is_without_findings = true;
			break;
		case 'i':
			wanted->is_idle = true;
			break;
		case 'f':
			wanted->file = optarg;
			break;
		default:
			return false;
		}
	}
	wanted->words = words + optind;
	wanted->word_count = count - (size_t)optind;
	return true;
}

/* What must be so --------------------------------------------------------------------------- */

/* Each word in quotes, so that the script's language takes it as it is; a `$` is doubled. */
static void write_word(FILE *out, const char *word)
{
	fputs(" \"", out);
	for (; *word; word++) {
		if (*word == '"' || *word == '\\')
			putc('\\', out);
		if (*word == '$')
			putc('$', out);
		putc(*word, out);
	}
	putc('"', out);
}

/* The line of a script that the words of the command line are short for. */
static void write_line(FILE *out, const struct wanted *wanted)
{
	bool is_plain = wanted->word_count && !strchr(wanted->words[0], '=');

	fputs(is_plain ? "expect" : "expect journal", out);
	for (size_t i = 0; i < wanted->word_count; i++)
		if (is_plain)
			fprintf(out, " %s", wanted->words[i]);
		else
			write_word(out, wanted->words[i]);
	if (wanted->count)
		fprintf(out, " count %s", wanted->count);
	if (wanted->within)
		fprintf(out, " within %s s", wanted->within);
	fputs(wanted->is_none ? " none\n" : "\n", out);
}

/* 0; -1: what is wrong is in FAULTS. */
static int read_words(struct verify *verify, struct faults *faults)
{
	char text[WORDS_MAX] = "";
	FILE *out = fmemopen(text, sizeof text - 1, "w");

	if (!out)
		return -1;
	write_line(out, &verify->wanted);
	fclose(out);
	return script_read_text(&verify->script, "verify", text, strlen(text), faults);
}

/* Whether all steps of the file can be looked at here, and there is one. */
static bool check_steps(const struct script *script, struct faults *faults)
{
	size_t claims = 0;

	for (size_t i = 0; i < script->case_count; i++) {
		const struct script_case *kase = &script->cases[i];

		for (size_t k = 0; k < kase->before_count; k++)
			faults_say(faults, &kase->before[k].at,
				   "verify changes nothing: only `expect` and `allow "
				   "finding` may stand here");
		for (size_t k = 0; k < kase->step_count; k++)
			if (claim_is_known(&kase->steps[k]))
				claims++;
			else if (kase->steps[k].kind != SCRIPT_ALLOW_FINDING)
				faults_say(faults, &kase->steps[k].at,
					   "verify has no players: only `expect` phases, "
					   "journal, finding, sql and cm, and `allow "
					   "finding` may stand here");
	}
	if (!claims && !faults_count(faults))
		faults_say(faults, &(struct script_place){ .file = script->path },
			   "there is no line `expect ...`");
	return !faults_count(faults);
}

static bool read_claims(struct verify *verify)
{
	struct faults *faults = faults_new();
	const char *file = verify->wanted.file;
	bool is_good;
	int err = file ? script_read(&verify->script, file, NULL, 0, faults)
		       : read_words(verify, faults);

	is_good = err == 0 && check_steps(&verify->script, faults);
	if (!is_good)
		faults_print(faults, stderr);
	faults_free(faults);
	return is_good;
}

/* Looking ----------------------------------------------------------------------------------- */

/* 0 or an exit status, and the sentence is told. */
static int look(struct verify *verify)
{
	struct fault fault;
	int status = evidence_fetch(&verify->evidence, &fault);

	if (status)
		talk_complain(&fault);
	if (verify->evidence.seen != verify->seen || !verify->changed_ms)
		verify->changed_ms = clock_mono_ms();
	verify->seen = verify->evidence.seen;
	return status;
}

static bool is_quiet(const struct verify *verify)
{
	return clock_mono_ms() - verify->changed_ms >= QUIET_MS;
}

static void print_miss(const struct verify *verify, const struct script_step *step,
		       const struct fault *why)
{
	if (verify->wanted.file)
		fprintf(stderr, "%s:%u:%u: ", step->at.file, step->at.line,
			step->at.column);
	else
		fputs("halfcall: verify: ", stderr);
	table_print_text(why->text, stderr);
	fputs("\n  ", stderr);
	table_print_text(step->at.text, stderr);
	putc('\n', stderr);
	claim_print_nearest(step, &verify->evidence, &verify->memory, stderr);
}

static int wait_for(struct verify *verify, const struct script_step *step)
{
	unsigned within_ms = step->terms.has_within ? step->terms.within_ms : DEADLINE_MS;
	int64_t end_ms = clock_mono_ms() + within_ms;
	struct fault why;

	for (;;) {
		int status = look(verify);
		bool is_over = clock_mono_ms() >= end_ms;
		int holds;

		if (status)
			return status;
		holds = claim_holds(step, &verify->evidence, &verify->memory, &why);
		if (holds < 0) {
			print_miss(verify, step, &why);
			return EXIT_UNREACHABLE;
		}
		if (holds && (!claim_may_change(step) || is_quiet(verify) || is_over))
			return 0;
		if (is_over)
			break;
		nanosleep(&pause_between, NULL);
	}
	print_miss(verify, step, &why);
	return EXIT_REFUSED;
}

/* A step that allows or expects the finding NAME. */
static bool is_allowed(const struct script *script, const char *name)
{
	for (size_t i = 0; i < script->case_count; i++)
		for (size_t k = 0; k < script->cases[i].step_count; k++) {
			const struct script_step *step = &script->cases[i].steps[k];

			if ((step->kind == SCRIPT_ALLOW_FINDING ||
			     step->kind == SCRIPT_EXPECT_FINDING) &&
			    step->object.text && strcmp(step->object.text, name) == 0)
				return true;
		}
	return false;
}

static int count_findings(const struct verify *verify)
{
	int count = 0;

	for (size_t i = 0; i < verify->evidence.count; i++) {
		const struct evidence_event *event = verify->evidence.events[i];
		const char *what = evidence_value(event, "event");
		const char *rule = evidence_value(event, "rule");
		const char *reason = evidence_value(event, "reason");

		if (!what || strcmp(what, "finding") != 0 ||
		    is_allowed(&verify->script, rule ? rule : ""))
			continue;
		count++;
		fprintf(stderr, "halfcall: verify: finding %s: ", rule ? rule : "-");
		table_print_text(reason ? reason : "", stderr);
		putc('\n', stderr);
	}
	return count;
}

static int check_findings(struct verify *verify)
{
	int64_t end_ms = clock_mono_ms() + DEADLINE_MS;

	for (;;) {
		int status = look(verify);

		if (status)
			return status;
		if (count_findings(verify))
			return EXIT_REFUSED;
		if (is_quiet(verify) || clock_mono_ms() >= end_ms)
			return 0;
		nanosleep(&pause_between, NULL);
	}
}

static int wait_until_idle(struct verify *verify)
{
	int64_t end_ms = clock_mono_ms() + DEADLINE_MS;

	for (;;) {
		const struct evidence *evidence = &verify->evidence;
		int status = look(verify);

		if (status)
			return status;
		if (!evidence->halves && !evidence->reservations)
			return 0;
		if (clock_mono_ms() >= end_ms)
			break;
		nanosleep(&pause_between, NULL);
	}
	fprintf(stderr,
		"halfcall: verify: %lld half calls and %lld line reservations are left\n",
		verify->evidence.halves, verify->evidence.reservations);
	return EXIT_REFUSED;
}

static int verify_all(struct verify *verify)
{
	const struct script *script = &verify->script;
	int status = 0;

	for (size_t i = 0; i < script->case_count; i++)
		for (size_t k = 0; k < script->cases[i].step_count; k++)
			verify->evidence.wants_messages |=
				claim_wants_messages(&script->cases[i].steps[k]);
	for (size_t i = 0; i < script->case_count && !status; i++)
		for (size_t k = 0; k < script->cases[i].step_count && !status; k++)
			if (claim_is_known(&script->cases[i].steps[k]))
				status = wait_for(verify, &script->cases[i].steps[k]);
	if (!status && verify->wanted.is_idle)
		status = wait_until_idle(verify);
	if (!status && verify->wanted.is_without_findings)
		status = check_findings(verify);
	return status;
}

int verify_run(const char *socket, char **words, size_t count)
{
	struct verify verify = { .evidence.path = socket };
	struct wanted *wanted = &verify.wanted;
	bool has_claims;
	int status;

	if (!read_options(wanted, words, count))
		return usage("verify has no such option, or it lacks its value");
	has_claims = wanted->word_count || wanted->file;
	if (wanted->file &&
	    (wanted->word_count || wanted->count || wanted->within || wanted->is_none))
		return usage("-f FILE stands for words, --count, --within and --none");
	if (!has_claims && (wanted->count || wanted->within || wanted->is_none))
		return usage("--count, --within and --none want key=value");
	if (!has_claims && !wanted->is_idle && !wanted->is_without_findings)
		return usage("verify wants key=value, -f FILE, --no-findings or --idle");
	if (wanted->since &&
	    (!*wanted->since ||
	     strspn(wanted->since, "0123456789abcdef-") != strlen(wanted->since)))
		return usage("--since wants what halfcall journal mark printed");
	verify.evidence.since = wanted->since;
	status = has_claims && !read_claims(&verify) ? EXIT_USAGE : verify_all(&verify);
	evidence_clear(&verify.evidence);
	claim_clear(&verify.memory);
	script_clear(&verify.script);
	return status;
}
