/* SPDX-License-Identifier: MIT */
#include "store/database.h"

#include "store/schema.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* In parentheses: clang would warn of a missing comma between the two parts of the
 * string. */
#define SELECT_STATION                                                                          \
	"SELECT s.extension, s.name, s.appearances, s.ring_seconds,"                            \
	" s.in_service, s.send_all_calls, s.cor, c.cor, c.calling_party, c.called_party, c.frl" \
	" FROM station AS s"                                                                    \
	" LEFT JOIN class_of_restriction AS c ON c.cor = s.cor"

/* BETWEEN instead of =, so that both of two rows with one key, in a damaged index, are
 * found. */
static const char *const sql[STATEMENTS] = {
	[SQL_BEGIN] = "BEGIN",
	[SQL_END] = "ROLLBACK",
	[SQL_VERSION] = "PRAGMA user_version",
	[SQL_STATION] = (SELECT_STATION " WHERE s.extension BETWEEN ?1 AND ?1"),
	[SQL_STATION_PAGE] = (SELECT_STATION " WHERE s.extension > ?1"
					     " ORDER BY s.extension"),
	[SQL_STATION_NEXT] = ("SELECT extension FROM station"
			      " WHERE extension >= ?1 ORDER BY extension LIMIT 1"),
	[SQL_NUMBER] = "SELECT extension FROM station_number WHERE number BETWEEN ?1 AND ?1",
	[SQL_NUMBER_LIST] = ("SELECT number FROM station_number"
			     " WHERE extension = ?1 ORDER BY number"),
	[SQL_NUMBER_NEXT] = ("SELECT number FROM station_number"
			     " WHERE number >= ?1 ORDER BY number LIMIT 1"),
	[SQL_PERMISSION] = ("SELECT permitted FROM calling_permission"
			    " WHERE from_cor = ?1 AND to_cor BETWEEN ?2 AND ?2"),
	[SQL_PATTERN] =
		("SELECT p.pattern, p.call_type, p.min_frl,"
		 " coalesce(p.min_length, length(p.pattern)) AS min_length, p.max_length,"
		 " t.call_type, t.is_public, t.is_toll, t.is_tac, t.is_emergency,"
		 " t.is_attendant"
		 " FROM dial_pattern AS p"
		 " LEFT JOIN call_type AS t ON t.call_type = p.call_type"
		 " WHERE p.pattern BETWEEN ?1 AND ?1"),
	[SQL_PATTERN_NEXT] = ("SELECT pattern FROM dial_pattern"
			      " WHERE pattern >= ?1 ORDER BY pattern LIMIT 1"),
	[SQL_FORWARDINGS] =
		("SELECT condition, source, destination, active FROM call_forwarding"
		 " WHERE extension = ?1"),
	[SQL_COVERAGE] = ("SELECT step, target, condition, ring_seconds FROM coverage_point"
		 " WHERE extension = ?1 ORDER BY step, condition"),
	[SQL_ACCESS_CODE_NEXT] = ("SELECT code FROM feature_access_code"
				  " WHERE code >= ?1 ORDER BY code LIMIT 1"),
	/* Of all codes that the text begins with, the longest sorts last. */
	[SQL_ACCESS_CODE] =
		("WITH longest (code) AS (SELECT code FROM feature_access_code WHERE code IN ("
		 "substr(?1, 1, 1), substr(?1, 1, 2), substr(?1, 1, 3), substr(?1, 1, 4),"
		 "substr(?1, 1, 5), substr(?1, 1, 6), substr(?1, 1, 7), substr(?1, 1, 8),"
		 "substr(?1, 1, 9), substr(?1, 1, 10), substr(?1, 1, 11), substr(?1, 1, 12),"
		 "substr(?1, 1, 13), substr(?1, 1, 14), substr(?1, 1, 15), substr(?1, 1, 16))"
		 " ORDER BY code DESC LIMIT 1)"
		 " SELECT f.code, f.feature FROM longest AS l"
		 " JOIN feature_access_code AS f ON f.code BETWEEN l.code AND l.code"),
	[SQL_DATA_VERSION] = "PRAGMA data_version",
	[SQL_EMERGENCY_LIST] =
		("SELECT p.pattern, coalesce(p.min_length, length(p.pattern)), p.max_length"
		 " FROM call_type AS t JOIN dial_pattern AS p ON p.call_type = t.call_type"
		 " WHERE t.is_emergency <> 0"),
	[SQL_ACCESS_CODE_LIST] = "SELECT code, feature FROM feature_access_code",
	[SQL_BEGIN_WRITE] = "BEGIN IMMEDIATE",
	[SQL_COMMIT] = "COMMIT",
	[SQL_FORWARDING_OFF] =
		("UPDATE call_forwarding SET active = 0"
		 " WHERE extension = ?1 AND condition = ?2 AND active <> 0"),
	[SQL_FORWARDING_ON] = ("INSERT INTO call_forwarding"
			       " (extension, condition, source, destination, active)"
			       " VALUES (?1, ?2, 'any', ?3, 1)"
			       " ON CONFLICT (extension, condition, source) DO UPDATE"
			       " SET destination = excluded.destination, active = 1"),
	[SQL_SEND_ALL_CALLS] = ("UPDATE station SET send_all_calls = ?2"
				" WHERE extension = ?1"),
};

/* SQLite refuses values longer than any valid row has, before it allocates memory for
 * them. */
enum { LENGTH_MAX = 16 * 1024 * 1024 };

static int read_int(void *context, int count, char **values, char **names)
{
	(void)count, (void)names;
	*(int *)context = values[0] ? atoi(values[0]) : 0;
	return 0;
}

/*
 * SQLite's busy timeout is per lock; this limit is for all waiting of one load or open.
 */
static int wait_for_lock(void *context, int tries)
{
	enum { STEP_MS = 5 };
	struct database *database = context;

	(void)tries;
	if (database->waited_ms >= DATABASE_WAIT_MS)
		return 0;
	nanosleep(&(struct timespec){ .tv_nsec = STEP_MS * 1000000L }, NULL);
	database->waited_ms += STEP_MS;
	return 1;
}

static int fault_of_system(sqlite3 *sqlite, const char *path, struct fault *fault)
{
	int err = sqlite ? sqlite3_system_errno(sqlite) : 0;

	if (err == 0)
		err = EIO;
	return fault_say(fault, err, "%s: %s", path, strerror(err));
}

int database_fault(sqlite3 *sqlite, const char *path, int rc, struct fault *fault)
{
	const char *text = sqlite ? sqlite3_errmsg(sqlite) : sqlite3_errstr(rc);

	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		return fault_say(fault, EBUSY, "%s: locked by another program", path);
	case SQLITE_FULL:
		return fault_say(fault, ENOSPC, "%s: no space left on the disk", path);
	case SQLITE_NOTADB:
		return fault_say(fault, EUCLEAN, "%s: not an SQLite database", path);
	case SQLITE_CORRUPT:
		return fault_say(fault, EUCLEAN,
				 "%s: the file is damaged; restore a backup", path);
	case SQLITE_CANTOPEN:
	case SQLITE_IOERR:
		return fault_of_system(sqlite, path, fault);
	case SQLITE_PERM:
	case SQLITE_READONLY:
		return fault_say(
			fault, EACCES,
			"%s: the file or its directory may not be written; SQLite "
			"keeps a log beside the file, even to read",
			path);
	case SQLITE_TOOBIG:
		return fault_say(fault, E2BIG, "%s: a value is longer than %d MiB", path,
				 LENGTH_MAX >> 20);
	case SQLITE_NOMEM:
		return fault_say(fault, ENOMEM, "%s: out of memory", path);
	default:
		return fault_say(fault, EUCLEAN, "%s: %s", path, text);
	}
}

static int prepare(struct database *database, enum statement statement)
{
	if (database->statements[statement])
		return SQLITE_OK;
	return sqlite3_prepare_v3(database->sqlite, sql[statement], -1,
				  SQLITE_PREPARE_PERSISTENT,
				  &database->statements[statement], NULL);
}

int database_check_version(struct database *database, struct fault *fault)
{
	int found = database_step(database, SQL_VERSION, fault);
	int version;

	if (found < 0)
		return found;
	version = sqlite3_column_int(database->statements[SQL_VERSION], 0);
	database_reset(database, SQL_VERSION);
	if (version == schema_version)
		return 0;
	if (version > schema_version)
		return fault_say(fault, EPROTO,
				 "%s: has version %d, newer than this program's %d; "
				 "use a newer halfcalld",
				 database->path, version, schema_version);
	return fault_say(fault, EPROTO,
			 "%s: has version %d, older than this program's %d; "
			 "upgrade it with halfcalld -U -f FILE",
			 database->path, version, schema_version);
}

static int set_query_only(sqlite3 *sqlite, bool is_wanted)
{
	int is_on = !is_wanted;
	int rc = sqlite3_exec(
		sqlite, is_wanted ? "PRAGMA query_only = ON" : "PRAGMA query_only = OFF",
		NULL, NULL, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(sqlite, "PRAGMA query_only", read_int, &is_on, NULL);
	return rc == SQLITE_OK && is_on != is_wanted ? SQLITE_MISUSE : rc;
}

int database_may_write(struct database *database, bool may, struct fault *fault)
{
	int rc;

	/* The triggers report by a bad JSON path, which SQLite allows only in a trusted
	 * schema. */
	sqlite3_db_config(database->sqlite, SQLITE_DBCONFIG_TRUSTED_SCHEMA, (int)may,
			  NULL);
	rc = set_query_only(database->sqlite, !may);
	for (int i = READING_STATEMENTS; i < STATEMENTS && may && rc == SQLITE_OK; i++)
		rc = prepare(database, (enum statement)i);
	return rc == SQLITE_OK
		       ? 0
		       : database_fault(database->sqlite, database->path, rc, fault);
}

static int configure(struct database *database)
{
	sqlite3 *sqlite = database->sqlite;

	sqlite3_extended_result_codes(sqlite, 1);
	sqlite3_busy_handler(sqlite, wait_for_lock, database);
	sqlite3_limit(sqlite, SQLITE_LIMIT_LENGTH, LENGTH_MAX);
	sqlite3_db_config(sqlite, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	return set_query_only(sqlite, true);
}

int database_open(struct database *database, const char *path, struct fault *fault)
{
	/* Not read-only: a hot journal of a writer that died must be rolled back. */
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
	int rc, err = 0;

	*database = (struct database){ .path = path, .waited_ms = database->waited_ms };
	rc = sqlite3_open_v2(path, &database->sqlite, flags, NULL);
	if (rc == SQLITE_OK)
		rc = configure(database);
	if (rc == SQLITE_OK)
		rc = prepare(database, SQL_VERSION);
	if (rc == SQLITE_OK)
		err = database_check_version(database, fault);
	for (int i = 0; i < READING_STATEMENTS && rc == SQLITE_OK && err == 0; i++)
		rc = prepare(database, (enum statement)i);

	if (rc != SQLITE_OK)
		err = database_fault(database->sqlite, path, rc, fault);
	if (err)
		database_close(database, false);
	return err;
}

void database_close(struct database *database, bool tidy)
{
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(database->statements[i]);
	if (database->sqlite)
		sqlite3_db_config(database->sqlite, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE,
				  !tidy, NULL);
	sqlite3_close(database->sqlite);
	*database = (struct database){ .waited_ms = database->waited_ms };
}

int database_step(struct database *database, enum statement statement,
		  struct fault *fault)
{
	int rc = sqlite3_step(database->statements[statement]);
	int err = 0;

	if (rc == SQLITE_ROW)
		return 1;
	if (rc != SQLITE_DONE)
		err = database_fault(database->sqlite, database->path, rc, fault);
	database_reset(database, statement);
	return err;
}

void database_reset(struct database *database, enum statement statement)
{
	sqlite3_reset(database->statements[statement]);
}

void database_bind_text(struct database *database, enum statement statement, int index,
			const char *text)
{
	sqlite3_bind_text(database->statements[statement], index, text, -1,
			  SQLITE_STATIC);
}

void database_bind_int(struct database *database, enum statement statement, int index,
		       int value)
{
	sqlite3_bind_int(database->statements[statement], index, value);
}
