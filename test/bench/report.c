/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include "report.h"

/* The figures of the measured time that both forms of the report contain. */
struct report_figures {
	double seconds;
	double calls;			/* finished */
	double calls_s, answered_s, refused_s;
	double system_share, own_share;	/* of one core */
	double cpu_us, user_us;		/* of the measured system, per call */
	double own_us;			/* of the load generator, per call */
	const char *limit;
};

static double report_a(double what, double each)
{
	return each > 0 ? what / each : 0;
}

static struct report_figures report_figures(const struct report *report)
{
	const struct report_edge *from = &report->from;
	const struct report_edge *to = &report->to;
	double us = (double)(to->sample.at_ns - from->sample.at_ns) / 1000;
	double user = (double)(to->sample.user_us - from->sample.user_us);
	double cpu = user + (double)(to->sample.system_us - from->sample.system_us);
	double own = (double)(to->sample.own_us - from->sample.own_us);
	double calls = (double)(to->finished - from->finished);
	struct report_figures figures = {
		.seconds = us / 1e6,
		.calls = calls,
		.calls_s = report_a(calls, us / 1e6),
		.answered_s = report_a((double)(to->answered - from->answered), us / 1e6),
		.refused_s =
			report_a((double)(to->refused_503 - from->refused_503), us / 1e6),
		.system_share = report_a(cpu, us),
		.own_share = report_a(own, us),
		.cpu_us = report_a(cpu, calls),
		.user_us = report_a(user, calls),
		.own_us = report_a(own, calls),
	};

	/* Whichever was busy nearly all the time is the bottleneck. */
	if (figures.system_share >= 0.9)
		figures.limit = "system";
	else if (figures.own_share >= 0.9)
		figures.limit = "generator";
	else if (report->rate > 0)
		figures.limit = "rate";
	else
		figures.limit = "neither";
	return figures;
}

/* Growth of memory per half call between the two marks, bytes; negative = not known. */
static double report_growth(const struct report *report)
{
	const struct report_mark *mark = report->mark;

	if (!mark[0].half_calls || !mark[1].half_calls)
		return -1;
	return ((double)mark[1].resident_bytes - (double)mark[0].resident_bytes) /
	       (double)(mark[1].half_calls - mark[0].half_calls);
}

void report_say(FILE *out, const struct report *report)
{
	const struct tally *tally = report->tally;
	struct report_figures figures = report_figures(report);
	double growth = report_growth(report);

	fprintf(out, "%s", report->mode);
	if (report->window)
		fprintf(out, " window %u", report->window);
	else
		fprintf(out, " rate %.0f", report->rate);
	fprintf(out, ": %.0f calls/s, set-up p50 %.2f ms p99 %.2f ms", figures.calls_s,
		tally_percentile(tally, 0.5) / 1e3, tally_percentile(tally, 0.99) / 1e3);
	fprintf(out, "; %.1f us CPU a call (%.0f %% of a core)", figures.cpu_us,
		100 * figures.system_share);
	fprintf(out, ", generator %.1f us (%.0f %%), limit: %s", figures.own_us,
		100 * figures.own_share, figures.limit);
	if (growth >= 0)
		fprintf(out, "; %.1f kB a %s half call", growth / 1e3,
			report->is_held ? "live" : "lingering");
	fprintf(out, "; %" PRIu64 " begun, %" PRIu64 " finished, %" PRIu64 " failed",
		tally->begun, tally->finished, tally->failed);
	for (int fault = 0; fault < TALLY_FAULTS; fault++)
		if (tally->fault[fault])
			fprintf(out, " %s=%" PRIu64, tally_fault_name(fault),
				tally->fault[fault]);
	for (int status = 300; status < 700; status++)
		if (tally->refused[status])
			fprintf(out, " %d=%" PRIu64, status, tally->refused[status]);
	if (tally->crowded)
		fprintf(out, " not_begun=%" PRIu64, tally->crowded);
	fputc('\n', out);
}

static void report_write_counts(FILE *out, const struct report *report)
{
	const struct tally *tally = report->tally;
	const char *comma = "";

	fprintf(out,
		"\"begun\":%" PRIu64 ",\"rung\":%" PRIu64 ",\"answered\":%" PRIu64
		",\"finished\":%" PRIu64 ",\"failed\":%" PRIu64 ",\"not_begun\":%" PRIu64,
		tally->begun, tally->rung, tally->answered, tally->finished,
		tally->failed, tally->crowded);
	for (int fault = 0; fault < TALLY_FAULTS; fault++)
		fprintf(out, ",\"%s\":%" PRIu64, tally_fault_name(fault),
			tally->fault[fault]);
	fputs(",\"statuses\":{", out);
	for (int status = 300; status < 700; status++) {
		if (!tally->refused[status])
			continue;
		fprintf(out, "%s\"%d\":%" PRIu64, comma, status, tally->refused[status]);
		comma = ",";
	}
	fprintf(out,
		"},\"heard\":%" PRIu64 ",\"repeats_sent\":%" PRIu64
		",\"repeats_heard\":%" PRIu64 ",\"late\":%" PRIu64
		",\"strange\":%" PRIu64,
		tally->heard, tally->repeats_sent, tally->repeats_heard, tally->late,
		tally->strange);
}

static void report_write_seconds(FILE *out, const struct report *report)
{
	uint64_t seconds = (report->over_ns - report->begun_ns) / 1000000000;

	fputs(",\"finished_each_second\":[", out);
	for (uint64_t i = 0; i <= seconds && i < TALLY_SECONDS; i++)
		fprintf(out, "%s%" PRIu32, i ? "," : "", report->tally->second[i]);
	fputc(']', out);
}

void report_write(FILE *out, const struct report *report)
{
	const struct tally *tally = report->tally;
	const struct probe_sample *from = &report->from.sample;
	const struct probe_sample *to = &report->to.sample;
	struct report_figures figures = report_figures(report);
	double growth = report_growth(report);

	fprintf(out, "{\"mode\":\"%s\",\"halves\":%u,\"window\":%u,\"rate\":%.1f,",
		report->mode, report->halves, report->window, report->rate);
	fprintf(out,
		"\"seconds\":%.3f,\"calls_s\":%.1f,\"answered_s\":%.1f,\"refused_503_s\":%.1f,",
		figures.seconds, figures.calls_s, figures.answered_s, figures.refused_s);
	fprintf(out,
		"\"setup_p50_us\":%u,\"setup_p90_us\":%u,\"setup_p99_us\":%u,\"setup_max_us\":%u,",
		tally_percentile(tally, 0.5), tally_percentile(tally, 0.9),
		tally_percentile(tally, 0.99), tally->longest_us);
	fprintf(out, "\"cpu_us\":%.2f,\"cpu_user_us\":%.2f,\"cpu_share\":%.3f,",
		figures.cpu_us, figures.user_us, figures.system_share);
	fprintf(out, "\"generator_us\":%.2f,\"generator_share\":%.3f,\"limit\":\"%s\",",
		figures.own_us, figures.own_share, figures.limit);
	if (report->counts_instructions)
		fprintf(out, "\"instructions\":%.0f,",
			report_a((double)(to->instructions - from->instructions),
				 figures.calls));
	fprintf(out, "\"resident_from\":%" PRIu64 ",\"resident_to\":%" PRIu64 ",",
		from->resident_bytes, to->resident_bytes);
	if (report->mark[0].half_calls && report->mark[1].half_calls)
		fprintf(out, "\"%s_bytes\":%.0f,", report->is_held ? "live" : "lingering",
			growth);
	fprintf(out, "\"dropped\":%" PRIu64 ",\"generator_dropped\":%" PRIu64 ",",
		to->dropped, to->own_dropped);
	report_write_counts(out, report);
	report_write_seconds(out, report);
	fputs("}\n", out);
}
