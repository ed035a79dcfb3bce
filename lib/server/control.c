/* SPDX-License-Identifier: MIT */
#include "server/control.h"

#include "half/visit.h"
#include "base/clock.h"
#include "ctl/ctl.h"
#include "server/explain.h"
#include "server/lists.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct control {
	struct subject subject;
	struct ctl *ctl;
	int watch;		/* handle; 0 = none */
	int64_t begun_ms;
};

static void run_status(void *context, const struct request *request,
		       struct answer *answer)
{
	const struct control *control = context;
	const struct subject *subject = &control->subject;
	const struct conf *conf = subject->conf;
	struct agent_statistics now;

	(void)request;
	agent_statistics(subject->agent, &now);
	answer_row_begin(answer);
	answer_text(answer, "version", HALFCALL_VERSION);
	answer_number(answer, "uptime_s", (clock_mono_ms() - control->begun_ms) / 1000);
	answer_text(answer, "model", conf->call.model == MODEL_PROXY ? "proxy" : "b2bua");
	answer_text(answer, "listen", agent_addresses(subject->agent));
	answer_flag(answer, "is_draining", *subject->is_draining);
	answer_number(answer, "calls", (int64_t)now.stock.calls);
	answer_number(answer, "halves", (int64_t)now.stock.halves);
	answer_number(answer, "reservations", (int64_t)now.stock.reservations);
	answer_number(answer, "lines", (int64_t)now.stock.lines);
	answer_number(answer, "server_transactions",
		      (int64_t)now.wire.server_transactions);
	answer_number(answer, "client_transactions",
		      (int64_t)now.wire.client_transactions);
	answer_number(answer, "refused_for_load", (int64_t)now.wire.refused);
	answer_number(answer, "waiting_calls", (int64_t)now.wire.waiting);
	answer_number(answer, "delay_ms", now.wire.delay_ms);
	answer_number(answer, "dialogs", (int64_t)now.stock.dialogs);
	answer_text(answer, "journal_file", journal_file(subject->journal));
	answer_number(answer, "journal_events", (int64_t)journal_count(subject->journal));
	answer_number(answer, "journal_lost", (int64_t)journal_lost(subject->journal));
	answer_text(answer, "database", conf->database);
	answer_number(answer, "database_version", store_version());
	answer_row_end(answer);
}

static void write_sentences(struct answer *answer, char *text)
{
	char *rest = text;

	for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
		if (!*line)
			continue;
		answer_row_begin(answer);
		answer_text(answer, "text", line);
		answer_row_end(answer);
	}
}

static void run_reload(void *context, const struct request *request,
		       struct answer *answer)
{
	const struct control *control = context;
	char *text = NULL;
	size_t length;
	FILE *told = open_memstream(&text, &length);
	bool is_taken;

	(void)request;
	if (!told) {
		answer_refuse(answer, "out of memory");
		return;
	}
	is_taken = control->subject.reload(control->subject.context, told);
	if (fclose(told) == 0)
		write_sentences(answer, text);
	if (!is_taken)
		answer_refuse(answer, "the configuration before it stays in force");
	free(text);
}

static void run_call_list(void *context, const struct request *request,
			  struct answer *answer)
{
	const struct control *control = context;

	(void)request;
	lists_calls(control->subject.agent, answer);
}

static void run_line_list(void *context, const struct request *request,
			  struct answer *answer)
{
	const struct control *control = context;

	(void)request;
	lists_lines(control->subject.agent, answer);
}

static void run_station_list(void *context, const struct request *request,
			     struct answer *answer)
{
	const struct control *control = context;

	(void)request;
	lists_stations(control->subject.store, answer);
}

static void run_journal_show(void *context, const struct request *request,
			     struct answer *answer)
{
	enum { LAST = 20 };
	const struct control *control = context;
	long long last = request_number(request, "last", LAST);

	lists_events(control->subject.journal, last < 1 ? 1 : (uint64_t)last, answer);
}

/* A station -------------------------------------------------------------------------- */

struct line_count {
	const char *extension;
	int64_t lines;
};

static void count_line(void *context, const struct visit_line *line)
{
	struct line_count *count = context;

	count->lines += strcmp(line->extension, count->extension) == 0;
}

static void write_numbers(struct answer *answer, const struct store_numbers *numbers)
{
	answer_list_begin(answer, "numbers");
	for (size_t i = 0; i < numbers->count; i++)
		answer_text(answer, NULL, numbers->numbers[i]);
	answer_list_end(answer);
}

/* All rows of TABLE that belong to EXTENSION, active or not. */
static void write_rows(struct answer *answer, const char *key, const struct trace *trace,
		       const char *table, const char *extension)
{
	answer_list_begin(answer, key);
	for (const struct trace_step *step = trace->first; step; step = step->next)
		if (step->is_hit && strcmp(step->subject, table) == 0 &&
		    strcmp(step->about, extension) == 0)
			answer_text(answer, NULL, step->text);
	answer_list_end(answer);
}

static void write_station(struct answer *answer, const struct control *control,
			  const struct station *station)
{
	struct line_count count = { .extension = station->extension };

	visit_lines(agent_stock(control->subject.agent), count_line, &count);
	answer_text(answer, "extension", station->extension);
	answer_text(answer, "name", station->name);
	answer_flag(answer, "in_service", station->in_service);
	answer_flag(answer, "send_all_calls", station->sends_all_calls);
	answer_number(answer, "appearances", station->appearances);
	answer_number(answer, "lines_in_use", count.lines);
	if (station->ring_s)
		answer_number(answer, "ring_seconds", station->ring_s);
	answer_number(answer, "cor", station->cor.cor);
	answer_text(answer, "calling_party", calling_party_name(station->cor.calling));
	answer_text(answer, "called_party", called_party_name(station->cor.called));
	answer_number(answer, "frl", station->cor.frl);
}

static void run_station_show(void *context, const struct request *request,
			     struct answer *answer)
{
	const struct control *control = context;
	const char *extension = request_text(request, "extension");
	struct arena *arena = answer_arena(answer);
	struct trace trace = { .arena = arena };
	struct store_numbers numbers = { .arena = arena };
	struct facts facts = {
		.half = HALF_TERM,
		.caller = { "", "", "" },
		.called = { extension ? extension : "", "", "" },
		.trace = &trace,
	};
	struct profile profile;
	struct fault fault;
	int err = store_load_profile(control->subject.store, &facts, arena, &profile,
				     &fault);

	if (err >= 0 && profile.called) {
		numbers.extension = profile.called->extension;
		err = store_load_numbers(control->subject.store, &numbers, &fault);
	}
	if (err < 0) {
		answer_refuse(answer, "%s", fault.text);
	} else if (!profile.called) {
		answer_refuse(answer, "there is no station %s", facts.called.user);
	} else {
		answer_row_begin(answer);
		write_station(answer, control, profile.called);
		write_numbers(answer, &numbers);
		write_rows(answer, "forwardings", &trace, "call_forwarding",
			   numbers.extension);
		write_rows(answer, "coverage", &trace, "coverage_point",
			   numbers.extension);
		answer_row_end(answer);
	}
}

static void run_explain(void *context, const struct request *request,
			struct answer *answer)
{
	const struct control *control = context;

	explain_call(&control->subject, request, answer);
}

/* clang-format off */
static const struct ctl_command commands[] = {
	{ "status",       run_status },
	{ "reload",       run_reload },
	{ "call list",    run_call_list },
	{ "line list",    run_line_list },
	{ "station list", run_station_list },
	{ "station show", run_station_show },
	{ "journal show", run_journal_show },
	{ "explain",      run_explain },
	{ NULL,           NULL },
};
/* clang-format on */

static void ready(void *context, int fd)
{
	const struct control *control = context;

	(void)fd;
	ctl_ready(control->ctl);
}

int control_open(const struct subject *subject, struct control **result,
		 struct fault *fault)
{
	struct control *control = calloc(1, sizeof *control);
	int err;

	if (!control)
		return fault_say(fault, ENOMEM, "out of memory");
	control->subject = *subject;
	control->begun_ms = clock_mono_ms();
	err = ctl_open(subject->conf->control, commands, control, &control->ctl, fault);
	if (err >= 0) {
		err = loop_watch(subject->loop, ctl_fd(control->ctl), ready, control);
		if (err < 0)
			fault_say(fault, -err, "%s: cannot watch the control socket",
				  subject->conf->control);
		else
			control->watch = err;
	}
	if (err < 0) {
		control_close(control);
		return err;
	}
	*result = control;
	return 0;
}

void control_close(struct control *control)
{
	if (!control)
		return;
	if (control->watch)
		loop_unwatch(control->subject.loop, control->watch);
	ctl_close(control->ctl);
	free(control);
}
