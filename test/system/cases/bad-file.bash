# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What may happen to the users' database under a daemon that runs: each call is refused, once,
# until the file is back.  The many calls are those of bad-row.bash.

# costs_calls WORDS COMMAND...: after it calls are refused with these, until the file is back.
costs_calls() {
	local words=$1
	shift
	"$@" >"$dir/costs.log" 2>&1 || fail "$*: see costs.log"
	rm -f "$dir/journal.jsonl"
	kill -HUP "${pid_of[halfcalld]}"
	until_true test -e "$dir/journal.jsonl"
	dialled=() off_hook=()
	will_meet "$*" term 1001 2001 500 "$words"
	will_meet "$*" orig 1001 2001 500 "$words"
	will_meet "$*" line 1001 1001 500 "$words"
	place_calls dialled 'sip:[field1]@example.com' "${dialled[@]}"
	were_answered dialled "$last" "${dialled[@]}"
	place_calls off-hook 'sip:[field1]@example.com;avaya-cm-fnu=off-hook' "${off_hook[@]}"
	were_answered off-hook "$last" "${off_hook[@]}"
	halfcall_says 1 station show 2001
	[[ $answer =~ $words ]] || fail "$*: station show says <$answer>"
	halfcall_says 1 station list
	halfcall_says 0 status
	comes_back
}

# The file as it was, under another inode, and calls go on.
comes_back() {
	rm -rf "$dir"/users.db "$dir"/users.db-*
	cp "$dir/good.db" "$dir/users.db"
	rm -f "$dir"/{caller,sm}.*
	call_through ROUTES="$(routes "$term")"
}

alter() { sqlite3 -bail "$dir/users.db" ".dbconfig defensive off" "PRAGMA writable_schema = ON" "$@" \
	"PRAGMA schema_version = 9999"; }
without_column() { alter "UPDATE sqlite_schema SET sql = replace(sql, '$2 ', 'other ') WHERE name = '$1'"; }
without_table() { sqlite3 -bail "$dir/users.db" "DROP TABLE $1"; }
replaced_by() { rm -rf "$dir/users.db" && "$@"; }
foreign() {
	sqlite3 "$dir/users.db" "CREATE TABLE station (id);
		PRAGMA user_version = $(sqlite3 "$dir/good.db" 'PRAGMA user_version')"
}
version() { sqlite3 "$dir/users.db" "PRAGMA user_version = $1"; }
halve() { truncate -s $(($(stat -c %s "$dir/users.db") / 2 / 4096 * 4096)) "$dir/users.db"; }
text() { seq 1 5000 >"$dir/users.db"; }

half_bad_file_costs_calls_until_it_is_back() {
	half
	cm_users "VACUUM INTO '$dir/good.db'"
	local table
	for table in station class_of_restriction station_number calling_permission call_type \
		dial_pattern call_forwarding coverage_point feature_access_code; do
		costs_calls "no such table: (main\.)?$table" without_table $table
	done
	costs_calls 'no such column: s\.name' without_column station name
	costs_calls 'newer than this program.s' version 99
	costs_calls 'older than this program.s' version 1
	costs_calls 'users\.db: the file is damaged; restore a backup' halve
	costs_calls 'users\.db: is empty' truncate -s 0 "$dir/users.db"
	costs_calls 'users\.db: not an SQLite database' text
	costs_calls 'users\.db: does not exist' rm "$dir/users.db"
	costs_calls 'users\.db: is a directory' replaced_by mkdir "$dir/users.db"
	costs_calls 'no such' replaced_by foreign
	costs_calls 'newer' replaced_by version 7
}

# A write-ahead log that is deleted is created again; rows written since the start are still there.
half_bad_log_is_made_anew() {
	half
	cm_users "UPDATE station SET name = 'Anna' WHERE extension = '1001'"
	call_through
	rm -f "$dir"/users.db-{wal,shm} "$dir"/{caller,sm}.*
	call_through
	cm_users "UPDATE station SET name = 'Annie' WHERE extension = '1001'"
	rm -f "$dir"/{caller,sm}.*
	call_through
	has "P-Asserted-Identity" "$out" '^P-Asserted-Identity: "Annie" '
}
