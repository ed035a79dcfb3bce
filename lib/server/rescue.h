/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The emergency numbers of the database, kept in memory: under load each new call is compared with
 * them before anything else is done for it, also while the database is locked.
 */
#include <stdbool.h>

struct rescue;
struct store;

/** Reads them; what cannot be read is logged, and then every number may be one.  STORE is borrowed
 *  for life. */
struct rescue *rescue_new(struct store *store);

/** NULL is fine. */
void rescue_free(struct rescue *rescue);

/** Reads them again if the database has changed; looks at most once a second, or at once if
 *  IS_ASKED.  What was read before stays if that fails. */
void rescue_refresh(struct rescue *rescue, bool is_asked);

/** Whether NUMBER, without visual separators, may be an emergency number: it begins with the pattern
 *  of one, or does so behind an access code, and has a length that one may have.  Yes where a longer
 *  pattern would say it is none: that costs less than an emergency call that is refused. */
bool rescue_is_emergency(const struct rescue *rescue, const char *number);
