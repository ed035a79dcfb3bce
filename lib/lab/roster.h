/* SPDX-License-Identifier: MIT */
#pragma once
/* The users of the built-in proxy, and where they are registered (RFC 3261 section 10.3). */
#include "base/arena.h"
#include "wire/sofia.h"

#include <stdbool.h>
#include <stdint.h>

enum { ROSTER_CONTACTS_MAX = 10 };	/* of one user */

struct roster;

/** Never NULL. */
struct roster *roster_new(void);
void roster_free(struct roster *roster);

/** Texts are copied.  One that is there already keeps its password. */
void roster_add(struct roster *roster, const char *user, const char *password);
void roster_add_number(struct roster *roster, const char *number, const char *user);

/** The user whose name or number this is, NULL = no one's.  *IS_NUMBER: it is a number. */
const char *roster_find(const struct roster *roster, const char *text, bool *is_number);

/** NULL = there is no such user. */
const char *roster_password(const struct roster *roster, const char *user);

/** Takes a REGISTER into account: the status of its answer, and the Contacts for it in ARENA. */
int roster_register(struct roster *roster, const char *user, const sip_t *sip,
		    int64_t now_us, struct arena *arena, const char **contacts);

/** The I-th valid contact of USER, NULL = there are fewer.  A URI, borrowed until the next
 *  registration. */
const char *roster_contact(const struct roster *roster, const char *user, size_t i,
			   int64_t now_us);

/** Forgets all registrations. */
void roster_clear(struct roster *roster);
