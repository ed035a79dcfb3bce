/* SPDX-License-Identifier: MIT */
#include "journal/journal.h"

#include "base/clock.h"
#include "journal/line.h"
#include "journal/outlet.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct journal {
	char *file;			/* owned; NULL = ring only */
	struct outlet outlet;
	uint64_t seq;			/* of the last event; the first is 1 */
	uint64_t lost;			/* since the start */
	uint64_t unreported;		/* of those, not yet reported in the file */
	size_t ring;
	struct entry *entries;		/* owned; event N is in N % ring */
	uint64_t cleared;		/* the last one that journal_clear() forgot */
};

/* *ENTRIES are empty ones for a ring of COUNT events, owned by the caller. */
static int make_entries(size_t count, struct entry **entries, struct fault *fault)
{
	if (count < 1 || count > SIZE_MAX / sizeof **entries)
		return fault_say(fault, EINVAL, "the journal cannot remember %zu events",
				 count);
	*entries = calloc(count, sizeof **entries);
	if (!*entries)
		return fault_say(fault, ENOMEM, "no memory for a journal of %zu events",
				 count);
	return 0;
}

/* Puts FILE, owned from here on, and OUTLET in the place of what is in use. */
static void take_file(struct journal *journal, char *file, const struct outlet *outlet)
{
	outlet_close(&journal->outlet);
	journal->outlet = *outlet;
	free(journal->file);
	journal->file = file;
}

static int change_file(struct journal *journal, const char *file, struct fault *fault)
{
	char *copy = file ? strdup(file) : NULL;
	struct outlet outlet;
	int err = file && !copy ? fault_say(fault, ENOMEM, "out of memory")
				: outlet_open(&outlet, file, fault);

	if (err)
		free(copy);
	else
		take_file(journal, copy, &outlet);
	return err;
}

int journal_open(const char *file, size_t ring, struct journal **journal,
		 struct fault *fault)
{
	struct journal *made = calloc(1, sizeof *made);
	int err;

	if (!made)
		return fault_say(fault, ENOMEM, "out of memory");
	made->outlet.fd = -1;
	err = make_entries(ring, &made->entries, fault);
	if (!err)
		made->ring = ring;
	if (!err && file)
		err = change_file(made, file, fault);
	if (err) {
		journal_close(made);
		return err;
	}
	*journal = made;
	return 0;
}

static int write_entry(struct journal *journal, const struct entry *entry)
{
	char line[LINE_ROOM + 1];
	size_t length = line_render(line, entry);

	if (!length)
		return -ENOMEM;
	line[length++] = '\n';
	return outlet_write(&journal->outlet, line, length);
}

/* Puts EVENT into the ring as event number SEQ. */
static const struct entry *remember(struct journal *journal, const struct event *event,
				    uint64_t seq)
{
	struct entry *entry = &journal->entries[seq % journal->ring];
	struct event stamped = *event;

	stamped.wall_us = clock_wall_us();
	stamped.seq = seq;
	entry_set(entry, &stamped);
	journal->seq = seq;
	return entry;
}

/*
 * The first line after a loss is preceded by one that reports it.  It becomes an event
 * only when it has been written: a full disk must not fill the ring with such events.
 */
static int report_loss(struct journal *journal)
{
	char reason[64];
	struct event event = { .event = "journal-lost", .reason = reason };
	struct entry entry = { 0 };
	int err;

	snprintf(reason, sizeof reason, "%llu event%s could not be written to the file",
		 (unsigned long long)journal->unreported,
		 journal->unreported == 1 ? "" : "s");
	event.wall_us = clock_wall_us();
	event.seq = journal->seq + 1;
	entry_set(&entry, &event);
	err = write_entry(journal, &entry);
	entry_clear(&entry);
	if (err)
		return err;
	remember(journal, &event, event.seq);
	journal->unreported = 0;
	return 0;
}

void journal_note(struct journal *journal, const struct event *event)
{
	bool has_file = journal->outlet.fd >= 0;
	int err = has_file && journal->unreported ? report_loss(journal) : 0;
	const struct entry *entry = remember(journal, event, journal->seq + 1);

	if (has_file && !err)
		err = write_entry(journal, entry);
	if (err) {
		journal->lost++;
		journal->unreported++;
	}
}

void journal_close(struct journal *journal)
{
	if (!journal)
		return;
	if (journal->unreported)
		report_loss(journal);
	outlet_close(&journal->outlet);
	for (size_t i = 0; i < journal->ring; i++)
		entry_clear(&journal->entries[i]);
	free(journal->entries);
	free(journal->file);
	free(journal);
}

int journal_reopen(struct journal *journal, struct fault *fault)
{
	struct outlet outlet;
	int err;

	if (!journal->file || strcmp(journal->file, "-") == 0)
		return 0;
	err = outlet_open(&outlet, journal->file, fault);
	if (err)
		return err;
	outlet_close(&journal->outlet);
	journal->outlet = outlet;
	return 0;
}

/* Remembers the newest RING of the events in ENTRIES from now on. */
static void take_entries(struct journal *journal, struct entry *entries, size_t ring)
{
	size_t kept = ring < journal->ring ? ring : journal->ring;

	for (uint64_t seq = journal->seq; kept > 0 && seq > 0; kept--, seq--) {
		struct entry *entry = &journal->entries[seq % journal->ring];

		entries[seq % ring] = *entry;
		*entry = (struct entry){ 0 };
	}
	for (size_t i = 0; i < journal->ring; i++)
		entry_clear(&journal->entries[i]);
	free(journal->entries);
	journal->entries = entries;
	journal->ring = ring;
}

static bool is_file(const struct journal *journal, const char *file)
{
	return journal->file && file ? strcmp(journal->file, file) == 0
				     : !journal->file && !file;
}

int journal_change(struct journal *journal, const char *file, size_t ring,
		   struct fault *fault)
{
	struct entry *entries = NULL;
	int err = 0;

	if (ring != journal->ring)
		err = make_entries(ring, &entries, fault);
	if (!err && !is_file(journal, file))
		err = change_file(journal, file, fault);
	if (err)
		free(entries);
	else if (entries)
		take_entries(journal, entries, ring);
	return err;
}

const char *journal_file(const struct journal *journal)
{
	return journal->file;
}

uint64_t journal_lost(const struct journal *journal)
{
	return journal->lost;
}

uint64_t journal_count(const struct journal *journal)
{
	return journal->seq;
}

void journal_clear(struct journal *journal)
{
	for (size_t i = 0; i < journal->ring; i++)
		entry_clear(&journal->entries[i]);
	journal->cleared = journal->seq;
}

uint64_t journal_cleared(const struct journal *journal)
{
	return journal->cleared;
}

/* A ring that was smaller once has fewer events than it could. */
uint64_t journal_forgotten(const struct journal *journal)
{
	uint64_t seq = journal->seq > journal->ring ? journal->seq - journal->ring : 0;

	while (seq < journal->seq &&
	       journal->entries[(seq + 1) % journal->ring].seq != seq + 1)
		seq++;
	return seq;
}

uint64_t journal_visit_after(const struct journal *journal, uint64_t after,
			     bool (*visit)(void *context, const char *json),
			     void *context)
{
	uint64_t gone = journal->seq > journal->ring ? journal->seq - journal->ring : 0;
	uint64_t seq = after > gone ? after : gone;
	char line[LINE_ROOM];

	while (seq < journal->seq) {
		const struct entry *entry = &journal->entries[++seq % journal->ring];

		/* One that a smaller ring had forgotten is not there. */
		if (entry->seq == seq && line_render(line, entry) &&
		    !visit(context, line))
			return seq;
	}
	return seq;
}

void journal_visit(const struct journal *journal,
		   bool (*visit)(void *context, const char *json), void *context)
{
	journal_visit_after(journal, 0, visit, context);
}
