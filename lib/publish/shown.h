/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A dialog as a publication remembers it: its newest state, kept until its end has been
 * published.  An update without a value for a field leaves the field unchanged.
 */
#include "base/list.h"
#include "model/presence.h"

struct shown {
	struct list node;		/* of the publication's dialogs, oldest first */
	struct shown_dialog dialog;	/* all text below */
	bool is_carried;		/* its end is in the document in flight */
	char text[];
};

/** A copy of DIALOG, in no list; owned by the caller. */
struct shown *shown_new(const struct shown_dialog *dialog);

/** Removes it from its list and frees it; NULL is fine. */
void shown_free(struct shown *shown);

/** DIALOG after UPDATE: the state of UPDATE, and its texts where they are not NULL. */
struct shown_dialog shown_merge(const struct shown_dialog *dialog,
				const struct shown_dialog *update);

/** Whether a document would have the same content for both. */
bool shown_is_same(const struct shown_dialog *one, const struct shown_dialog *other);
