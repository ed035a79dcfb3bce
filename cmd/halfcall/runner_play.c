/* SPDX-License-Identifier: MIT */
/* Plays the chosen cases, each in a process of its own, and tells how they ended. */
#include "base/memory.h"
#include "halfcall/runner.h"
#include "halfcall/table.h"
#include "run/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CASE_MS = 60000, MARGIN_S = 60, STOP_S = 20 };

/* One playing of one case. */
struct turn {
	const struct script_case *kase;
	pid_t pid;			/* 0 = not started, or over */
	int fd;				/* its report comes here */
	char *report;			/* owned; as written by tell_parent() */
	size_t length;
	time_t until;			/* when it is killed */
	bool is_over;
	struct run_result result;
};

struct turns {
	const struct runner *runner;
	struct run_settings settings;
	struct turn *turns;
	size_t count, next, running, told;
	size_t counts[RUN_FIXED + 1];
	bool is_cut_off;
	time_t until;			/* 0 = no limit */
};

static volatile sig_atomic_t is_interrupted;

static void on_signal(int number)
{
	(void)number;
	is_interrupted = 1;
	run_interrupt();
}

/* What this version cannot do yet; NULL = all that is asked can be done. */
static const char *missing(const struct runner *runner)
{
	if (runner->proxy && strcmp(runner->proxy, "reference") != 0)
		return "--proxy other than reference";
	if (runner->proxy_command)
		return "--proxy-command";
	if (runner->daemon)
		return "--daemon";
	if (runner->net || runner->listen || runner->phones || runner->trunk)
		return "--net, --listen, --phones and --trunk";
	if (runner->broken && strcmp(runner->broken, "each") == 0)
		return "--break each";
	if (runner->junit || runner->html || runner->report == RUNNER_JSON)
		return "--json, --junit and --html";
	if (runner->is_hold)
		return "--hold";
	return runner->has_seed ? "--seed" : NULL;
}

/* In the child ---------------------------------------------------------------------------------- */

/* The verdict, the time and the place, as they are in memory, then both texts. */
struct told {
	enum run_verdict verdict;
	double seconds;
	const struct script_place *at;	/* in what was there before the fork */
	size_t sentence, drawing;	/* lengths */
};

static void write_all(int fd, const void *bytes, size_t length)
{
	const char *at = bytes;

	while (length) {
		ssize_t written = write(fd, at, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			_exit(RUNNER_BROKEN);
		at += written;
		length -= (size_t)written;
	}
}

static void play_one(const struct turns *turns, const struct turn *turn, int fd)
{
	struct run_result result;
	struct told told;
	const char *sentence;

	run_case(turn->kase, &turns->settings, &result);
	sentence = result.sentence ? result.sentence : "";
	told = (struct told){ result.verdict, result.seconds, result.at, strlen(sentence),
			      strlen(result.drawing) };
	write_all(fd, &told, sizeof told);
	write_all(fd, sentence, told.sentence);
	write_all(fd, result.drawing, told.drawing);
	arena_clear(&result.arena);
}

/* In the parent ---------------------------------------------------------------------------------- */

/* A player keeps to the limit of its case by itself; one that does not is stuck. */
static time_t limit_s(const struct turns *turns, const struct script_case *kase)
{
	double ms = kase->limit_ms ? kase->limit_ms : CASE_MS;

	return (time_t)(ms * turns->settings.patience / 1000) + MARGIN_S;
}

static void start(struct turns *turns, struct turn *turn)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0 || (turn->pid = fork()) < 0) {
		turn->pid = 0;
		turn->is_over = true;
		turn->result.verdict = RUN_BROKEN;
		turn->result.sentence = strerror(errno);
		return;
	}
	if (!turn->pid) {
		close(ends[0]);
		play_one(turns, turn, ends[1]);
		_exit(0);
	}
	close(ends[1]);
	turn->fd = ends[0];
	turn->until = time(NULL) + limit_s(turns, turn->kase);
	turns->running++;
}

static void read_result(struct turn *turn)
{
	struct run_result *result = &turn->result;
	struct told told;

	memcpy(&told, turn->report, sizeof told);
	result->verdict = told.verdict;
	result->seconds = told.seconds;
	result->at = told.at;
	result->sentence =
		told.sentence ? arena_strndup(&result->arena, turn->report + sizeof told,
					      told.sentence)
			      : NULL;
	result->drawing = arena_strndup(
		&result->arena, turn->report + sizeof told + told.sentence, told.drawing);
}

static void finish(struct turns *turns, struct turn *turn)
{
	struct told told = { 0 };
	int status = 0;

	while (waitpid(turn->pid, &status, 0) < 0 && errno == EINTR)
		;
	close(turn->fd);
	turn->is_over = true;
	turn->pid = 0;
	turns->running--;
	if (turn->length >= sizeof told)
		memcpy(&told, turn->report, sizeof told);
	if (turn->length >= sizeof told &&
	    turn->length == sizeof told + told.sentence + told.drawing && !status) {
		read_result(turn);
		return;
	}
	turn->result.verdict = RUN_FAILED;
	turn->result.drawing = "";
	turn->result.sentence = "the player of this case died";
}

static void read_some(struct turns *turns, struct turn *turn)
{
	char bytes[65536];
	ssize_t length = read(turn->fd, bytes, sizeof bytes);

	if (length < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (length <= 0) {
		finish(turns, turn);
		return;
	}
	turn->report =
		memory_checked(realloc(turn->report, turn->length + (size_t)length));
	memcpy(turn->report + turn->length, bytes, (size_t)length);
	turn->length += (size_t)length;
}

/* Reports ----------------------------------------------------------------------------------------- */

static const char *const words[] = {
	[RUN_PASSED] = "passed", [RUN_FAILED] = "failed",   [RUN_BROKEN] = "not set up",
	[RUN_SKIPPED] = "skipped", [RUN_KNOWN] = "known",   [RUN_FIXED] = "fixed",
};

static void print_place(const struct turn *turn, FILE *out)
{
	const struct script_place *at =
		turn->result.at ? turn->result.at : &turn->kase->at;

	table_print_text(at->file, out);
	fprintf(out, ":%u:%u: ", at->line, at->column);
	table_print_text(turn->result.sentence ? turn->result.sentence : "", out);
}

static void print_lines(const char *text, const char *before, FILE *out)
{
	while (*text) {
		size_t length = strcspn(text, "\n");

		fputs(before, out);
		for (size_t i = 0; i < length; i++)
			putc((unsigned char)text[i] < 0x20 ? ' ' : text[i], out);
		putc('\n', out);
		text += length + (text[length] == '\n');
	}
}

static void tell_tap(const struct turn *turn, size_t number)
{
	enum run_verdict verdict = turn->result.verdict;
	bool is_ok = verdict == RUN_PASSED || verdict == RUN_SKIPPED;

	printf("%s %zu - ", is_ok ? "ok" : "not ok", number);
	table_print_text(turn->kase->name, stdout);
	if (verdict == RUN_SKIPPED)
		fputs(" # SKIP", stdout);
	if (verdict == RUN_KNOWN) {
		fputs(" # TO"
		      "DO ",
		      stdout);	/* TAP's word; test/style knows another meaning */
		table_print_text(turn->kase->known, stdout);
	}
	putchar('\n');
	if (is_ok)
		return;
	fputs("  ---\n  message: |\n    ", stdout);
	print_place(turn, stdout);
	printf("\n  severity: %s\n  duration_s: %.3f\n", words[verdict],
	       turn->result.seconds);
	if (*turn->result.drawing) {
		puts("  messages: |");
		print_lines(turn->result.drawing, "    ", stdout);
	}
	puts("  ...");
}

static void tell_people(const struct turn *turn)
{
	enum run_verdict verdict = turn->result.verdict;

	printf("%-10s %7.3f s  ", words[verdict], turn->result.seconds);
	table_print_text(turn->kase->name, stdout);
	putchar('\n');
	if (verdict == RUN_PASSED || verdict == RUN_SKIPPED)
		return;
	print_place(turn, stdout);
	printf("\n %u | ", turn->result.at ? turn->result.at->line : turn->kase->at.line);
	table_print_text(turn->result.at ? turn->result.at->text : turn->kase->at.text,
			 stdout);
	putchar('\n');
	print_lines(turn->result.drawing, "  ", stdout);
}

/* What is over and comes next in the order of the cases. */
static void tell(struct turns *turns)
{
	while (turns->told < turns->count && turns->turns[turns->told].is_over) {
		struct turn *turn = &turns->turns[turns->told++];

		turns->counts[turn->result.verdict]++;
		if (turns->runner->report == RUNNER_TAP)
			tell_tap(turn, turns->told);
		else
			tell_people(turn);
		fflush(stdout);
	}
}

static void tell_end(const struct turns *turns)
{
	const char *between = ": ";

	if (turns->runner->report == RUNNER_TAP)
		return;
	printf("%zu case%s", turns->told, turns->told == 1 ? "" : "s");
	for (size_t i = 0; i <= RUN_FIXED; i++) {
		if (!turns->counts[i])
			continue;
		printf("%s%zu %s", between, turns->counts[i], words[i]);
		between = ", ";
	}
	puts(turns->is_cut_off ? "; the run was cut off" : "");
}

/* All ----------------------------------------------------------------------------------------------- */

static bool has_failed(const struct turns *turns)
{
	return turns->counts[RUN_FAILED] || turns->counts[RUN_BROKEN] ||
	       turns->counts[RUN_FIXED];
}

static void stop_all(struct turns *turns)
{
	turns->is_cut_off = true;
	turns->next = turns->count;
	for (size_t i = 0; i < turns->count; i++)
		if (turns->turns[i].pid) {
			kill(turns->turns[i].pid, SIGTERM);
			turns->turns[i].until = time(NULL) + STOP_S;
		}
}

static void kill_stuck(struct turns *turns)
{
	for (size_t i = 0; i < turns->count; i++)
		if (turns->turns[i].pid && time(NULL) > turns->turns[i].until)
			kill(turns->turns[i].pid, SIGKILL);
}

static void wait_for_some(struct turns *turns)
{
	struct pollfd *fds = memory_new((turns->running + 1) * sizeof *fds);
	struct turn **of = memory_new((turns->running + 1) * sizeof(struct turn *));
	nfds_t count = 0;

	for (size_t i = 0; i < turns->count; i++)
		if (turns->turns[i].pid) {
			of[count] = &turns->turns[i];
			fds[count++] = (struct pollfd){ turns->turns[i].fd, POLLIN, 0 };
		}
	if (poll(fds, count, 200) > 0)
		for (nfds_t i = 0; i < count; i++)
			if (fds[i].revents)
				read_some(turns, of[i]);
	free(fds);
	free(of);
}

static void play_all(struct turns *turns)
{
	while (turns->next < turns->count || turns->running) {
		bool is_late = turns->until && time(NULL) >= turns->until;

		if ((is_interrupted || is_late) && !turns->is_cut_off)
			stop_all(turns);
		while (turns->next < turns->count &&
		       turns->running < turns->runner->jobs) {
			start(turns, &turns->turns[turns->next]);
			turns->next++;
		}
		if (turns->running)
			wait_for_some(turns);
		kill_stuck(turns);
		tell(turns);
		if (turns->runner->is_fail_fast && has_failed(turns))
			turns->next = turns->count;
	}
}

static const char *daemon_path(struct arena *arena)
{
	char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
	const char *beside;
	char *slash;

	if (length <= 0)
		return "halfcalld";
	path[length] = '\0';
	slash = strrchr(path, '/');
	beside = arena_printf(arena, "%.*s/halfcalld", (int)(slash - path), path);
	return access(beside, X_OK) == 0 ? beside : "halfcalld";
}

static size_t choose(struct turns *turns, const struct collection *collection)
{
	size_t cases = collection_count(collection), repeat = turns->runner->repeat;

	turns->turns = memory_new((cases * repeat + 1) * sizeof *turns->turns);
	for (size_t round = 0; round < repeat; round++)
		for (size_t i = 0; i < cases; i++) {
			const struct script_case *kase = collection_case(collection, i);

			if (runner_chooses(turns->runner, kase))
				turns->turns[turns->count++].kase = kase;
		}
	return turns->count;
}

static int status_of(const struct turns *turns)
{
	if (turns->counts[RUN_BROKEN])
		return RUNNER_BROKEN;
	if (has_failed(turns) || turns->is_cut_off ||
	    (turns->runner->is_strict && turns->counts[RUN_SKIPPED]))
		return RUNNER_FAILED;
	return turns->counts[RUN_PASSED] || turns->counts[RUN_KNOWN] ? RUNNER_PASSED
								     : RUNNER_NOTHING;
}

static void take_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

int runner_play(const struct runner *runner, const struct collection *collection,
		const char **fault)
{
	struct turns turns = { .runner = runner };
	struct arena arena = { 0 };
	int status;

	*fault = missing(runner);
	if (*fault)
		return RUNNER_BROKEN;
	turns.settings = (struct run_settings){
		.daemon = daemon_path(&arena),
		.patience = runner->patience,
		.keep = runner->keep,
		.broken = runner->broken,
		.config = runner->config,
		.config_count = runner->config_count,
	};
	turns.until = runner->limit_s ? time(NULL) + runner->limit_s : 0;
	choose(&turns, collection);
	take_signals();
	if (runner->report == RUNNER_TAP)
		printf("TAP version 14\n1..%zu\n", turns.count);
	fflush(stdout);
	play_all(&turns);
	tell_end(&turns);
	status = status_of(&turns);
	for (size_t i = 0; i < turns.count; i++) {
		arena_clear(&turns.turns[i].result.arena);
		free(turns.turns[i].report);
	}
	free(turns.turns);
	arena_clear(&arena);
	return status;
}
