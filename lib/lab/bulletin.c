/* SPDX-License-Identifier: MIT */
/*
 * The event server for `dialog`: publications (RFC 3903) come from CM, one a station, and go to
 * every subscription (RFC 6665) as the document they hold, with the subscription's own version.
 */
#include "base/memory.h"
#include "lab/sm.h"
#include "lab/sm_inside.h"
#include "wire/listener.h"
#include "wire/loop.h"
#include "wire/message.h"
#include "wire/uac.h"
#include "wire/uri.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { EXPIRES_S = 3600 };

struct bulletin {
	struct sm *sm;
	struct list publications, subscriptions;
	unsigned long tags;
};

struct publication {
	struct list node;
	struct bulletin *bulletin;
	char *user, *body;		/* owned; body NULL = none */
	char tag[24];
	struct loop_timer *expiry;
};

struct subscription {
	struct list node;
	struct bulletin *bulletin;
	su_home_t *home;		/* owned */
	const char *user;
	struct dialog *dialog;
	sip_from_t *local;
	sip_to_t *remote;
	sip_contact_t *contact;
	const struct listener *listener;
	unsigned version;
	int64_t until_us;
	struct list notifies;
};

struct notify {
	struct list node;		/* in subscription->notifies */
	struct uac *uac;
};

struct bulletin *bulletin_new(struct sm *sm)
{
	struct bulletin *bulletin = memory_new(sizeof *bulletin);

	bulletin->sm = sm;
	list_init(&bulletin->publications);
	list_init(&bulletin->subscriptions);
	return bulletin;
}

static void publication_free(struct publication *publication)
{
	list_remove(&publication->node);
	loop_timer_free(publication->expiry);
	free(publication->user);
	free(publication->body);
	free(publication);
}

static void notify_free(struct notify *notify)
{
	list_remove(&notify->node);
	uac_free(notify->uac);
	free(notify);
}

static void subscription_free(struct subscription *subscription)
{
	list_remove(&subscription->node);
	while (!list_is_empty(&subscription->notifies))
		notify_free(
			container_of(subscription->notifies.next, struct notify, node));
	su_home_unref(subscription->home);
	free(subscription);
}

void bulletin_free(struct bulletin *bulletin)
{
	if (!bulletin)
		return;
	while (!list_is_empty(&bulletin->publications))
		publication_free(container_of(bulletin->publications.next,
					      struct publication, node));
	while (!list_is_empty(&bulletin->subscriptions))
		subscription_free(container_of(bulletin->subscriptions.next,
					       struct subscription, node));
	free(bulletin);
}

/* Telling -------------------------------------------------------------------------------------- */

static struct publication *published(const struct bulletin *bulletin, const char *user)
{
	for (struct list *at = bulletin->publications.next; at != &bulletin->publications;
	     at = at->next) {
		struct publication *publication =
			container_of(at, struct publication, node);

		if (strcmp(publication->user, user) == 0)
			return publication;
	}
	return NULL;
}

/* The document for SUBSCRIPTION: the published one with this VERSION. */
static const char *document_of(struct subscription *subscription, su_home_t *home)
{
	const struct publication *publication =
		published(subscription->bulletin, subscription->user);
	const char *body = publication ? publication->body : NULL;
	const char *info = body ? strstr(body, "<dialog-info") : NULL;
	const char *at = info ? strstr(info, "version=") : NULL;
	unsigned version = subscription->version++;

	if (!at || (at[8] != '"' && at[8] != '\''))
		return su_sprintf(
			home,
			"<?xml version=\"1.0\"?>\r\n<dialog-info "
			"xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"%u\" "
			"state=\"full\" entity=\"sip:%s@%s\"></dialog-info>\r\n",
			version, subscription->user,
			subscription->bulletin->sm->lab->domain);
	return su_sprintf(home, "%.*s%u%s", (int)(at + 9 - body), body, version,
			  at + 9 + strspn(at + 9, "0123456789"));
}

static void on_notified(void *context, struct uac *uac, int status, msg_t *response)
{
	struct notify *notify = context;

	(void)uac;
	(void)response;
	if (status >= 200)
		notify_free(notify);
}

static void notify(struct subscription *subscription, bool is_over)
{
	struct sm *sm = subscription->bulletin->sm;
	int64_t left_us = subscription->until_us - loop_now_us(sm->lab->loop);
	struct notify *made;
	struct way way;
	msg_t *msg = dialog_request(sm->wire, subscription->local, subscription->remote,
				    sip_method_notify, "NOTIFY");
	su_home_t *home = msg_home(msg);

	dialog_address(subscription->dialog, msg, dialog_next_cseq(subscription->dialog));
	message_set_contact(msg, "", subscription->listener);
	message_insert(msg, (sip_header_t *)sip_event_make(home, "dialog"));
	message_insert(
		msg, (sip_header_t *)(is_over ? sip_subscription_state_make(
							home, "terminated;reason=timeout")
					      : sip_subscription_state_format(
							home, "active;expires=%lld",
							(long long)left_us / 1000000)));
	talk_set_body(msg, "application/dialog-info+xml",
		      memory_checked(document_of(subscription, home)));
	if (way_find(sm->wire, NULL, sip_object(msg), subscription->listener, &way,
		     NULL) < 0) {
		msg_destroy(msg);
		return;
	}
	made = memory_new(sizeof *made);
	list_append(&subscription->notifies, &made->node);
	made->uac = uac_send(sm->wire, &way, msg, on_notified, made);
	if (!made->uac)
		notify_free(made);
}

static void tell(struct bulletin *bulletin, const char *user)
{
	const char *broken = bulletin->sm->is->broken;
	const struct publication *publication = published(bulletin, user);

	/* A deliberate fault: the end of a dialog is not told. */
	if (broken && strcmp(broken, "stale-lamp") == 0 &&
	    (!publication ||
	     strstr(publication->body ? publication->body : "", "terminated")))
		return;
	for (struct list *at = bulletin->subscriptions.next;
	     at != &bulletin->subscriptions; at = at->next) {
		struct subscription *subscription =
			container_of(at, struct subscription, node);

		if (strcmp(subscription->user, user) == 0)
			notify(subscription, false);
	}
}

/* Publications --------------------------------------------------------------------------------- */

static void remove_publication(struct publication *publication)
{
	struct bulletin *bulletin = publication->bulletin;
	char *user = memory_checked(strdup(publication->user));

	publication_free(publication);
	tell(bulletin, user);
	free(user);
}

static void on_expiry(void *context)
{
	remove_publication(context);
}

static struct publication *by_tag(struct bulletin *bulletin, const char *tag)
{
	for (struct list *at = bulletin->publications.next; at != &bulletin->publications;
	     at = at->next) {
		struct publication *publication =
			container_of(at, struct publication, node);

		if (strcmp(publication->tag, tag) == 0)
			return publication;
	}
	return NULL;
}

static struct publication *publication_new(struct bulletin *bulletin, const char *user)
{
	struct publication *publication = memory_new(sizeof *publication);

	publication->bulletin = bulletin;
	publication->user = memory_checked(strdup(user));
	publication->expiry =
		loop_timer_new(bulletin->sm->lab->loop, on_expiry, publication);
	list_append(&bulletin->publications, &publication->node);
	return publication;
}

static void answer(struct uas *uas, int status, const char *tag, unsigned long expires_s)
{
	msg_t *msg = memory_checked(uas_response(uas, status, NULL));
	su_home_t *home = msg_home(msg);

	if (tag)
		message_insert(msg, (sip_header_t *)sip_etag_make(home, tag));
	if (status == 200)
		message_insert(
			msg, (sip_header_t *)sip_expires_format(home, "%lu", expires_s));
	uas_send(uas, msg);
	uas_free(uas);
}

/* A new state, a refresh or the end of PUBLICATION. */
static void take(struct publication *publication, const sip_t *sip, struct uas *uas,
		 unsigned long expires_s)
{
	struct bulletin *bulletin = publication->bulletin;
	const sip_payload_t *body = sip->sip_payload;
	bool has_body = body && body->pl_len;

	snprintf(publication->tag, sizeof publication->tag, "%lx", ++bulletin->tags);
	if (has_body) {
		free(publication->body);
		publication->body = memory_checked(strndup(body->pl_data, body->pl_len));
	}
	answer(uas, 200, publication->tag, expires_s);
	if (!expires_s) {
		remove_publication(publication);
		return;
	}
	loop_timer_set(publication->expiry, (unsigned)expires_s * 1000);
	if (has_body)
		tell(bulletin, publication->user);
}

void bulletin_publish(struct bulletin *bulletin, msg_t *msg)
{
	struct uas *uas = uas_new(bulletin->sm->wire, msg);
	struct publication *publication = NULL;
	struct arena arena = { 0 };
	unsigned long expires_s;
	const sip_t *sip;

	if (!uas)
		return;
	sip = sip_object(uas_request(uas));
	expires_s = sip->sip_expires ? sip->sip_expires->ex_delta : EXPIRES_S;
	if (!sip->sip_event || strcmp(sip->sip_event->o_type, "dialog") != 0) {
		answer(uas, 489, NULL, 0);
		return;
	}
	if (sip->sip_if_match) {
		publication = by_tag(bulletin, sip->sip_if_match->g_string);
		if (!publication) {
			answer(uas, 412, NULL, 0);
			return;
		}
	}
	if (!publication && expires_s)
		publication = publication_new(bulletin,
					      uri_user(&arena, sip->sip_request->rq_url));
	if (publication)
		take(publication, sip, uas, expires_s);
	else
		answer(uas, 200, "0", 0);
	arena_clear(&arena);
}

/* Subscriptions -------------------------------------------------------------------------------- */

static struct subscription *subscribed(struct bulletin *bulletin, const sip_t *sip)
{
	for (struct list *at = bulletin->subscriptions.next;
	     at != &bulletin->subscriptions; at = at->next) {
		struct subscription *subscription =
			container_of(at, struct subscription, node);

		if (strcmp(dialog_call_id(subscription->dialog),
			   sip->sip_call_id->i_id) == 0 &&
		    dialog_is_of(subscription->dialog, sip))
			return subscription;
	}
	return NULL;
}

static struct subscription *subscription_new(struct bulletin *bulletin, struct uas *uas,
					     const struct listener *listener)
{
	const sip_t *sip = sip_object(uas_request(uas));
	struct subscription *subscription = memory_new(sizeof *subscription);
	su_home_t *home = memory_checked(su_home_new(sizeof *home));
	struct arena arena = { 0 };

	subscription->bulletin = bulletin;
	subscription->home = home;
	subscription->listener = listener;
	subscription->user = memory_checked(
		su_strdup(home, uri_user(&arena, sip->sip_request->rq_url)));
	subscription->dialog = dialog_as_uas(home, sip, uas_tag(uas));
	subscription->local =
		memory_checked(sip_from_dup(home, (const sip_from_t *)sip->sip_to));
	subscription->remote =
		memory_checked(sip_to_dup(home, (const sip_to_t *)sip->sip_from));
	list_init(&subscription->notifies);
	list_append(&bulletin->subscriptions, &subscription->node);
	arena_clear(&arena);
	return subscription;
}

void bulletin_subscribe(struct bulletin *bulletin, const struct listener *listener,
			msg_t *msg)
{
	struct uas *uas = uas_new(bulletin->sm->wire, msg);
	struct subscription *subscription = NULL;
	unsigned long expires_s;
	const sip_t *sip;
	msg_t *response;

	if (!uas)
		return;
	sip = sip_object(uas_request(uas));
	expires_s = sip->sip_expires ? sip->sip_expires->ex_delta : EXPIRES_S;
	if (sip->sip_to->a_tag)
		subscription = subscribed(bulletin, sip);
	if (!sip->sip_event || strcmp(sip->sip_event->o_type, "dialog") != 0 ||
	    (sip->sip_to->a_tag && !subscription)) {
		answer(uas, subscription ? 489 : sip->sip_to->a_tag ? 481 : 489, NULL, 0);
		return;
	}
	if (!subscription)
		subscription = subscription_new(bulletin, uas, listener);
	subscription->until_us =
		loop_now_us(bulletin->sm->lab->loop) + (int64_t)expires_s * 1000000;
	response = memory_checked(uas_response(uas, 200, NULL));
	message_set_contact(response, "", listener);
	message_insert(response, (sip_header_t *)sip_expires_format(msg_home(response),
								    "%lu", expires_s));
	uas_send(uas, response);
	uas_free(uas);
	notify(subscription, !expires_s);
}

const char *bulletin_lit(const struct bulletin *bulletin)
{
	for (struct list *at = bulletin->publications.next; at != &bulletin->publications;
	     at = at->next) {
		const struct publication *publication =
			container_of(at, struct publication, node);
		const char *body = publication->body ? publication->body : "";

		while ((body = strstr(body, "<state"))) {
			body += strcspn(body, ">");
			if (*body == '>' && strncmp(body, ">terminated", 11) != 0)
				return publication->user;
		}
	}
	return NULL;
}
