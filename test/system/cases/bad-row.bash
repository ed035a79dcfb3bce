# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Invalid rows, written past STRICT and the triggers while the daemon was down.  Each affects only
# the calls that read it: one refusal, one journal line and one warning, with the same sentence,
# which names table and row; halfcall explain prints it too.

# force: SQL on stdin, written into a database without types, NOT NULL and triggers.
force() {
	cm_drain
	{
		cat <<-'END'
		.dbconfig defensive off
		PRAGMA synchronous = OFF;
		PRAGMA writable_schema = ON;
		CREATE TEMP TABLE kept AS SELECT name, sql FROM main.sqlite_schema;
		UPDATE sqlite_schema SET sql = replace(replace(replace(replace(replace(replace(
			replace(sql, 'STRICT, ', ''), 'STRICT', ''), ' NOT NULL', ''), ' TEXT', ''),
			' INTEGER PRIMARY', '~'), ' INTEGER', ''), '~', ' INTEGER PRIMARY')
			WHERE type = 'table';
		UPDATE sqlite_schema SET sql = replace(sql, 'BEGIN', 'WHEN 0 BEGIN')
			WHERE type = 'trigger' AND sql NOT LIKE '%WHEN%BEGIN%';
		PRAGMA writable_schema = RESET;
		BEGIN;
		END
		cat
		cat <<-'END'
		COMMIT;
		PRAGMA writable_schema = ON;
		UPDATE sqlite_schema AS m SET sql = (SELECT k.sql FROM kept AS k WHERE k.name = m.name);
		PRAGMA writable_schema = RESET;
		END
	} >"$dir/force.sql"
	cm_users <"$dir/force.sql" >"$dir/force.log" 2>&1 || fail "sqlite3 failed, see force.log"
	cm_run
	to=$CM:${port_of[cm-$transport]}
}

# --- many calls at once -------------------------------------------------------------------

# What is going to be called: by number of the call in its batch, NAME|HALF|FROM|TO|STATUS|WORDS.
declare -a dialled=() off_hook=()

# will_meet NAME HALF FROM TO STATUS WORDS: HALF is orig, term or line.  Of a call that goes on
# the STATUS is 603, because whoever is called declines, and WORDS do not count.
will_meet() {
	local IFS='|'
	if [[ $2 == line ]]; then
		off_hook+=("$*")
	else
		dialled+=("$*")
	fi
}

# place_calls BATCH URI CALL...: all of them within a few seconds, each answered within two.
place_calls() {
	local batch=$1 uri=$2 call from called half phase
	shift 2
	echo SEQUENTIAL >"$dir/$batch.csv"
	for call in "$@"; do
		IFS='|' read -r _ half from called _ <<<"$call"
		phase=imsorig
		[[ $half != term ]] || phase=imsterm
		echo "$from;$called;$phase"
	done >>"$dir/$batch.csv"
	peer "$batch" $SM caller "invite is-refused" FROM='[field0]' URI="$uri" \
		ROUTES="$(routes ';phase=[field2];seq=explicit')" -- -inf "$dir/$batch.csv" \
		-m $# -r 150 -recv_timeout 2000
	last=${pid_of[$batch]}
	peers_end "$batch"
}

# final_answers BATCH: of each call its number, final status, and the sentence of its Warning.
final_answers() {
	awk '
		{ sub(/\r$/, "") }
		/^-+ [0-9][0-9][0-9][0-9]-/ { received = 0; status = 0 }
		/^UDP message received/ { received = 1 }
		received && /^SIP\/2\.0 / { status = $2; warning = "" }
		/^Call-ID: / { number = $2; sub(/-.*/, "", number) }
		/^Warning: 399 / { warning = $0; sub(/^[^"]*"/, "", warning); sub(/"$/, "", warning)
			gsub(/\\/, "", warning) }
		received && $0 == "" && status >= 200 && !seen[number]++ { print number "|" status "|" warning }
	' "$dir/$1.sip"
}

# were_answered BATCH CALL...: each was answered as it says; what was refused has one line in the
# journal and one warning in the log.
were_answered() {
	local batch=$1 pid=$2 id event status reason number warning call half from called
	shift 2
	local -A answered=() said=() events=() why=() ids=() warnings=()
	while IFS='|' read -r number status warning; do
		answered[$number]=$status
		said[$number]=$warning
	done < <(final_answers "$batch")
	while IFS='|' read -r number event status reason id; do
		((events[$number]++))
		why[$number]="$event $status $reason"
		ids[$number]=$id
	done < <(jq -r "select(.event != \"finding\") | select(.sip_call_id | test(\"^[0-9]+-$pid@\")) | [(.sip_call_id | sub(\"-.*\"; \"\")),
		.event, .status // 0, .reason // \"\", .call] | map(tostring) | join(\"|\")" "$dir/journal.jsonl")
	while read -r id; do
		((warnings[$id]++))
	done < <(sed -nE 's/^warning: call=([0-9a-f]+) .*/\1/p' "$dir/halfcalld.log")
	number=0
	for call in "$@"; do
		IFS='|' read -r name half from called status words <<<"$call"
		((++number))
		equal "$name, $half: status (${said[$number]:-})" "$status" "${answered[$number]:-none}"
		((status != 603)) || continue
		equal "$name, $half: journal lines" 1 "${events[$number]:-0}"
		equal "$name, $half: journal" "reject $status ${said[$number]}" "${why[$number]}"
		[[ ${said[$number]} =~ $words ]] || fail "$name, $half: /$words/ is not in <${said[$number]}>"
		[[ $status != 500 || $words == *'no forwarding'* ]] ||
			equal "$name, $half: warnings" 1 "${warnings[${ids[$number]}]:-0}"
		is_explained "$name" "$half" "$from" "$called" "${said[$number]}"
	done
}

# halfcall_says EXIT COMMAND...: halfcall ends with it; $answer is what it printed.
halfcall_says() {
	local wanted=$1 status=0
	shift
	answer=$(timeout 5 env -C "$dir" "$build/halfcall" -s control "$@" 2>&1) || status=$?
	equal "halfcall $*: exit status (${answer:0:300})" "$wanted" "$status"
}

# is_explained NAME HALF FROM TO SENTENCE
is_explained() {
	[[ $2 != line ]] || return 0
	halfcall_says 1 explain "$3" "$4" "--$2"
	[[ $answer == *"$5"* ]] || fail "$1, $2: explain does not say <$5>: <${answer:0:600}>"
}

# All calls that were told to will_meet(), what became of them, and that others go on.
calls_hold() {
	if ((${#dialled[@]})); then
		rm -f "$dir/sm".*
		sm "invite refuses" STATUS=603 -- -m 100000
		place_calls dialled 'sip:[field1]@example.com' "${dialled[@]}"
		stop sm
		were_answered dialled "$last" "${dialled[@]}"
	fi
	if ((${#off_hook[@]})); then
		place_calls off-hook 'sip:[field1]@example.com;avaya-cm-fnu=off-hook' "${off_hook[@]}"
		were_answered off-hook "$last" "${off_hook[@]}"
	fi
	rm -f "$dir/sm".*
	call_through ROUTES="$(routes "$term")"
}

# --- every column, every wrong value ------------------------------------------------------

declare -A values=(
	[word]="'abc'" [empty]="''" [huge]="printf('%.1000000c', 'z')" [blob]="x'3230303200'"
	[null]=NULL [number]=7 [real]=1.5 [negative]=-1 [wraps]=4294967297
	[lowest]=-9223372036854775808 [highest]=9223372036854775807 [infinite]=9e999
	[not-utf8]="CAST(x'3230c328' AS TEXT)" [nul]="CAST(x'3230003032' AS TEXT)"
	[lines]="'2002' || char(13, 10) || 'X-Evil: 1'" [escape]="'20' || char(27) || '[2J'"
	[quote]="'2002\" <sip:evil@example.org>'" [bracket]="'2002>,<sip:evil@example.org'"
	[percent]="'2002%40evil'" [space]="'20 02'"
)

# A row of each table for the station @, whose COR is #, and the call that reads it.
declare -A row=(
	[station]=''
	[class_of_restriction]="INSERT INTO class_of_restriction (cor, frl) VALUES (#, 3);
		UPDATE station SET cor = # WHERE extension = '@';"
	[station_number]="INSERT INTO station_number VALUES ('8@', '@');"
	[calling_permission]="INSERT INTO class_of_restriction (cor, frl) VALUES (#, 3);
		UPDATE station SET cor = # WHERE extension = '@';
		INSERT INTO calling_permission VALUES (1, #, 1);"
	[call_type]="INSERT INTO call_type (call_type) VALUES ('t@');
		INSERT INTO dial_pattern (pattern, call_type) VALUES ('7@', 't@');"
	[dial_pattern]="INSERT INTO dial_pattern (pattern, call_type) VALUES ('7@', 'station');"
	[call_forwarding]="INSERT INTO call_forwarding VALUES ('@', 'busy', 'any', '2002', 1);"
	[coverage_point]="INSERT INTO coverage_point VALUES ('@', 1, '2002', 'busy', 5);"
	[feature_access_code]="INSERT INTO feature_access_code VALUES ('*7@', 'send-all-calls-on');"
)
declare -A key=(
	[station]="extension = '@'" [class_of_restriction]='cor = #' [station_number]="number = '8@'"
	[calling_permission]='to_cor = #' [call_type]="call_type = 't@'" [dial_pattern]="pattern = '7@'"
	[call_forwarding]="extension = '@'" [coverage_point]="extension = '@'"
	[feature_access_code]="code = '*7@'"
)
declare -A named=(
	[station]=@ [class_of_restriction]='#' [station_number]=8@ [calling_permission]='1 to #'
	[call_type]=t@ [dial_pattern]=7@ [call_forwarding]='@[a-z ]*' [coverage_point]='@[0-9a-z ]*'
	[feature_access_code]='[*]7@'
)

# Columns, and the values that are fine there; or make no row bad but have their own answer.
bad_values() {
	cat <<-'END'
	station name word empty quote bracket percent space
	station cor
	station appearances number
	station ring_seconds number null
	station in_service
	station send_all_calls
	class_of_restriction description *
	class_of_restriction calling_party
	class_of_restriction called_party
	class_of_restriction frl number
	station_number extension
	calling_permission permitted
	call_type description *
	call_type is_public
	call_type is_toll
	call_type is_tac
	call_type is_emergency
	call_type is_attendant
	dial_pattern call_type
	dial_pattern min_frl number=403
	dial_pattern min_length null number=484
	dial_pattern max_length number
	call_forwarding condition
	call_forwarding source
	call_forwarding destination word
	call_forwarding active
	coverage_point step number
	coverage_point condition
	coverage_point target word
	coverage_point ring_seconds number null
	feature_access_code feature word=404 empty=404 quote=404 bracket=404 percent=404 space=404
	END
}

# answer_to VALUE FINE: the status of a call that reads it.
answer_to() {
	local fine
	set -f
	for fine in $2; do
		[[ $fine == '*' || $fine == "$1" ]] && echo 603 && return
		[[ $fine == "$1="* ]] && echo "${fine#*=}" && return
	done
	echo 500
}

# Part of the key of its table, so that SQLite itself keeps NULL away.
is_key() { [[ $1 == call_forwarding.condition || $1 == call_forwarding.source ||
	$1 == coverage_point.step || $1 == coverage_point.condition ]]; }

# bad_columns TABLE...: their rows as SQL on stdout, and their calls to will_meet().
bad_columns() {
	local table column fine value n=3000 cor=10 status words sql
	while read -r table column fine; do
		[[ " $* " == *" $table "* ]] || continue
		for value in "${!values[@]}"; do
			[[ $value != null ]] || ! is_key "$table.$column" || continue
			((++n))
			[[ ${row[$table]} != *'#'* ]] || ((++cor))
			sql="INSERT INTO station (extension) VALUES ('@'); ${row[$table]}
				UPDATE $table SET $column = ${values[$value]} WHERE ${key[$table]};"
			sql=${sql//@/$n}
			echo "${sql//'#'/$cor}" >&3
			status=$(answer_to "$value" "$fine")
			words="table $table, row ${named[$table]}: ($column|COR|call type|station) "
			words=${words//@/$n}
			words=${words//'#'/$cor}
			((status == 500)) || words=.
			calls_of "$table.$column is $value" "$table" $n "$status" "$words"
		done
	done < <(bad_values)
}

# calls_of NAME TABLE N STATUS WORDS: who will_meet the row of station N.
calls_of() {
	case $2 in
	station | class_of_restriction)
		will_meet "$1" term 1001 "$3" "$4" "$5"
		(($4 == 500)) || return 0
		will_meet "$1" orig "$3" 2001 "$4" "$5"
		will_meet "$1" line "$3" "$3" "$4" "$5"
		will_meet "$1" orig "$3" '*212001' "$4" "$5"
		# No administered row prevents an emergency call.
		will_meet "$1" orig "$3" 112 603 . ;;
	station_number) will_meet "$1" term 1001 "8$3" "$4" "$5" ;;
	calling_permission) will_meet "$1" orig 1001 "$3" "$4" "$5" ;;
	call_type | dial_pattern) will_meet "$1" orig 1001 "7$3" "$4" "$5" ;;
	call_forwarding | coverage_point) will_meet "$1" term 1001 "$3" "$4" "$5" ;;
	feature_access_code) will_meet "$1" orig 1001 "*7$3" "$4" "$5" ;;
	esac
}

# columns_hold TABLE...
columns_hold() {
	half
	cm_users "INSERT INTO feature_access_code VALUES ('*21', 'call-fwd-all-activate')"
	bad_columns "$@" 3>"$dir/rows.sql"
	force <"$dir/rows.sql"
	calls_hold
	equal "forwardings written" 0 "$(cm_users "SELECT count(*) FROM call_forwarding
		WHERE condition = 'unconditional' AND destination = '2001'")"
}

half_bad_station_columns() { columns_hold station; }
half_bad_class_columns() { columns_hold class_of_restriction calling_permission station_number; }
half_bad_plan_columns() { columns_hold call_type dial_pattern feature_access_code; }
half_bad_onward_columns() { columns_hold call_forwarding coverage_point; }

# --- rows that are fine one by one --------------------------------------------------------

# numbers FROM TO: a table n(i) of them, to stand before an INSERT.
numbers() { echo "WITH RECURSIVE n(i) AS (SELECT $1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)"; }

# ring FROM TO: stations that forward unconditionally, each to the next, the last to the first.
ring() {
	echo "$(numbers "$1" "$2") INSERT INTO station (extension) SELECT '' || i FROM n;
		$(numbers "$1" "$2") INSERT INTO call_forwarding (extension, destination)
			SELECT '' || i, '' || iif(i = $2, $1, i + 1) FROM n;"
}

# The same, but covered by the next.
cover_ring() {
	echo "$(numbers "$1" "$2") INSERT INTO station (extension) SELECT '' || i FROM n;
		$(numbers "$1" "$2") INSERT INTO coverage_point (extension, step, target, condition)
			SELECT '' || i, 1, '' || iif(i = $2, $1, i + 1), 'all' FROM n;"
}

rings() {
	ring 30000 30001
	ring 30010 30012
	ring 31000 31999
	ring 40000 49999
	cover_ring 50000 50001
	cover_ring 50010 50012
	cover_ring 60000 69999
	echo "INSERT INTO station (extension) VALUES ('3001'), ('3002'), ('3003');
		$(numbers 1 10000) INSERT INTO coverage_point SELECT '3001', i, '2002', 'busy', 5 FROM n;
		$(numbers 1 10000) INSERT INTO call_forwarding SELECT '3002', 'busy', 's' || i, '2002', 0 FROM n;
		$(numbers 1 10000) INSERT INTO station_number SELECT 'n' || i, '3003' FROM n;"
}

# Rows that are too many cost their station's calls; long ways and circles cost what follows
# them, and a coverage point is not followed.
half_bad_circles_are_not_run_through() {
	local chained
	for chained in false true; do
		call="chained = $chained;"
		half
		force < <(rings)
		dialled=()
		if [[ $chained == true ]]; then
			will_meet "circle of 2" term 1001 30000 482 'station 30001 leads to 30000'
			will_meet "circle of 3" term 1001 30010 482 'station 30012 leads to 30010'
			will_meet "circle of 1,000" term 1001 31000 480 'was redirected 5 times'
			will_meet "chain of 10,000" term 1001 40000 480 'was redirected 5 times'
		else
			will_meet "circle of 2" term 1001 30000 603 .
			will_meet "circle of 1,000" term 1001 31000 603 .
			will_meet "chain of 10,000" term 1001 40000 603 .
		fi
		will_meet "coverage circle of 2" term 1001 50000 603 .
		will_meet "coverage circle of 3" term 1001 50010 603 .
		will_meet "coverage chain of 10,000" term 1001 60000 603 .
		will_meet "10,000 steps" term 1001 3001 500 \
			'^table coverage_point, row 3001: step must be a number from 1 to 16$'
		will_meet "10,000 forwardings" term 1001 3002 500 \
			'^table call_forwarding, row 3002: more than 12 rows$'
		will_meet "10,000 numbers" term 1001 n10000 603 .
		calls_hold
		halfcall_says 0 station show 3003
		halfcall_says 1 station show 3001
		has "station show" "$answer" 'row 3001: step must be'
		halfcall_says 0 -j station list
		cm_drain
		rm -f "$dir"/users.db* "$dir/journal.jsonl"
	done
}

# Two rows with one key are both invalid, since the right one cannot be known.
half_bad_doublets_are_refused() {
	half
	cm_drain
	cm_users <<-'END' >"$dir/force.log" 2>&1 || fail "sqlite3 failed, see force.log"
	.dbconfig defensive off
	PRAGMA writable_schema = ON;
	CREATE TEMP TABLE kept AS SELECT * FROM main.sqlite_schema;
	CREATE TEMP TABLE key (name, key);
	INSERT INTO key VALUES ('station', 'extension, name'), ('station_number', 'number, extension'),
		('calling_permission', 'from_cor, to_cor, permitted'), ('dial_pattern', 'pattern, call_type, min_frl'),
		('call_forwarding', 'extension, condition, source, destination'),
		('coverage_point', 'extension, step, condition, target'), ('feature_access_code', 'code, feature');
	UPDATE sqlite_schema AS s SET sql = iif(instr(sql, 'PRIMARY KEY ('), substr(sql, 1, instr(sql, 'PRIMARY KEY (') - 1),
		replace(replace(sql, ' PRIMARY KEY', ''), ') STRICT, WITHOUT ROWID', ',')) ||
		' PRIMARY KEY (' || (SELECT key FROM key AS k WHERE k.name = s.name) || ')) WITHOUT ROWID'
		WHERE name IN (SELECT name FROM key);
	DELETE FROM sqlite_schema WHERE type = 'trigger' OR type = 'index' AND sql IS NOT NULL;
	PRAGMA writable_schema = RESET;
	INSERT INTO station (extension, name) VALUES ('3001', 'Ann'), ('3001', 'Eve'), ('3002', ''), ('3003', '');
	INSERT INTO station_number VALUES ('83001', '2001'), ('83001', '2002');
	INSERT INTO calling_permission VALUES (1, 4, 0), (1, 4, 1);
	INSERT INTO dial_pattern (pattern, call_type, min_frl) VALUES ('7', 'toll', 0), ('7', 'toll', 7);
	INSERT INTO call_forwarding VALUES ('3002', 'busy', 'any', '2001', 1), ('3002', 'busy', 'any', '2002', 1);
	INSERT INTO coverage_point VALUES ('3003', 1, '2001', 'busy', 5), ('3003', 1, '2002', 'busy', 5);
	INSERT INTO feature_access_code VALUES ('*7', 'send-all-calls-off'), ('*7', 'send-all-calls-on');
	PRAGMA writable_schema = ON;
	UPDATE sqlite_schema AS m SET sql = (SELECT k.sql FROM kept AS k WHERE k.name = m.name);
	INSERT INTO sqlite_schema SELECT * FROM kept WHERE name NOT IN (SELECT name FROM sqlite_schema);
	PRAGMA writable_schema = RESET;
	END
	cm_run
	to=$CM:${port_of[cm-$transport]}
	local twice='is there more than once; the index is damaged$'
	will_meet station term 1001 3001 500 "^table station, row 3001: $twice"
	will_meet caller orig 3001 2001 500 "^table station, row 3001: $twice"
	will_meet off-hook line 3001 3001 500 "^table station, row 3001: $twice"
	will_meet station_number term 1001 83001 500 "^table station_number, row 83001: $twice"
	will_meet calling_permission orig 1001 1003 500 "^table calling_permission, row 1 to 4: $twice"
	will_meet dial_pattern orig 1001 755555 500 "^table dial_pattern, row 7: $twice"
	will_meet call_forwarding term 1001 3002 500 "^table call_forwarding, row 3002: $twice"
	will_meet coverage_point term 1001 3003 500 "^table coverage_point, row 3003: $twice"
	will_meet feature_access_code orig 1001 '*7' 500 "^table feature_access_code, row [*]7: $twice"
	calls_hold
}

# junk_keys: a row for each wrong value as its key, in every table that has a key of text.
junk_keys() {
	local table column value n=3000
	while read -r table column; do
		for value in "${!values[@]}"; do
			[[ $value != null && $value != word ]] || continue
			((++n))
			echo "INSERT INTO station (extension) VALUES ('${n}');"
			[[ $table == station ]] || echo "${row[$table]//@/$n}"
			echo "UPDATE $table SET $column = ${values[$value]} WHERE ${key[$table]//@/$n};"
		done
	done <<-'END'
	station extension
	station_number number
	call_type call_type
	dial_pattern pattern
	call_forwarding extension
	coverage_point extension
	feature_access_code code
	END
}

# Keys that are junk are no call's: whatever stands among them, the others are found.
half_bad_keys_hide_no_others() {
	half
	cm_users "INSERT INTO feature_access_code VALUES ('*8', 'send-all-calls-on')"
	junk_keys >"$dir/rows.sql"
	force <"$dir/rows.sql"
	will_meet "station" term 1001 2002 603 .
	will_meet "pattern" orig 1001 030123456 603 .
	will_meet "emergency" orig 1001 112 603 .
	will_meet "forwarding" term 1001 2003 603 .
	will_meet "unknown" orig 1001 5555 404 '5555 is neither a station nor'
	will_meet "code" orig 1001 '*81' 484 'takes no number'
	calls_hold
	answered 500 URI='sip:20%2002@example.com' ROUTES="$(routes "$term")"
	has "500" "$answer" '^Warning: 399 .*table station, row 20 02: extension must be digits'
	halfcall_says 1 station list
	has "station list" "$answer" '^2005 '
	has "station list" "$answer" \
		'halfcall: [0-9]+ stations cannot be read, the first because of table station, row '
}

# What is refused because the row of a forwarding target is invalid.
half_bad_target_costs_only_the_way_there() {
	half
	force <<-'END'
	INSERT INTO station (extension, name) VALUES ('3000', x'00'), ('3001', ''), ('3002', ''), ('3003', ''), ('3004', '');
	INSERT INTO station_number VALUES ('83000', '9999');
	INSERT INTO call_forwarding VALUES ('9999', 'unconditional', 'any', '2001', 1), ('3001', 'unconditional', 'any', '3000', 1),
		('3002', 'busy', 'any', '83000', 1);
	INSERT INTO coverage_point VALUES ('3003', 1, '3000', 'busy', 5), ('3003', 2, '2002', 'busy', 5),
		('3004', 1, '3000', 'all', 5);
	END
	will_meet "unconditionally" term 1001 3001 500 '^no forwarding: table station, row 3000: name must be text$'
	will_meet "busy, but it is not" term 1001 3002 603 .
	will_meet "covered by it alone" term 1001 3004 603 .
	will_meet "forwarding of no station" term 1001 9999 404 'there is no station 9999'
	calls_hold
	rm -f "$dir"/{caller,sm}.*
	sm "invite refuses" STATUS=486
	answered 500 URI=sip:3002@example.com ROUTES="$(routes "$term")"
	has "500" "$answer" '^Warning: 399 .*no forwarding: table station_number, row 83000: station 9999 does not exist'
	equal "journal" 1 "$(jq -r 'select(.to == "83000" and .rule == "forwarding:database").reason' \
		"$dir/journal.jsonl" | grep -c 'row 83000: station 9999')"
	rm -f "$dir"/sm.*
	targets 2 "invite refuses" STATUS=486
	incoming "invite hears-181 refused" STATUS=486 URI=sip:3003@example.com ROUTES="$(routes "$term")"
	peers_end caller sm
	tried 3003 2002
	equal "journal" 1 "$(jq -r 'select(.event == "pass-over" and .rule == "coverage:database").reason' \
		"$dir/journal.jsonl" | grep -c 'row 3000: name must be text')"
}

# An evolution server reads in the caller's half what is the called party's.
half_bad_rows_in_an_evolution_server() {
	call='server = "evolution";'
	half
	force <<-'END'
	INSERT INTO station (extension) VALUES ('3000'), ('3001'), ('3002');
	UPDATE station SET cor = 8 WHERE extension = '3000';
	INSERT INTO call_forwarding VALUES ('3001', 'busy', 'any', x'00', 1),
		('3002', 'unconditional', 'any', '3000', 1);
	END
	will_meet "class" orig 1001 3000 500 '^table station, row 3000: COR 8 does not exist$'
	will_meet "forwarding" orig 1001 3001 500 '^table call_forwarding, row 3001 busy any: destination'
	will_meet "target" orig 1001 3002 500 '^no forwarding: table station, row 3000: COR 8 does not'
	calls_hold
}

# A name may be anything; it stays inside its quotes.
half_bad_name_does_not_leave_its_quotes() {
	half
	force <<-'END'
	UPDATE station SET name = '2002" <sip:evil@example.org>, "\' WHERE extension = '1001';
	END
	call_through
	equal "P-Asserted-Identity" '"2002\" <sip:evil@example.org>, \"\\" <sip:1001@example.com>' \
		"$(headers P-Asserted-Identity <<<"$out")"
}

# --- many rows ----------------------------------------------------------------------------

# lasted_ms BATCH: milliseconds from the first INVITE to the final response.
lasted_ms() {
	awk '/^-+ [0-9][0-9][0-9][0-9]-/ { split($3, part, ":"); now = part[1] * 3600 + part[2] * 60 + part[3] }
		/^INVITE / && !begin { begin = now }
		/^SIP\/2.0 [3-6]/ && !end { end = now }
		END { printf "%d\n", (end - begin) * 1000 }' "$dir/$1.sip"
}

# Twenty places, a digit or any digit in each: a million patterns that all fit.
half_bad_plan_of_a_million_patterns_is_given_up() {
	half
	force <<-'END'
	WITH RECURSIVE n(p) AS (SELECT '9' UNION ALL SELECT p || d FROM n,
		(SELECT '5' AS d UNION SELECT 'x') WHERE length(p) < 21)
		INSERT INTO dial_pattern (pattern, call_type) SELECT p, 'public' FROM n WHERE length(p) = 21;
	END
	equal "patterns" 1048576 "$(cm_users "SELECT count(*) FROM dial_pattern WHERE pattern GLOB '9*'")"
	local all
	all=9$(printf '5%.0s' {1..20})
	peer probe $SM caller "invite refused" FROM=1001 URI="sip:${all}5@example.com" \
		ROUTES="$(routes "$usual")" STATUS=500
	peers_end probe
	(($(lasted_ms probe) < 500)) || fail "it took $(lasted_ms probe) ms"
	will_meet "too many" orig 1001 "${all}5" 500 \
		"^table dial_pattern, row ${all}5: more than 10000 patterns and beginnings of patterns fit$"
	will_meet "fits to the last digit" orig 1001 "$all" 603 .
	will_meet "from outside" term "+${all}5" 2001 500 "^table dial_pattern, row ${all}5: "
	will_meet "help" orig 1001 112 603 .
	calls_hold
}

# --- with telephones ----------------------------------------------------------------------

# refuses FROM TO REASON: the telephone hears 500, and the journal has one line about it.
refuses() {
	local before after
	before=$(journal event=reject)
	rm -f "$dir"/caller.*
	peer caller 127.0.0.3 caller "invite refused" STATUS=500 FROM="$1" \
		URI="sip:$2@example.com" ROUTES=
	peers_end caller
	has "500" "$(message caller received ' 500')" "^Warning: 399 .*$3"
	after=$(journal event=reject)
	equal "journal lines, $1 to $2" $((before + 1)) "$after"
	journalled event=reject "from=$1" "to=${2/'*'/[*]}" "reason=[^\"]*$3.*"
}

proxied_bad_rows_cost_only_their_calls() {
	cm_configure
	cm_start
	force <<-'END'
	INSERT INTO station (extension, name) VALUES ('3001', x'00'), ('3002', ''), ('3003', ''), ('3004', '');
	UPDATE station SET cor = 'none' WHERE extension = '3002';
	INSERT INTO call_forwarding VALUES ('3003', 'busy', 'any', '2002>;x=<sip:evil', 1);
	INSERT INTO coverage_point VALUES ('3004', 99, '2002', 'busy', 5);
	INSERT INTO dial_pattern (pattern, call_type) VALUES ('7', 'nonsense');
	INSERT INTO feature_access_code VALUES ('*7', x'00');
	UPDATE station SET name = '2002" <sip:evil@example.org>' WHERE extension = '1001';
	END
	sm_start
	to=$SM:${port_of[sm]}
	refuses 1001 3001 'table station, row 3001: name must be text'
	refuses 3001 2001 'table station, row 3001: name must be text'
	refuses 3002 2001 'table station, row 3002: cor must be a number'
	refuses 1001 3003 'table call_forwarding, row 3003 busy any: destination must be digits'
	refuses 1001 3004 'table coverage_point, row 3004: step must be a number from 1 to 16'
	refuses 1001 71234 'table dial_pattern, row 7: call type nonsense does not exist'
	refuses 1001 '*7' 'table feature_access_code, row [*]7: feature must be text'
	at=127.0.0.3 is_refused 500 FROM=3001 OFF_HOOK='sip:3001@example.com;avaya-cm-fnu=off-hook'
	journalled half=line event=reject status=500 from=3001
	callee "invite rings answers hears-bye"
	caller "invite hears-180 talks waits bye"
	peers_end caller callee
	equal "P-Asserted-Identity" '"2002\" <sip:evil@example.org>" <sip:1001@example.com>' \
		"$(message callee received ^INVITE | headers P-Asserted-Identity)"
}
