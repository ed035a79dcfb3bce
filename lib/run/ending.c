/* SPDX-License-Identifier: MIT */
/* What must not be left over when the last line is done. */
#include "ctl/client.h"
#include "lab/enrol.h"
#include "lab/lamp.h"
#include "run/finding.h"
#include "run/office.h"
#include "run/step.h"

#include <string.h>

enum { QUIET_MS = 300, PATIENCE_MS = 2000, STOP_MS = 5000 };

bool ending_allows(struct play *play, const struct mail *mail)
{
	for (struct list *at = play->allowances.next; at != &play->allowances;
	     at = at->next) {
		struct allowance *allowance = container_of(at, struct allowance, node);
		const struct script_message *message = &allowance->step->message;

		if (!allowance->left || allowance->phone != mail->phone ||
		    mail->status != (int)message->code ||
		    (message->method && strcmp(message->method, mail->method) != 0) ||
		    (allowance->step->who.appearance &&
		     allowance->step->who.appearance != mail->appearance))
			continue;
		allowance->left--;
		return true;
	}
	return false;
}

static bool allows_finding(struct play *play, const char *name)
{
	for (size_t i = 0; i < play->kase->step_count; i++) {
		const struct script_step *step = &play->kase->steps[i];

		if ((step->kind == SCRIPT_ALLOW_FINDING ||
		     step->kind == SCRIPT_EXPECT_FINDING) &&
		    !step->terms.is_none &&
		    strcmp(play_text(play, step, &step->object), name) == 0)
			return true;
	}
	return false;
}

/* How many rows halfcalld answers to COMMAND; -1 = it does not answer. */
static int rows_of(struct play *play, const char *command, const char **first)
{
	struct client_question *question = client_question_new(command);
	struct client_link *link = NULL;
	struct fault fault = { "" };
	struct client_row row;
	int rc, status, count = 0;

	rc = client_ask(play->control, question, &link, &fault);
	while (rc >= 0 && (rc = client_next(link, &row, &status, &fault)) == 1) {
		if (!count++)
			*first = arena_strdup(&play->scratch, row.json);
	}
	client_free(link);
	client_question_free(question);
	if (rc < 0)
		*first = arena_strdup(&play->scratch, fault.text);
	return rc < 0 ? -1 : count;
}

/* What is left, a sentence; NULL = nothing. */
static const char *left_at_daemon(struct play *play)
{
	const char *first = "";

	if (!play->daemon || play->daemon_has_ended || play->daemon_may_end)
		return NULL;
	if (rows_of(play, "call list", &first) || rows_of(play, "line list", &first))
		return arena_printf(&play->scratch, "halfcalld has left: %s", first);
	return NULL;
}

static const char *left_in_queues(struct play *play)
{
	for (size_t i = 0; i < play->kase->player_count; i++) {
		struct mail *mail;

		while ((mail = phone_head(play->phones[i], 0))) {
			if (!ending_allows(play, mail))
				return arena_printf(
					&play->scratch,
					"%s heard %s, which no line waits for",
					phone_name(play->phones[i]),
					step_mail_text(play, mail));
			phone_take(mail);
		}
	}
	return NULL;
}

static const char *left_at_players(struct play *play)
{
	for (size_t i = 0; i < play->kase->player_count; i++) {
		const char *left = phone_what_is_left(play->phones[i]);
		const char *lit = lamp_lit(play->phones[i]);

		if (left)
			return arena_printf(&play->scratch, "%s has something left: %s",
					    phone_name(play->phones[i]), left);
		if (lit)
			return arena_printf(&play->scratch,
					    "%s sees the lamp of %s lit still",
					    phone_name(play->phones[i]), lit);
	}
	for (size_t i = 0; i < play->sm_count; i++) {
		const char *lit = sm_lit(play->sms[i]);

		if (lit)
			return arena_printf(&play->scratch,
					    "the publication of %s shows a call still",
					    lit);
		if (sm_count(play->sms[i]))
			return arena_printf(&play->scratch,
					    "a request is under way at proxy %s still",
					    play->sm_is[i].name);
	}
	return NULL;
}

static const char *left_of_rules(struct play *play)
{
	for (struct list *at = play->rules.next; at != &play->rules; at = at->next) {
		const struct noted_rule *noted =
			container_of(at, struct noted_rule, node);
		bool is_allowed = false;

		for (struct list *i = play->allowances.next; i != &play->allowances;
		     i = i->next) {
			const struct allowance *allowance =
				container_of(i, struct allowance, node);
			const struct script_message *may = &allowance->step->message;

			is_allowed |= allowance->phone == noted->phone &&
				      (int)may->code == noted->rule->status &&
				      (!may->method || !noted->rule->method ||
				       strcmp(may->method, noted->rule->method) == 0);
		}
		if (!noted->rule->is_used && !is_allowed)
			return arena_printf(
				&play->scratch, "what %s does on %s was never needed",
				phone_name(noted->phone),
				step_message_text(play, &noted->step->message));
	}
	return NULL;
}

static const char *left_of_findings(struct play *play)
{
	finding_read(play);
	return finding_first(play, allows_finding);
}

static const char *left_of_exec(struct play *play)
{
	int status;

	if (!play->exec)
		return NULL;
	if (!child_has_ended(play->exec, &status))
		return "a program of the case runs still";
	return status ? arena_printf(&play->scratch,
				     "a program of the case ended with %d", status)
		      : NULL;
}

/* Faults on demand that were not used up. */
static const char *left_of_faults(struct play *play)
{
	static const char query[] = "SELECT extension || ' ' || action FROM fault "
				    "WHERE remaining > 0 LIMIT 1";
	struct fault fault = { "" };
	const char *first;
	bool asks = false;

	for (size_t i = 0; i < play->kase->before_count; i++)
		asks |= play->kase->before[i].kind == SCRIPT_FAULT;
	for (size_t i = 0; i < play->kase->step_count; i++)
		asks |= play->kase->steps[i].kind == SCRIPT_FAULT;
	if (!asks)
		return NULL;
	if (office_ask(play->database, query, &play->scratch, &first, &fault) < 0)
		return arena_strdup(&play->scratch, fault.text);
	return *first ? arena_printf(&play->scratch, "the fault %s was not used up",
				     first)
		      : NULL;
}

static const char *left(struct play *play)
{
	const char *(*const looks[])(struct play * play) = {
		left_in_queues,	  left_at_players, left_at_daemon, left_of_rules,
		left_of_findings, left_of_exec,	   left_of_faults,
	};
	const char *what = NULL;

	for (size_t i = 0; !what && i < sizeof looks / sizeof *looks; i++)
		what = looks[i](play);
	return what;
}

/* Telephones unregister. */
static void say_goodbye(struct play *play)
{
	const struct enrolment none = { .has_expires = true };
	int64_t until_us = play_now_us(play) + play_patience_us(play, PATIENCE_MS);

	for (size_t i = 0; i < play->kase->player_count; i++) {
		const struct errand *errand =
			enrol_is_enrolled(play->phones[i]) && sm_is_running(play->sms[0])
				? enrol(play->phones[i], &none, NULL, NULL)
				: NULL;

		while (errand && !errand->is_done && play_now_us(play) < until_us)
			play_step(play, 2);
	}
}

static int stop_daemon(struct play *play)
{
	int status;

	if (!play->daemon)
		return 0;
	play->daemon_may_end = true;
	status = child_stop(play->daemon, STOP_MS);
	play->daemon = NULL;
	if (play->daemon_has_ended || !status)
		return 0;
	return play_fail(play, NULL, "halfcalld ended with status %d when it was stopped",
			 status);
}

int ending_judge(struct play *play)
{
	int64_t until_us = play_now_us(play) + play_patience_us(play, PATIENCE_MS);
	const char *what;

	while (!play->is_failed && !step_is_quiet(play, QUIET_MS))
		play_step(play, 10);
	/* What ends by itself, as a BYE under way, may take its time; what came may not. */
	while (!play->is_failed && left(play) && play_now_us(play) < until_us &&
	       !left_in_queues(play))
		play_step(play, 20);
	while (!play->is_failed && !step_is_quiet(play, QUIET_MS))
		play_step(play, 10);
	what = left(play);
	if (what)
		play_fail(play, NULL, "%s", what);
	if (!play->is_failed)
		say_goodbye(play);
	stop_daemon(play);
	return play->is_failed ? -1 : 0;
}
