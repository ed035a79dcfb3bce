/* SPDX-License-Identifier: MIT */
#include "store/database.h"
#include "store/schema.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { UPGRADE_WAIT_MS = 2000 };

int store_version(void)
{
	return schema_version;
}

/* The first value that QUERY returns, as text cut to SIZE; "" when there is none. */
static int ask(sqlite3 *sqlite, const char *query, char *text, size_t size)
{
	sqlite3_stmt *stmt;
	int rc = sqlite3_prepare_v2(sqlite, query, -1, &stmt, NULL);

	text[0] = '\0';
	if (rc != SQLITE_OK)
		return rc;
	if (sqlite3_step(stmt) == SQLITE_ROW)
		snprintf(text, size, "%s", (const char *)sqlite3_column_text(stmt, 0));
	return sqlite3_finalize(stmt);
}

static int ask_int(sqlite3 *sqlite, const char *query, int *value)
{
	char text[32];
	int rc = ask(sqlite, query, text, sizeof text);

	*value = atoi(text);
	return rc;
}

static int refuse_foreign(sqlite3 *sqlite, const char *path, int count,
			  struct fault *fault)
{
	int version, tables = 0;
	int rc = ask_int(sqlite, "PRAGMA user_version", &version);

	if (rc == SQLITE_OK)
		rc = ask_int(sqlite, "SELECT count(*) FROM sqlite_schema", &tables);
	if (rc != SQLITE_OK)
		return database_fault(sqlite, path, rc, fault);
	if (version > count)
		return fault_say(fault, EPROTO,
				 "%s: has version %d, newer than this program's %d; "
				 "use a newer halfcalld",
				 path, version, count);
	if (version < 0 || (version == 0 && tables > 0))
		return fault_say(fault, EPROTO,
				 "%s: is a database, but not one of halfcall's; "
				 "name another file",
				 path);
	return 0;
}

static int run_step(sqlite3 *sqlite, const struct schema_step *step, int number)
{
	int version;
	int rc = sqlite3_exec(sqlite, "BEGIN IMMEDIATE", NULL, NULL, NULL);

	if (rc == SQLITE_OK)
		rc = ask_int(sqlite, "PRAGMA user_version", &version);
	if (rc == SQLITE_OK && version < number)	/* else another process upgraded it meanwhile */
		rc = sqlite3_exec(sqlite, step->sql, NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = ask_int(sqlite, "PRAGMA user_version", &version);
	if (rc == SQLITE_OK && version < number)
		rc = SQLITE_MISMATCH;			/* the step did not set it */
	return rc == SQLITE_OK ? sqlite3_exec(sqlite, "COMMIT", NULL, NULL, NULL) : rc;
}

static int fault_of_step(sqlite3 *sqlite, const char *path,
			 const struct schema_step *step, int rc, struct fault *fault)
{
	struct fault cause;
	int err;

	if (rc == SQLITE_MISMATCH)
		return fault_say(fault, EPROTO,
				 "%s: schema/%s does not set its user_version", path,
				 step->name);
	err = database_fault(sqlite, path, rc, &cause);
	return fault_say(fault, -err, "%.400s (in schema/%s)", cause.text, step->name);
}

int schema_apply(sqlite3 *sqlite, const char *path, const struct schema_step *steps,
		 int count, struct fault *fault)
{
	int err = refuse_foreign(sqlite, path, count, fault);
	int version, rc;

	if (err)
		return err;
	rc = ask_int(sqlite, "PRAGMA user_version", &version);
	if (rc != SQLITE_OK)
		return database_fault(sqlite, path, rc, fault);
	for (int i = version; i < count && !err; i++) {
		rc = run_step(sqlite, &steps[i], i + 1);
		if (rc != SQLITE_OK)
			err = fault_of_step(sqlite, path, &steps[i], rc, fault);
		if (!sqlite3_get_autocommit(sqlite))
			sqlite3_exec(sqlite, "ROLLBACK", NULL, NULL, NULL);
	}
	return err;
}

/*
 * WAL is a property of the file, so it is set once, here; some file systems cannot do it.
 */
static int set_wal(sqlite3 *sqlite, const char *path, struct fault *fault)
{
	char mode[16];
	int rc = ask(sqlite, "PRAGMA journal_mode = WAL", mode, sizeof mode);

	if (rc != SQLITE_OK)
		return database_fault(sqlite, path, rc, fault);
	if (strcmp(mode, "wal") != 0)
		return fault_say(fault, ENOTSUP,
				 "%s: this file system does not support SQLite's "
				 "WAL; use a local one",
				 path);
	return 0;
}

static void remove_all(const char *path)
{
	static const char *const endings[] = { "", "-wal", "-shm", "-journal" };
	char name[4096];

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		snprintf(name, sizeof name, "%s%s", path, endings[i]);
		unlink(name);
	}
}

/*
 * Opens the file at PATH, creates it if there is none; -1 = failed, SQLite will say why.
 */
static int open_file(const char *path, bool *is_new)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	*is_new = fd >= 0;
	return fd >= 0 ? fd : open(path, O_RDWR | O_CLOEXEC);
}

/*
 * Whether FD is still the file at PATH: the process that created it may have removed it.
 */
static bool is_at(int fd, const char *path)
{
	struct stat ours, there;

	return fstat(fd, &ours) == 0 && stat(path, &there) == 0 &&
	       ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

/*
 * One upgrade at a time: an upgrade that fails removes the file it created, which no
 * other process must be using, and SQLite does not wait for another process's switch to
 * WAL.  The lock is flock(2), which SQLite does not use, and lasts until *FD is closed.
 */
static int claim(const char *path, int *fd, bool *is_new, struct fault *fault)
{
	enum { STEP_MS = 10 };

	for (int waited_ms = 0; waited_ms < UPGRADE_WAIT_MS; waited_ms += STEP_MS) {
		*fd = open_file(path, is_new);
		if (*fd < 0)
			return 0;
		if (flock(*fd, LOCK_EX | LOCK_NB) == 0 && is_at(*fd, path))
			return 0;
		close(*fd);
		usleep(STEP_MS * 1000);
	}
	return fault_say(fault, EBUSY, "%s: another program upgrades it; try again later",
			 path);
}

static int upgrade(const char *path, struct fault *fault)
{
	const int flags =
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	sqlite3 *sqlite;
	int rc = sqlite3_open_v2(path, &sqlite, flags, NULL);
	int err;

	if (rc == SQLITE_OK) {
		sqlite3_extended_result_codes(sqlite, 1);
		sqlite3_busy_timeout(sqlite, UPGRADE_WAIT_MS);
		err = refuse_foreign(sqlite, path, schema_version, fault);
		if (!err)
			err = set_wal(sqlite, path, fault);
		if (!err)
			err = schema_apply(sqlite, path, schema_steps, schema_version,
					   fault);
	} else {
		err = database_fault(sqlite, path, rc, fault);
	}
	sqlite3_close(sqlite);
	return err;
}

int store_upgrade(const char *path, struct fault *fault)
{
	struct stat st;
	bool is_new;
	int fd, err;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return fault_say(fault, EISDIR, "%s: is a directory", path);
	err = claim(path, &fd, &is_new, fault);
	if (err)
		return err;
	err = upgrade(path, fault);
	if (err && is_new)
		remove_all(path);
	if (fd >= 0)
		close(fd);
	return err;
}
