/* SPDX-License-Identifier: MIT */
#pragma once
/* The journal of a case's halfcalld, read from its file as it grows. */
#include "base/arena.h"

#include <stddef.h>

struct diary;
struct diary_event;

/** PATH is borrowed; the file need not be there yet.  Never NULL. */
struct diary *diary_open(const char *path);

/** NULL is fine. */
void diary_close(struct diary *diary);

/** Reads what has been added. */
void diary_read(struct diary *diary);

size_t diary_count(const struct diary *diary);

/** Borrowed for the diary's life. */
const struct diary_event *diary_event(const struct diary *diary, size_t i);

/** The value of KEY as text, "" never stands for a missing one: NULL does. */
const char *diary_value(const struct diary_event *event, const char *key);

/** The event as it stands in the file. */
const char *diary_text(const struct diary_event *event);
