/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "bench.h"
#include "canned.h"
#include "report.h"

enum {
	LOAD_MARK_FIRST = 5000,		/* half calls between which memory is compared */
	LOAD_MARK_SECOND = 20000,
	LOAD_LINGERS_S = 32,		/* what ended earlier may have been let go */
	LOAD_BEGIN = 256,		/* calls begun at most before messages get their turn */
	LOAD_GONE = 100,		/* sends refused before the system counts as gone */
	LOAD_WAIT_NS = 100000000,
};

struct load {
	struct bench bench;
	struct tally tally;
	struct report report;
	struct probe *probe;
	struct canned_setting setting;
	const char *own, *system, *pids, *json;
	double duration_s, warm_up_s;
	uint64_t count;			/* calls to begin; 0 = as many as the time allows */
	uint32_t seed, places;
	uint64_t launched, settled;	/* settled: finished when last looked */
	bool has_warmed_up, is_closing;
};

static volatile sig_atomic_t load_is_told_to_end;

static void load_end(int number)
{
	(void)number;
	load_is_told_to_end = 1;
}

static const char load_usage[] =
	"usage: load [options] HOST:PORT\n"
	"Places calls through the system under test at HOST:PORT; plays the proxy and both\n"
	"telephones around it.  Prints one line.\n"
	"  -m MODE     orig (default) or term: that half alone; whole: both, one after the other\n"
	"  -w CALLS    keeps that many in flight (default 64)\n"
	"  -r RATE     begins that many a second instead, come what may\n"
	"  -d SECONDS  how long calls are begun (5)\n"
	"  -c CALLS    how many are begun, instead\n"
	"  -u SECONDS  of these, how long nothing is measured (1)\n"
	"  -H SECONDS  from the ACK to the BYE (0)\n"
	"  -n CALLERS  different callers, and as many called parties (1000)\n"
	"  -b BYTES    size of the INVITE (1000)\n"
	"  -a ADDRESS  our own: HOST or HOST:PORT (127.0.0.2)\n"
	"  -x DOMAIN   of both parties (example.com)\n"
	"  -q          sends nothing again that got no answer\n"
	"  -g SECONDS  gives up what got no answer (32)\n"
	"  -P CALLS    room for so many at once (262144)\n"
	"  -s SEED     the first call's number, for the same ids again (random)\n"
	"  -p PIDS     processes of the system, with commas between them, to read their cost\n"
	"  -j FILE     appends the result as a line of JSON\n"
	"Numbers of callers begin with 1000000, those of the called with 2000000.\n";

/* A number from LEAST to MOST. */
static bool load_number(const char *text, double least, double most, double *number)
{
	char *end;

	*number = strtod(text, &end);
	return end != text && !*end && *number >= least && *number <= most;
}

static bool load_mode(struct load *load, const char *mode)
{
	load->report.mode = mode;
	load->report.halves = 1;
	if (strcmp(mode, "whole") == 0) {
		load->setting.is_whole = true;
		load->report.halves = 2;
	} else if (strcmp(mode, "term") == 0) {
		load->setting.phase = "imsterm";
	} else {
		return strcmp(mode, "orig") == 0;
	}
	return true;
}

/* An option with a number; false if it makes no sense. */
static bool load_option(struct load *load, int option, const char *text)
{
	double number;

	if (!load_number(text, 0, 4e9, &number))
		return false;
	switch (option) {
	case 'w': load->report.window = (unsigned)number; return number >= 1 && number <= 1e6;
	case 'r': load->report.rate = number; return number > 0;
	case 'd': load->duration_s = number; return number > 0 && number <= TALLY_SECONDS;
	case 'c': load->count = (uint64_t)number; return number >= 1;
	case 'u': load->warm_up_s = number; return true;
	case 'H': load->bench.hold_ms = (uint32_t)(number * 1000); return number <= 3600;
	case 'n': load->setting.callers = (uint32_t)number; return number >= 1 && number <= 1e6;
	case 'b': load->setting.invite_bytes = (size_t)number; return number <= LINK_MESSAGE;
	case 'g': load->bench.give_up_ms = (uint32_t)(number * 1000);
		return number >= 0.5 && number <= 3600;
	case 'P': load->places = (uint32_t)number; return number >= 1 && number <= 1e7;
	case 's': load->seed = (uint32_t)number; return true;
	default: return false;
	}
}

static bool load_read(struct load *load, int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "m:w:r:d:c:u:H:n:b:a:x:qg:P:s:p:j:h")) != -1) {
		switch (option) {
		case 'm':
			if (!load_mode(load, optarg))
				return false;
			break;
		case 'a': load->own = optarg; break;
		case 'x': load->setting.domain = optarg; break;
		case 'q': load->bench.repeats = false; break;
		case 'p': load->pids = optarg; break;
		case 'j': load->json = optarg; break;
		case 'h':
			fputs(load_usage, stdout);
			exit(0);
		default:
			if (option == '?' || !load_option(load, option, optarg))
				return false;
		}
	}
	if (load->report.rate > 0)
		load->report.window = 0;
	load->report.is_held = load->bench.hold_ms > 0;
	load->system = argv[optind];
	return optind + 1 == argc;
}

static int load_prepare(struct load *load)
{
	struct bench *bench = &load->bench;

	bench->link = link_open(load->own, load->system);
	if (!bench->link) {
		fprintf(stderr, "load: no link from %s to %s: %s\n", load->own, load->system,
			strerror(errno));
		return -1;
	}
	load->setting.own = link_own(bench->link);
	load->setting.system = load->system;
	if (canned_prepare(&load->setting)) {
		fprintf(stderr, "load: an INVITE cannot have %zu bytes\n", load->setting.invite_bytes);
		return -1;
	}
	load->probe = probe_open(load->pids, link_system_port(bench->link),
				 link_own_port(bench->link));
	if (!load->probe) {
		fprintf(stderr, "load: these are no processes to watch: %s\n", load->pids);
		return -1;
	}
	load->report.counts_instructions = probe_counts_instructions(load->probe);
	bench->flights = flight_open(load->places);
	if (!bench->flights) {
		fprintf(stderr, "load: no memory for %u calls\n", load->places);
		return -1;
	}
	return 0;
}

static void load_edge(struct load *load, struct report_edge *edge)
{
	edge->begun = load->tally.begun;
	edge->answered = load->tally.answered;
	edge->finished = load->tally.finished;
	edge->failed = load->tally.failed;
	edge->refused_503 = load->tally.refused[503];
	probe_take(load->probe, &edge->sample);
}

/* Begins one call; its number is never 0. */
static void load_begin(struct load *load, uint64_t due_ns)
{
	uint32_t serial = load->seed + (uint32_t)load->launched++;

	if (!serial || !caller_begin(&load->bench, serial, due_ns))
		load->tally.crowded++;
}

static bool load_may_begin(const struct load *load)
{
	return !load->count || load->launched < load->count;
}

/* Begins what is due; nanoseconds until the next is. */
static uint64_t load_pace(struct load *load)
{
	const struct report *report = &load->report;
	uint64_t now_ns = load->bench.now_ns;
	unsigned begun = 0;

	if (report->window) {
		while (flight_count(load->bench.flights) < report->window && load_may_begin(load) &&
		       begun++ < LOAD_BEGIN)
			load_begin(load, now_ns);
		return LOAD_WAIT_NS;
	}
	while (load_may_begin(load)) {
		uint64_t due_ns = report->begun_ns +
				  (uint64_t)((double)load->launched / report->rate * 1e9);
		if (due_ns > now_ns)
			return due_ns - now_ns;
		if (begun++ == LOAD_BEGIN)
			return 0;
		load_begin(load, due_ns);
	}
	return LOAD_WAIT_NS;
}

/* Looks whether the measured time has begun or is over. */
static void load_look(struct load *load)
{
	struct report *report = &load->report;
	double seconds = (double)(load->bench.now_ns - report->begun_ns) / 1e9;

	if (!load->has_warmed_up && seconds >= load->warm_up_s) {
		load->has_warmed_up = true;
		load->tally.measures_from_ns = load->bench.now_ns;
		load_edge(load, &report->from);
	}
	if (!load_may_begin(load) || load_is_told_to_end ||
	    (!load->count && seconds >= load->duration_s) ||
	    link_refused(load->bench.link) >= LOAD_GONE) {
		load->is_closing = true;
		load_edge(load, &report->to);
	}
}

/* Books what has finished since the last time to its second, and memory at the marks. */
static void load_book(struct load *load)
{
	static const uint64_t wanted[] = { LOAD_MARK_FIRST, LOAD_MARK_SECOND };
	struct report *report = &load->report;
	uint64_t second = (load->bench.now_ns - report->begun_ns) / 1000000000;
	uint64_t halves = (report->is_held ? load->tally.answered : load->tally.finished) *
			  report->halves;

	if (second < TALLY_SECONDS)
		load->tally.second[second] += (uint32_t)(load->tally.finished - load->settled);
	load->settled = load->tally.finished;
	for (int i = 0; i < 2; i++)
		if (!report->mark[i].half_calls && halves >= wanted[i] && second < LOAD_LINGERS_S) {
			report->mark[i].half_calls = halves;
			report->mark[i].resident_bytes = probe_resident(load->probe);
		}
}

static void load_due(void *context, struct flight *flight, enum flight_end end)
{
	if (end == FLIGHT_CALLER)
		caller_due(context, flight);
	else
		callee_due(context, flight);
}

static void load_hear(void *context, const char *bytes, size_t size)
{
	struct bench *bench = context;

	bench->now_ns = probe_now_ns();
	between_hear(bench, bytes, size);
}

static void load_run(struct load *load)
{
	struct bench *bench = &load->bench;

	bench->now_ns = load->report.begun_ns = probe_now_ns();
	load_edge(load, &load->report.from);
	while (!load->is_closing || flight_count(bench->flights)) {
		uint64_t idle_ns = LOAD_WAIT_NS;

		bench->now_ns = probe_now_ns();
		if (!load->is_closing)
			load_look(load);
		if (!load->is_closing)
			idle_ns = load_pace(load);
		flight_expire(bench->flights, bench->now_ns, load_due, bench);
		link_flush(bench->link);
		idle_ns = flight_idle(bench->flights, bench->now_ns, idle_ns);
		link_wait(bench->link, idle_ns, load_hear, bench);
		load_book(load);
		if (load->is_closing && (load_is_told_to_end || link_refused(bench->link) >= LOAD_GONE))
			break;
	}
	link_flush(bench->link);
	load->report.over_ns = probe_now_ns();
	load->report.refused_sends = link_refused(bench->link);
}

static int load_tell(struct load *load)
{
	report_say(stdout, &load->report);
	if (link_refused(load->bench.link) >= LOAD_GONE)
		fprintf(stderr, "load: there is no system at %s any more\n", load->system);
	if (!load->json)
		return 0;
	FILE *file = fopen(load->json, "ae");
	if (!file) {
		fprintf(stderr, "load: %s: %s\n", load->json, strerror(errno));
		return -1;
	}
	report_write(file, &load->report);
	return fclose(file);
}

int main(int argc, char **argv)
{
	static struct load load = {
		.bench = { .repeats = true, .give_up_ms = 32000 },
		.report = { .mode = "orig", .halves = 1, .window = 64 },
		.setting = { .transport = "udp", .domain = "example.com", .phase = "imsorig",
			     .caller_base = 1000000, .called_base = 2000000, .callers = 1000,
			     .invite_bytes = 1000 },
		.own = "127.0.0.2", .pids = "", .duration_s = 5, .warm_up_s = 1, .places = 262144,
	};
	int status = 1;

	if (getrandom(&load.seed, sizeof load.seed, 0) != sizeof load.seed)
		load.seed = (uint32_t)probe_now_ns();
	load.bench.tally = &load.tally;
	load.report.tally = &load.tally;
	if (!load_read(&load, argc, argv)) {
		fputs(load_usage, stderr);
		return 2;
	}
	signal(SIGINT, load_end);
	signal(SIGTERM, load_end);
	if (load_prepare(&load) == 0) {
		load_run(&load);
		status = load_tell(&load) == 0 ? 0 : 1;
	}
	flight_close(load.bench.flights);
	probe_close(load.probe);
	link_close(load.bench.link);
	return status;
}
