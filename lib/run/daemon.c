/* SPDX-License-Identifier: MIT */
/* The halfcalld of a case: its database, its configuration, its start. */
#include "ctl/client.h"
#include "run/office.h"
#include "run/outline.h"
#include "run/play.h"
#include "wire/loop.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { READY_MS = 10000 };

void daemon_set_config(struct play *play)
{
	struct arena *arena = &play->arena;
	struct outline *outline = play->outline;
	const struct run_settings *settings = play->settings;

	outline_set(
		outline, "listen",
		arena_printf(
			arena,
			"[ \"sip:%s:%d;transport=udp\", \"sip:%s:%d;transport=tcp\" ]",
			play->cm_host, PLAY_CM_PORT, play->cm_host, PLAY_CM_PORT));
	outline_set(outline, "domain",
		    arena_printf(arena, "\"%s\"", lab_domain(play->lab)));
	outline_set(outline, "database", arena_printf(arena, "\"%s\"", play->database));
	outline_set(outline, "control", arena_printf(arena, "\"%s\"", play->control));
	outline_set(outline, "proxies", cast_proxies_text(play));
	outline_set(outline, "journal.file",
		    arena_printf(arena, "\"%s\"", play->journal));
	for (size_t i = 0; i < settings->config_count; i++)
		outline_set(outline, settings->config[i].path, settings->config[i].value);
}

/* What the log says last, for a sentence. */
static const char *last_words(struct play *play)
{
	struct fault fault;
	const char *text = "", *at;
	size_t length;

	if (office_read_file(play->log, &play->scratch, &text, &length, &fault) < 0)
		return "";
	while (length && text[length - 1] == '\n')
		length--;
	at = memrchr(text, '\n', length);
	at = at ? at + 1 : text;
	return arena_strndup(&play->scratch, at, length - (size_t)(at - text));
}

int daemon_make_database(struct play *play)
{
	const char *words[] = { play->settings->daemon, "-U", "-f", play->config, NULL };
	const struct child_order order = { .words = words, .output = play->log };
	struct fault fault = { "" };
	struct child *child;
	int status;

	if (child_start(&order, &child, &fault) < 0)
		return play_break(play, "%s", fault.text);
	while (!child_has_ended(child, &status))
		usleep(1000);
	child_stop(child, 0);
	if (status)
		return play_break(play, "halfcalld -U failed: %s", last_words(play));
	if (play->kase->users &&
	    office_do_file(play->database, play->kase->users, &fault) < 0)
		return play_break(play, "%s: %s", play->kase->users, fault.text);
	return 0;
}

static bool is_ready(struct play *play)
{
	struct fault fault;
	const char *text;
	size_t length;
	bool is;

	if (office_read_file(play->log, &play->scratch, &text, &length, &fault) < 0)
		return false;
	is = strstr(text, "ready sip:") != NULL;
	arena_clear(&play->scratch);
	return is;
}

static int daemon_fails(struct play *play, const struct script_place *at, const char *why)
{
	return at ? play_fail(play, at, "halfcalld %s", why)
		  : play_break(play, "halfcalld %s", why);
}

int daemon_start(struct play *play, const struct script_place *at)
{
	const char *words[] = { play->settings->daemon, "-f", play->config, NULL };
	const struct child_order order = { .words = words, .output = play->log };
	int64_t until_us = play_now_us(play) + play_patience_us(play, READY_MS);
	struct fault fault = { "" };
	int status;

	unlink(play->log);
	if (child_start(&order, &play->daemon, &fault) < 0)
		return play_break(play, "%s", fault.text);
	play->daemon_may_end = play->daemon_has_ended = false;
	while (!is_ready(play)) {
		if (child_has_ended(play->daemon, &status))
			return daemon_fails(play, at,
					    arena_printf(&play->arena,
							 "ended at its start: %s",
							 last_words(play)));
		if (play_now_us(play) > until_us)
			return daemon_fails(play, at, "is not ready in time");
		loop_step(play->loop, 2);
	}
	return 0;
}

int daemon_reload(struct play *play, const struct script_place *at)
{
	struct client_question *question = client_question_new("reload");
	struct client_link *link = NULL;
	struct fault fault = { "" };
	struct client_row row;
	int rc, status = 0;

	if (outline_write(play->outline, play->config, &fault) < 0) {
		client_question_free(question);
		return play_fail(play, at, "%s", fault.text);
	}
	rc = client_ask(play->control, question, &link, &fault);
	while (rc >= 0 && (rc = client_next(link, &row, &status, &fault)) == 1)
		if (strstr(row.json, "needs a restart") || strstr(row.json, "error"))
			play_fail(play, at, "halfcalld does not take it: %s", row.json);
	client_free(link);
	client_question_free(question);
	if (rc < 0 || status)
		return play_fail(play, at, "halfcalld does not take it: %s", fault.text);
	return play->is_failed ? -1 : 0;
}
