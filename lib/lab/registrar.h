/* SPDX-License-Identifier: MIT */
#pragma once
/* The users of the built-in proxy, and where they are registered (RFC 3261 section 10.3). */
#include "base/arena.h"
#include "wire/sofia.h"

#include <stdbool.h>
#include <stdint.h>

enum { REGISTRAR_CONTACTS_MAX = 10 };	/* of one user */

struct registrar;

/** Never NULL. */
struct registrar *registrar_new(void);
void registrar_free(struct registrar *registrar);

/** Texts are copied.  One that is there already keeps its password. */
void registrar_add(struct registrar *registrar, const char *user, const char *password);
void registrar_add_number(struct registrar *registrar, const char *number,
			  const char *user);

/** The user whose name or number this is, NULL = no one's.  *IS_NUMBER: it is a number. */
const char *registrar_find(const struct registrar *registrar, const char *text,
			   bool *is_number);

/** NULL = there is no such user. */
const char *registrar_password(const struct registrar *registrar, const char *user);

/** Takes a REGISTER into account: the status of its answer, and the Contacts for it in ARENA. */
int registrar_register(struct registrar *registrar, const char *user, const sip_t *sip,
		       int64_t now_us, struct arena *arena, const char **contacts);

/** The I-th valid contact of USER, NULL = there are fewer.  A URI, borrowed until the next
 *  registration. */
const char *registrar_contact(const struct registrar *registrar, const char *user,
			      size_t i, int64_t now_us);

/** Forgets all registrations. */
void registrar_clear(struct registrar *registrar);
