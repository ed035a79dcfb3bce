/* SPDX-License-Identifier: MIT */
#include "publish/shown.h"

#include "publish/memory.h"

#include <string.h>

enum { TEXTS = 8 };

/* The addresses of all text of DIALOG, in one place for copying and comparing. */
static void texts_of(struct shown_dialog *dialog, const char **texts[static TEXTS])
{
	texts[0] = &dialog->extension;
	texts[1] = &dialog->id;
	texts[2] = &dialog->call_id;
	texts[3] = &dialog->local_tag;
	texts[4] = &dialog->remote_tag;
	texts[5] = &dialog->local_name;
	texts[6] = &dialog->remote_user;
	texts[7] = &dialog->remote_name;
}

struct shown *shown_new(const struct shown_dialog *dialog)
{
	struct shown_dialog copy = *dialog;
	const char **texts[TEXTS];
	struct shown *shown;
	size_t size = 0;
	char *to;

	texts_of(&copy, texts);
	for (size_t i = 0; i < TEXTS; i++)
		if (*texts[i] != NULL)
			size += strlen(*texts[i]) + 1;
	shown = memory_need(malloc(sizeof *shown + size));
	to = shown->text;
	for (size_t i = 0; i < TEXTS; i++) {
		if (*texts[i] == NULL)
			continue;
		size = strlen(*texts[i]) + 1;
		*texts[i] = memcpy(to, *texts[i], size);
		to += size;
	}
	list_init(&shown->node);
	shown->dialog = copy;
	shown->is_carried = false;
	return shown;
}

void shown_free(struct shown *shown)
{
	if (shown == NULL)
		return;
	list_remove(&shown->node);
	free(shown);
}

struct shown_dialog shown_merge(const struct shown_dialog *dialog,
				const struct shown_dialog *update)
{
	struct shown_dialog merged = *update, old = *dialog;
	const char **texts[TEXTS], **known[TEXTS];

	texts_of(&merged, texts);
	texts_of(&old, known);
	for (size_t i = 0; i < TEXTS; i++)
		if (*texts[i] == NULL)
			*texts[i] = *known[i];
	merged.is_initiator = dialog->is_initiator;
	if (merged.appearance == 0)
		merged.appearance = dialog->appearance;
	return merged;
}

bool shown_is_same(const struct shown_dialog *one, const struct shown_dialog *other)
{
	struct shown_dialog left = *one, right = *other;
	const char **texts[TEXTS], **others[TEXTS];

	texts_of(&left, texts);
	texts_of(&right, others);
	for (size_t i = 0; i < TEXTS; i++) {
		const char *text = *texts[i], *peer = *others[i];

		if (text == NULL || peer == NULL ? text != peer : strcmp(text, peer) != 0)
			return false;
	}
	return left.is_initiator == right.is_initiator && left.state == right.state &&
	       left.event == right.event && left.code == right.code &&
	       left.appearance == right.appearance;
}
