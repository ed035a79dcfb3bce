/* SPDX-License-Identifier: MIT */
#include "lab/registrar.h"

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

struct registrar {
	struct arena arena;
	struct list users, numbers, bindings;
};

struct registrar *registrar_new(void)
{
	struct registrar *registrar = memory_new(sizeof *registrar);

	list_init(&registrar->users);
	list_init(&registrar->numbers);
	list_init(&registrar->bindings);
	return registrar;
}

static void binding_free(struct binding *binding)
{
	list_remove(&binding->node);
	free(binding->uri);
	free(binding);
}

void registrar_clear(struct registrar *registrar)
{
	while (!list_is_empty(&registrar->bindings))
		binding_free(
			container_of(registrar->bindings.next, struct binding, node));
}

void registrar_free(struct registrar *registrar)
{
	if (!registrar)
		return;
	registrar_clear(registrar);
	arena_clear(&registrar->arena);
	free(registrar);
}

static struct user *user_of(const struct registrar *registrar, const char *name)
{
	for (struct list *at = registrar->users.next; at != &registrar->users;
	     at = at->next) {
		struct user *user = container_of(at, struct user, node);

		if (strcmp(user->name, name) == 0)
			return user;
	}
	return NULL;
}

void registrar_add(struct registrar *registrar, const char *name, const char *password)
{
	struct user *user;

	if (user_of(registrar, name))
		return;
	user = arena_alloc(&registrar->arena, sizeof *user);
	user->name = arena_strdup(&registrar->arena, name);
	user->password = arena_strdup(&registrar->arena, password);
	list_append(&registrar->users, &user->node);
}

void registrar_add_number(struct registrar *registrar, const char *text, const char *user)
{
	struct number *number = arena_alloc(&registrar->arena, sizeof *number);

	number->number = arena_strdup(&registrar->arena, text);
	number->user = arena_strdup(&registrar->arena, user);
	list_append(&registrar->numbers, &number->node);
}

const char *registrar_find(const struct registrar *registrar, const char *text,
			   bool *is_number)
{
	const struct user *user = user_of(registrar, text);

	*is_number = !user;
	if (user)
		return user->name;
	for (struct list *at = registrar->numbers.next; at != &registrar->numbers;
	     at = at->next) {
		const struct number *number = container_of(at, struct number, node);

		if (strcmp(number->number, text + (*text == '+')) == 0)
			return number->user;
	}
	return NULL;
}

const char *registrar_password(const struct registrar *registrar, const char *name)
{
	const struct user *user = user_of(registrar, name);

	return user ? user->password : NULL;
}

static struct binding *binding_of(const struct registrar *registrar, const char *user,
				  const char *uri)
{
	for (struct list *at = registrar->bindings.next; at != &registrar->bindings;
	     at = at->next) {
		struct binding *binding = container_of(at, struct binding, node);

		if (strcmp(binding->user, user) == 0 && strcmp(binding->uri, uri) == 0)
			return binding;
	}
	return NULL;
}

static void drop(struct registrar *registrar, const char *user, int64_t before_us)
{
	struct list *next;

	for (struct list *at = registrar->bindings.next; at != &registrar->bindings;
	     at = next) {
		struct binding *binding = container_of(at, struct binding, node);

		next = at->next;
		if ((!user || strcmp(binding->user, user) == 0) &&
		    binding->until_us <= before_us)
			binding_free(binding);
	}
}

static size_t count_of(const struct registrar *registrar, const char *user)
{
	size_t count = 0;

	while (registrar_contact(registrar, user, count, 0))
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
static int bind_one(struct registrar *registrar, const char *user, const char *uri,
		    unsigned long expires_s, int64_t now_us)
{
	struct binding *binding = binding_of(registrar, user, uri);

	if (binding && !expires_s) {
		binding_free(binding);
		return 0;
	}
	if (!expires_s)
		return 0;
	if (!binding) {
		if (count_of(registrar, user) >= REGISTRAR_CONTACTS_MAX)
			return 403;
		binding = memory_new(sizeof *binding);
		binding->user = user;
		binding->uri = memory_checked(strdup(uri));
		list_append(&registrar->bindings, &binding->node);
	}
	binding->until_us = now_us + (int64_t)expires_s * 1000000;
	return 0;
}

static int take_contacts(struct registrar *registrar, const char *user, const sip_t *sip,
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
				drop(registrar, user, INT64_MAX);
		} else {
			status = bind_one(
				registrar, user,
				memory_checked(url_as_string(home, contact->m_url)),
				expires_s, now_us);
		}
	}
	su_home_deinit(home);
	return status;
}

int registrar_register(struct registrar *registrar, const char *name, const sip_t *sip,
		       int64_t now_us, struct arena *arena, const char **contacts)
{
	const struct user *user = user_of(registrar, name);
	int status;

	*contacts = NULL;
	if (!user)
		return 404;
	drop(registrar, NULL, now_us);
	status = take_contacts(registrar, user->name, sip, now_us);
	if (status)
		return status;
	for (struct list *at = registrar->bindings.next; at != &registrar->bindings;
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

const char *registrar_contact(const struct registrar *registrar, const char *user,
			      size_t i, int64_t now_us)
{
	for (struct list *at = registrar->bindings.next; at != &registrar->bindings;
	     at = at->next) {
		const struct binding *binding = container_of(at, struct binding, node);

		if (strcmp(binding->user, user) == 0 && binding->until_us > now_us &&
		    i-- == 0)
			return binding->uri;
	}
	return NULL;
}
