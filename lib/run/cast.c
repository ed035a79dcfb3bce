/* SPDX-License-Identifier: MIT */
/* Who plays: the proxies, their users, and the players of the case. */
#include "lab/enrol.h"
#include "lab/lamp.h"
#include "run/office.h"
#include "run/play.h"

#include <string.h>

enum {
	REGISTER_MS = 10000,
	FIRST_SM = 2,			/* addresses in the block; CM has the first */
	FIRST_PHONE = 16,
};

/* Proxies ----------------------------------------------------------------------------------- */

const char *cast_address(struct play *play, unsigned n)
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

const char *cast_proxies_text(struct play *play)
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
		const char *host = cast_address(play, player_address(i));
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

void cast_plan_proxies(struct play *play)
{
	static const char *const alone[] = { "sm" };
	const struct script_case *kase = play->kase;
	const char *const *names = kase->proxy_count ? kase->proxies : alone;

	play->sm_count = kase->proxy_count ? kase->proxy_count : 1;
	play->sm_is = arena_alloc(&play->arena, play->sm_count * sizeof *play->sm_is);
	play->sms = arena_alloc(&play->arena, play->sm_count * sizeof(struct sm *));
	play->users =
		arena_alloc(&play->arena, play->sm_count * sizeof(struct registrar *));
	for (size_t i = 0; i < play->sm_count; i++) {
		struct sm_settings *is = &play->sm_is[i];

		*is = (struct sm_settings){
			.name = names[i],
			.host = cast_address(play, FIRST_SM + (unsigned)i),
			.port = PLAY_PORT,
			.cm = play->cm_uri,
			.cm_host = play->cm_host,
			.auth = kase->auth,
			.auth_count = kase->auth_count,
			.monitor_s = kase->monitor_s,
			.broken = kase->broken ? kase->broken : play->settings->broken,
			.users = play->users[i] = registrar_new(),
		};
		set_sequences(play, is);
		set_others(play, is);
	}
}

int cast_start_proxies(struct play *play)
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
static int add_users_to(struct play *play, struct registrar *users)
{
	struct fault fault = { "" };

	for (size_t i = 0; i < play->kase->player_count; i++) {
		const struct script_player *player = play->kase->players[i];

		if (player->role == SCRIPT_PHONE)
			registrar_add(users, player->extension, player->password);
	}
	if (office_visit(play->database, "SELECT extension, '' FROM station", add_station,
			 users, &fault) < 0 ||
	    office_visit(play->database, "SELECT number, extension FROM station_number",
			 add_number, users, &fault) < 0)
		return play_break(play, "%s", fault.text);
	return 0;
}

int cast_add_users(struct play *play)
{
	for (size_t i = 0; i < play->sm_count; i++)
		if (add_users_to(play, play->users[i]) < 0)
			return -1;
	return 0;
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
		.host = cast_address(play, player_address(i)),
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

int cast_open_players(struct play *play)
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

void cast_close(struct play *play)
{
	for (size_t i = 0; play->phones && i < play->kase->player_count; i++)
		phone_free(play->phones[i]);
	for (size_t i = 0; play->sms && i < play->sm_count; i++)
		sm_free(play->sms[i]);
}
