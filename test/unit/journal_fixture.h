/* SPDX-License-Identifier: MIT */
#pragma once
/* Used by all tests of the journal: a stopped clock, a directory, one journal. */
#include "journal/journal.h"

#include "base/clock.h"

#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_ROOM = 64 * 1024 };

static char directory[64], path[128], moved[128];
static struct journal *journal;
static struct fault fault;

static inline void set_up(void)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	clock_set(1795253400000001, 0);		/* 2026-11-21T09:30:00.000001Z */
	strcpy(directory, "/tmp/journal_test.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(path, sizeof path, "%s/journal.jsonl", directory);
	snprintf(moved, sizeof moved, "%s/journal.jsonl.1", directory);
	journal = NULL;
}

static inline void tear_down(void)
{
	journal_close(journal);
	unlink(path);
	unlink(moved);
	rmdir(directory);
}

static inline void open_journal(const char *file, size_t ring)
{
	ck_assert_msg(journal_open(file, ring, &journal, &fault) == 0, "%s", fault.text);
}

static inline void note(const char *event)
{
	journal_note(journal, &(struct event){ .event = event });
}

/* The content of FILE; borrowed until the next call. */
static inline const char *content(const char *file)
{
	static char text[FILE_ROOM];
	FILE *in = fopen(file, "r");
	size_t length;

	ck_assert_ptr_nonnull(in);
	length = fread(text, 1, sizeof text - 1, in);
	text[length] = '\0';
	fclose(in);
	return text;
}

static inline bool append(void *context, const char *json)
{
	strcat(context, json);
	strcat(context, "\n");
	return true;
}

/* The ring as lines; borrowed until the next call. */
static inline const char *ring(void)
{
	static char text[FILE_ROOM];

	*text = '\0';
	journal_visit(journal, append, text);
	return text;
}

#define T "{\"t\":\"2026-11-21T09:30:00.000001Z\","
