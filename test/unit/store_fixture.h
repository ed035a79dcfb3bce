/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A directory of its own for each test, with a users' database in it, and functions that
 * write into it past the store.
 */
#include "base/arena.h"
#include "store/store.h"

#include <check.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct bench {
	char directory[64];
	char path[96];
	struct arena arena;
	struct store *store;
	struct profile profile;
	struct fault fault;
};

static inline const char *bench_file(struct bench *bench, const char *name)
{
	return arena_printf(&bench->arena, "%s/%s", bench->directory, name);
}

/* Makes the directory; the database is not there yet. */
static inline void bench_init(struct bench *bench)
{
	*bench = (struct bench){ 0 };
	strcpy(bench->directory, "/tmp/halfcall-store-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(bench->directory));
	snprintf(bench->path, sizeof bench->path, "%s/users.db", bench->directory);
}

static inline void bench_clear(struct bench *bench)
{
	char command[128];

	store_close(bench->store);
	arena_clear(&bench->arena);
	snprintf(command, sizeof command, "rm -rf '%s'", bench->directory);
	ck_assert_int_eq(system(command), 0);
}

/*
 * Writes SQL as any other program would; answers SQLite's error, NULL if there is none.
 */
static inline const char *bench_try(struct bench *bench, const char *path,
				    const char *sql)
{
	char *error = NULL;
	const char *text;
	sqlite3 *sqlite;

	ck_assert_int_eq(sqlite3_open(path, &sqlite), SQLITE_OK);
	sqlite3_busy_timeout(sqlite, 1000);
	sqlite3_db_config(sqlite, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
	sqlite3_exec(sqlite, sql, NULL, NULL, &error);
	text = arena_strdup(&bench->arena, error);
	sqlite3_free(error);
	sqlite3_close(sqlite);
	return text;
}

static inline void bench_write(struct bench *bench, const char *sql)
{
	ck_assert_pstr_eq(bench_try(bench, bench->path, sql), NULL);
}

/* Runs RELAX, SQL that weakens the schema, then SQL, then restores the schema. */
static inline void bench_force_as(struct bench *bench, const char *relax, const char *sql)
{
	bench_write(
		bench,
		arena_printf(
			&bench->arena,
			"PRAGMA writable_schema = ON;"
			"CREATE TEMP TABLE kept AS SELECT * FROM main.sqlite_schema;"
			"%s;"
			"UPDATE main.sqlite_schema SET sql = replace(sql, 'BEGIN', 'WHEN 0 BEGIN')"
			" WHERE type = 'trigger' AND sql NOT LIKE '%%WHEN%%BEGIN%%';"
			"PRAGMA writable_schema = RESET;"
			"BEGIN; %s; COMMIT;"
			"PRAGMA writable_schema = ON;"
			"UPDATE main.sqlite_schema AS m SET sql ="
			" (SELECT k.sql FROM kept AS k WHERE k.name = m.name);"
			"INSERT INTO main.sqlite_schema SELECT * FROM kept"
			" WHERE name NOT IN (SELECT name FROM main.sqlite_schema);"
			"PRAGMA writable_schema = RESET;",
			relax, sql));
}

/* Forces SQL into the database: tables without STRICT, no triggers. */
static inline void bench_force(struct bench *bench, const char *sql)
{
	bench_force_as(
		bench,
		"UPDATE main.sqlite_schema SET sql = replace(replace(replace(replace(sql,"
		" 'STRICT, WITHOUT', 'WITHOUT'), 'STRICT', ''), ' INTEGER NOT', ' NOT'),"
		" 'ring_seconds INTEGER', 'ring_seconds') WHERE type = 'table'",
		sql);
}

/*
 * The same while the primary key of TABLE is extended by KEY, so that rows with equal
 * keys can be written; the other indexes are not updated.
 */
static inline void bench_force_key(struct bench *bench, const char *table,
				   const char *key, const char *sql)
{
	bench_force_as(
		bench,
		arena_printf(
			&bench->arena,
			"UPDATE main.sqlite_schema SET sql = iif(instr(sql, 'PRIMARY KEY ('),"
			" substr(sql, 1, instr(sql, 'PRIMARY KEY (') - 1),"
			" replace(replace(sql, ' PRIMARY KEY', ''), ') STRICT, WITHOUT ROWID', ','))"
			" || ' PRIMARY KEY (%s)) WITHOUT ROWID' WHERE name = '%s';"
			"DELETE FROM main.sqlite_schema WHERE type = 'index' AND sql IS NOT NULL",
			key, table),
		sql);
}

/* Loads the profile of a call from CALLER to CALLED. */
static inline int bench_load(struct bench *bench, enum half half, const char *caller,
			     const char *called)
{
	const struct facts facts = {
		.half = half,
		.caller = { .user = caller, .host = "", .display = "" },
		.called = { .user = called, .host = "", .display = "" },
	};

	bench->fault.text[0] = '\0';
	return store_load_profile(bench->store, &facts, &bench->arena, &bench->profile,
				  &bench->fault);
}

static inline void bench_open(struct bench *bench)
{
	int err = store_open(bench->path, &bench->store, &bench->fault);

	ck_assert_msg(err == 0, "%s", bench->fault.text);
}

/* A database with station 1001 of COR 1, open. */
static inline void bench_init_users(struct bench *bench)
{
	bench_init(bench);
	ck_assert_msg(store_upgrade(bench->path, &bench->fault) == 0, "%s",
		      bench->fault.text);
	bench_write(bench,
		    "INSERT INTO class_of_restriction (cor, frl) VALUES (1, 7);"
		    "INSERT INTO station (extension, name) VALUES ('1001', 'Alice')");
	bench_open(bench);
}

#define assert_says(bench, words)                                       \
	ck_assert_msg(strstr((bench)->fault.text, (words)), "said: %s", \
		      (bench)->fault.text)
