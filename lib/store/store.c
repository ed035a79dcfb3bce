/* SPDX-License-Identifier: MIT */
#include "store/store.h"

#include "base/clock.h"
#include "store/database.h"
#include "store/due.h"
#include "store/feature.h"
#include "store/list.h"
#include "store/profile.h"
#include "store/schema.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Identifies a file, and whether it was written over since. */
struct identity {
	bool exists;
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec mtime;
};

struct store {
	struct database database;
	struct identity file;	/* when it was last opened */
	struct identity wal;	/* the file's write-ahead log, when it was last opened */
	int64_t wal_seen_ms;	/* monotonic: when the log was last looked at */
	char *path, *wal_path, *shm_path;	/* owned */
	uint32_t opened;	/* how often */
	unsigned follow_hops;	/* forwardings in a row to look up */
	int data_version;	/* of the open file when has_mishaps was read; 0 = not yet */
	bool has_mishaps;
};

static struct identity identify(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return (struct identity){ 0 };
	return (struct identity){
		.exists = true,
		.dev = st.st_dev,
		.ino = st.st_ino,
		.size = st.st_size,
		.mtime = st.st_mtim,
	};
}

static bool is_same_file(const struct identity *a, const struct identity *b)
{
	return a->exists == b->exists && a->dev == b->dev && a->ino == b->ino;
}

static bool is_untouched(const struct identity *a, const struct identity *b)
{
	return is_same_file(a, b) && a->size == b->size &&
	       a->mtime.tv_sec == b->mtime.tv_sec && a->mtime.tv_nsec == b->mtime.tv_nsec;
}

/* For these faults SQLite says only "unable to open" and "file is not a database". */
static int check_file(const char *path, struct fault *fault)
{
	struct stat st;

	if (access(path, F_OK) < 0 && errno == ENOENT)
		return fault_say(fault, ENOENT,
				 "%s: does not exist; create it with "
				 "halfcalld -U -f FILE",
				 path);
	if (access(path, R_OK) < 0 || stat(path, &st) < 0)
		return fault_say(fault, errno, "%s: may not be read: %s", path,
				 strerror(errno));
	if (S_ISDIR(st.st_mode))
		return fault_say(fault, EISDIR, "%s: is a directory", path);
	if (!S_ISREG(st.st_mode))
		return fault_say(fault, EINVAL, "%s: is not a file", path);
	if (st.st_size == 0)
		return fault_say(fault, EUCLEAN,
				 "%s: is empty; fill it with halfcalld -U -f FILE", path);
	return 0;
}

/*
 * A file moved over the database leaves the write-ahead log of the old one behind, and
 * SQLite would apply its pages to the new one.  It is the old log if it is the file that
 * was open.
 */
static void drop_stale_log(const struct store *store, const struct identity *file)
{
	struct identity wal = identify(store->wal_path);

	if (!store->wal.exists || !is_same_file(&wal, &store->wal) ||
	    is_same_file(file, &store->file))
		return;
	unlink(store->wal_path);
	unlink(store->shm_path);
}

/*
 * Opens the file again if another file is at its path or its contents were replaced.  If
 * only its time changed it is usually a checkpoint, but possibly a cp over it.  The log
 * alone is taken away by mistake only: a look a millisecond will do.
 */
static int refresh(struct store *store, struct fault *fault)
{
	struct identity file = identify(store->path), wal;
	int64_t now_ms = clock_mono_ms();
	int err;

	if (store->database.sqlite && is_untouched(&file, &store->file)) {
		if (now_ms == store->wal_seen_ms)
			return 0;
		store->wal_seen_ms = now_ms;
		wal = identify(store->wal_path);
		if (is_same_file(&wal, &store->wal))
			return 0;
	}

	database_close(&store->database, false);
	store->data_version = 0;
	err = check_file(store->path, fault);
	if (err)
		return err;
	drop_stale_log(store, &file);
	err = database_open(&store->database, store->path, fault);
	if (err)
		return err;
	store->opened++;
	store->file = file;
	store->wal = identify(store->wal_path);
	return 0;
}

/*
 * Whether the file is damaged anywhere.  Invalid rows do not count: they affect only the
 * calls that read them.  SQLite reports damage before such rows.
 */
static int check_pages(struct store *store, struct fault *fault)
{
	static const char damaged[] = "*** in database main ***";
	sqlite3 *sqlite = store->database.sqlite;
	sqlite3_stmt *stmt;
	int rc = sqlite3_prepare_v2(sqlite, "PRAGMA quick_check", -1, &stmt, NULL);
	const char *text;

	if (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		text = (const char *)sqlite3_column_text(stmt, 0);
		rc = text && strncmp(text, damaged, sizeof damaged - 1) == 0
			     ? SQLITE_CORRUPT
			     : SQLITE_OK;
	}
	sqlite3_finalize(stmt);
	return rc == SQLITE_OK ? 0 : database_fault(sqlite, store->path, rc, fault);
}

static char *join(const char *path, const char *ending)
{
	char *name;

	return asprintf(&name, "%s%s", path, ending) < 0 ? NULL : name;
}

int store_open(const char *path, struct store **store, struct fault *fault)
{
	struct store *opened = calloc(1, sizeof *opened);
	int err;

	if (!opened)
		return fault_say(fault, ENOMEM, "%s: out of memory", path);
	opened->path = join(path, "");
	opened->wal_path = join(path, "-wal");
	opened->shm_path = join(path, "-shm");
	if (!opened->path || !opened->wal_path || !opened->shm_path)
		err = fault_say(fault, ENOMEM, "%s: out of memory", path);
	else
		err = refresh(opened, fault);
	if (!err)
		err = check_pages(opened, fault);
	if (err) {
		database_close(&opened->database, false);
		store_close(opened);
		return err;
	}
	*store = opened;
	return 0;
}

void store_follow(struct store *store, unsigned hops)
{
	store->follow_hops = hops;
}

void store_close(struct store *store)
{
	struct identity file;

	if (!store)
		return;
	if (store->database.sqlite) {
		file = identify(store->path);
		database_close(&store->database, is_same_file(&file, &store->file));
	}
	free(store->path);
	free(store->wal_path);
	free(store->shm_path);
	free(store);
}

/* One read of the database: READ does it, in a transaction. */
struct reading {
	int (*read)(struct database *database, void *query, struct fault *fault);
	void *query;
};

static int read_once(struct store *store, const struct reading *reading,
		     struct fault *fault)
{
	struct database *database = &store->database;
	int err = database_step(database, SQL_BEGIN, fault);

	if (err)
		return err;
	err = database_check_version(database, fault);
	if (!err)
		err = reading->read(database, reading->query, fault);
	if (!sqlite3_get_autocommit(database->sqlite))
		database_step(database, SQL_END, NULL);
	return err;
}

/*
 * Runs READING in one read transaction; after an error the next one opens the file again.
 */
static int read_all(struct store *store, const struct reading *reading,
		    struct fault *fault)
{
	int err;

	store->database.waited_ms = 0;
	err = refresh(store, fault);
	store->database.probes = 0;
	if (!err)
		err = read_once(store, reading, fault);
	if (err && err != -EBUSY && err != -EBADMSG)
		database_close(&store->database, false);
	return err;
}

struct profile_query {
	const struct facts *facts;
	struct arena *arena;
	struct profile *profile;
	unsigned follow_hops;
};

static int read_profile(struct database *database, void *query, struct fault *fault)
{
	const struct profile_query *wanted = query;
	const struct loader loader = {
		.database = database,
		.arena = wanted->arena,
		.fault = fault,
		.trace = wanted->facts->trace,
		.follow_hops = wanted->follow_hops,
	};

	return profile_load(&loader, wanted->facts, wanted->profile);
}

int store_load_profile(struct store *store, const struct facts *facts,
		       struct arena *arena, struct profile *profile, struct fault *fault)
{
	struct profile_query query = { facts, arena, profile, store->follow_hops };
	int err;

	*profile = (struct profile){ .is_permitted = true };
	err = read_all(store, &(struct reading){ read_profile, &query }, fault);
	if (err)
		*profile = (struct profile){ .is_permitted = true };
	return err;
}

static int read_page(struct database *database, void *query, struct fault *fault)
{
	return list_stations(database, query, fault);
}

int store_load_stations(struct store *store, struct store_page *page, struct fault *fault)
{
	return read_all(store, &(struct reading){ read_page, page }, fault);
}

static int read_numbers(struct database *database, void *query, struct fault *fault)
{
	return list_numbers(database, query, fault);
}

int store_load_numbers(struct store *store, struct store_numbers *numbers,
		       struct fault *fault)
{
	return read_all(store, &(struct reading){ read_numbers, numbers }, fault);
}

struct emergencies_query {
	struct store_emergencies *emergencies;
	uint32_t opened;
};

static int read_emergencies(struct database *database, void *query, struct fault *fault)
{
	const struct emergencies_query *wanted = query;
	struct store_emergencies *emergencies = wanted->emergencies;
	int err = database_step(database, SQL_DATA_VERSION, fault);
	uint64_t now;

	if (err < 0)
		return err;
	now = (uint64_t)wanted->opened << 32 |
	      (uint32_t)sqlite3_column_int(database->statements[SQL_DATA_VERSION], 0);
	database_reset(database, SQL_DATA_VERSION);
	if (now == emergencies->seen)
		return 0;
	err = list_emergencies(database, emergencies, fault);
	if (!err)
		emergencies->seen = now;
	return err;
}

int store_load_emergencies(struct store *store, struct store_emergencies *emergencies,
			   struct fault *fault)
{
	struct emergencies_query query = { emergencies, 0 };
	int err;

	emergencies->has_changed = false;
	store->database.waited_ms = 0;
	err = refresh(store, fault);
	query.opened = store->opened;
	if (err)
		return err;
	return read_all(store, &(struct reading){ read_emergencies, &query }, fault);
}

/* One change of the database: WRITE does it, in a transaction. */
struct writing {
	int (*write)(struct database *database, void *change, struct fault *fault);
	void *change;
};

static int write_once(struct store *store, const struct writing *writing,
		      struct fault *fault)
{
	struct database *database = &store->database;
	int err = database_step(database, SQL_BEGIN_WRITE, fault);

	if (err)
		return err;
	err = database_check_version(database, fault);
	if (!err)
		err = writing->write(database, writing->change, fault);
	if (!err)
		err = database_step(database, SQL_COMMIT, fault);
	if (!sqlite3_get_autocommit(database->sqlite))
		database_step(database, SQL_END, NULL);
	return err;
}

static int write_all(struct store *store, const struct writing *writing,
		     struct fault *fault)
{
	struct database *database = &store->database;
	int err;

	database->waited_ms = 0;
	err = refresh(store, fault);
	if (!err)
		err = database_may_write(database, true, fault);
	if (!err) {
		err = write_once(store, writing, fault);
		if (database_may_write(database, false, NULL))
			database_close(database, false);
	}
	if (err && err != -EBUSY && err != -EPERM)
		database_close(database, false);
	return err;
}

static int write_act(struct database *database, void *change, struct fault *fault)
{
	return feature_write(database, change, fault);
}

int store_act(struct store *store, const struct store_act *act, struct fault *fault)
{
	struct store_act change = *act;

	return write_all(store, &(struct writing){ write_act, &change }, fault);
}

static int read_data_version(struct database *database)
{
	int version = -1;

	if (database_step(database, SQL_DATA_VERSION, NULL) > 0) {
		version = sqlite3_column_int(database->statements[SQL_DATA_VERSION], 0);
		database_reset(database, SQL_DATA_VERSION);
	}
	return version;
}

static int read_any(struct database *database, void *query, struct fault *fault)
{
	return due_any(database, query, fault);
}

bool store_has_mishaps(struct store *store)
{
	struct fault fault;
	int version = store->database.sqlite ? read_data_version(&store->database) : 0;

	if (version > 0 && version == store->data_version)
		return store->has_mishaps;
	store->has_mishaps = false;
	store->data_version = version > 0 ? version : 0;
	if (read_all(store, &(struct reading){ read_any, &store->has_mishaps }, &fault))
		store->data_version = 0;
	return store->has_mishaps;
}

struct mishap_change {
	const struct mishap_query *query;
	struct mishap *mishap;
	bool *any;
};

static int take_mishap(struct database *database, void *change, struct fault *fault)
{
	struct mishap_change *wanted = change;
	int err = due_take(database, wanted->query, wanted->mishap, fault);

	return err ? err : due_any(database, wanted->any, fault);
}

int store_take_mishap(struct store *store, const struct mishap_query *query,
		      struct mishap *mishap, struct fault *fault)
{
	struct mishap_change change = { query, mishap, &store->has_mishaps };
	int err = write_all(store, &(struct writing){ take_mishap, &change }, fault);

	if (err)
		*mishap = (struct mishap){ 0 };
	return err;
}
