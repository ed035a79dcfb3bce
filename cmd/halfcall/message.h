/* SPDX-License-Identifier: MIT */
#pragma once
/* The messages of an answer, collected, and what is made of them: text, a ladder, a file, a script. */
#include "base/fault.h"
#include "capture/sighting.h"
#include "ctl/datum.h"

#include <stdio.h>

struct message_list;

/** Never NULL. */
struct message_list *message_list_new(void);

/** NULL is fine. */
void message_list_free(struct message_list *list);

/** Copies ROW of `message list` with `bytes`; it must come after those before it. */
void message_list_add(struct message_list *list, const struct datum *row);

size_t message_count(const struct message_list *list);

/** The first of them, borrowed; NULL = there is none. */
const struct sighting *message_list_first(const struct message_list *list);

/** Each as it passed, below a line that says when and between whom. */
void message_print(const struct message_list *list, FILE *out);

/** The ladder of their call; in colour and as wide as the terminal if OUT is one. */
void message_print_ladder(const struct message_list *list, FILE *out);

/** Writes them to the file PATH, "-" = stdout, for Wireshark.  0, or -errno and a sentence. */
int message_save(const struct message_list *list, const char *path, struct fault *fault);
