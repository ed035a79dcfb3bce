/* SPDX-License-Identifier: MIT */
/* What stands before the first line of a case is played, and how it is taken down. */
#include "ctl/client.h"
#include "lab/enrol.h"
#include "lab/lamp.h"
#include "run/diary.h"
#include "run/office.h"
#include "run/outline.h"
#include "run/play.h"
#include "wire/loop.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	READY_MS = 10000,
	REGISTER_MS = 10000,
	STOP_MS = 3000,
	FIRST_SM = 2,			/* addresses in the block; CM has the first */
	FIRST_PHONE = 16,
};

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

/* Proxies ----------------------------------------------------------------------------------- */

static const char *address(struct play *play, unsigned n)
{
	char text[NET_TEXT];

	net_address(&play->net, n, text);
	return arena_strdup(&play->arena, text);
}

static const char *proxy_uri(struct play *play, size_t i, const char *transport)
{
	return arena_printf(&play->arena, "sip:%s:%d;transport=%s", play->sm_is[i].host,
			    PLAY_PORT, transport);
}

static const char *proxies_text(struct play *play)
{
	const char *text = "( ";

	for (size_t i = 0; i < play->sm_count; i++)
		text = arena_printf(
			&play->arena, "%s%s{ name = \"%s\"; address = \"%s\"; }", text,
			i ? ", " : "", play->sm_is[i].name, proxy_uri(play, i, "udp"));
	return arena_printf(&play->arena, "%s )", text);
}

static void set_sequences(struct play *play, struct sm_settings *is)
{
	struct sm_sequence *sequences = arena_alloc(
		&play->arena, (play->kase->sequence_count + 1) * sizeof *sequences);

	for (size_t i = 0; i < play->kase->sequence_count; i++) {
		const struct script_sequence *from = &play->kase->sequences[i];

		sequences[i] = (struct sm_sequence){
			.user = from->extension,
			.is_orig = strcmp(from->half, "orig") == 0,
			.apps = from->apps,
			.count = from->app_count,
		};
	}
	is->sequences = sequences;
	is->sequence_count = play->kase->sequence_count;
}

static unsigned player_address(size_t i)
{
	return FIRST_PHONE + (unsigned)i;
}

/* Trunk and applications, as the proxies reach them. */
static void set_others(struct play *play, struct sm_settings *is)
{
	struct sm_app *apps =
		arena_alloc(&play->arena, (play->kase->player_count + 1) * sizeof *apps);

	is->apps = apps;
	for (size_t i = 0; i < play->kase->player_count; i++) {
		const struct script_player *player = play->kase->players[i];
		const char *host = address(play, player_address(i));
		const char *uri = arena_printf(&play->arena, "sip:%s:%d;transport=udp",
					       host, PLAY_PORT);

		if (player->role == SCRIPT_APP)
			apps[is->app_count++] = (struct sm_app){ player->name, uri };
		if (player->role == SCRIPT_TRUNK) {
			is->trunk = uri;
			is->trunk_host = host;
		}
	}
}

static void plan_proxies(struct play *play)
{
	static const char *const alone[] = { "sm" };
	const struct script_case *kase = play->kase;
	const char *const *names = kase->proxy_count ? kase->proxies : alone;

	play->sm_count = kase->proxy_count ? kase->proxy_count : 1;
	play->sm_is = arena_alloc(&play->arena, play->sm_count * sizeof *play->sm_is);
	play->sms = arena_alloc(&play->arena, play->sm_count * sizeof(struct sm *));
	for (size_t i = 0; i < play->sm_count; i++) {
		struct sm_settings *is = &play->sm_is[i];

		*is = (struct sm_settings){
			.name = names[i],
			.host = address(play, FIRST_SM + (unsigned)i),
			.port = PLAY_PORT,
			.cm = play->cm_uri,
			.cm_host = play->cm_host,
			.auth = kase->auth,
			.auth_count = kase->auth_count,
			.monitor_s = kase->monitor_s,
			.broken = kase->broken ? kase->broken : play->settings->broken,
			.users = play->users,
		};
		set_sequences(play, is);
		set_others(play, is);
	}
}

static int start_proxies(struct play *play)
{
	struct fault fault = { "" };

	for (size_t i = 0; i < play->sm_count; i++) {
		play->sms[i] = sm_new(play->lab, &play->sm_is[i]);
		if (sm_start(play->sms[i], &fault) < 0)
			return play_break(play, "the proxy cannot start: %s", fault.text);
	}
	return 0;
}

/* Users ---------------------------------------------------------------------------------------- */

static void add_station(void *context, const char *extension, const char *unused)
{
	(void)unused;
	registrar_add(context, extension, extension);
}

static void add_number(void *context, const char *number, const char *extension)
{
	registrar_add_number(context, number, extension);
}

/* Telephones and stations are the proxy's users; a telephone's password counts. */
static int add_users(struct play *play)
{
	struct fault fault = { "" };

	for (size_t i = 0; i < play->kase->player_count; i++) {
		const struct script_player *player = play->kase->players[i];

		if (player->role == SCRIPT_PHONE)
			registrar_add(play->users, player->extension, player->password);
	}
	if (office_visit(play->database, "SELECT extension, '' FROM station", add_station,
			 play->users, &fault) < 0 ||
	    office_visit(play->database, "SELECT number, extension FROM station_number",
			 add_number, play->users, &fault) < 0)
		return play_break(play, "%s", fault.text);
	return 0;
}

/* halfcalld ------------------------------------------------------------------------------------ */

static void set_config(struct play *play)
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
	outline_set(outline, "domain", arena_printf(arena, "\"%s\"", domain));
	outline_set(outline, "database", arena_printf(arena, "\"%s\"", play->database));
	outline_set(outline, "control", arena_printf(arena, "\"%s\"", play->control));
	outline_set(outline, "proxies", proxies_text(play));
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

static int make_database(struct play *play)
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

int scene_start_daemon(struct play *play, const struct script_place *at)
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

int scene_reload(struct play *play, const struct script_place *at)
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

/* Players --------------------------------------------------------------------------------------- */

static const char *supported_text(struct play *play, const struct script_player *player)
{
	const char *text = "replaces";

	for (size_t i = 0; i < player->supported_count; i++)
		text = arena_printf(&play->arena, "%s, %s", text, player->supported[i]);
	return text;
}

/* The proxies that PLAYER registers with. */
static size_t proxies_of(struct play *play, const struct script_player *player,
			 const char *transport, const char **uris)
{
	size_t count = 0;

	for (size_t i = 0; i < play->sm_count; i++) {
		bool is_meant = player->via_count == 0;

		for (size_t j = 0; j < player->via_count; j++)
			is_meant |= strcmp(player->via[j], play->sm_is[i].name) == 0;
		if (is_meant)
			uris[count++] = proxy_uri(play, i, transport);
	}
	return count;
}

static int open_player(struct play *play, size_t i)
{
	static const enum phone_role roles[] = {
		[SCRIPT_PHONE] = PHONE_TELEPHONE,
		[SCRIPT_TRUNK] = PHONE_TRUNK,
		[SCRIPT_APP] = PHONE_APP,
		[SCRIPT_STRANGER] = PHONE_STRANGER,
	};
	static const char *const transports[] = { "udp", "tcp", "tls" };
	const struct script_player *player = play->kase->players[i];
	const char **uris =
		arena_alloc(&play->arena, (play->sm_count + 1) * sizeof *uris);
	struct phone_settings settings = {
		.role = roles[player->role],
		.name = player->name,
		.user = player->role == SCRIPT_PHONE ? player->extension : player->name,
		.password = player->password,
		.host = address(play, player_address(i)),
		.port = PLAY_PORT,
		.transport = transports[player->transport],
		.supported = supported_text(play, player),
		.proxies = uris,
		.cm = play->cm_uri,
	};
	struct fault fault = { "" };

	settings.proxy_count = proxies_of(play, player, settings.transport, uris);
	if (phone_open(play->lab, &settings, &play->phones[i], &fault) < 0)
		return play_break(play, "%s cannot be set up: %s", player->name,
				  fault.text);
	return 0;
}

static int wait_for(struct play *play, const struct errand *errand, const char *what,
		    const char *name)
{
	int64_t until_us = play_now_us(play) + play_patience_us(play, REGISTER_MS);

	while (errand && !errand->is_done && play_now_us(play) < until_us)
		play_step(play, 5);
	if (errand && errand->is_done && errand->status / 100 == 2)
		return 0;
	return play_break(play, "%s cannot %s: %s", name, what,
			  errand && errand->mail && errand->mail->status > 0
				  ? arena_printf(&play->arena, "%d", errand->status)
				  : "no answer");
}

/* Whether the script asks for PLAYER's own lamp. */
static bool shows_lamp(const struct play *play, const struct script_player *player)
{
	for (size_t i = 0; i < play->kase->step_count; i++) {
		const struct script_step *step = &play->kase->steps[i];

		if ((step->kind == SCRIPT_SHOWS || step->kind == SCRIPT_EXPECT_SHOWS) &&
		    (step->who.player == player ||
		     (!step->who.player && player->role == SCRIPT_PHONE &&
		      strcmp(step->who.extension, player->extension) == 0)))
			return true;
	}
	return false;
}

static int register_player(struct play *play, size_t i)
{
	const struct script_player *player = play->kase->players[i];
	struct phone *phone = play->phones[i];
	struct fault fault = { "" };

	if (player->role != SCRIPT_PHONE)
		return 0;
	if (!player->is_unregistered &&
	    wait_for(play, enrol(phone, &(struct enrolment){ 0 }, NULL, &fault),
		     "register", player->name) < 0)
		return -1;
	if (!shows_lamp(play, player))
		return 0;
	return wait_for(play, lamp_watch(phone, player->extension, &fault),
			"subscribe to its lamp", player->name);
}

static int open_players(struct play *play)
{
	size_t count = play->kase->player_count;

	play->phones = arena_alloc(&play->arena, (count + 1) * sizeof(struct phone *));
	for (size_t i = 0; i < count; i++)
		if (open_player(play, i) < 0)
			return -1;
	for (size_t i = 0; i < count; i++)
		if (register_player(play, i) < 0)
			return -1;
	return 0;
}

/* All ---------------------------------------------------------------------------------------------- */

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
		if (step->kind == SCRIPT_FAULT) {
			play->failed_at = &step->at;
			return play_break(play, "this version of halfcalld has no faults "
						"on demand");
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

int scene_open(struct play *play)
{
	struct fault fault = { "" };

	play->loop = loop_new();
	play->net.lock = -1;
	play->lab = lab_new(play->loop, domain);
	play->users = registrar_new();
	play->outline = outline_new();
	if (check_transports(play) < 0 || make_directory(play) < 0)
		return -1;
	if (net_take(&play->net, &fault) < 0)
		return play_break(play, "%s", fault.text);
	play->cm_host = address(play, 1);
	play->cm_uri = arena_printf(&play->arena, "sip:%s:%d;transport=udp",
				    play->cm_host, PLAY_CM_PORT);
	play->diary = diary_open(play->journal);
	play->trace = (struct trace){ play->lab, play->cm_host, &play->arena };
	plan_proxies(play);
	set_config(play);
	if (outline_write(play->outline, play->config, &fault) < 0)
		return play_break(play, "%s", fault.text);
	if (make_database(play) < 0 || do_before(play) < 0 || add_users(play) < 0)
		return -1;
	if (outline_write(play->outline, play->config, &fault) < 0)
		return play_break(play, "%s", fault.text);
	if (scene_start_daemon(play, NULL) < 0 || start_proxies(play) < 0)
		return -1;
	return open_players(play);
}

static void close_players(struct play *play)
{
	for (size_t i = 0; play->phones && i < play->kase->player_count; i++)
		phone_free(play->phones[i]);
	for (size_t i = 0; play->sms && i < play->sm_count; i++)
		sm_free(play->sms[i]);
}

void scene_close(struct play *play)
{
	bool is_kept = play->settings->keep && (play->is_failed || play->is_broken);

	close_players(play);
	if (play->exec)
		child_stop(play->exec, STOP_MS);
	if (play->daemon)
		child_stop(play->daemon, STOP_MS);
	diary_close(play->diary);
	trace_clear(&play->trace);
	registrar_free(play->users);
	outline_free(play->outline);
	lab_free(play->lab);
	loop_free(play->loop);
	net_release(&play->net);
	if (play->directory && !is_kept)
		remove_directory(play->directory);
}
