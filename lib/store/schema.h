/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The schema, generated from the files of schema/ when the program is built: step N
 * upgrades a database of PRAGMA user_version N - 1 to N, and sets the version.
 */
#include "base/fault.h"

#include <sqlite3.h>

struct schema_step {
	const char *name;	/* "001-users.sql" */
	const char *sql;
};

extern const struct schema_step schema_steps[];

/** How many steps there are: the version this program reads and writes. */
extern const int schema_version;

/**
 * Runs those of the COUNT STEPS that the database PATH, open as SQLITE, lacks; each in
 * one transaction, so a step that fails changes nothing.  0, or -errno and a sentence;
 * -EPROTO when the database is newer or belongs to another program.
 */
int schema_apply(sqlite3 *sqlite, const char *path, const struct schema_step *steps,
		 int count, struct fault *fault);
