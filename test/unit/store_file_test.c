/* SPDX-License-Identifier: MIT */
/* Faults of the file: a clear error at the start; while running, one until it is
 * corrected. */
#include "store_fixture.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

static struct bench bench;

static void set_up(void)
{
	bench_init_users(&bench);
}

static void set_up_empty(void)
{
	bench_init(&bench);
}

static void tear_down(void)
{
	bench_clear(&bench);
}

static void shell(const char *command)
{
	ck_assert_msg(system(command) == 0, "%s", command);
}

#define shellf(...) shell(arena_printf(&bench.arena, __VA_ARGS__))

/* Overwrites COUNT bytes from OFFSET on, as a failing disk would. */
static void scribble(const char *path, off_t offset, size_t count)
{
	char *noise = arena_alloc(&bench.arena, count);
	int fd = open(path, O_WRONLY);

	memset(noise, 0xa5, count);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(pwrite(fd, noise, count, offset), (ssize_t)count);
	close(fd);
}

static off_t size_of(const char *path)
{
	struct stat st;

	ck_assert_int_eq(stat(path, &st), 0);
	return st.st_size;
}

/* Another database with station 1001 under another name, complete in its one file. */
static const char *make_other(const char *file, const char *name)
{
	const char *path = bench_file(&bench, file);

	ck_assert_int_eq(store_upgrade(path, &bench.fault), 0);
	ck_assert_pstr_eq(
		bench_try(
			&bench, path,
			arena_printf(
				&bench.arena,
				"INSERT INTO class_of_restriction (cor) VALUES (1);"
				"INSERT INTO station (extension, name) VALUES ('1001', '%s')",
				name)),
		NULL);
	return path;
}

/* The next call finds station 1001 under NAME. */
static void assert_finds(const char *name)
{
	int err = bench_load(&bench, HALF_TERM, "x", "1001");

	ck_assert_msg(err == 0, "%d: %s", err, bench.fault.text);
	ck_assert_pstr_eq(bench.profile.called ? bench.profile.called->name : NULL, name);
}

/* The fault begins with the file's path. */
static void assert_names_file(void)
{
	size_t length = strlen(bench.path);

	ck_assert_msg(strncmp(bench.fault.text, bench.path, length) == 0 &&
			      bench.fault.text[length] == ':',
		      "%s", bench.fault.text);
}

static void assert_refuses(int err, const char *words)
{
	ck_assert_int_eq(bench_load(&bench, HALF_TERM, "x", "1001"), err);
	assert_says(&bench, words);
	assert_names_file();
	ck_assert_ptr_null(bench.profile.called);
	ck_assert(bench.profile.is_permitted);
}

static void assert_opens_not(int err, const char *words)
{
	ck_assert_int_eq(store_open(bench.path, &bench.store, &bench.fault), err);
	assert_says(&bench, words);
	assert_names_file();
	ck_assert_ptr_null(bench.store);
}

/* At start --------------------------------------------------------------------------- */

START_TEST(a_missing_file_is_told_with_the_remedy)
{
	assert_opens_not(-ENOENT, "halfcalld -U -f FILE");
}
END_TEST

START_TEST(a_directory_is_no_database)
{
	mkdir(bench.path, 0700);
	assert_opens_not(-EISDIR, "is a directory");
	ck_assert_int_eq(store_upgrade(bench.path, &bench.fault), -EISDIR);
}
END_TEST

START_TEST(a_pipe_is_no_database)
{
	mkfifo(bench.path, 0600);
	assert_opens_not(-EINVAL, "is not a file");
}
END_TEST

START_TEST(an_empty_file_is_told_with_the_remedy)
{
	shellf(": > %s", bench.path);
	assert_opens_not(-EUCLEAN, "is empty");
	ck_assert_int_eq(store_upgrade(bench.path, &bench.fault), 0);
	bench_open(&bench);
}
END_TEST

START_TEST(a_text_file_is_no_database)
{
	shellf("seq 1 2000 > %s", bench.path);
	assert_opens_not(-EUCLEAN, "not an SQLite database");
	ck_assert_int_eq(store_upgrade(bench.path, &bench.fault), -EUCLEAN);
	assert_says(&bench, "not an SQLite database");
	ck_assert_int_gt(size_of(bench.path), 1000);
}
END_TEST

/* Opens as a user without rights, since root may read and write everything. */
static void assert_others_cannot_open(const char *words)
{
	int status, err;
	pid_t child = fork();

	if (child == 0) {
		if (geteuid() == 0 && setresuid(65534, 65534, 65534) < 0)
			_exit(2);
		err = store_open(bench.path, &bench.store, &bench.fault);
		_exit(err == -EACCES && strstr(bench.fault.text, words) ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}

START_TEST(an_unreadable_file_is_told)
{
	make_other("users.db", "Alice");
	chmod(bench.directory, 0755);
	chmod(bench.path, 0);
	assert_others_cannot_open("may not be read");
}
END_TEST

START_TEST(an_unreadable_directory_is_told)
{
	make_other("users.db", "Alice");
	chmod(bench.directory, 0);
	assert_others_cannot_open("may not be read");
	chmod(bench.directory, 0755);
}
END_TEST

START_TEST(a_directory_without_room_for_the_log_is_told)
{
	make_other("users.db", "Alice");
	chmod(bench.path, 0644);
	chmod(bench.directory, 0555);
	assert_others_cannot_open("directory may not be written");
	chmod(bench.directory, 0755);
}
END_TEST

START_TEST(an_older_schema_is_told_with_the_remedy)
{
	bench_write(&bench, "PRAGMA user_version = 0; CREATE TABLE t (a)");
	assert_opens_not(-EPROTO, "halfcalld -U -f FILE");
}
END_TEST

START_TEST(a_newer_schema_is_refused_and_left_alone)
{
	make_other("users.db", "Alice");
	bench_write(&bench, "PRAGMA user_version = 99");
	assert_opens_not(-EPROTO, "newer");
	ck_assert_int_eq(store_upgrade(bench.path, &bench.fault), -EPROTO);
	assert_says(&bench, "newer");
}
END_TEST

START_TEST(a_database_without_our_tables_is_told)
{
	bench_write(&bench, arena_printf(&bench.arena,
					 "PRAGMA user_version = %d;"
					 "CREATE TABLE t (a)",
					 store_version()));
	assert_opens_not(-EUCLEAN, "no such table");
}
END_TEST

START_TEST(damage_deep_in_the_file_is_found_at_start)
{
	make_other("users.db", "Alice");
	bench_write(&bench,
		    "WITH RECURSIVE n(i) AS (SELECT 20000 UNION ALL SELECT i + 1 FROM n"
		    " WHERE i < 29999) INSERT INTO station (extension) SELECT i FROM n");
	scribble(bench.path, size_of(bench.path) / 4096 * 2048, 65536);
	assert_opens_not(-EUCLEAN, "damaged");
}
END_TEST

START_TEST(a_locked_file_is_told_at_start)
{
	sqlite3 *other;

	make_other("users.db", "Alice");
	ck_assert_int_eq(sqlite3_open(bench.path, &other), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(other,
				      "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;"
				      "DELETE FROM station",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	assert_opens_not(-EBUSY, "locked");
	sqlite3_close(other);
}
END_TEST

START_TEST(a_full_disk_is_told_at_start)
{
	make_other("users.db", "Alice");
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 0, RLIM_INFINITY }),
			 0);
	ck_assert_int_lt(store_open(bench.path, &bench.store, &bench.fault), 0);
	assert_says(&bench, "users.db");
	ck_assert_int_eq(
		setrlimit(RLIMIT_FSIZE, &(struct rlimit){ RLIM_INFINITY, RLIM_INFINITY }),
		0);
	bench_open(&bench);
}
END_TEST

/* While running ---------------------------------------------------------------------- */

START_TEST(a_commit_counts_from_the_next_call_on)
{
	assert_finds("Alice");
	for (int i = 0; i < 50; i++) {
		const char *name = arena_printf(&bench.arena, "Alice %d", i);

		bench_write(
			&bench,
			arena_printf(
				&bench.arena,
				"UPDATE station SET name = '%s' WHERE extension = '1001'",
				name));
		assert_finds(name);
	}
}
END_TEST

START_TEST(the_sqlite3_shell_writes_while_we_read)
{
	shellf("sqlite3 %s \"UPDATE station SET name = 'Ann'\"", bench.path);
	assert_finds("Ann");
}
END_TEST

/* Every commit is a checkpoint, so the file changes between any two calls. */
START_TEST(calls_go_on_while_the_shell_writes_and_checkpoints)
{
	FILE *pen = popen(arena_printf(&bench.arena, "sqlite3 %s", bench.path), "w");

	ck_assert_ptr_nonnull(pen);
	fputs(".output /dev/null\nPRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 1;\n",
	      pen);
	for (int i = 0; i < 300; i++) {
		int err;

		fprintf(pen, "UPDATE station SET name = 'Alice %d';\n", i);
		fflush(pen);
		err = bench_load(&bench, HALF_TERM, "x", "1001");
		ck_assert_msg(err == 0, "%d: %s", err, bench.fault.text);
		ck_assert_int_eq(strncmp(bench.profile.called->name, "Alice", 5), 0);
	}
	ck_assert_int_eq(pclose(pen), 0);
	assert_finds("Alice 299");
}
END_TEST

START_TEST(a_transaction_is_not_seen_until_it_commits)
{
	sqlite3 *other;

	ck_assert_int_eq(sqlite3_open(bench.path, &other), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(other,
				      "BEGIN EXCLUSIVE; UPDATE station SET name = 'Ann'",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	assert_finds("Alice");
	ck_assert_int_eq(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	assert_finds("Ann");
	sqlite3_close(other);
}
END_TEST

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

START_TEST(a_locked_file_costs_a_moment_and_passes)
{
	double start;
	sqlite3 *other;

	store_close(bench.store);
	bench_write(&bench, "PRAGMA journal_mode = DELETE");
	bench_open(&bench);
	ck_assert_int_eq(sqlite3_open(bench.path, &other), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(other, "BEGIN EXCLUSIVE", NULL, NULL, NULL),
			 SQLITE_OK);
	for (int i = 0; i < 3; i++) {
		start = seconds();
		assert_refuses(-EBUSY, "locked");
		ck_assert_double_lt(seconds() - start, 10.0);
	}
	sqlite3_close(other);
	assert_finds("Alice");
}
END_TEST

START_TEST(a_vanished_file_is_told_until_it_is_back)
{
	shellf("mv %s %s.away", bench.path, bench.path);
	assert_refuses(-ENOENT, "does not exist");
	assert_refuses(-ENOENT, "does not exist");
	shellf("mv %s.away %s", bench.path, bench.path);
	assert_finds("Alice");
}
END_TEST

START_TEST(a_file_moved_over_ours_is_read_again)
{
	const char *other = make_other("other.db", "Ann");

	bench_write(&bench, "UPDATE station SET name = 'Al'");	/* stays in the
								 * write-ahead log */
	assert_finds("Al");
	ck_assert_int_eq(rename(other, bench.path), 0);
	assert_finds("Ann");
	bench_write(&bench, "UPDATE station SET name = 'Annie'");
	assert_finds("Annie");
}
END_TEST

START_TEST(a_file_copied_over_ours_is_read_again)
{
	const char *other = make_other("other.db", "Ann");

	assert_finds("Alice");
	shellf("cat %s > %s", other, bench.path);
	assert_finds("Ann");
}
END_TEST

START_TEST(a_deleted_and_recreated_file_is_read_again)
{
	shellf("rm %s*", bench.path);
	assert_refuses(-ENOENT, "does not exist");
	make_other("users.db", "Ann");
	assert_finds("Ann");

	shellf("rm %s*", bench.path);
	make_other("users.db", "Zoe");
	assert_finds("Zoe");
}
END_TEST

START_TEST(a_deleted_log_does_not_hide_later_commits)
{
	assert_finds("Alice");
	shellf("rm -f %s-wal %s-shm", bench.path, bench.path);
	bench_write(&bench, "UPDATE station SET name = 'Ann'");
	assert_finds("Ann");
}
END_TEST

/* As a user without rights, since root may write everywhere; in a process of its own. */
static int use_a_directory_not_to_be_written(void)
{
	if (geteuid() == 0 &&
	    (chown(bench.directory, 65534, 65534) < 0 ||
	     chown(bench.path, 65534, 65534) < 0 || setresuid(65534, 65534, 65534) < 0))
		return 1;
	if (store_open(bench.path, &bench.store, &bench.fault) < 0 ||
	    bench_load(&bench, HALF_TERM, "x", "1001") < 0)
		return 2;
	chmod(bench.directory, 0555);
	if (bench_load(&bench, HALF_TERM, "x", "1001") < 0)
		return 3;
	chmod(bench.directory, 0755);
	shellf("rm %s-wal %s-shm", bench.path, bench.path);
	chmod(bench.directory, 0555);
	if (bench_load(&bench, HALF_TERM, "x", "1001") != -EACCES ||
	    !strstr(bench.fault.text, "directory may not be written"))
		return 4;
	chmod(bench.directory, 0755);
	return bench_load(&bench, HALF_TERM, "x", "1001") < 0 ? 5 : 0;
}

/* Files already open still work; a write-ahead log that cannot be created again is
 * reported. */
START_TEST(a_directory_not_to_be_written_is_told_until_it_may)
{
	int status;
	pid_t child;

	store_close(bench.store);
	bench.store = NULL;
	child = fork();
	if (child == 0)
		_exit(use_a_directory_not_to_be_written());
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(a_damaged_file_is_told_until_it_is_mended)
{
	const char *backup = make_other("backup.db", "Ann");

	assert_finds("Alice");
	shellf("cat %s > %s", backup, bench.path);
	scribble(bench.path, 0, (size_t)size_of(bench.path));
	assert_refuses(-EUCLEAN, "not an SQLite database");
	shellf("cat %s > %s", backup, bench.path);
	scribble(bench.path, 4096, (size_t)size_of(bench.path) - 4096);
	assert_refuses(-EUCLEAN, "damaged");
	assert_refuses(-EUCLEAN, "damaged");
	ck_assert_int_eq(truncate(bench.path, 0), 0);
	assert_refuses(-EUCLEAN, "is empty");
	shellf("cp %s %s", backup, bench.path);
	assert_finds("Ann");
}
END_TEST

START_TEST(a_version_changed_underneath_is_told)
{
	bench_write(&bench, "PRAGMA user_version = 99");
	assert_refuses(-EPROTO, "newer");
	assert_refuses(-EPROTO, "newer");
	bench_write(&bench, "PRAGMA user_version = 0");
	assert_refuses(-EPROTO, "older");
	bench_write(&bench, arena_printf(&bench.arena, "PRAGMA user_version = %d",
					 store_version()));
	assert_finds("Alice");
}
END_TEST

START_TEST(a_dropped_table_is_told_until_it_is_back)
{
	bench_write(&bench, "ALTER TABLE calling_permission RENAME TO gone");
	ck_assert_int_eq(bench_load(&bench, HALF_TERM, "1001", "1001"), -EUCLEAN);
	assert_says(&bench, "calling_permission");
	bench_write(&bench, "ALTER TABLE gone RENAME TO calling_permission");
	assert_finds("Alice");
}
END_TEST

START_TEST(nothing_stays_behind_after_closing)
{
	assert_finds("Alice");
	store_close(bench.store);
	bench.store = NULL;
	shellf("test \"$(ls %s)\" = users.db", bench.directory);
}
END_TEST

Suite *unit_suite(void)
{
	TCase *start = tcase_create("start");
	TCase *running = tcase_create("running");
	Suite *suite = suite_create("store_file");

	tcase_add_checked_fixture(start, set_up_empty, tear_down);
	tcase_set_timeout(start, 30);
	tcase_add_test(start, a_missing_file_is_told_with_the_remedy);
	tcase_add_test(start, a_directory_is_no_database);
	tcase_add_test(start, a_pipe_is_no_database);
	tcase_add_test(start, an_empty_file_is_told_with_the_remedy);
	tcase_add_test(start, a_text_file_is_no_database);
	tcase_add_test(start, an_unreadable_file_is_told);
	tcase_add_test(start, an_unreadable_directory_is_told);
	tcase_add_test(start, a_directory_without_room_for_the_log_is_told);
	tcase_add_test(start, an_older_schema_is_told_with_the_remedy);
	tcase_add_test(start, a_newer_schema_is_refused_and_left_alone);
	tcase_add_test(start, a_database_without_our_tables_is_told);
	tcase_add_test(start, damage_deep_in_the_file_is_found_at_start);
	tcase_add_test(start, a_locked_file_is_told_at_start);
	tcase_add_test(start, a_full_disk_is_told_at_start);
	suite_add_tcase(suite, start);

	tcase_add_checked_fixture(running, set_up, tear_down);
	tcase_set_timeout(running, 30);
	tcase_add_test(running, a_commit_counts_from_the_next_call_on);
	tcase_add_test(running, the_sqlite3_shell_writes_while_we_read);
	tcase_add_test(running, calls_go_on_while_the_shell_writes_and_checkpoints);
	tcase_add_test(running, a_transaction_is_not_seen_until_it_commits);
	tcase_add_test(running, a_locked_file_costs_a_moment_and_passes);
	tcase_add_test(running, a_vanished_file_is_told_until_it_is_back);
	tcase_add_test(running, a_file_moved_over_ours_is_read_again);
	tcase_add_test(running, a_file_copied_over_ours_is_read_again);
	tcase_add_test(running, a_deleted_and_recreated_file_is_read_again);
	tcase_add_test(running, a_deleted_log_does_not_hide_later_commits);
	tcase_add_test(running, a_directory_not_to_be_written_is_told_until_it_may);
	tcase_add_test(running, a_damaged_file_is_told_until_it_is_mended);
	tcase_add_test(running, a_version_changed_underneath_is_told);
	tcase_add_test(running, a_dropped_table_is_told_until_it_is_back);
	tcase_add_test(running, nothing_stays_behind_after_closing);
	suite_add_tcase(suite, running);
	return suite;
}
