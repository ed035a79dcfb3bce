/* SPDX-License-Identifier: MIT */
/* All stations' publications: raises their events, and restores them after a restart. */
#include "base/clock.h"
#include "publish/keep.h"
#include "publish/memory.h"
#include "publish/publication.h"

#include <string.h>

enum {
	RESTORE_AFTER_MS = 1000,	/* leftovers of a run before are removed from then on, */
	REMOVE_EACH_MS = 10,		/* so far apart, as those withdrawn */
};

/* A line of the state file: later ones replace earlier ones, versions only grow. */
static void take_entry(void *context, const struct ledger_entry *entry)
{
	struct publication *publication = publication_get(context, entry->extension);

	if (entry->version > publication->version)
		publication->version = entry->version;
	free(publication->etag);
	publication->etag = entry->etag ? memory_need(strdup(entry->etag)) : NULL;
	publication->expiry_s = entry->expiry_s;
}

/* Restores a publication if its ETag may still be valid; ORDER counts those restored
 * before. */
static bool restore(struct publication *publication, unsigned order)
{
	int64_t left_s = publication->expiry_s - clock_wall_us() / 1000000;
	int64_t now_ms = clock_mono_ms();

	if (publication->etag == NULL || left_s <= 0) {
		free(publication->etag);
		publication->etag = NULL;
		return false;
	}
	if (left_s > PUBLISH_MIN_EXPIRES_MOST_S)
		left_s = PUBLISH_MIN_EXPIRES_MOST_S;
	publication->refresh_at_ms = now_ms + left_s * 1000;
	publication->is_lingering = true;
	publication->linger_until_ms = now_ms + RESTORE_AFTER_MS + REMOVE_EACH_MS * order;
	publication_handle(publication, PUBLISH_ON_RESTORED, NULL);
	return true;
}

/*
 * A damaged line may have held the newest version of any station, so all versions grow.
 */
static void restore_all(struct publisher *publisher, size_t damaged)
{
	unsigned order = 0;
	struct list *node;

	for (node = publisher->publications.next; node != &publisher->publications;
	     node = node->next) {
		struct publication *publication =
			container_of(node, struct publication, node);

		publication->version += (uint32_t)damaged;
		order += restore(publication, order);
	}
}

static void take_up(struct publisher *publisher)
{
	size_t damaged;
	int err = ledger_read(publisher->ledger, take_entry, publisher, &damaged);

	if (err < 0)
		keep_noted(publisher, err);
	if (damaged > 0)
		publisher->port->note(publisher->context, NULL, "publish-state", 0,
				      "damaged lines were skipped");
	restore_all(publisher, damaged);
	if (err >= 0)
		keep_noted(publisher, keep_all(publisher, true));
}

/* Closes the state file and begins with another, if there is to be one. */
static void open_ledger(struct publisher *publisher, const char *state_file)
{
	ledger_free(publisher->ledger);
	free(publisher->state_file);
	publisher->ledger = NULL;
	publisher->state_file = NULL;
	publisher->is_ledger_failing = false;
	if (state_file == NULL)
		return;
	publisher->state_file = memory_need(strdup(state_file));
	publisher->ledger = ledger_new(publisher->state_file);
}

int publisher_new(const struct publish_settings *settings,
		  const struct publish_port *port, void *context,
		  struct publisher **publisher, struct fault *fault)
{
	struct publisher *made = memory_need(calloc(1, sizeof *made));

	(void)fault;
	made->settings = *settings;
	made->settings.state_file = NULL;	/* not ours to keep */
	made->port = port;
	made->context = context;
	list_init(&made->publications);
	index_init(&made->index);
	*publisher = made;
	open_ledger(made, settings->state_file);
	if (made->ledger != NULL)
		take_up(made);
	return 0;
}

/* A line of a state file that is new to us: its versions may have been seen. */
static void take_version(void *context, const struct ledger_entry *entry)
{
	struct publication *publication = publication_get(context, entry->extension);

	if (entry->version > publication->version)
		publication->version = entry->version;
}

static void change_ledger(struct publisher *publisher, const char *state_file)
{
	size_t damaged;

	open_ledger(publisher, state_file);
	if (publisher->ledger == NULL)
		return;
	ledger_read(publisher->ledger, take_version, publisher, &damaged);
	keep_noted(publisher, keep_all(publisher, true));
}

static bool is_state_file(const struct publisher *publisher, const char *state_file)
{
	const char *ours = publisher->state_file;

	return ours != NULL && state_file != NULL ? strcmp(ours, state_file) == 0
						  : ours == state_file;
}

void publisher_change(struct publisher *publisher,
		      const struct publish_settings *settings)
{
	int64_t longer_ms =
		((int64_t)settings->linger_s - publisher->settings.linger_s) * 1000;
	bool is_same_expires = settings->expires_s == publisher->settings.expires_s;
	struct list *node;

	publisher->settings = *settings;
	publisher->settings.state_file = NULL;	/* not ours to keep */
	publisher->is_withdrawn = false;
	publisher->is_stopped = false;	/* the proxy may have changed, too */
	if (!is_state_file(publisher, settings->state_file))
		change_ledger(publisher, settings->state_file);
	for (node = publisher->publications.next; node != &publisher->publications;
	     node = node->next) {
		struct publication *publication =
			container_of(node, struct publication, node);

		if (!is_same_expires)
			publication->expires_s = settings->expires_s;
		publication->linger_until_ms += longer_ms;
		publication_handle(publication, PUBLISH_ON_CHANGED, NULL);
	}
}

void publisher_withdraw(struct publisher *publisher)
{
	int64_t at_ms = clock_mono_ms();
	struct list *node;

	publisher->is_withdrawn = true;
	for (node = publisher->publications.next; node != &publisher->publications;
	     node = node->next) {
		struct publication *publication =
			container_of(node, struct publication, node);

		publication_drop_all(publication);
		publication->is_lingering = true;
		publication->linger_until_ms = at_ms;
		publication_handle(publication, PUBLISH_ON_CHANGED, NULL);
		if (publication_state(publication) == PUBLISH_PUBLISHED)
			at_ms += REMOVE_EACH_MS;
	}
}

void publisher_free(struct publisher *publisher)
{
	if (publisher == NULL)
		return;
	if (publisher->ledger != NULL)
		keep_all(publisher, true);
	open_ledger(publisher, NULL);
	while (!list_is_empty(&publisher->publications))
		publication_free(container_of(publisher->publications.next,
					      struct publication, node));
	free(publisher);
}

enum { STOPPED_MS = 3600 * 1000 };	/* until a proxy that takes no publications is asked again */

static bool is_stopped(struct publisher *publisher)
{
	if (publisher->is_stopped &&
	    clock_mono_ms() - publisher->stopped_ms >= STOPPED_MS)
		publisher->is_stopped = false;
	return publisher->is_stopped;
}

/* The publication of EXTENSION, a new one if the last was stopped. */
static struct publication *living(struct publisher *publisher, const char *extension)
{
	struct publication *publication = publication_get(publisher, extension);

	if (publication_state(publication) != PUBLISH_STOPPED ||
	    publication->is_in_flight)
		return publication;
	publication_free(publication);
	return publication_get(publisher, extension);
}

void publisher_show(struct publisher *publisher, const struct shown_dialog *dialog)
{
	struct publication *publication;

	if (publisher->is_withdrawn || is_stopped(publisher))
		return;
	publication = living(publisher, dialog->extension);
	if (publication_take(publication, dialog))
		publication_handle(publication, PUBLISH_ON_SHOW, NULL);
}

static enum publish_on on_status(int status)
{
	switch (status) {
	case 405:
	case 489:
	case 501:
		return PUBLISH_ON_REFUSED;
	case 408:
		return PUBLISH_ON_FAILED;
	case 412:
		return PUBLISH_ON_GONE;
	case 423:
		return PUBLISH_ON_BRIEF;
	default:
		return status < 300   ? PUBLISH_ON_OK
		       : status < 500 ? PUBLISH_ON_DENIED
				      : PUBLISH_ON_FAILED;
	}
}

/* The proxy accepts no publication of any station. */
static void stop_all(struct publisher *publisher)
{
	struct list *node;

	for (node = publisher->publications.next; node != &publisher->publications;
	     node = node->next)
		publication_handle(container_of(node, struct publication, node),
				   PUBLISH_ON_STOP, NULL);
}

void publisher_answered(struct publication *publication,
			const struct publish_response *response)
{
	struct publisher *publisher = publication->publisher;
	bool was_stopped;

	if (!publication->is_in_flight || response->status < 200)
		return;
	was_stopped = publisher->is_stopped;
	publication->is_in_flight = false;
	publication_handle(publication, on_status(response->status), response);
	if (publisher->is_stopped && !was_stopped)
		stop_all(publisher);
}

void publisher_expired(struct publication *publication)
{
	publication->is_armed = false;
	publication_handle(publication, PUBLISH_ON_TIMEOUT, NULL);
}

void *publication_context(const struct publication *publication)
{
	return publication->context;
}

void publication_set_context(struct publication *publication, void *context)
{
	publication->context = context;
}

const char *publication_extension(const struct publication *publication)
{
	return publication->extension;
}

size_t publisher_count(const struct publisher *publisher, size_t *in_flight)
{
	struct list *node;
	size_t count = 0;

	*in_flight = 0;
	for (node = publisher->publications.next; node != &publisher->publications;
	     node = node->next) {
		const struct publication *publication =
			container_of(node, struct publication, node);

		count += publication_state(publication) != PUBLISH_IDLE &&
			 publication_state(publication) != PUBLISH_STOPPED;
		*in_flight += publication->is_in_flight;
	}
	return count;
}
