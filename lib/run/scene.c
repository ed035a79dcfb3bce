/* SPDX-License-Identifier: MIT */
/* What stands before the first line of a case is played, and how it is taken down. */
#include "run/diary.h"
#include "run/office.h"
#include "run/outline.h"
#include "run/play.h"
#include "wire/loop.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STOP_MS = 3000 };

static const char domain[] = "example.com";

/* Files ------------------------------------------------------------------------------------ */

static const char *in_directory(struct play *play, const char *name)
{
	return arena_printf(&play->arena, "%s/%s", play->directory, name);
}

static int make_directory(struct play *play)
{
	const char *above =
		play->settings->keep ? play->settings->keep : getenv("TMPDIR");
	char *path = arena_printf(&play->arena, "%s/halfcall-XXXXXX",
				  above && *above ? above : "/tmp");

	if (!mkdtemp(path))
		return play_break(play, "%s: %s", path, strerror(errno));
	path = realpath(path, NULL);
	play->directory = arena_strdup(&play->arena, path);
	free(path);
	play->database = in_directory(play, "users.db");
	play->config = in_directory(play, "halfcalld.conf");
	play->journal = in_directory(play, "journal.jsonl");
	play->control = in_directory(play, "control");
	play->log = in_directory(play, "halfcalld.log");
	return 0;
}

static void remove_directory(const char *path)
{
	DIR *directory = opendir(path);
	const struct dirent *entry;

	while (directory && (entry = readdir(directory)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlinkat(dirfd(directory), entry->d_name, 0);
	if (directory)
		closedir(directory);
	rmdir(path);
}

/* All ---------------------------------------------------------------------------------------------- */

/* TEXT as SQL writes it. */
static const char *quoted(struct play *play, const char *text)
{
	char *sql = text ? office_quote(text) : NULL;
	const char *copy = arena_strdup(&play->arena, sql ? sql : "NULL");

	free(sql);
	return copy;
}

int scene_fault(struct play *play, const struct script_step *step, struct fault *fault)
{
	const struct script_daemon_fault *is = step->fault;
	const char *value = is->value.text ? play_text(play, step, &is->value) : NULL;

	return office_do(
		play->database,
		arena_printf(
			&play->arena,
			"INSERT INTO fault (extension, half, method, nth, action, value, "
			"remaining) VALUES (%s, %s, %s, %u, %s, %s, %u)",
			quoted(play, play_text(play, step, &is->extension)),
			quoted(play, is->half), quoted(play, is->method), is->nth,
			quoted(play, is->action), quoted(play, value), is->count),
		fault);
}

static int do_before(struct play *play)
{
	for (size_t i = 0; i < play->kase->before_count; i++) {
		const struct script_step *step = &play->kase->before[i];
		const char *text = play_text(play, step, &step->object);
		struct fault fault = { "" };

		if (step->kind == SCRIPT_CONFIG)
			outline_set(play->outline, text,
				    play_text(play, step, &step->value));
		if (step->kind == SCRIPT_SQL &&
		    office_do(play->database, text, &fault) < 0) {
			play->failed_at = &step->at;
			return play_break(play, "%s", fault.text);
		}
		if (step->kind == SCRIPT_FAULT && scene_fault(play, step, &fault) < 0) {
			play->failed_at = &step->at;
			return play_break(play, "%s", fault.text);
		}
	}
	return 0;
}

static int check_transports(struct play *play)
{
	for (size_t i = 0; i < play->kase->player_count; i++)
		if (play->kase->players[i]->transport == SCRIPT_TLS)
			return play_break(play, "this version has no players over tls");
	return 0;
}

static int check_break(struct play *play)
{
	const char *broken =
		play->kase->broken ? play->kase->broken : play->settings->broken;

	if (!broken || sm_can_break(broken))
		return 0;
	return play_break(play,
			  "the built-in proxy of this version cannot do the break %s",
			  broken);
}

int scene_open(struct play *play)
{
	struct fault fault = { "" };

	play->loop = loop_new();
	play->net.lock = -1;
	play->lab = lab_new(play->loop, domain);
	play->outline = outline_new();
	if (check_transports(play) < 0 || check_break(play) < 0 ||
	    make_directory(play) < 0)
		return -1;
	if (net_take(&play->net, &fault) < 0)
		return play_break(play, "%s", fault.text);
	play->cm_host = cast_address(play, 1);
	play->cm_uri = arena_printf(&play->arena, "sip:%s:%d;transport=udp",
				    play->cm_host, PLAY_CM_PORT);
	play->diary = diary_open(play->journal);
	play->trace = (struct trace){ play->lab, play->cm_host, &play->arena };
	cast_plan_proxies(play);
	daemon_set_config(play);
	if (outline_write(play->outline, play->config, &fault) < 0)
		return play_break(play, "%s", fault.text);
	if (daemon_make_database(play) < 0 || do_before(play) < 0 ||
	    cast_add_users(play) < 0)
		return -1;
	if (outline_write(play->outline, play->config, &fault) < 0)
		return play_break(play, "%s", fault.text);
	if (daemon_start(play, NULL) < 0 || cast_start_proxies(play) < 0)
		return -1;
	return cast_open_players(play);
}

void scene_close(struct play *play)
{
	bool is_kept = play->settings->keep && (play->is_failed || play->is_broken);

	cast_close(play);
	if (play->exec)
		child_stop(play->exec, STOP_MS);
	if (play->daemon)
		child_stop(play->daemon, STOP_MS);
	diary_close(play->diary);
	trace_clear(&play->trace);
	for (size_t i = 0; play->users && i < play->sm_count; i++)
		registrar_free(play->users[i]);
	outline_free(play->outline);
	lab_free(play->lab);
	loop_free(play->loop);
	net_release(&play->net);
	if (play->directory && !is_kept)
		remove_directory(play->directory);
}
