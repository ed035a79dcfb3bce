/* SPDX-License-Identifier: MIT */
#include "run/environment.h"

#include "run/office.h"
#include "run/play.h"

#include <stdio.h>
#include <string.h>

enum { VARIABLES_MAX = 16 };

/* "NAME=ADDRESS ..." of the players in ROLE; of telephones their addresses alone. */
static const char *players_text(struct play *play, enum script_role role)
{
	const char *text = "";

	for (size_t i = 0; i < play->kase->player_count; i++) {
		const struct script_player *player = play->kase->players[i];

		if (player->role != role)
			continue;
		text = arena_printf(&play->arena, "%s%s", text, *text ? " " : "");
		if (role == SCRIPT_APP)
			text = arena_printf(&play->arena, "%s%s=", text, player->name);
		text = arena_printf(&play->arena, "%s%s", text,
				    phone_host(play->phones[i]));
	}
	return text;
}

static const char *peers_text(struct play *play)
{
	const char *text = "";

	for (size_t i = 1; i < play->sm_count; i++)
		text = arena_printf(&play->arena, "%s%ssip:%s:%d", text, *text ? " " : "",
				    play->sm_is[i].host, PLAY_PORT);
	return text;
}

static void write_number(void *context, const char *number, const char *unused)
{
	(void)unused;
	fprintf(context, " %s", number);
}

/* A line "USER PASSWORD NUMBER ..." for each telephone. */
static const char *write_users(struct play *play)
{
	const char *path = arena_printf(&play->arena, "%s/users", play->directory);
	FILE *file = fopen(path, "we");

	for (size_t i = 0; file && i < play->kase->player_count; i++) {
		const struct script_player *player = play->kase->players[i];

		if (player->role != SCRIPT_PHONE)
			continue;
		fprintf(file, "%s %s", player->extension, player->password);
		office_visit(play->database,
			     arena_printf(&play->arena,
					  "SELECT number, '' FROM station_number WHERE "
					  "extension = '%s'",
					  player->extension),
			     write_number, file, NULL);
		fputc('\n', file);
	}
	if (file)
		fclose(file);
	return path;
}

/* The `proxy` lines of the case. */
static const char *write_settings(struct play *play)
{
	const char *path = arena_printf(&play->arena, "%s/settings", play->directory);
	const struct script_case *kase = play->kase;
	FILE *file = fopen(path, "we");

	if (!file)
		return path;
	for (size_t i = 0; i < kase->auth_count; i++)
		fprintf(file, "auth %s\n", kase->auth[i]);
	for (size_t i = 0; i < kase->sequence_count; i++) {
		const struct script_sequence *sequence = &kase->sequences[i];

		fprintf(file, "sequence %s %s", sequence->extension, sequence->half);
		for (size_t j = 0; j < sequence->app_count; j++)
			fprintf(file, " %s", sequence->apps[j]);
		fputc('\n', file);
	}
	if (kase->monitor_s)
		fprintf(file, "monitor %u\n", kase->monitor_s);
	fclose(file);
	return path;
}

const char *const *environment_make(struct play *play)
{
	const char **list = arena_alloc(&play->arena, VARIABLES_MAX * sizeof *list),
		   **at = list;
	const struct {
		const char *name, *value;
	} variables[] = {
		{ "CM", play->cm_uri },
		{ "PROXY", arena_printf(&play->arena, "sip:%s:%d", play->sm_is[0].host,
					PLAY_PORT) },
		{ "NAME", play->sm_is[0].name },
		{ "PEERS", peers_text(play) },
		{ "PHONES", players_text(play, SCRIPT_PHONE) },
		{ "TRUNK", players_text(play, SCRIPT_TRUNK) },
		{ "APPS", players_text(play, SCRIPT_APP) },
		{ "DOMAIN", lab_domain(play->lab) },
		{ "USERS", write_users(play) },
		{ "SETTINGS", write_settings(play) },
		{ "DIR", play->directory },
		{ "CASE", play->kase->name },
	};

	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
		*at++ = arena_printf(&play->arena, "HALFCALL_%s=%s", variables[i].name,
				     variables[i].value);
	return list;
}
