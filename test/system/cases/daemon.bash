# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The daemon as such: who may talk to it, where it listens, what its database and its signals
# do to it.  Its calls are the half calls of half.bash.

# again: so that a case can place one call after the other.
again() { rm -f "$dir"/caller.* "$dir"/sm.*; }

# plain_call: a whole half call that must succeed.
plain_call() {
	again
	call_through "$@"
}

# options STATUS FROM_ADDRESS [KEY=VALUE...]: $answer is what came back.
options() {
	rm -f "$dir/asker".*
	peer asker "$2" caller options STATUS="$1" URI="sip:$to" "${@:3}"
	peers_end asker
	answer=$(message asker received " $1 ")
}

daemon_options_are_answered() {
	half
	local list
	for transport in udp tcp; do
		to=$CM:${port_of[cm-$transport]}
		options 200 $SM
		list=$(headers Allow <<<"$answer" | tr '\n' ',')
		for method in INVITE ACK OPTIONS BYE CANCEL SUBSCRIBE NOTIFY REFER INFO PRACK \
			PUBLISH UPDATE; do
			has "Allow" "$list" "(^|[ ,])$method([ ,]|$)"
		done
		has "Supported" "$(headers Supported <<<"$answer")" '100rel.*histinfo'
		has "Accept" "$(headers Accept <<<"$answer")" 'application/sdp'
	done
}

# The configuration makes it appear dead, and a reload ends that without a restart.
daemon_plays_dead() {
	half
	options 200 $SM
	sed -i 's/interval = 0;/interval = 0; alive = false;/' "$dir/halfcalld.conf"
	reloaded '^info: reloaded'
	options 503 $SM
	has "503" "$answer" '^Warning: 399 .*monitor\.alive'
	plain_call
	sed -i 's/alive = false;/alive = true;/' "$dir/halfcalld.conf"
	reloaded '^info: reloaded' 2
	options 200 $SM
}

daemon_strangers_are_refused() {
	half
	options 403 $STRANGER
	peer caller $STRANGER caller "invite refused" STATUS=403 FROM=1001 \
		URI=sip:2001@example.com ROUTES="$(routes "$usual")"
	peers_end caller
	plain_call
}

daemon_strangers_are_refused_over_tcp() {
	transport=tcp
	half
	options 403 $STRANGER
	options 200 $SM
}

daemon_strangers_may_be_ignored() {
	half 'peers = { unknown = "ignore"; };'
	peer asker $STRANGER caller options-unheard URI="sip:$to"
	peers_end asker
	equal "what the stranger heard" 0 "$(count asker received '')"
	plain_call
}

daemon_listens_where_it_is_told() {
	listen="\"sip:127.0.0.1:0;transport=tcp\", \"sip:127.0.0.11:0;transport=udp\",
		\"sip:127.0.0.1:0;transport=udp\", \"sip:[::1]:0;transport=udp\""
	half
	has "ready line" "$(<"$dir/halfcalld.log")" \
		'^ready sip:127\.0\.0\.1:[0-9]+;transport=tcp sip:127\.0\.0\.11:[0-9]+;transport=udp sip:127\.0\.0\.1:[0-9]+;transport=udp sip:\[::1\]:[0-9]+;transport=udp'
	local at
	for at in $(sed -nE '/^ready/s/sip://gp' "$dir/halfcalld.log"); do
		[[ $at == 127* ]] || continue
		to=${at%%;*}
		transport=${at##*=}
		options 200 $SM
	done
	transport=udp
	to=127.0.0.11:$(grep -oE '127\.0\.0\.11:[0-9]+' "$dir/halfcalld.log" | cut -d: -f2)
	plain_call
}

daemon_speaks_ipv6() {
	SM="[::1]"
	CM="[::1]"
	half
	to="[::1]:${port_of[cm-udp]}"
	local way_in="Route: <sip:[remote_ip]:[remote_port];lr$usual>"
	# SIPp takes [] for keywords of its own; its own addresses come with brackets.
	sm "invite rings answers hears-bye"
	peer caller $SM caller "invite hears-180 talks bye" FROM=1001 URI=sip:2001@example.com \
		ROUTES="$way_in
Route: <sip:[local_ip]:${port_of[sm]};lr;odi=7f3a>"
	peers_end caller sm
	out=$(message sm received ^INVITE)
	has "Route" "$(in_route)" "^<sip:\[::1\]:${port_of[sm]};"
	has "Route" "$(in_route)" ';phase=origdone[;>]'
	has "Via" "$(headers Via <<<"$out")" '^SIP/2.0/UDP \[::1\]:'
}

daemon_goes_back_over_the_way_backs_transport() {
	half
	transport=tcp
	port_of[sm]=$(free_port $SM)
	sm "invite rings answers hears-bye"
	back="sip:$SM:${port_of[sm]};transport=tcp"
	transport=udp
	incoming "invite hears-180 talks bye" \
		ROUTES="Route: <sip:$to;lr$usual>
Route: <$back;lr;odi=7f3a>"
	peers_end caller sm
	has "Via" "$(message sm received ^INVITE | headers Via | head -1)" '^SIP/2.0/TCP '
}

daemon_stray_requests_are_answered() {
	half
	peer stray $SM caller stray-bye URI="sip:2001@$to"
	peers_end stray
	plain_call
}

daemon_survives_rubbish() {
	half
	local rubbish
	for rubbish in '' $'\r\n\r\n' 'INVITE' $'INVITE sip: SIP/2.0\r\n\r\n' \
		$'INVITE sip:a@b SIP/2.0\r\nVia: \r\nRoute: <sip:;phase=\r\n\r\n' \
		$'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1\r\n\r\n' \
		"$(head -c 3000 /dev/zero | tr '\0' ';')"; do
		printf '%s' "$rubbish" >"/dev/udp/$CM/${port_of[cm-udp]}"
		printf '%s' "$rubbish" >"/dev/tcp/$CM/${port_of[cm-tcp]}"
	done
	plain_call
}

# --- database -----------------------------------------------------------------------------

daemon_counts_a_committed_change_from_the_next_call_on() {
	half
	plain_call
	cm_users "update station set cor = 2 where extension = '1001'"
	again
	answered 403
	cm_users "update station set cor = 1 where extension = '1001'"
	plain_call
}

# refused_for_now: the database cannot be used: 500 with Retry-After, and the journal says why.
refused_for_now() {
	again
	answered 500
	has "500" "$answer" '^Retry-After: *[0-9]+'
	journalled status=500 event=reject
	is_running halfcalld || fail "halfcalld is gone"
}

daemon_lives_while_the_database_has_vanished() {
	half
	plain_call
	mkdir "$dir/away"
	mv "$dir"/users.db* "$dir/away"
	refused_for_now
	mv "$dir"/away/users.db* "$dir"
	plain_call
}

daemon_lives_while_the_database_is_locked() {
	half
	plain_call
	# A fresh file, held exclusively before halfcalld opens it: in WAL mode a lock can only
	# be had so.
	cm_users "vacuum into '$dir/new.db'; "
	sqlite3 "$dir/new.db" "pragma journal_mode = wal" >/dev/null
	mkfifo "$dir/lock"
	start locker sqlite3 "$dir/new.db" ".read $dir/lock"
	exec 9>"$dir/lock"
	printf '%s\n' "pragma locking_mode = exclusive; begin exclusive;" \
		"update station set name = name; select 'it is ' || 'held';" >&9
	wait_line "$dir/locker.log" '^it is held'
	rm -f "$dir"/users.db*
	mv "$dir/new.db" "$dir/users.db"
	mv "$dir/new.db-wal" "$dir/users.db-wal"
	refused_for_now
	exec 9>&-
	ended locker
	plain_call
}

daemon_lives_while_the_database_is_damaged() {
	half
	plain_call
	cm_users "vacuum into '$dir/good.db'"
	sqlite3 "$dir/good.db" "pragma journal_mode = wal" >/dev/null
	rm -f "$dir"/users.db*
	head -c 8192 /dev/urandom >"$dir/users.db"
	refused_for_now
	mv "$dir/good.db" "$dir/users.db"
	plain_call
}

daemon_refuses_a_bad_start() {
	half
	cm_drain
	starts_not() {
		local status=0
		timeout 10 env -C "$dir" "$halfcalld" -f "$dir/halfcalld.conf" >"$dir/$1.log" 2>&1 || status=$?
		equal "exit status with a database that is $1" 1 "$status"
		has "what it says of a database that is $1" "$(<"$dir/$1.log")" 'users\.db'
	}
	sqlite3 "$dir/users.db" "pragma user_version = 99"
	starts_not newer
	rm -f "$dir"/users.db*
	starts_not missing
	head -c 4096 /dev/urandom >"$dir/users.db"
	starts_not rubbish
}

# --- signals ------------------------------------------------------------------------------

# call_in_hand: a call that is up, and goes on for three seconds more.
call_in_hand() {
	sm "invite rings answers hears-bye"
	incoming "invite hears-180 talks waits bye" WAIT=3000
	wait_line "$dir/sm.sip" '^ACK '
}

daemon_drains_the_calls_in_hand() {
	half
	call_in_hand
	kill -TERM "${pid_of[halfcalld]}"
	wait_line "$dir/halfcalld.log" draining
	is_running halfcalld || fail "it did not wait for the call"
	peer late $SM caller "invite refused" STATUS=503 FROM=1001 URI=sip:2001@example.com \
		ROUTES="$(routes "$usual")"
	peers_end late caller sm
	has "503" "$(message late received ' 503')" '^Retry-After: *[0-9]+'
	equal "INVITEs that went out" 1 "$(count sm received ^INVITE)"
	local status=0
	ended halfcalld || status=$?
	equal "exit status" 0 "$status"
}

daemon_ends_at_once_when_told_twice() {
	half
	call_in_hand
	kill -TERM "${pid_of[halfcalld]}"
	wait_line "$dir/halfcalld.log" draining
	is_running halfcalld || fail "it did not wait for the call"
	kill -TERM "${pid_of[halfcalld]}"
	local patience=2 status=0
	ended halfcalld || status=$?
	((status != 124)) || fail "it is still there after two SIGTERM"
}

daemon_ends_at_once_without_calls() {
	half
	plain_call
	local patience=2
	cm_drain
}

# reloaded REGEX: SIGHUP, and wait for the line that tells of it.
reloaded() {
	kill -HUP "${pid_of[halfcalld]}"
	wait_line "$dir/halfcalld.log" "$1" "${2:-1}"
}

daemon_reads_its_configuration_again() {
	half
	answered 403 ROUTES="$(routes '')"
	call='untagged = "route";' cm_configure
	reloaded '^info: reloaded'
	plain_call ROUTES="$(routes '')"
	echo 'nonsense = 1;' >>"$dir/halfcalld.conf"
	reloaded 'stays in force'
	plain_call ROUTES="$(routes '')"
}

daemon_opens_its_journal_again() {
	half
	plain_call
	mv "$dir/journal.jsonl" "$dir/journal.old"
	plain_call
	[[ ! -e $dir/journal.jsonl ]] || fail "there is a new journal before SIGHUP"
	reloaded '^info: reloaded'
	plain_call
	journalled event=answer
}

# --- what is written down -----------------------------------------------------------------

daemon_writes_a_journal_of_json_lines() {
	half
	plain_call
	answered 403 FROM=1002
	answered 404 URI=sip:5555@example.com
	cm_drain
	local bad
	bad=$(sqlite3 :memory: "select count(*) from json_each(
		'[' || replace(rtrim(readfile('$dir/journal.jsonl'), char(10)), char(10), ',') || ']')
		where not json_valid(value) or value ->> 't' not glob '????-??-??T??:??:??.??????Z'
		or value ->> 'seq' <> key + 1
		or value ->> 'half' not in ('orig', 'term', 'line') or value ->> 'call' is null")
	equal "bad lines" 0 "$bad"
	local key
	for key in event=pass event=ring event=answer event=bye; do
		journalled $key half=orig extension=1001 from=1001 to=2001 proxy=sm-a
	done
	journalled event=reject status=403 extension=1002 'rule=calling-party:origination'
	journalled event=reject status=404 to=5555
}

daemon_logs_one_line_for_a_finished_call() {
	half
	plain_call
	answered 403 FROM=1002
	cm_drain
	equal "lines" 2 "$(grep -cE '(^|[ :])call=[^ ]+ .*status=' "$dir/halfcalld.log")"
	has "log" "$(<"$dir/halfcalld.log")" 'call=[^ ]+ .*status=200'
	has "log" "$(<"$dir/halfcalld.log")" 'call=[^ ]+ .*status=403'
}

daemon_a_thousand_calls_leave_nothing() {
	half
	peer sm $SM callee "invite rings answers hears-bye" -- -m 1000
	incoming "invite hears-180 talks bye" -- -m 1000 -r 150
	peers_end caller sm
	equal "answers in the journal" 1000 "$(journal event=answer status=200)"
	equal "lines of finished calls" 1000 \
		"$(grep -cE '(^|[ :])call=[^ ]+ .*status=200' "$dir/halfcalld.log")"
	cm_drain
	has "statistics" "$(<"$dir/halfcalld.log")" 'stopped calls=1000 left=0 .*dialogs=0'
}

# --- half a minute each: the timers of RFC 3261 -------------------------------------------

daemon_gives_up_on_a_callee_who_says_nothing() {
	patience=40
	half
	sm "invite waits" WAIT=60000
	incoming "invite refused" STATUS=408
	peers_end caller
	journalled status=408
	cm_drain
}

daemon_ends_a_call_nobody_acknowledges() {
	patience=45
	half
	sm "invite rings answers hears-bye" -- -nr
	incoming "invite hears-180 hears-200 hears-bye"
	peers_end caller sm
	cm_drain
}
