/* SPDX-License-Identifier: MIT */
#include "run/finding.h"

#include "run/diary.h"
#include "run/play.h"
#include "run/rulebook.h"

#include <string.h>

/* One that a player saw. */
struct finding {
	struct list node;		/* in play->findings */
	const char *name, *sentence;
};

/* The player that FRAME's far end is; NULL = none. */
static const struct script_player *far_player(const struct play *play,
					      const struct lab_frame *frame)
{
	for (size_t i = 0; i < play->kase->player_count; i++)
		if (play->phones[i] &&
		    lab_is_host(&frame->far_end, phone_host(play->phones[i])))
			return play->kase->players[i];
	return NULL;
}

static bool is_from_proxy(const struct play *play, const struct lab_frame *frame)
{
	for (size_t i = 0; i < play->sm_count; i++)
		if (strcmp(play->sm_is[i].name, frame->player) == 0)
			return true;
	return false;
}

static void told(void *context, const char *name, const char *sentence)
{
	struct play *play = context;
	struct finding *finding = arena_alloc(&play->arena, sizeof *finding);

	finding->name = name;
	finding->sentence = sentence;
	list_append(&play->findings, &finding->node);
}

static struct watch_request request_of(const struct view *view, struct arena *arena)
{
	const char *route = view_field(view, "Route", 0), *to = view_field(view, "To", 0);

	return (struct watch_request){
		.method = view->method,
		.is_initial = !to || !view_part(to, "tag", 0, arena),
		.phases = route ? (unsigned)view_part_count(route, "phase", arena) : 0,
		.phase = route ? view_part(route, "phase", 0, arena) : NULL,
		.has_credentials = view_count(view, "Proxy-Authorization") > 0,
	};
}

static void look_at(struct play *play, const struct lab_frame *frame)
{
	const struct script_player *player = far_player(play, frame);
	bool is_to_cm = lab_is_host(&frame->far_end, play->cm_host);
	bool is_to_phone = player && player->role == SCRIPT_PHONE;
	struct watch_request request;
	struct view view;

	if (!frame->is_out || !is_from_proxy(play, frame) || (!is_to_cm && !is_to_phone))
		return;
	view_read(&view, frame->bytes, frame->length, &play->scratch);
	if (view.status)
		return;
	request = request_of(&view, &play->scratch);
	request.is_to_cm = is_to_cm;
	watch_request(&request, told, play);
}

void finding_read(struct play *play)
{
	size_t count = lab_frame_count(play->lab);

	for (; play->frames_watched < count; play->frames_watched++)
		look_at(play, lab_frame(play->lab, play->frames_watched));
	diary_read(play->diary);
}

/* The name of the finding that EVENT is; NULL = it is none. */
static const char *journalled(const struct diary_event *event)
{
	const char *what = diary_value(event, "event");

	return what && strcmp(what, "finding") == 0 ? diary_value(event, "rule") : NULL;
}

size_t finding_count(struct play *play, const char *name)
{
	size_t count = 0;

	for (struct list *at = play->findings.next; at != &play->findings; at = at->next)
		count += strcmp(container_of(at, struct finding, node)->name, name) == 0;
	for (size_t i = 0; i < diary_count(play->diary); i++) {
		const char *rule = journalled(diary_event(play->diary, i));

		count += rule && strcmp(rule, name) == 0;
	}
	return count;
}

static const char *sentence_of(struct play *play, const char *name, const char *why)
{
	return arena_printf(&play->scratch, "%s: %s", name, why ? why : "");
}

const char *finding_first(struct play *play,
			  bool (*may)(struct play *play, const char *name))
{
	for (struct list *at = play->findings.next; at != &play->findings;
	     at = at->next) {
		const struct finding *finding = container_of(at, struct finding, node);

		if (!may(play, finding->name))
			return sentence_of(play, finding->name, finding->sentence);
	}
	for (size_t i = 0; i < diary_count(play->diary); i++) {
		const struct diary_event *event = diary_event(play->diary, i);
		const char *rule = journalled(event);

		if (rule && !may(play, rule))
			return sentence_of(play, rule, diary_value(event, "reason"));
	}
	return NULL;
}
