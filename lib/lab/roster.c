/* SPDX-License-Identifier: MIT */
#include "lab/roster.h"

#include "base/list.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { EXPIRES_S = 3600 };

struct user {
	struct list node;
	const char *name, *password;
};

struct number {
	struct list node;
	const char *number, *user;
};

struct binding {
	struct list node;
	const char *user;
	char *uri;			/* owned */
	int64_t until_us;
};

struct roster {
	struct arena arena;
	struct list users, numbers, bindings;
};

struct roster *roster_new(void)
{
	struct roster *roster = memory_new(sizeof *roster);

	list_init(&roster->users);
	list_init(&roster->numbers);
	list_init(&roster->bindings);
	return roster;
}

static void binding_free(struct binding *binding)
{
	list_remove(&binding->node);
	free(binding->uri);
	free(binding);
}

void roster_clear(struct roster *roster)
{
	while (!list_is_empty(&roster->bindings))
		binding_free(container_of(roster->bindings.next, struct binding, node));
}

void roster_free(struct roster *roster)
{
	if (!roster)
		return;
	roster_clear(roster);
	arena_clear(&roster->arena);
	free(roster);
}

static struct user *user_of(const struct roster *roster, const char *name)
{
	for (struct list *at = roster->users.next; at != &roster->users; at = at->next) {
		struct user *user = container_of(at, struct user, node);

		if (strcmp(user->name, name) == 0)
			return user;
	}
	return NULL;
}

void roster_add(struct roster *roster, const char *name, const char *password)
{
	struct user *user;

	if (user_of(roster, name))
		return;
	user = arena_alloc(&roster->arena, sizeof *user);
	user->name = arena_strdup(&roster->arena, name);
	user->password = arena_strdup(&roster->arena, password);
	list_append(&roster->users, &user->node);
}

void roster_add_number(struct roster *roster, const char *text, const char *user)
{
	struct number *number = arena_alloc(&roster->arena, sizeof *number);

	number->number = arena_strdup(&roster->arena, text);
	number->user = arena_strdup(&roster->arena, user);
	list_append(&roster->numbers, &number->node);
}

const char *roster_find(const struct roster *roster, const char *text, bool *is_number)
{
	const struct user *user = user_of(roster, text);

	*is_number = !user;
	if (user)
		return user->name;
	for (struct list *at = roster->numbers.next; at != &roster->numbers;
	     at = at->next) {
		const struct number *number = container_of(at, struct number, node);

		if (strcmp(number->number, text + (*text == '+')) == 0)
			return number->user;
	}
	return NULL;
}

const char *roster_password(const struct roster *roster, const char *name)
{
	const struct user *user = user_of(roster, name);

	return user ? user->password : NULL;
}

static struct binding *binding_of(const struct roster *roster, const char *user,
				  const char *uri)
{
	for (struct list *at = roster->bindings.next; at != &roster->bindings;
	     at = at->next) {
		struct binding *binding = container_of(at, struct binding, node);

		if (strcmp(binding->user, user) == 0 && strcmp(binding->uri, uri) == 0)
			return binding;
	}
	return NULL;
}

static void drop(struct roster *roster, const char *user, int64_t before_us)
{
	struct list *next;

	for (struct list *at = roster->bindings.next; at != &roster->bindings;
	     at = next) {
		struct binding *binding = container_of(at, struct binding, node);

		next = at->next;
		if ((!user || strcmp(binding->user, user) == 0) &&
		    binding->until_us <= before_us)
			binding_free(binding);
	}
}

static size_t count_of(const struct roster *roster, const char *user)
{
	size_t count = 0;

	while (roster_contact(roster, user, count, 0))
		count++;
	return count;
}

static unsigned long expires_of(const sip_t *sip, const sip_contact_t *contact)
{
	if (contact->m_expires)
		return strtoul(contact->m_expires, NULL, 10);
	return sip->sip_expires ? sip->sip_expires->ex_delta : EXPIRES_S;
}

/* 0, or the status that refuses it. */
static int bind_one(struct roster *roster, const char *user, const char *uri,
		    unsigned long expires_s, int64_t now_us)
{
	struct binding *binding = binding_of(roster, user, uri);

	if (binding && !expires_s) {
		binding_free(binding);
		return 0;
	}
	if (!expires_s)
		return 0;
	if (!binding) {
		if (count_of(roster, user) >= ROSTER_CONTACTS_MAX)
			return 403;
		binding = memory_new(sizeof *binding);
		binding->user = user;
		binding->uri = memory_checked(strdup(uri));
		list_append(&roster->bindings, &binding->node);
	}
	binding->until_us = now_us + (int64_t)expires_s * 1000000;
	return 0;
}

static int take_contacts(struct roster *roster, const char *user, const sip_t *sip,
			 int64_t now_us)
{
	su_home_t home[1] = { SU_HOME_INIT(home) };
	int status = 0;

	for (const sip_contact_t *contact = sip->sip_contact; contact && !status;
	     contact = contact->m_next) {
		unsigned long expires_s = expires_of(sip, contact);

		if (contact->m_url->url_type == url_any) {
			status = expires_s || sip->sip_contact->m_next ? 400 : 0;
			if (!status)
				drop(roster, user, INT64_MAX);
		} else {
			status = bind_one(
				roster, user,
				memory_checked(url_as_string(home, contact->m_url)),
				expires_s, now_us);
		}
	}
	su_home_deinit(home);
	return status;
}

int roster_register(struct roster *roster, const char *name, const sip_t *sip,
		    int64_t now_us, struct arena *arena, const char **contacts)
{
	const struct user *user = user_of(roster, name);
	int status;

	*contacts = NULL;
	if (!user)
		return 404;
	drop(roster, NULL, now_us);
	status = take_contacts(roster, user->name, sip, now_us);
	if (status)
		return status;
	for (struct list *at = roster->bindings.next; at != &roster->bindings;
	     at = at->next) {
		const struct binding *binding = container_of(at, struct binding, node);

		if (strcmp(binding->user, name) == 0)
			*contacts = arena_printf(
				arena, "%s%s<%s>;expires=%lld",
				*contacts ? *contacts : "", *contacts ? ", " : "",
				binding->uri,
				(long long)(binding->until_us - now_us + 999999) /
					1000000);
	}
	return 200;
}

const char *roster_contact(const struct roster *roster, const char *user, size_t i,
			   int64_t now_us)
{
	for (struct list *at = roster->bindings.next; at != &roster->bindings;
	     at = at->next) {
		const struct binding *binding = container_of(at, struct binding, node);

		if (strcmp(binding->user, user) == 0 && binding->until_us > now_us &&
		    i-- == 0)
			return binding->uri;
	}
	return NULL;
}
