/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <time.h>

#include "bench.h"
#include "canned.h"
#include "order.h"
#include "probe.h"
#include "report.h"

enum {
	LOAD_MARK_FIRST = 5000,		/* half calls between which memory is compared */
	LOAD_MARK_SECOND = 20000,
	LOAD_LINGERS_S = 32,		/* transactions that ended earlier may have
					 * been freed */
	LOAD_BEGIN = 256,		/* calls begun at most before messages are read */
	LOAD_GONE = 5,			/* so many refused sends and no message: the
					 * system has ended */
	LOAD_LOT = 128,			/* after so many messages at once more are
					 * probably there */
	LOAD_WAIT_NS = 100000000,
};

struct load {
	struct bench bench;
	struct tally tally;
	struct report report;
	struct probe *probe;
	struct order order;
	uint64_t launched, settled;	/* calls begun, and calls over, at the last
					 * check */
	bool has_warmed_up, is_closing;
};

static volatile sig_atomic_t load_is_told_to_end;

static void load_end(int number)
{
	(void)number;
	load_is_told_to_end = 1;
}

static int load_prepare(struct load *load)
{
	struct bench *bench = &load->bench;

	bench->link = link_open(load->order.own, load->order.system);
	if (!bench->link) {
		fprintf(stderr, "load: no link from %s to %s: %s\n", load->order.own,
			load->order.system, strerror(errno));
		return -1;
	}
	load->order.setting.own = link_own(bench->link);
	load->order.setting.system = load->order.system;
	if (canned_prepare(&load->order.setting)) {
		fprintf(stderr, "load: an INVITE cannot have %zu bytes\n",
			load->order.setting.invite_bytes);
		return -1;
	}
	load->probe = probe_open(load->order.pids, link_system_port(bench->link),
				 link_own_port(bench->link));
	if (!load->probe) {
		fprintf(stderr, "load: these are no processes to watch: %s\n",
			load->order.pids);
		return -1;
	}
	load->report.counts_instructions = probe_counts_instructions(load->probe);
	bench->flights = flight_open(load->order.places);
	if (!bench->flights) {
		fprintf(stderr, "load: no memory for %u calls\n", load->order.places);
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
	uint32_t serial = load->order.seed + (uint32_t)load->launched++;

	if (!serial || !caller_begin(&load->bench, serial, due_ns))
		load->tally.crowded++;
}

static bool load_may_begin(const struct load *load)
{
	return !load->order.count || load->launched < load->order.count;
}

/* Begins the calls that are due; returns the nanoseconds until the next one is. */
static uint64_t load_pace(struct load *load)
{
	const struct report *report = &load->report;
	uint64_t now_ns = load->bench.now_ns;
	unsigned begun = 0;

	if (report->window) {
		while (flight_count(load->bench.flights) < report->window &&
		       load_may_begin(load) && begun++ < LOAD_BEGIN)
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

/* Takes the measurements when the measured time begins and when it ends. */
static void load_look(struct load *load)
{
	struct report *report = &load->report;
	double seconds = (double)(load->bench.now_ns - report->begun_ns) / 1e9;

	if (!load->has_warmed_up && seconds >= load->order.warm_up_s) {
		load->has_warmed_up = true;
		load->tally.measures_from_ns = load->bench.now_ns;
		load_edge(load, &report->from);
	}
	if (!load_may_begin(load) || load_is_told_to_end ||
	    (!load->order.count && seconds >= load->order.duration_s) ||
	    link_refused(load->bench.link) >= LOAD_GONE) {
		load->is_closing = true;
		load_edge(load, &report->to);
	}
}

/* Adds the calls finished since the last time to their second, and samples memory at the
 * marks. */
static void load_book(struct load *load)
{
	static const uint64_t wanted[] = { LOAD_MARK_FIRST, LOAD_MARK_SECOND };
	struct report *report = &load->report;
	uint64_t second = (load->bench.now_ns - report->begun_ns) / 1000000000;
	uint64_t halves =
		(report->is_held ? load->tally.answered : load->tally.finished) *
		report->halves;

	if (second < TALLY_SECONDS)
		load->tally.second[second] +=
			(uint32_t)(load->tally.finished - load->settled);
	load->settled = load->tally.finished;
	for (int i = 0; i < 2; i++)
		if (!report->mark[i].half_calls && halves >= wanted[i] &&
		    second < LOAD_LINGERS_S) {
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

/* Sleeps before messages are read again, unless many were just read. */
static void load_rest(const struct load *load, unsigned heard)
{
	struct timespec rest = { .tv_nsec = (long)load->order.rest_ns };

	if (!heard || heard >= LOAD_LOT || !load->order.rest_ns)
		return;
	link_flush(load->bench.link);
	nanosleep(&rest, NULL);
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
		load_rest(load, link_wait(bench->link, idle_ns, load_hear, bench));
		load_book(load);
		if (load->is_closing &&
		    (load_is_told_to_end || link_refused(bench->link) >= LOAD_GONE))
			break;
	}
	link_flush(bench->link);
	load->report.over_ns = probe_now_ns();
}

static int load_tell(struct load *load)
{
	int status = 0;

	report_say(stdout, &load->report);
	if (link_refused(load->bench.link) >= LOAD_GONE) {
		fprintf(stderr, "load: there is no system at %s, or no more\n",
			load->order.system);
		status = -1;
	}
	if (!load->order.json)
		return status;
	FILE *file = fopen(load->order.json, "ae");
	if (!file) {
		fprintf(stderr, "load: %s: %s\n", load->order.json, strerror(errno));
		return -1;
	}
	report_write(file, &load->report);
	return fclose(file) ? -1 : status;
}

static void load_obey(struct load *load)
{
	const struct order *order = &load->order;

	load->report.tally = load->bench.tally = &load->tally;
	load->bench.repeats = order->repeats;
	load->bench.give_up_ms = order->give_up_ms;
	load->bench.hold_ms = order->hold_ms;
	load->report.mode = order->mode;
	load->report.halves = order->halves;
	load->report.window = order->window;
	load->report.rate = order->rate;
	load->report.is_held = order->hold_ms > 0;
}

int main(int argc, char **argv)
{
	static struct load load;
	int status = 1;

	if (!order_read(&load.order, argc, argv))
		return 2;
	load_obey(&load);
	signal(SIGINT, load_end);
	signal(SIGTERM, load_end);
	prctl(PR_SET_TIMERSLACK, 1000UL);	/* nanoseconds, so that sleeps end
						 * almost on time */
	if (load_prepare(&load) == 0) {
		load_run(&load);
		status = load_tell(&load) == 0 ? 0 : 1;
	}
	flight_close(load.bench.flights);
	probe_close(load.probe);
	link_close(load.bench.link);
	return status;
}
