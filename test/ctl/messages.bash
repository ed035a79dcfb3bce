# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Cases of test/ctl/run: halfcall message, journal mark|follow|clear, findings and verify.

# A daemon that captures, and a call that is under way: INVITE in, 100 and INVITE out.
captured() {
	daemon 'capture = { enabled = true; };' "$@"
	silence
	invite call.xml PHASE=imsorig FROM=1001 TO=2002 BACK="$silent"
}

# over: the daemon would drain for the call that is under way.
over() { kill "$halfcalld" "$sink"; kill "$halfcalld"; }

# datagram: what is on stdin comes from the proxy's address, whole: a shell writes line by line.
datagram() {
	cat >"$dir/datagram"
	nc -u -q0 -s 127.0.0.2 127.0.0.1 "$(port)" <"$dir/datagram"
}

# Messages ---------------------------------------------------------------------------------

case_words_about_messages_have_right_arguments() {
	daemon
	local words
	for words in message 'message nonsense' 'message list more' 'message list --call' \
		'message list --last 0' 'message list --last x' 'message list --number 1' \
		'message show --number none' 'message ladder more' 'message save' \
		'message save a b' '-j message save a' '-j message case' 'message capture' \
		'message capture on off' 'journal mark now' 'journal clear all' \
		'journal follow --since' 'journal follow --last 3' 'findings all' '-j verify event=pass'; do
		# shellcheck disable=SC2086
		ask 2 $words
		complains usage:
	done
	ask 1 message capture maybe
	complains "on or off"
	for words in list show ladder case "save $dir/x.pcap"; do
		# shellcheck disable=SC2086
		ask 1 message $words
		complains "no messages are captured"
	done
	[[ ! -e $dir/x.pcap ]] || fail "a file was made for nothing"
}

case_messages_are_captured_when_the_setting_or_the_switch_says_so() {
	daemon
	ask 0 -j status
	json '[.capture, .messages]' '[false,0]'
	silence
	invite call.xml PHASE=imsorig FROM=1001 TO=2002 BACK="$silent"
	ask 0 message capture on
	ask 0 -j message list
	json . '[]'
	ask 0 message list
	invite call.xml PHASE=imsorig FROM=1001 TO=2002 BACK="$silent"
	ask 0 -j status
	json '.capture and .messages >= 3' true
	ask 0 message capture off
	ask 0 -j message list
	local count
	count=$(jq length <<<"$answer")
	((count >= 3)) || fail "there are $count messages"
	over
}

case_a_reload_turns_the_capture_on_and_leaves_the_switch_alone() {
	daemon
	ask 0 message capture on
	sed -i 's/interval = 0/interval = 7/' "$dir/halfcalld.conf"
	ask 0 reload
	ask 0 -j status
	json .capture true
	echo 'capture = { enabled = true; memory = 256; };' >>"$dir/halfcalld.conf"
	ask 0 message capture off
	ask 0 reload
	ask 0 -j status
	json .capture true
	sed -i 's/enabled = true; memory/enabled = false; memory/' "$dir/halfcalld.conf"
	ask 0 reload
	ask 0 -j status
	json .capture false
	sed -i 's/memory = 256/memory = 255/' "$dir/halfcalld.conf"
	ask 1 reload
	says "256..1048576"
}

case_messages_are_listed_and_shown() {
	captured
	ask 0 -j message list
	json 'map(select(.what == "INVITE")) | map([.direction, .half, .phase, .from, .to])' \
		'[["in","orig","imsorig","1001","2002"],["out","orig","origdone","1001","2002"]]'
	json 'map(.seq) == [range(1; length + 1)]' true
	json '.[0] | [.transport, .method, .cseq, (.call | length)]' '["UDP","INVITE",1,16]'
	json '.[0] | has("text")' false
	local call id
	call=$(jq -r '.[0].call' <<<"$answer") id=$(jq -r '.[0].sip_call_id' <<<"$answer")
	ask 0 message list --call "$id"
	says "$call"
	ask 0 message list --last 1
	[[ $(wc -l <<<"$answer") == 2 ]] || fail "not one row: $answer"
	ask 0 -j message list --call 0000000000000000
	json . '[]'
	ask 0 message show --number 1
	says "--- 1 20"
	says "INVITE sip:2002@example.com SIP/2.0"
	[[ $(grep -c '^--- ' <<<"$answer") == 1 && $answer != *$'\r'* ]] || fail "<$answer>"
	ask 0 -j message show --number 1
	json '.[0].text | startswith("INVITE sip:2002@example.com SIP/2.0\r\n")' true
	ask 1 message show --number 999
	complains "no such message"
	over
}

case_bytes_that_are_no_text_are_kept() {
	daemon 'capture = { enabled = true; };'
	printf 'OPTIONS sip:cm SIP/2.0\r\nX: \0\377\033[31m\r\n\r\n' | datagram
	one() { ask 0 -j message show; [[ $(jq length <<<"$answer") != 0 ]]; }
	until_true one || fail "it is not captured"
	json '.[0].hex | test("583a2000ff1b5b33316d0d0a0d0a$")' true
	ask 0 message show --number 1
	[[ $answer != *$'\e'* ]] || fail "an escape came through"
	ask 0 message save "$dir/x.pcap"
	tail -c 14 "$dir/x.pcap" | od -An -tx1 | tr -d ' \n' | grep -q 583a2000ff1b5b33316d0d0a0d0a ||
		tail -c 200 "$dir/x.pcap" | od -An -tx1 | tr -d ' \n' | grep -q 583a2000ff1b5b33316d0d0a0d0a ||
		fail "the file has other bytes"
}

case_a_call_is_drawn() {
	captured
	ask 0 message ladder
	says "--INVITE 2002 phase=imsorig"
	says "<-INVITE 2002 phase=origdone"
	[[ $answer != *$'\e'* ]] || fail "colour in a pipe"
	local call
	call=$(sed -n 's/^call \([0-9a-f]*\) .*/\1/p' <<<"$answer")
	COLUMNS=50 ask 0 message ladder --call "$call"
	[[ $(awk '{ if (length($0) > m) m = length($0) } END { print m }' <<<"$(tail -n +2 <<<"$answer")") == 50 ]] ||
		fail "not 50 columns: $answer"
	ask 1 message ladder --call ffffffffffffffff
	complains "no such message"
	script -qec "stty columns 70; $build/halfcall -s $socket message ladder" /dev/null \
		>"$dir/colour" </dev/null
	grep -q $'|\e\[36m--INVITE' "$dir/colour" || fail "no colour: $(cat -v "$dir/colour")"
	NO_COLOR=1 script -qec "$build/halfcall -s $socket message ladder" /dev/null \
		>"$dir/colour" </dev/null
	! grep -q $'\e\[36m' "$dir/colour" || fail "NO_COLOR has no effect"
	over
}

case_messages_are_saved_and_drafted() {
	captured
	ask 0 message save "$dir/x.pcap"
	[[ $(od -An -tx4 -N4 "$dir/x.pcap") == ' a1b2c3d4' ]] || fail "it is no pcap file"
	local size
	size=$(stat -c %s "$dir/x.pcap")
	"$build/halfcall" -s "$socket" message save - >"$dir/y.pcap"
	(($(stat -c %s "$dir/y.pcap") >= size)) || fail "stdout has less"
	ask 1 message save "$dir/none/x.pcap"
	complains "none/x.pcap: No such file"
	ask 1 message save /dev/full
	complains "/dev/full: cannot be written"
	ask 0 message case
	says "1001    dials 2002"
	says "expect  phases imsorig origdone"
	printf '%s\n' "$answer" >"$dir/draft.call"
	"$build/halfcall" run -n "$dir/draft.call" >"$dir/sentence" 2>&1 || fail "$(<"$dir/sentence")"
	over
}

# The journal ------------------------------------------------------------------------------

# refused: one more event, of a call to a number that is unknown.
refused() {
	printf '%s\r\n' "INVITE sip:5999@example.com SIP/2.0" \
		"Via: SIP/2.0/UDP 127.0.0.2:9;branch=z9hG4bK-$1" "From: <sip:1001@example.com>;tag=$1" \
		"To: <sip:5999@example.com>" "Call-ID: $1" "CSeq: 1 INVITE" "Max-Forwards: 70" \
		"Contact: <sip:1001@127.0.0.2:9>" "Route: <sip:127.0.0.1:$(port);lr;phase=imsterm>" \
		"Content-Length: 0" "" | datagram
	journalled() { ask 0 -j journal show; [[ $answer == *"\"sip_call_id\":\"$1\""* ]]; }
	until_true journalled "$1" || fail "the call $1 is not in the journal"
}

case_a_mark_divides_the_journal() {
	daemon
	refused one
	ask 0 journal mark
	[[ $answer =~ ^[0-9a-f-]+$ ]] || fail "<$answer>"
	local mark=$answer
	ask 0 -j journal show --since "$mark"
	json . '[]'
	refused two
	ask 0 -j journal show --since "$mark"
	json 'map(.sip_call_id) | unique' '["two"]'
	ask 0 -j journal show --since "$mark" --last 100
	json 'map(.sip_call_id) | unique' '["two"]'
	ask 0 verify --since "$mark" event=finding --count 3
	ask 0 -j findings --since "$mark"
	json 'map(.rule) | sort' '["route-lost","seq-lost","wrong-half"]'
	json 'map(.sip_call_id) | unique' '["two"]'
	ask 0 findings
	says "FINDING"
	says "route-lost"
	ask 1 journal show --since nonsense
	complains "journal mark"
	kill "$halfcalld"
	wait "$halfcalld"
	start
	ask 1 journal show --since "$mark"
	complains "started again"
	ask 1 findings --since "$mark"
}

case_a_journal_that_is_cleared_goes_on() {
	daemon
	refused one
	ask 0 journal clear
	[[ ! $answer ]] || fail "<$answer>"
	ask 0 -j journal show
	json . '[]'
	refused two
	ask 0 -j journal show
	json '.[0].seq > 1' true
}

case_the_journal_is_followed_to_the_end_of_the_daemon() {
	daemon
	refused one
	"$build/halfcall" -s "$socket" journal follow >"$dir/followed" 2>"$dir/sentence" &
	local follower=$! status=0
	more() { refused "x$RANDOM"; [[ -s $dir/followed ]]; }
	until_true more || fail "nothing is followed"
	until_true more
	# It may grow meanwhile.
	sed '$d' "$dir/followed" >"$dir/so-far"
	! grep -q '"sip_call_id":"one"' "$dir/so-far" || fail "what was before it is told"
	jq . "$dir/so-far" >/dev/null || fail "no JSON: $(<"$dir/so-far")"
	[[ $(jq .seq "$dir/so-far") == "$(jq .seq "$dir/so-far" | sort -nu)" ]] || fail "told twice"
	kill "$halfcalld"
	wait "$halfcalld"
	wait "$follower" || status=$?
	((status == 3)) || fail "status $status"
}

# Verify -----------------------------------------------------------------------------------

case_verify_has_right_arguments() {
	daemon
	local words
	for words in verify 'verify --nonsense' 'verify --since' 'verify --since x event=pass' \
		'verify --count 1' 'verify --none' 'verify -f' 'verify -f a event=pass'; do
		# shellcheck disable=SC2086
		ask 2 $words
		complains usage:
	done
	ask 2 verify evnt=pass
	complains "did you mean event"
	ask 2 verify event=pass --count many
	ask 2 verify half=left
	ask 2 verify -f "$dir/none.expect"
	complains "none.expect"
	echo '# nothing' >"$dir/want.expect"
	ask 2 verify -f "$dir/want.expect"
	complains "there is no line"
	printf 'phones 1001\n1001 dials 2001\n1001 hears 180\n' >"$dir/want.expect"
	ask 2 verify -f "$dir/want.expect"
	complains "want.expect:2:"
	kill "$halfcalld"
	wait "$halfcalld"
	ask 3 verify event=pass
}

case_verify_finds_events_and_tells_what_is_near() {
	daemon
	refused one
	ask 0 verify event=reject status=404
	ask 0 verify event=reject --count 1
	ask 0 verify event=reject --count 1..2 --within 1
	# What could still come is waited for.
	local start=${EPOCHREALTIME/./}
	ask 0 verify event=forward --none
	((${EPOCHREALTIME/./} - start >= 100000)) || fail "--none is too sure"
	ask 1 verify event=reject status=403 to=5999 --within 0.1
	complains "there is no such event"
	complains "-status=403 +status=404"
	ask 1 verify event=reject --count 2 --within 0.1
	complains "there is 1 such event"
	ask 1 verify event=reject --none --within 0.1
	ask 0 verify --idle
	ask 1 verify --no-findings
	complains "seq-lost"
	ask 0 journal mark
	local mark=$answer
	ask 1 verify --since "$mark" event=reject --within 0.1
	(sleep 0.5; refused two) &
	ask 0 verify --since "$mark" event=reject --within 5
	wait $!
}

case_verify_asks_the_database_and_changes_nothing() {
	daemon
	local query
	ask 0 verify sql '"SELECT count(*) > 3 FROM station"' = 1
	for query in 'DELETE FROM station' "UPDATE station SET name = 'x' RETURNING 1" 'DROP TABLE fault' \
		'SELECT 1; DELETE FROM station'; do
		ask 3 verify --within 0.1 sql "\"$query\"" = 1
		complains "it is"
	done
	ask 0 verify sql '"SELECT count(*) > 3 FROM station"' = 1
}

case_verify_passes_without_findings() {
	daemon 'findings = { enabled = false; };'
	refused one
	ask 0 verify --no-findings
}

# What cannot be told is no pass: 3, also for what must not be there.
case_verify_does_not_pass_when_events_were_lost() {
	daemon 'journal = { ring = 3; };' 'findings = { enabled = false; };'
	refused one
	ask 0 journal mark
	local mark=$answer
	refused two
	ask 0 verify --since "$mark" event=forward --none
	refused three
	refused four
	refused five
	refused six
	ask 3 verify --since "$mark" event=forward --none
	complains "no longer remembered"
	ask 3 verify --since "$mark" event=reject
	ask 3 verify event=forward --none
	ask 0 journal clear
	ask 0 verify event=forward --none
	ask 3 verify --since "$mark" event=reject
	ask 3 verify phases imsterm
	complains "capture"
	kill "$halfcalld"
	wait "$halfcalld"
	start
	ask 3 verify --since "$mark" event=reject
	complains "started again"
}

case_verify_reads_a_file_of_facts() {
	daemon 'capture = { enabled = true; };'
	refused one
	cat >"$dir/want.expect" <<-'END'
	# A call to a number that is unknown.
	expect phases imsterm
	expect journal event=reject to=5999 count 1
	        status = 404
	expect cm heard INVITE
	        From.user as CALLER
	        Request-URI.user ~ ^5[0-9]+$
	        Call-ID = one
	expect cm sent 404
	        From.user = $CALLER
	        Warning ~ station
	expect cm sent 200 none
	expect sql "SELECT count(*) FROM station WHERE extension = '5999'" = 0
	END
	ask 0 verify -f "$dir/want.expect"
	local wrong
	for wrong in 's/phases imsterm/phases imsorig/' 's/count 1/count 2/' 's/= 404/= 403/' \
		's/= one/= two/' 's/cm sent 404/cm sent 403/' 's/Warning ~ station/Warning absent/' \
		's/sent 200 none/sent 404 none/' "s/= 0\$/= 1/" 's/heard INVITE/heard BYE/'; do
		sed "$wrong" "$dir/want.expect" | sed 's/^expect .*[^e]$/& within 0.1 s/; s/ none$/ within 0.1 s none/' \
			>"$dir/wrong.expect"
		ask 1 verify -f "$dir/wrong.expect"
		complains "wrong.expect:"
	done
}
