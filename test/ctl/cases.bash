# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The cases of test/ctl/run.

fail() {
	printf '%s\n' "$*"
	exit 1
}

clean_up() {
	local status=$?
	trap - EXIT TERM
	[[ ! ${sink:-} ]] || kill "$sink" 2>/dev/null
	[[ ! ${halfcalld:-} ]] || { kill "$halfcalld"; wait "$halfcalld"; } 2>/dev/null
	if grep -qE 'ERROR: (Address|Leak)Sanitizer|runtime error:' "$dir"/*.log 2>/dev/null; then
		echo "there is a sanitizer's report"
		status=1
	fi
	rm -rf "$dir"
	exit "$status"
}

# until_true COMMAND...: repeats the command until it succeeds, for ten seconds at most.
until_true() {
	local end=$((SECONDS + 10))
	until "$@"; do
		((SECONDS < end)) || return 1
		read -r -t 0.02 <>"$dir/.never" || :
	done
}

# daemon [LINE...]: a halfcalld with the sample users; LINEs are added to its configuration.
daemon() {
	cat >"$dir/halfcalld.conf" <<-END
	listen   = [ "sip:127.0.0.1:0;transport=udp" ];
	domain   = "example.com";
	database = "$dir/users.db";
	control  = "$socket";
	proxies  = ( { name = "sm-a"; address = "sip:127.0.0.2:5060;transport=udp"; } );
	monitor  = { interval = 0; };
	publish  = { enabled = false; };
	END
	(($# == 0)) || printf '%s\n' "$@" >>"$dir/halfcalld.conf"
	"$build/halfcalld" -U -f "$dir/halfcalld.conf" || fail "halfcalld -U failed"
	sqlite3 -bail "$dir/users.db" <"$root/etc/sample-users.sql" || fail "sqlite3 failed"
	start
}

start() {
	rm -f "$dir/halfcalld.log"	# an earlier daemon's, which was ready too
	"$build/halfcalld" -f "$dir/halfcalld.conf" >"$dir/halfcalld.log" 2>&1 &
	halfcalld=$!
	until_true grep -q '^ready ' "$dir/halfcalld.log" || fail "not ready: $(<"$dir/halfcalld.log")"
}

# ask STATUS ARGUMENT...: halfcall must exit with STATUS; $answer is its stdout, $sentence its
# stderr.
ask() {
	local expected=$1 status=0
	shift
	answer=$("$build/halfcall" -s "$socket" "$@" 2>"$dir/sentence") || status=$?
	sentence=$(<"$dir/sentence")
	((status == expected)) || fail "halfcall $*: status $status, not $expected: $answer $sentence"
}

# says WORDS, complains WORDS: the answer, or what is on stderr, holds them.
says() { [[ $answer == *"$1"* ]] || fail "no <$1> in <$answer>"; }
says_not() { [[ $answer != *"$1"* ]] || fail "<$1> in <$answer>"; }
complains() { [[ $sentence == *"$1"* ]] || fail "no <$1> in <$sentence>"; }

# json FILTER EXPECTED: the answer is one JSON document of which this is true.
json() {
	local got
	got=$(jq -cs 'if length == 1 then .[0] else error("not one document") end | '"$1" <<<"$answer") ||
		fail "jq refuses <$answer>"
	[[ $got == "$2" ]] || fail "$1 is <$got>, not <$2>"
}

# Exit codes and usage ---------------------------------------------------------------------

case_usage_ends_with_2() {
	daemon
	local words
	for words in '' 'nonsense' 'call' 'call nonsense' 'call list more' 'station show' \
		'explain 1001' 'explain 1001 2001 3001' 'explain 1001 2001 --sideways' \
		'journal show --last' 'journal show --last none' 'journal show --last 0' \
		'status --last 3' '-x status'; do
		# shellcheck disable=SC2086
		ask 2 $words
		complains usage:
	done
}

case_nobody_there_ends_with_3() {
	ask 3 status
	complains "no halfcalld listens"
	touch "$socket"
	ask 3 status
}

case_a_daemon_that_died_is_replaced() {
	daemon
	kill -KILL "$halfcalld"
	wait "$halfcalld" 2>/dev/null
	[[ -S $socket ]] || fail "the socket is gone"
	ask 3 status
	start
	ask 0 status
}

case_a_second_daemon_leaves_the_socket_to_the_first() {
	daemon
	local first=$halfcalld
	sed 's/users.db/more.db/' "$dir/halfcalld.conf" >"$dir/second.conf"
	cp "$dir/users.db" "$dir/more.db"
	"$build/halfcalld" -f "$dir/second.conf" >"$dir/second.log" 2>&1 &
	local second=$!
	until_true grep -q '^ready ' "$dir/second.log" || fail "the second one does not start"
	grep -q 'warning: .*another halfcalld' "$dir/second.log" || fail "it says nothing"
	kill "$second"
	wait "$second"
	[[ -S $socket ]] || fail "the second one removed the socket of the first"
	ask 0 status
	[[ $halfcalld == "$first" ]]
}

case_a_missing_directory_is_no_reason_not_to_start() {
	socket=$dir/none/control
	daemon
	grep -q 'warning: .*/none does not exist' "$dir/halfcalld.log" || fail "it says nothing"
	ask 3 status
}

case_the_socket_is_private_and_goes_with_the_daemon() {
	umask 0
	daemon
	local mode
	mode=$(stat -c %a "$socket")
	[[ $mode == 600 ]] || fail "its mode is $mode"
	kill "$halfcalld"
	wait "$halfcalld"
	[[ ! -e $socket ]] || fail "it is still there"
}

# Commands ---------------------------------------------------------------------------------

case_status_tells_what_the_daemon_is() {
	daemon
	ask 0 status
	says "b2bua"
	ask 0 -j status
	json '[.model, .is_draining, .calls, .halves, .journal_lost] | map(tostring) | join(" ")' \
		'"b2bua false 0 0 0"'
	json '.listen | test("^sip:127.0.0.1:[0-9]+;transport=udp$")' true
	json '.database | endswith("/users.db")' true
	json '.database_version == (.database_version | floor)' true
}

case_every_list_is_one_json_document() {
	daemon
	ask 0 -j call list
	json . '[]'
	ask 0 line list --json
	json . '[]'
	ask 0 -j journal show
	json . '[]'
	ask 0 -j station list
	json 'map(.extension) | join(" ")' '"1001 1002 1003 2001 2002 2003 2004"'
}

case_station_lists_are_read_on_page_by_page() {
	daemon
	sqlite3 "$dir/users.db" "WITH RECURSIVE n(i) AS (SELECT 30000 UNION ALL
		SELECT i + 1 FROM n WHERE i < 32999) INSERT INTO station (extension) SELECT i FROM n"
	ask 0 -j station list
	json length 3007
	json '(map(.extension) | unique | length)' 3007
	ask 0 station list
	[[ $(wc -l <<<"$answer") == 3008 ]] || fail "a row is missing"
}

case_a_station_is_shown_by_any_of_its_numbers() {
	daemon
	ask 0 -j station show alice
	json '[.extension, .name, .cor, .numbers]' '["1001","Alice",1,["15550100","alice"]]'
	ask 0 station show 2003
	says "Erin"
	says "condition=busy source=any destination=2002 active=1"
	ask 1 station show 7777
	complains "there is no station 7777"
}

case_a_terminal_is_sent_text_and_no_commands() {
	daemon
	sqlite3 "$dir/users.db" "UPDATE station SET name = 'Zo' || char(235) WHERE extension = '1001'"
	ask 0 station list
	says "Zoë  "
	ask 1 station show $'\e[31m'
	[[ $sentence != *$'\e'* ]] || fail "an escape came through"
}

case_a_database_that_is_gone_is_told() {
	daemon
	mv "$dir/users.db" "$dir/away.db"
	ask 1 station list
	complains "users.db"
	ask 1 explain 1001 2001
	says "refused with 500 by rule database: "
	says "users.db: does not exist"
	ask 1 -j station show 1001
	ask 0 status
}

# silence: a proxy at $silent that receives everything and answers nothing, so calls stay as they
# are.  The proxy of `daemon` is 127.0.0.2.
silence() {
	silent=
	until [[ $silent ]]; do
		silent=127.0.0.2:$((20000 + RANDOM % 12000))
		[[ ! $(ss -Hlun src "$silent") ]] || silent=
	done
	nc -luk "${silent%:*}" "${silent#*:}" >/dev/null &
	sink=$!
	heard() { [[ $(ss -Hlun src "$silent") ]]; }
	until_true heard || fail "nc does not listen"
}

# invite FILE KEY=VALUE...: sends FILE, filled in, and returns when it got what it waits for.
invite() {
	local text pair
	text=$(<"$1")
	for pair in "${@:2}" PORT="$(port)" BACK='[local_ip]:[local_port]'; do
		text=${text//@${pair%%=*}@/${pair#*=}}
	done
	printf '%s\n' "$text" >"$dir/call.xml"
	sipp "127.0.0.1:$(port)" -sf "$dir/call.xml" -i 127.0.0.2 -m 1 -nostdin -timeout 20 \
		>"$dir/sipp.out" 2>&1 </dev/null
}

port() { sed -nE 's/^ready .*:([0-9]+);transport=udp.*/\1/p' "$dir/halfcalld.log"; }

case_calls_and_lines_are_listed() {
	daemon
	silence
	invite off-hook.xml FROM=1002
	invite call.xml PHASE=imsorig FROM=1001 TO=2002 BACK="$silent"
	ask 0 -j call list
	json 'map([.half, .state, .from, .to, .proxy])' '[["orig","TRYING","1001","2002","sm-a"]]'
	json '.[0].id | test("^[0-9a-f]{16}$")' true
	ask 0 call list
	says "TRYING"
	ask 0 -j line list
	json 'map([.extension, .appearance, .state]) | sort' '[["1001",1,"in-call"],["1002",2,"reserved"]]'
	ask 0 -j station show 1002
	json .lines_in_use 1
	ask 0 -j status
	json '[.halves, .reservations, .lines]' '[1,1,2]'
	kill "$halfcalld"
	draining() {
		ask 0 -j status
		[[ $(jq .is_draining <<<"$answer") == true ]]
	}
	until_true draining || fail "it does not say that it drains"
	kill "$halfcalld" "$sink"
}

# explain ----------------------------------------------------------------------------------

case_explain_tells_rows_rules_and_verdict_of_both_halves() {
	daemon
	ask 0 -j explain 1001 2002
	json '[.passes, (.halves | map(.half))]' '[true,["orig","term"]]'
	json '.halves[0].rows[0] | [.table, .key, .found]' '["station","1001",true]'
	json '.halves[0].rules | map(.rule)' \
		'["phase","way-back","uri","emergency","feature-name","unknown-station","bad-profile","out-of-service","feature-action","feature-code","origination","dial-plan","calling-party","frl","calling-permission","require","trunk-members"]'
	json '.halves | map(.verdict | [.kind, .phase])' '[["pass","origdone"],["pass","termdone"]]'
	json '.halves[1].rows | map(select(.table == "call_forwarding") | .found)' '[false]'
}

case_explain_ends_with_1_when_a_half_refuses() {
	daemon
	ask 1 -j explain 1003 2004
	json '.halves | map([.half, .is_reached, .verdict.status, .verdict.rule])' \
		'[["orig",true,403,"calling-permission"],["term",false,403,"calling-permission"]]'
	ask 1 explain 2004 1001
	says "calling-party:origination"
	ask 1 explain 1001 5999
	says "refused with 404"
	ask 0 explain 1003 112
	says "an emergency call"
}

case_explain_follows_forwarding() {
	daemon
	ask 0 -j explain 1001 2001
	json '.halves[1].verdict | [.kind, .destination, .phase, .rule]' \
		'["forward","2002","termdone","forwarding:unconditional"]'
	ask 0 explain 1001 2003
	says "busy: to 2002"
	says "no-answer: to 1003"
	sed -i 's/^listen/call = { forward_phase = "origdone"; }; listen/' "$dir/halfcalld.conf"
	ask 0 reload
	ask 0 -j explain 1001 2001
	json '.halves | map([.half, .to])' '[["orig","2001"],["term","2001"],["term","2002"]]'
}

case_explain_runs_both_users_features_in_an_evolution_server() {
	daemon 'call = { server = "evolution"; };'
	ask 0 -j explain 1001 2002
	json '.halves | map([.half, .verdict.kind, .verdict.rule])' \
		'[["orig","pass",""],["term","pass","shortcut"]]'
	# The request's rules come first, then the caller's, then the called station's.
	json '.halves[0].rules | map(.rule) | [.[0], .[-1], (map(select(. == "emergency")) | length)]' \
		'["phase","trunk-members",2]'
	json '.halves[1].rules | map(.rule)' '["phase","way-back","uri"]'
	ask 0 -j explain 1001 2001
	json '.halves | map([.half, .to, .verdict.kind, .verdict.phase, .verdict.destination])' \
		'[["orig","2001","forward","origdone","2002"],["term","2002","pass","termdone",null]]'
	sed -i 's/evolution";/evolution"; forward_phase = "origdone";/' "$dir/halfcalld.conf"
	ask 0 reload
	ask 0 -j explain 1001 2001
	json '.halves | map([.half, .to, .verdict.rule])' \
		'[["orig","2001","forwarding:unconditional"],["term","2002",""]]'
	ask 1 -j explain 1003 2004
	json '.halves | map([.half, .is_reached, .verdict.rule])' \
		'[["orig",true,"calling-permission"],["term",false,"calling-permission"]]'
}

case_explain_follows_chains_of_forwarding() {
	daemon 'call = { chained = true; };'
	sqlite3 "$dir/users.db" "INSERT INTO call_forwarding (extension, condition, destination)
		VALUES ('2002', 'unconditional', '1002'), ('1002', 'busy', '1001')"
	ask 0 -j explain 1003 2001
	json '.halves[1].verdict | [.kind, .destination, .redirects[0].via]' '["forward","1002",["2002"]]'
	json '.halves[1].verdict.redirects[0].redirects | map([.condition, .destination])' '[["busy","1001"]]'
	ask 0 explain 1003 2001
	says "forwarded to 1002"
	says "goes by way of 2002"
	says "busy: to 1001"
	sqlite3 "$dir/users.db" "UPDATE call_forwarding SET destination = '2001' WHERE extension = '2002'"
	ask 1 explain 1003 2001
	says "forwarding:loop"
}

case_explain_tells_of_coverage() {
	daemon
	sqlite3 "$dir/users.db" "DELETE FROM coverage_point; INSERT INTO coverage_point (extension, step, target, condition)
		VALUES ('2002', 1, '1003', 'busy'), ('2002', 2, '112', 'busy'), ('2002', 3, '2004', 'no-answer')"
	ask 0 -j explain 1001 2002 --term
	json '.halves[0].verdict.coverage | map([.when, .destination, .refusal])' \
		'[["busy","1003",null],["busy","112",403],["no-answer","2004",null]]'
	json '.halves[0].rules | map(select(.decides) | [.rule, .about, (.says | split(":")[0:2])])' \
		'[["onward","2002 to 112",["coverage","emergency"]]]'
	ask 0 explain 1001 2002
	says "covered when busy: to 1003"
	says "covered when busy: refused with 403 by rule coverage:emergency, not to 112"
	ask 0 -j station show 2002
	json '.coverage | length' 3
	sqlite3 "$dir/users.db" "UPDATE station SET send_all_calls = 1 WHERE extension = '2002'"
	sqlite3 "$dir/users.db" "INSERT INTO coverage_point (extension, step, target, condition)
		VALUES ('2002', 4, '1002', 'send-all-calls')"
	ask 0 explain 1001 2002
	says "covered to 1002"
	ask 0 station show 2002
	says "sends all calls             yes"
}

case_explain_knows_features_dialled() {
	daemon
	ask 0 -j explain 1001 '*212002'
	json '[.passes, (.halves | map([.half, .verdict.kind, .verdict.phase, .verdict.feature, .verdict.argument]))]' \
		'[true,[["orig","feature",null,"call-fwd-all-activate","2002"]]]'
	ask 0 explain 1001 '*212002'
	says "no call: call-fwd-all-activate 2002, confirmed with 200"
	says_not "termination"
	ask 0 explain 1001 '#40'
	says "no call: send-all-calls-off, confirmed with 200"
	ask 1 explain 1001 '*21'
	says "refused with 484 by rule feature-code:length"
	# Restricting one's number is a call: it goes on to the number after the code.
	ask 0 -j explain 1001 '*312001'
	json '.halves | map([.half, .to, .verdict.kind, .verdict.destination])' \
		'[["orig","*312001","pass",null],["term","2001","forward","2002"]]'
	ask 0 explain 1001 '*312001'
	says "passes to 2001, phase origdone"
	sqlite3 "$dir/users.db" "UPDATE station SET in_service = 0 WHERE extension = '2001'"
	ask 1 explain 1001 '*312001'
	says "refused with 480 by rule out-of-service"
}

case_explain_knows_feature_names() {
	daemon
	ask 0 -j explain 1001 '1001;avaya-cm-fnu=Call-Fwd-All;avaya-cm-destination=20-02'
	json '[.passes, (.halves | map([.half, .to, .verdict.kind, .verdict.rule, .verdict.feature, .verdict.argument]))]' \
		'[true,[["orig","1001","feature","feature-name:call-fwd-all-activate","call-fwd-all-activate","2002"]]]'
	ask 0 explain 1001 '1001;avaya-cm-fnu=send-all-calls;avaya-cm-action=off'
	says "no call: send-all-calls-off, confirmed with 200"
	says_not "termination"
	ask 1 explain 1001 '1001;avaya-cm-fnu=make-coffee'
	says "refused with 404 by rule feature-name: there is no feature named 'make-coffee'"
	says_not "termination"
	ask 1 explain 1001 '1001;avaya-cm-fnu=send-all-calls;avaya-cm-extension=2002'
	says "refused with 403"
	ask 0 -j explain 1001 '1001;avaya-cm-fnu=off-hook'
	json '.halves | map([.half, .verdict.kind, .verdict.phase])' '[["line","pass",null]]'
	ask 0 explain 1001 '1001;avaya-cm-fnu=off-hook'
	says "a line is reserved, answered with 183"
	ask 1 explain 1001 '1001;user=phone'
	complains ";avaya-cm-fnu=NAME"
	ask 1 explain 1001 '1001;avaya-cm-fnu'
}

case_explain_knows_outsiders() {
	daemon
	ask 1 -j explain 5550199 1003
	json '.halves[0].skipped' '"the caller is none of our stations"'
	json '.halves[1].verdict.rule' '"called-party:inward"'
	ask 0 -j explain 1001 2002
	json '.halves[1].verdict.is_internal' true
	ask 0 -j explain --external 1001 2002
	json '.halves[1].verdict.is_internal' false
	# Outside is the public network, even for a number of the private one.
	ask 1 -j explain --external 1001 1003
	json '.halves[1].verdict.rule' '"called-party:inward"'
	ask 1 explain 5550199 1001 --orig
	says "unknown-station"
	ask 1 explain 1001 912025550123 --term
	says "unknown-station"
	ask 1 explain 5550199 5550198
}

# What is explained is what happens: the same parties by SIPp, the verdict by the journal.
happens() {	# happens HALF FROM TO
	local phase=imsorig before
	[[ $1 == orig ]] || phase=imsterm
	ask 0 -j status
	before=$(jq .journal_events <<<"$answer")
	invite call.xml PHASE=$phase FROM="$2" TO="$3"
	# Earlier calls may still write events, so take the decision event of this call.
	decided() {
		ask 0 -j journal show --last 100
		answer=$(jq -c --argjson before "$before" --arg half "$1" --arg from "$2" '
			map(select(.seq > $before and .half == $half and .from == $from and
				(.event | IN("pass", "reject", "forward"))))[:1]' <<<"$answer")
		[[ $answer != "[]" ]]
	}
	until_true decided "$@" || fail "$*: the journal has no decision"
}

case_what_is_explained_is_what_happens() {
	daemon 'journal = { ring = 100; };'
	local half from to explained
	while read -r half from to; do
		answer=$("$build/halfcall" -j -s "$socket" explain "--$half" "$from" "$to")
		json .halves\|length 1
		explained=$(jq -c '.halves[0] | [.half, .verdict.kind, .verdict.status, .verdict.rule // ""]' <<<"$answer")
		happens "$half" "$from" "$to"
		json '.[0] | [.half, .event, (if .event == "reject" then .status else null end),
			.rule // ""]' "$explained"
	done <<-END
	orig 1001 2001
	orig 1002 912025550123
	orig 1003 2004
	orig 2004 1001
	orig 1001 5999
	orig 1001 9155
	orig 1003 112
	term 1001 2001
	term 1001 2002
	term 5550199 1003
	term 1003 2004
	END
}

# Clients that misbehave -------------------------------------------------------------------

case_the_protocol_can_be_spoken_by_hand() {
	daemon
	answer=$(echo '{"command":"explain","from":"1001","to":"2002"}' | timeout 10 nc -NU "$socket")
	[[ $(tail -n 1 <<<"$answer") == '{"done":0}' ]] || fail "$answer"
	answer=$(echo '{"command":"explain","from":7}' | timeout 10 nc -NU "$socket")
	says 'explain wants from and to'
}

case_rubbish_disturbs_nothing() {
	daemon
	local rubbish
	for rubbish in '\n' 'hello\n' '{"command":\n' '{}\n' '\0\0\0\n' '[[[[\n' '{"comm'; do
		# shellcheck disable=SC2059
		printf "$rubbish" | timeout 5 nc -NU "$socket" >/dev/null
	done
	head -c 1000000 /dev/urandom | timeout 10 nc -NU "$socket" >/dev/null
	head -c 1000000 /dev/zero | tr '\0' x | timeout 10 nc -NU "$socket" >/dev/null
	ask 0 status
}

case_two_hundred_idle_clients_keep_nobody_out() {
	daemon
	local pids=() i
	for ((i = 0; i < 200; i++)); do
		nc -U "$socket" <>"$dir/.never" >/dev/null 2>&1 &
		pids+=($!)
	done
	crowd() { (($(ss -Hxn state connected src "$socket" 2>/dev/null | wc -l) >= 64)); }
	until_true crowd || fail "they do not come"
	ask 0 status
	ask 0 explain 1001 2002
	kill "${pids[@]}" 2>/dev/null
	wait "${pids[@]}" 2>/dev/null
	ask 0 status
}

case_a_client_that_never_reads_disturbs_nothing() {
	daemon
	sqlite3 "$dir/users.db" "WITH RECURSIVE n(i) AS (SELECT 300000 UNION ALL
		SELECT i + 1 FROM n WHERE i < 329999) INSERT INTO station (extension) SELECT i FROM n"
	local line
	mkfifo "$dir/in" "$dir/out"
	exec 5<>"$dir/in" 6<>"$dir/out"
	nc -U "$socket" <&5 >&6 5>&- &
	local slow=$!
	echo '{"command":"station list"}' >&5
	read -r -t 10 -u 6 line || fail "it gets no answer at all"
	ask 0 status
	ask 0 -j station list
	json length 30007
	kill "$slow" || fail "it was sent everything"
	wait "$slow" 2>/dev/null
	ask 0 status
}

# The manual -------------------------------------------------------------------------------

case_the_manual_has_every_command_and_option() {
	local manual=$root/cmd/halfcall/halfcall.1 usage name option
	answer=$(mandoc -Tlint -Wwarning "$manual") || fail "$answer"
	while read -r usage; do
		name=${usage%% \[*}
		name=$(sed -E 's/^halfcall //; s/ (extension|from|to|file|state)\b.*//' <<<"$name")
		grep -q "^\.It Cm $name" "$manual" || fail "halfcall(1) lacks $name"
		for option in $(grep -oE -- '--[a-z]+' <<<"$usage"); do
			grep -qE "Fl -${option#--}" "$manual" || fail "halfcall(1) lacks $name $option"
		done
	done < <("$build/halfcall" help | grep '^halfcall')
	while read -r name; do
		"$build/halfcall" help | grep -q "^halfcall $name" || fail "there is no $name"
	done < <(sed -nE 's/^\.It Cm ([a-z ]*[a-z]).*/\1/p' "$manual")
}
