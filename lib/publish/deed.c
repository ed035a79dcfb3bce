/* SPDX-License-Identifier: MIT */
#include "publish/deed.h"

#include "base/clock.h"
#include "publish/document.h"
#include "publish/keep.h"
#include "publish/memory.h"
#include "publish/shown.h"

#include <string.h>

enum { SIP_UNAVAILABLE = 503 };

bool publication_if_always(const struct publication *publication)
{
	(void)publication;
	return true;
}

bool publication_if_has_news(const struct publication *publication)
{
	return publication->is_changed;
}

bool publication_if_has_dialogs(const struct publication *publication)
{
	return publication->dialog_count > 0;
}

bool publication_if_has_etag(const struct publication *publication)
{
	return publication->etag != NULL;
}

bool publication_if_may_remove(const struct publication *publication)
{
	return publication->is_linger_due && publication_if_is_leftover(publication);
}

bool publication_if_may_refresh(const struct publication *publication)
{
	return publication->etag != NULL && !publication->is_linger_due;
}

bool publication_if_is_leftover(const struct publication *publication)
{
	return publication->dialog_count == 0 && publication->etag != NULL &&
	       publication->expiry_s > clock_wall_us() / 1000000;
}

bool publication_if_may_lengthen(const struct publication *publication)
{
	unsigned least_s = publication->response->min_expires_s;

	return least_s > publication->expires_s &&
	       least_s <= PUBLISH_MIN_EXPIRES_MOST_S &&
	       publication->briefs < PUBLISH_BRIEFS;
}

bool publication_if_must_renew(const struct publication *publication)
{
	const struct publish_response *response = publication->response;

	return publication->publisher->settings.linger_s == 0 &&
	       publication->tells_only_ends && publication->is_changed &&
	       (response != NULL ? response->etag : publication->etag) != NULL;
}

int publication_do_nothing(struct publication *publication)
{
	(void)publication;
	return 0;
}

static int transmit(struct publication *publication, unsigned expires_s, const char *body,
		    size_t length)
{
	struct publisher *publisher = publication->publisher;
	struct publish_request request = {
		.extension = publication->extension,
		.if_match = publication->etag,
		.expires_s = expires_s,
		.body = body,
		.body_length = length,
	};
	int err;

	publication->is_in_flight = true;
	err = publisher->port->send(publisher->context, publication, &request);
	if (err < 0)
		publication->is_in_flight = false;
	return err < 0 ? err : 0;
}

/* The dialogs of the next document: all that are not terminated, and the oldest ended
 * ones. */
static size_t select_dialogs(struct publication *publication,
			     const struct shown_dialog **dialogs)
{
	size_t count = 0, ends = 0;
	struct list *node;

	publication->is_changed = false;
	for (node = publication->dialogs.next; node != &publication->dialogs;
	     node = node->next) {
		struct shown *shown = container_of(node, struct shown, node);
		bool is_end = shown->dialog.state == SHOWN_TERMINATED;

		shown->is_carried = is_end && ends < PUBLISH_ENDS;
		if (is_end && !shown->is_carried) {
			publication->is_changed = true;		/* to be published next */
			continue;
		}
		ends += is_end;
		dialogs[count++] = &shown->dialog;
	}
	publication->tells_only_ends = count > 0 && count == ends;
	return count;
}

int publication_do_publish(struct publication *publication)
{
	const struct shown_dialog **dialogs =
		memory_need(calloc(publication->dialog_count + 1, sizeof *dialogs));
	size_t count = select_dialogs(publication, dialogs), length;
	struct document_head head = {
		.extension = publication->extension,
		.domain = publication->publisher->settings.domain,
		.version = publication->version++,
	};
	char *body = document_write(&head, dialogs, count, &length);
	int err;

	free(dialogs);
	keep_one(publication);	/* before the version is sent */
	err = transmit(publication, publication->expires_s, body, length);
	free(body);
	return err;
}

int publication_do_refresh(struct publication *publication)
{
	return transmit(publication, publication->expires_s, NULL, 0);
}

int publication_do_remove(struct publication *publication)
{
	return transmit(publication, 0, NULL, 0);
}

static void note(struct publication *publication, const char *event, int status,
		 const char *reason)
{
	struct publisher *publisher = publication->publisher;

	publisher->port->note(publisher->context, publication->extension, event, status,
			      reason);
}

static void etag_set(struct publication *publication, const char *etag)
{
	free(publication->etag);
	publication->etag = etag != NULL ? memory_need(strdup(etag)) : NULL;
}

static void all_is_well(struct publication *publication)
{
	if (publication->noted != 0)
		note(publication, "publish-resumed", 0, NULL);
	publication->noted = 0;
	publication->failures = 0;
	publication->briefs = 0;
}

/* A proxy may shorten the Expires requested, never lengthen it (RFC 3903 section 6). */
static unsigned granted_s(const struct publication *publication)
{
	unsigned granted = publication->response->expires_s;

	return granted != 0 && granted < publication->expires_s ? granted
								: publication->expires_s;
}

static void take_answer(struct publication *publication)
{
	unsigned lives_s = granted_s(publication);
	int64_t refresh_ms = (int64_t)lives_s * 750;

	if (refresh_ms < PUBLISH_REFRESH_LEAST_MS)
		refresh_ms = PUBLISH_REFRESH_LEAST_MS;
	publication->refresh_at_ms = clock_mono_ms() + refresh_ms;
	publication->expiry_s = clock_wall_us() / 1000000 + lives_s;
	etag_set(publication, publication->response->etag);
	publication_drop_told(publication);
	all_is_well(publication);
}

int publication_do_accept(struct publication *publication)
{
	take_answer(publication);
	keep_one(publication);
	return 0;
}

int publication_do_accept_publish(struct publication *publication)
{
	take_answer(publication);
	return publication_do_publish(publication);	/* keeps the ETag, too */
}

int publication_do_accept_remove(struct publication *publication)
{
	take_answer(publication);
	return publication_do_remove(publication);
}

int publication_do_forget(struct publication *publication)
{
	etag_set(publication, NULL);
	publication->is_lingering = false;
	all_is_well(publication);
	keep_one(publication);
	return 0;
}

int publication_do_forget_publish(struct publication *publication)
{
	etag_set(publication, NULL);
	return publication_do_publish(publication);
}

static void lengthen(struct publication *publication)
{
	publication->expires_s = publication->response->min_expires_s;
	publication->briefs++;
}

int publication_do_lengthen_publish(struct publication *publication)
{
	lengthen(publication);
	return publication_do_publish(publication);
}

int publication_do_lengthen_refresh(struct publication *publication)
{
	lengthen(publication);
	return publication_do_refresh(publication);
}

/* Doubled for each failure, and up to a quarter less, so that stations do not retry at
 * once. */
static unsigned back_off_ms(struct publication *publication)
{
	unsigned failures = publication->failures, wait_ms = PUBLISH_BACK_OFF_MOST_MS;
	unsigned spread = (unsigned)index_hash(publication->extension) + 101 * failures;

	if (failures < 6)
		wait_ms = (unsigned)PUBLISH_BACK_OFF_MS << failures;
	publication->failures++;
	return wait_ms - wait_ms / 1024 * (spread % 256);
}

static unsigned retry_after_ms(const struct publication *publication)
{
	unsigned after_s =
		publication->response ? publication->response->retry_after_s : 0;

	if (after_s > PUBLISH_RETRY_AFTER_MOST_S)
		after_s = PUBLISH_RETRY_AFTER_MOST_S;
	return after_s * 1000;
}

/* Waits before the full state is sent again.  Recorded if the status differs from the
 * last one. */
static void wait_after(struct publication *publication, const char *event)
{
	unsigned back_ms = back_off_ms(publication),
		 after_ms = retry_after_ms(publication);
	int status =
		publication->response ? publication->response->status : SIP_UNAVAILABLE;

	publication->wait_ms = back_ms > after_ms ? back_ms : after_ms;
	publication->briefs = 0;
	if (publication->noted != status)
		note(publication, event, status,
		     publication->response ? NULL : "it could not be sent");
	publication->noted = status;
}

int publication_do_back_off(struct publication *publication)
{
	wait_after(publication, "publish-failed");
	return 0;
}

int publication_do_deny(struct publication *publication)
{
	if (publication->failures < 6)
		publication->failures = 6;
	wait_after(publication, "publish-denied");
	return 0;
}

int publication_do_let_go(struct publication *publication)
{
	publication_drop_all(publication);
	return 0;
}

int publication_do_stop(struct publication *publication)
{
	publication->publisher->is_stopped = true;
	publication->publisher->stopped_ms = clock_mono_ms();
	note(publication, "publish-stopped", publication->response->status, NULL);
	return publication_do_let_go(publication);
}
