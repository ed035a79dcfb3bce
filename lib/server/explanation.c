/* SPDX-License-Identifier: MIT */
#include "server/explanation.h"

static void write_rows(struct answer *answer, const struct trace *trace)
{
	answer_list_begin(answer, "rows");
	for (const struct trace_step *step = trace->first; step; step = step->next) {
		if (step->kind != TRACE_ROW)
			continue;
		answer_object_begin(answer, NULL);
		answer_text(answer, "table", step->subject);
		answer_text(answer, "key", step->about);
		answer_flag(answer, "found", step->is_hit);
		if (step->is_hit)
			answer_text(answer, "columns", step->text);
		answer_object_end(answer);
	}
	answer_list_end(answer);
}

static void write_rules(struct answer *answer, const struct trace *trace)
{
	answer_list_begin(answer, "rules");
	for (const struct trace_step *step = trace->first; step; step = step->next) {
		if (step->kind != TRACE_RULE)
			continue;
		answer_object_begin(answer, NULL);
		answer_text(answer, "rule", step->subject);
		answer_text(answer, "about", step->about);
		answer_flag(answer, "decides", step->is_hit);
		if (step->is_hit)
			answer_text(answer, "says", step->text);
		answer_object_end(answer);
	}
	answer_list_end(answer);
}

static void write_redirects(struct answer *answer, const struct redirect *redirects);

/* Writes the parties between the called one and the target, if unconditional forwardings
 * were followed. */
static void write_via(struct answer *answer, const struct redirect *redirect)
{
	if (redirect->hop_count < 2)
		return;
	answer_list_begin(answer, "via");
	for (unsigned i = 0; i + 1 < redirect->hop_count; i++)
		answer_text(answer, NULL, redirect->hops[i].to);
	answer_list_end(answer);
}

/* Writes the target of a forwarding or coverage; NAME and VALUE tell its condition. */
static void write_redirect(struct answer *answer, const char *name, const char *value,
			   const struct redirect *redirect)
{
	answer_object_begin(answer, NULL);
	answer_text(answer, name, value);
	answer_text(answer, "destination", redirect->destination);
	write_via(answer, redirect);
	answer_text(answer, "rule", redirect->rule);
	if (redirect->refusal)
		answer_number(answer, "refusal", redirect->refusal);
	if (redirect->ring_s)
		answer_number(answer, "ring_seconds", redirect->ring_s);
	if (redirect->next)
		write_redirects(answer, redirect->next);
	answer_object_end(answer);
}

static void write_redirects(struct answer *answer, const struct redirect *redirects)
{
	answer_list_begin(answer, "redirects");
	for (int i = 0; i < FORWARD_CONDITIONS; i++)
		if (redirects[i].destination)
			write_redirect(answer, "condition",
				       forward_condition_name((enum forward_condition)i),
				       &redirects[i]);
	answer_list_end(answer);
}

static void write_coverage(struct answer *answer, const struct coverage *coverage)
{
	static const char *const whens[COVER_WHENS] = {
		[COVER_AT_ONCE] = "at-once",
		[COVER_WHEN_BUSY] = "busy",
		[COVER_WHEN_UNANSWERED] = "no-answer",
	};

	answer_list_begin(answer, "coverage");
	for (int when = 0; when < COVER_WHENS; when++)
		for (size_t i = 0; i < coverage[when].count; i++)
			write_redirect(answer, "when", whens[when],
				       &coverage[when].points[i]);
	answer_list_end(answer);
}

static const char *verdict_name(enum verdict_kind kind)
{
	static const char *const names[] = {
		[VERDICT_PASS] = "pass",
		[VERDICT_REJECT] = "reject",
		[VERDICT_FORWARD] = "forward",
		[VERDICT_COVER] = "cover",
		[VERDICT_FEATURE] = "feature",
	};

	return names[kind];
}

const char *explained_number(const struct explained *half)
{
	const char *number = half->verdict.number;

	return number && *number ? number : half->facts.called.user;
}

const char *explained_destination(const struct explained *half)
{
	const struct verdict *verdict = &half->verdict;
	const struct coverage *at_once = &verdict->coverage[COVER_AT_ONCE];

	if (half->skipped)
		return NULL;
	if (verdict->kind == VERDICT_FORWARD)
		return verdict->redirect[FORWARD_UNCONDITIONAL].destination;
	for (size_t i = 0; verdict->kind == VERDICT_COVER && i < at_once->count; i++)
		if (!at_once->points[i].refusal)
			return at_once->points[i].destination;
	return NULL;
}

static void write_verdict(struct answer *answer, const struct explanation *call,
			  const struct explained *half)
{
	const struct verdict *verdict = &half->verdict;
	const char *destination = explained_destination(half);
	enum phase phase =
		destination && call->subject->settings->invite.forwards_as_origdone
			? PHASE_ORIGDONE
			: phase_done(half->facts.tag.phase);

	answer_object_begin(answer, "verdict");
	answer_text(answer, "kind", verdict_name(verdict->kind));
	if (verdict->kind == VERDICT_REJECT) {
		answer_number(answer, "status", verdict->status);
		answer_number(answer, "cause", verdict->cause);
		answer_text(answer, "sentence", verdict->sentence);
	} else if (verdict->kind != VERDICT_FEATURE && half->facts.half != HALF_LINE) {
		answer_text(answer, "phase", phase_name(phase));
		answer_text(answer, "number", verdict->number);
	}
	answer_text(answer, "rule", verdict->rule);
	if (verdict->kind == VERDICT_FEATURE) {
		answer_text(answer, "feature", action_name(verdict->action));
		answer_text(answer, "argument", verdict->argument);
	}
	if (verdict->ring_s)
		answer_number(answer, "ring_seconds", verdict->ring_s);
	answer_flag(answer, "is_internal", verdict->is_internal);
	answer_flag(answer, "is_emergency", verdict->is_emergency);
	answer_text(answer, "destination", destination);
	write_redirects(answer, verdict->redirect);
	write_coverage(answer, verdict->coverage);
	answer_object_end(answer);
}

static void write_half(struct answer *answer, const struct explanation *call,
		       const struct explained *half)
{
	answer_object_begin(answer, NULL);
	answer_text(answer, "half", half_name(half->facts.half));
	answer_text(answer, "from", half->facts.caller.user);
	answer_text(answer, "to", half->facts.called.user);
	answer_flag(answer, "is_reached", half->is_reached);
	write_rows(answer, &half->trace);
	write_rules(answer, &half->trace);
	if (half->skipped)
		answer_text(answer, "skipped", half->skipped);
	else
		write_verdict(answer, call, half);
	answer_object_end(answer);
}

/* Whether at least one half is run and none of them refuses the call. */
static bool passes(const struct explanation *call)
{
	bool is_run = false;

	for (size_t i = 0; i < call->count; i++) {
		if (call->halves[i].is_reached && explained_is_refused(&call->halves[i]))
			return false;
		is_run |= !call->halves[i].skipped;
	}
	return is_run;
}

void explanation_write(const struct explanation *call, struct answer *answer)
{
	answer_row_begin(answer);
	answer_text(answer, "from", call->from);
	answer_text(answer, "to", call->to);
	answer_flag(answer, "passes", passes(call));
	answer_list_begin(answer, "halves");
	for (size_t i = 0; i < call->count; i++)
		write_half(answer, call, &call->halves[i]);
	answer_list_end(answer);
	answer_row_end(answer);
	answer_status(answer, passes(call) ? 0 : 1);
}
