/* SPDX-License-Identifier: MIT */
/* Lines about proxies, halfcalld, other programs, the database and the configuration. */
#include "run/environment.h"
#include "run/office.h"
#include "run/outline.h"
#include "run/step.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* Proxies --------------------------------------------------------------------------------------- */

static enum step_outcome do_proxy(struct play *play, const struct script_step *is)
{
	const char *name = is->object.text ? play_text(play, is, &is->object) : NULL;
	struct fault fault = { "" };

	for (size_t i = 0; i < play->sm_count; i++) {
		if (name && strcmp(name, play->sm_is[i].name) != 0)
			continue;
		if (is->kind == SCRIPT_PROXY_STOPS)
			sm_stop(play->sms[i]);
		else if (sm_start(play->sms[i], &fault) < 0)
			return play_fail(play, &is->at, "%s", fault.text);
	}
	return STEP_DONE;
}

/* halfcalld ---------------------------------------------------------------------------------------- */

static void end_daemon(struct play *play, int signal)
{
	play->daemon_may_end = true;
	if (play->daemon)
		child_signal(play->daemon, signal);
}

/* Waits for its end, and lets it go. */
static enum step_outcome poll_end(struct play *play)
{
	if (play->daemon && !play->daemon_has_ended)
		return STEP_WAITS;
	if (play->daemon)
		child_stop(play->daemon, 0);
	play->daemon = NULL;
	return STEP_DONE;
}

static enum step_outcome start_daemon(struct play *play, const struct script_step *is)
{
	if (play->daemon && !play->daemon_has_ended)
		return play_fail(play, &is->at, "halfcalld runs already");
	poll_end(play);
	return daemon_start(play, &is->at) < 0 ? STEP_FAILED : STEP_DONE;
}

static enum step_outcome restart_daemon(struct play *play, struct step *step)
{
	if (poll_end(play) == STEP_WAITS)
		return STEP_WAITS;
	return start_daemon(play, step->is);
}

/* Programs ------------------------------------------------------------------------------------------ */

static enum step_outcome start_exec(struct play *play, struct step *step)
{
	const struct script_step *is = step->is;
	const char *command = play_text(play, is, &is->object);
	const char *slash = strrchr(play->kase->path, '/');
	const char *words[] = { "sh", "-c", NULL, NULL };
	struct child_order order = {
		.words = words,
		.directory = slash ? arena_strndup(&play->arena, play->kase->path,
						   (size_t)(slash - play->kase->path))
				   : NULL,
		.output = arena_printf(&play->arena, "%s/exec.log", play->directory),
		.environment = environment_make(play),
	};
	struct fault fault = { "" };

	if (!command)
		return STEP_FAILED;
	if (play->exec)
		return play_fail(play, &is->at,
				 "another program of this case runs still");
	words[2] = command;
	if (child_start(&order, &play->exec, &fault) < 0)
		return play_fail(play, &is->at, "%s", fault.text);
	play->exec_step = is;
	return STEP_DONE;
}

static enum step_outcome poll_exec(struct play *play, struct step *step)
{
	int status;

	if (!play->exec)
		return play_fail(play, &step->is->at, "no program runs");
	if (!child_has_ended(play->exec, &status))
		return STEP_WAITS;
	child_stop(play->exec, 0);
	play->exec = NULL;
	if (status == (int)step->is->number)
		return STEP_DONE;
	return play_fail(play, &step->is->at, "the program ended with %d", status);
}

/* Database and configuration -------------------------------------------------------------------------- */

static enum step_outcome do_sql(struct play *play, const struct script_step *is)
{
	const char *sql = play_text(play, is, &is->object);
	struct fault fault = { "" };

	if (!sql)
		return STEP_FAILED;
	if (office_do(play->database, sql, &fault) < 0)
		return play_fail(play, &is->at, "%s", fault.text);
	return STEP_DONE;
}

static enum step_outcome do_fault(struct play *play, const struct script_step *is)
{
	struct fault fault = { "" };

	if (scene_fault(play, is, &fault) < 0)
		return play_fail(play, &is->at, "%s", fault.text);
	return STEP_DONE;
}

static enum step_outcome do_config(struct play *play, const struct script_step *is)
{
	const char *path = play_text(play, is, &is->object);
	const char *value = play_text(play, is, &is->value);

	if (!path || !value)
		return STEP_FAILED;
	outline_set(play->outline, path, value);
	return daemon_reload(play, &is->at) < 0 ? STEP_FAILED : STEP_DONE;
}

/* allow -------------------------------------------------------------------------------------------------- */

static void allow_one(struct play *play, const struct script_step *is,
		      struct phone *phone)
{
	struct allowance *allowance = arena_alloc(&play->arena, sizeof *allowance);
	unsigned most = is->terms.has_count ? is->terms.count.most : 1;

	*allowance = (struct allowance){ .step = is, .phone = phone, .left = most };
	list_append(&play->allowances, &allowance->node);
}

static enum step_outcome allow(struct play *play, const struct script_step *is)
{
	struct phone *phone;

	if (is->kind == SCRIPT_ALLOW_FINDING)
		allow_one(play, is, NULL);
	else
		for (size_t i = 0; (phone = play_who(play, &is->who, i)); i++)
			allow_one(play, is, phone);
	return STEP_DONE;
}

enum step_outcome backstage_begin(struct play *play, struct step *step)
{
	const struct script_step *is = step->is;

	switch ((int)is->kind) {
	case SCRIPT_PROXY_STOPS:
	case SCRIPT_PROXY_STARTS:
		return do_proxy(play, is);
	case SCRIPT_DAEMON_DIES:
		end_daemon(play, SIGKILL);
		return STEP_WAITS;
	case SCRIPT_DAEMON_RESTARTS:
		end_daemon(play, SIGTERM);
		return STEP_WAITS;
	case SCRIPT_DAEMON_DRAINS:
		end_daemon(play, SIGTERM);
		return STEP_DONE;
	case SCRIPT_DAEMON_STARTS:
		return start_daemon(play, is);
	case SCRIPT_EXEC:
		return start_exec(play, step);
	case SCRIPT_SQL:
		return do_sql(play, is);
	case SCRIPT_CONFIG:
		return do_config(play, is);
	case SCRIPT_ALLOW_FINDING:
	case SCRIPT_ALLOW_HEARS:
		return allow(play, is);
	case SCRIPT_FAULT:
		return do_fault(play, is);
	default:
		return STEP_WAITS;
	}
}

enum step_outcome backstage_poll(struct play *play, struct step *step)
{
	switch ((int)step->is->kind) {
	case SCRIPT_DAEMON_RESTARTS:
		return restart_daemon(play, step);
	case SCRIPT_EXEC_ENDS:
		return poll_exec(play, step);
	default:
		return poll_end(play);
	}
}
