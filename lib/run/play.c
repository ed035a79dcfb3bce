/* SPDX-License-Identifier: MIT */
#include "run/play.h"

#include "wire/loop.h"

#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int64_t play_now_us(const struct play *play)
{
	return loop_now_us(play->loop);
}

static void note(struct play *play, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));

static void note(struct play *play, const char *format, va_list arguments)
{
	char text[1024];

	vsnprintf(text, sizeof text, format, arguments);
	play->sentence = arena_strdup(&play->arena, text);
}

int play_fail(struct play *play, const struct script_place *at, const char *format, ...)
{
	va_list arguments;

	if (play->is_failed || play->is_broken)
		return -1;
	play->is_failed = true;
	play->failed_at = at;
	va_start(arguments, format);
	note(play, format, arguments);
	va_end(arguments);
	return -1;
}

int play_break(struct play *play, const char *format, ...)
{
	va_list arguments;

	if (play->is_failed || play->is_broken)
		return -1;
	play->is_broken = true;
	va_start(arguments, format);
	note(play, format, arguments);
	va_end(arguments);
	return -1;
}

int64_t play_patience_us(const struct play *play, unsigned ms)
{
	return (int64_t)(ms * 1000.0 * play->settings->patience);
}

static volatile sig_atomic_t is_interrupted;

void run_interrupt(void)
{
	is_interrupted = 1;
}

/* A program that ended by itself. */
static void look_at_programs(struct play *play)
{
	int status;

	if (!play->daemon || !child_has_ended(play->daemon, &status))
		return;
	play->daemon_status = status;
	if (!play->daemon_has_ended && !play->daemon_may_end)
		play_fail(play, NULL, "halfcalld died with status %d", status);
	play->daemon_has_ended = true;
}

void play_step(struct play *play, unsigned ms)
{
	loop_step(play->loop, ms);
	if (is_interrupted)
		play_fail(play, NULL, "the run was cut off");
	look_at_programs(play);
	arena_clear(&play->scratch);
}

/* Names ------------------------------------------------------------------------------------- */

static const char *address_of(struct arena *arena, const char *host, unsigned port,
			      enum script_part part)
{
	switch (part) {
	case SCRIPT_HOST:
		return host;
	case SCRIPT_PORT:
		return arena_printf(arena, "%u", port);
	case SCRIPT_WHOLE:
		break;
	}
	return arena_printf(arena, "sip:%s:%u", host, port);
}

const char *play_value(void *context, const struct script_piece *variable)
{
	struct play *play = context;
	const char *name = variable->variable;

	for (struct list *at = play->captures.prev; at != &play->captures;
	     at = at->prev) {
		const struct capture *capture = container_of(at, struct capture, node);

		if (strcmp(capture->name, name) == 0)
			return capture->value;
	}
	if (strcmp(name, "CM") == 0)
		return address_of(&play->arena, play->cm_host, PLAY_CM_PORT,
				  variable->part);
	if (strcmp(name, "PROXY") == 0)
		return address_of(&play->arena, play->sm_is[0].host, PLAY_PORT,
				  variable->part);
	if (strcmp(name, "DOMAIN") == 0)
		return lab_domain(play->lab);
	for (size_t i = 0; play->phones && i < play->kase->player_count; i++)
		if (play->phones[i] && strcmp(play->kase->players[i]->name, name) == 0)
			return address_of(&play->arena, phone_host(play->phones[i]),
					  phone_port(play->phones[i]), variable->part);
	return NULL;
}

const char *play_text(struct play *play, const struct script_step *step,
		      const struct script_text *text)
{
	const char *filled = script_text_fill(text, play_value, play, &play->arena);

	if (!filled && text->text)
		play_fail(play, &step->at, "%s has a variable that is not set yet",
			  text->text);
	return filled;
}

static void capture(void *context, const char *name, const char *value)
{
	struct play *play = context;
	struct capture *made = arena_alloc(&play->arena, sizeof *made);

	made->name = name;
	made->value = arena_strdup(&play->arena, value);
	list_append(&play->captures, &made->node);
}

struct match_names play_names(struct play *play)
{
	return (struct match_names){ play_value, capture, play, &play->scratch };
}

struct phone *play_phone(const struct play *play, const struct script_player *player)
{
	for (size_t i = 0; i < play->kase->player_count; i++)
		if (play->kase->players[i] == player)
			return play->phones[i];
	return NULL;
}

struct phone *play_who(const struct play *play, const struct script_who *who, size_t i)
{
	if (who->player)
		return i ? NULL : play_phone(play, who->player);
	for (size_t j = 0; who->extension && j < play->kase->player_count; j++) {
		const struct script_player *player = play->kase->players[j];

		if (player->role == SCRIPT_PHONE &&
		    strcmp(player->extension, who->extension) == 0 && i-- == 0)
			return play->phones[j];
	}
	return NULL;
}

const char *play_who_text(struct play *play, const struct script_who *who)
{
	const char *name = who->player ? who->player->name : who->extension;

	if (!name)
		return "CM";
	return who->appearance
		       ? arena_printf(&play->scratch, "%s:%u", name, who->appearance)
		       : name;
}
