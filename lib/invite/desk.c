/* SPDX-License-Identifier: MIT */
#include "invite/desk.h"

#include "base/memory.h"

#include <stdlib.h>

struct desk {
	unsigned references;
	struct arena arena;		/* holds the text of settings */
	struct wire *wire;
	struct invite_settings settings;
	const struct desk_hooks *hooks;
	void *context;
};

struct desk *desk_new(struct wire *wire, const struct invite_settings *settings,
		      const struct desk_hooks *hooks, void *context)
{
	struct desk *desk = memory_new(sizeof *desk);

	desk->references = 1;
	desk->wire = wire;
	desk->settings = *settings;
	desk->settings.product = arena_strdup(&desk->arena, settings->product);
	desk->hooks = hooks;
	desk->context = context;
	return desk;
}

struct desk *desk_ref(struct desk *desk)
{
	desk->references++;
	return desk;
}

void desk_unref(struct desk *desk)
{
	if (!desk || --desk->references)
		return;
	arena_clear(&desk->arena);
	free(desk);
}

const struct invite_settings *desk_settings(const struct desk *desk)
{
	return &desk->settings;
}

struct wire *desk_wire(const struct desk *desk)
{
	return desk->wire;
}

void desk_decide(const struct desk *desk, const struct facts *facts, struct arena *arena,
		 const struct station **served, struct verdict *verdict)
{
	desk->hooks->decide(desk->context, facts, arena, served, verdict);
}

void desk_note(const struct desk *desk, const struct event *event)
{
	desk->hooks->note(desk->context, event);
}
