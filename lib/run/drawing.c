/* SPDX-License-Identifier: MIT */
/* What passed, a line a message, for who looks for the reason of a failure. */
#include "run/diary.h"
#include "run/play.h"

#include <arpa/inet.h>
#include <string.h>

/* The player at ADDRESS. */
static const char *name_of(struct play *play, const struct sockaddr_storage *address)
{
	if (lab_is_host(address, play->cm_host))
		return "cm";
	for (size_t i = 0; i < play->sm_count; i++)
		if (lab_is_host(address, play->sm_is[i].host))
			return play->sm_is[i].name;
	for (size_t i = 0; play->phones && i < play->kase->player_count; i++)
		if (play->phones[i] && lab_is_host(address, phone_host(play->phones[i])))
			return phone_name(play->phones[i]);
	return "?";
}

static bool is_player(const struct play *play, const char *name)
{
	for (size_t i = 0; i < play->kase->player_count; i++)
		if (strcmp(play->kase->players[i]->name, name) == 0)
			return true;
	return false;
}

static const char *what_of(const struct lab_frame *frame, struct arena *arena)
{
	struct view view;
	const char *phase = NULL, *route;

	view_read(&view, frame->bytes, frame->length, arena);
	if (view.status)
		return arena_printf(arena, "%d %s (%s)", view.status, view.phrase,
				    view.method);
	route = view_field(&view, "Route", 0);
	phase = route ? view_part(route, "phase", 0, arena) : NULL;
	return arena_printf(arena, "%s %s%s%s", view.method, view.uri ? view.uri : "",
			    phase ? " " : "", phase ? phase : "");
}

const char *drawing_make(struct play *play, struct arena *arena)
{
	const char *text = "";

	for (size_t i = 0; i < lab_frame_count(play->lab); i++) {
		const struct lab_frame *frame = lab_frame(play->lab, i);
		const char *other = name_of(play, &frame->far_end);

		/* What passes between two players is seen by both: once is enough. */
		if (!frame->is_out &&
		    (is_player(play, other) || strcmp(other, "cm") != 0))
			continue;
		text = arena_printf(arena, "%s%8.3f  %-8s %s %-8s %s\n", text,
				    (double)(frame->at_us - play->began_us) / 1e6,
				    frame->is_out ? frame->player : other, "->",
				    frame->is_out ? other : frame->player,
				    what_of(frame, &play->scratch));
	}
	diary_read(play->diary);
	for (size_t i = 0; i < diary_count(play->diary); i++)
		text = arena_printf(arena, "%s%s\n", text,
				    diary_text(diary_event(play->diary, i)));
	return text;
}
