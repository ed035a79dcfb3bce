/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The journal: every decision an event, kept in a bounded ring and written as JSON lines
 * (halfcalld(8), Journal).  A file that cannot be written never stops a call: events
 * still go into the ring, the loss is counted, and when writing works again an event
 * "journal-lost" says how many are missing.  Each line is one write().
 *
 * Of t, seq, call, half, event, extension, from, to, phase_in, phase_out, rule, status,
 * reason, proxy, sip_call_id (in this order) t, seq and event are always there; a key
 * that does not apply is left out.  Texts are cut at 255 bytes and end in an ellipsis
 * then; what is not UTF-8 becomes U+FFFD.  The process must ignore SIGPIPE.
 */
#include "base/fault.h"
#include "model/event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct journal;

/**
 * FILE "-" is stderr, NULL is no file; RING events, at least 1, are remembered.
 * On success *JOURNAL is owned by the caller; else -errno and a sentence.
 */
int journal_open(const char *file, size_t ring, struct journal **journal,
		 struct fault *fault);

/** Reports a loss not yet reported, closes and frees; NULL is fine. */
void journal_close(struct journal *journal);

/** Notes EVENT; time and sequence number are added here. */
void journal_note(struct journal *journal, const struct event *event);

/**
 * Closes and opens the file again (after logrotate).  If it cannot, -errno and a
 * sentence, and the file that was open stays in use.
 */
int journal_reopen(struct journal *journal, struct fault *fault);

/**
 * Goes on with FILE and RING, as in journal_open().  A file of another name is opened before
 * the one in use is closed; the newest events stay remembered.  If anything fails, -errno
 * and a sentence, and nothing has changed.
 */
int journal_change(struct journal *journal, const char *file, size_t ring,
		   struct fault *fault);

/** The file in use, as in journal_open(); borrowed until journal_change(). */
const char *journal_file(const struct journal *journal);

/** Events that could not be written to the file since the start. */
uint64_t journal_lost(const struct journal *journal);

/** Events since the start: the sequence number of the newest. */
uint64_t journal_count(const struct journal *journal);

/**
 * The ring, oldest first, from the event after number AFTER on (0 = all): calls VISIT
 * with each event as a JSON text without newline, until it answers false.  The text is
 * borrowed until VISIT returns.  The number of the last event visited, or AFTER.
 */
uint64_t journal_visit_after(const struct journal *journal, uint64_t after,
			     bool (*visit)(void *context, const char *json),
			     void *context);

/** Forgets the events in the ring; numbers go on. */
void journal_clear(struct journal *journal);

/** How many events are not in the ring any more: the oldest is the one after it.  Those that
 *  journal_clear() forgot count, too. */
uint64_t journal_forgotten(const struct journal *journal);

/** How many there had been at the last journal_clear(). */
uint64_t journal_cleared(const struct journal *journal);

/** The whole ring. */
void journal_visit(const struct journal *journal,
		   bool (*visit)(void *context, const char *json), void *context);
