/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A dialog as a publication remembers it: its newest state, kept until its end has been
 * told.  What was known stays known: an update that says nothing of a field leaves it.
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

/** Takes it off its list; NULL is fine. */
void shown_free(struct shown *shown);

/** What DIALOG is after UPDATE: its state is the update's, text not said is the old one. */
struct shown_dialog shown_merge(const struct shown_dialog *dialog,
				const struct shown_dialog *update);

/** Whether a document would say the same of both. */
bool shown_is_same(const struct shown_dialog *one, const struct shown_dialog *other);
