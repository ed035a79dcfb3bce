/* SPDX-License-Identifier: MIT */
/* What a publication remembers. */
#include "publish/publication.h"

#include "base/clock.h"
#include "publish/memory.h"
#include "publish/shown.h"

#include <string.h>

struct publication *publication_get(struct publisher *publisher, const char *extension)
{
	struct index_entry *entry = index_find(&publisher->index, extension, NULL);
	struct publication *publication;
	size_t size = strlen(extension) + 1;

	if (entry != NULL)
		return container_of(entry, struct publication, entry);
	publication = memory_need(calloc(1, sizeof *publication + size));
	memcpy(publication->extension, extension, size);
	publication->publisher = publisher;
	publication->expires_s = publisher->settings.expires_s;
	list_init(&publication->node);
	list_init(&publication->dialogs);
	list_append(&publisher->publications, &publication->node);
	index_insert(&publisher->index, &publication->entry, publication->extension);
	publisher->count++;
	return publication;
}

void publication_free(struct publication *publication)
{
	const struct publish_port *port;

	if (publication == NULL)
		return;
	port = publication->publisher->port;
	if (port->released != NULL)
		port->released(publication->publisher->context, publication);
	publication_drop_all(publication);
	index_remove(&publication->entry);
	list_remove(&publication->node);
	publication->publisher->count--;
	free(publication->etag);
	free(publication);
}

static struct shown *dialog_find(struct publication *publication, const char *id)
{
	struct list *node;

	for (node = publication->dialogs.next; node != &publication->dialogs;
	     node = node->next) {
		struct shown *shown = container_of(node, struct shown, node);

		if (strcmp(shown->dialog.id, id) == 0)
			return shown;
	}
	return NULL;
}

static bool is_ended(const struct publication *publication, const char *id)
{
	unsigned long long hash = index_hash(id);

	for (size_t i = 0; i < PUBLISH_ENDED; i++)
		if (publication->ended[i] == hash)
			return true;
	return false;
}

static void dialog_drop(struct publication *publication, struct shown *shown)
{
	if (shown->dialog.state == SHOWN_TERMINATED) {
		publication->ended[publication->ended_next] =
			index_hash(shown->dialog.id);
		publication->ended_next = (publication->ended_next + 1) % PUBLISH_ENDED;
	}
	shown_free(shown);
	publication->dialog_count--;
}

/* Bounds the memory while a proxy accepts no publication for hours. */
static void make_room(struct publication *publication)
{
	struct publisher *publisher = publication->publisher;
	struct list *node = publication->dialogs.next;

	while (node != &publication->dialogs &&
	       publication->dialog_count >= PUBLISH_DIALOGS) {
		struct shown *shown = container_of(node, struct shown, node);

		node = node->next;
		if (shown->dialog.state != SHOWN_TERMINATED)
			continue;
		dialog_drop(publication, shown);
		if (!publication->is_overflowing)
			publisher->port->note(publisher->context, publication->extension,
					      "publish-overflow", 0,
					      "the oldest ends of dialogs are given up");
		publication->is_overflowing = true;
	}
}

static bool dialog_begin(struct publication *publication,
			 const struct shown_dialog *dialog)
{
	struct shown *shown;

	if (is_ended(publication, dialog->id))
		return false;
	make_room(publication);
	shown = shown_new(dialog);
	list_append(&publication->dialogs, &shown->node);
	publication->dialog_count++;
	return true;
}

static bool dialog_update(struct shown *old, const struct shown_dialog *update)
{
	struct shown_dialog merged = shown_merge(&old->dialog, update);
	struct shown *shown;

	if (old->dialog.state == SHOWN_TERMINATED || update->state < old->dialog.state ||
	    shown_is_same(&old->dialog, &merged))
		return false;
	shown = shown_new(&merged);
	list_append(&old->node, &shown->node);	/* in its place */
	shown_free(old);
	return true;
}

bool publication_take(struct publication *publication, const struct shown_dialog *dialog)
{
	struct shown *old = dialog_find(publication, dialog->id);
	bool is_new = old != NULL ? dialog_update(old, dialog)
				  : dialog_begin(publication, dialog);

	if (!is_new)
		return false;
	publication->is_changed = true;
	publication->is_lingering = false;
	return true;
}

void publication_drop_told(struct publication *publication)
{
	struct list *node = publication->dialogs.next;

	while (node != &publication->dialogs) {
		struct shown *shown = container_of(node, struct shown, node);

		node = node->next;
		if (shown->is_carried)
			dialog_drop(publication, shown);
	}
	publication->is_overflowing = false;
	if (publication->dialog_count > 0 || publication->is_lingering)
		return;
	publication->is_lingering = true;
	publication->linger_until_ms =
		clock_mono_ms() +
		(int64_t)publication->publisher->settings.linger_s * 1000;
}

void publication_drop_all(struct publication *publication)
{
	while (publication->dialog_count > 0)
		dialog_drop(publication,
			    container_of(publication->dialogs.next, struct shown, node));
	publication->is_changed = false;
}

const char *publish_state_name(enum publish_state state)
{
	static const char *const names[PUBLISH_STATES] = {
		"IDLE",	    "SENDING", "PUBLISHED", "REFRESHING",
		"REMOVING", "WAITING", "STOPPED",
	};

	return names[state];
}

const char *publish_on_name(enum publish_on on)
{
	static const char *const names[PUBLISH_ONS] = {
		"RESTORED", "SHOW",   "OK",   "GONE",	 "BRIEF",   "REFUSED",
		"DENIED",   "FAILED", "STOP", "CHANGED", "TIMEOUT", "BROKEN",
	};

	return names[on];
}
