# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What halfcall message shows of a call through Kamailio, told apart from what Kamailio and the
# telephones say themselves; tshark reads the file.

# cm STATUS ARGUMENT...: halfcall, which must exit so; $answer is its stdout.
cm() {
	local expected=$1 status=0
	shift
	answer=$(env -C "$dir" "${halfcalld%d}" -s control "$@" 2>"$dir/sentence") || status=$?
	((status == expected)) ||
		fail "halfcall $*: status $status, not $expected: $(<"$dir/sentence")"
}

# A call that is over, with the capture on; $call is its id.
seen_call() {
	chain 'capture = { enabled = true; };' "$@"
	callee "invite rings waits answers hears-bye"
	caller "invite hears-180 talks bye" WAIT=100
	peers_end caller callee
	cm 0 -j message list
	call=$(jq -r 'map(select(.what == "INVITE"))[0].call' <<<"$answer")
}

chain_messages_are_listed() {
	seen_call
	cm 0 -j message list --call "$call"
	equal "phases" "$(phases)" "$(jq -r '.[] | .phase // empty' <<<"$answer" | xargs)"
	equal "halves of the INVITEs" "orig orig term term" \
		"$(jq -r '.[] | select(.what == "INVITE") | .half' <<<"$answer" | xargs)"
	equal "BYEs" "orig-in orig-out term-in term-out" \
		"$(jq -r '.[] | select(.what == "BYE") | .half + "-" + .direction' <<<"$answer" | xargs)"
	equal "messages without a half" "" "$(jq -r '.[] | select(.half | not) | .what' <<<"$answer")"
	equal "peers" sm-a "$(jq -r '.[].peer' <<<"$answer" | sort -u)"
	# An answer goes to where its request came from, also by a connection that the proxy opened.
	equal "far ends of INVITE and 200" "$(jq -r '.[] | select(.direction == "in" and .what == "INVITE") | .remote' <<<"$answer" | sort -u)" \
		"$(jq -r '.[] | select(.direction == "out" and .what == "200" and .method == "INVITE") | .remote' <<<"$answer" | sort -u)"
	equal "transports" "${transport^^}" "$(jq -r '.[].transport' <<<"$answer" | sort -u)"
	cm 0 message list --call "$call"
	equal "rows" "$(jq length <<<"$(env -C "$dir" "${halfcalld%d}" -s control -j message list --call "$call")")" \
		"$(($(wc -l <<<"$answer") - 1))"
}

chain_messages_are_drawn() {
	seen_call
	COLUMNS=80 cm 0 message ladder --call "$call"
	equal "title" "call $call  1001 -> 2001" "$(head -n 1 <<<"$answer" | sed 's/  20.*//')"
	equal "the widest line" 80 "$(awk '{ if (length($0) > m) m = length($0) } END { print m }' <<<"$answer")"
	local lane='[^|]*' line
	for line in "\|--INVITE 2001 phase=imsorig-+>\|$lane\|" "\|<-INVITE 2001 phase=origdone-+\|$lane\|" \
		"\| +\|<-INVITE 2001 phase=imsterm-+\|" "\| +\|--INVITE 2001 phase=termdone-+>\|" \
		"\| +\|<-180 Ringing-+\|" "\|<-200 OK-+\|$lane\|" "\|--BYE-+>\|$lane\|" "\| +\|--BYE-+>\|"; do
		has "the ladder" "$answer" "^ +[0-9]+\.[0-9]{3} $line\$"
	done
	has_not "the ladder" "$answer" ' again'
	# Times grow.
	sed -nE 's/^ +([0-9]+\.[0-9]{3}) \|.*/\1/p' <<<"$answer" | sort -c -g ||
		fail "times do not grow: $answer"
}

# field FILE NAME...: tshark's fields of each packet.
field() {
	local file=$1 name arguments=()
	shift
	for name in "$@"; do arguments+=(-e "$name"); done
	tshark -n -r "$file" -o "tcp.check_checksum:TRUE" -o "udp.check_checksum:TRUE" \
		-o "ip.check_checksum:TRUE" -T fields -E separator=' ' "${arguments[@]}" \
		2>"$dir/tshark.log" || fail "tshark: $(tail -n 1 "$dir/tshark.log")"
}

chain_messages_are_saved_for_wireshark() {
	seen_call
	cm 0 message save call.pcap --call "$call"
	cm 0 -j message list --call "$call"
	local file=$dir/call.pcap other=tcp
	[[ $transport == tcp ]] && other=udp
	equal "packets" "$(jq length <<<"$answer")" "$(field "$file" frame.number | wc -l)"
	equal "of SIP" "$(jq length <<<"$answer")" "$(field "$file" sip.CSeq.method | grep -c .)"
	equal "by $other" "" "$(field "$file" $other.port | grep .)"
	equal "what it is" \
		"$(jq -r '.[] | (if .status then "\(.status)" else .method end) + " " + .sip_call_id' <<<"$answer")" \
		"$(field "$file" sip.Method sip.Status-Code sip.Call-ID | sed 's/^ *//; s/  */ /g')"
	equal "ways" "$(jq -r '.[] | if .direction == "in" then "'"$SM $CM"'" else "'"$CM $SM"'" end' <<<"$answer")" \
		"$(field "$file" ip.src ip.dst)"
	equal "ports of CM" "${port_of[cm-$transport]}" \
		"$(jq -r '.[].local' <<<"$answer" | sed 's/.*://' | sort -u)"
	equal "ports" "$(jq -r '.[] | if .direction == "in" then .remote + " " + .local else .local + " " + .remote end' <<<"$answer" |
		sed 's/[0-9.]*://g')" "$(field "$file" "$transport.srcport" "$transport.dstport")"
	equal "times" "$(jq -r '.[].t' <<<"$answer" | sed 's/.*T\(.*\)Z/\1/')" \
		"$(TZ=UTC field "$file" frame.time | grep -oE '[0-9]+:[0-9]+:[0-9]+\.[0-9]{6}')"
	equal "bad checksums" "" "$(field "$file" ip.checksum.bad tcp.checksum.bad udp.checksum.bad | grep -F 1)"
	equal "malformed" "" "$(field "$file" _ws.malformed | grep .)"
}

# What a draft plays, without blanks.
played() { sed -nE '/^$/,/^$/{/./p}' <<<"$answer" | tr -s ' '; }

# The draft in $answer is a script without faults.
valid() {
	printf '%s\n' "$answer" >"$dir/draft.call"
	"${halfcalld%d}" run -n "$dir/draft.call" >"$dir/run.log" 2>&1 || fail "the draft: $(<"$dir/run.log")"
}

chain_messages_become_a_case() {
	seen_call
	cm 0 message case --call "$call"
	valid
	equal "the draft" "1001 dials 2001
2001 rings
1001 hears 180
2001 answers
1001 hears 200
1001 talks-to 2001
1001 hangs-up
2001 hears BYE" "$(played)"
	has "the draft" "$answer" '^expect  phases imsorig origdone imsterm termdone$'
}

chain_messages_of_a_forwarded_call_become_a_case() {
	chain 'capture = { enabled = true; };'
	user=2002 callee "invite rings waits answers hears-bye"
	dial=2003 caller "invite hears-181 hears-180 talks bye" WAIT=100
	peers_end caller callee
	cm 0 message case
	valid
	equal "the draft" "1001 dials 2003
1001 hears 181
2002 rings
1001 hears 180
2002 answers
1001 hears 200
1001 talks-to 2002
1001 hangs-up
2002 hears BYE" "$(played)"
	has "the draft" "$answer" "VALUES \('2003', 'unconditional', 'any', '2002'"
	has "the draft" "$answer" '^expect  journal event=forward extension=2003 rule=forwarding:unconditional$'
}

chain_messages_answer_verify() {
	seen_call
	cat >"$dir/want.expect" <<-END
	expect phases imsorig origdone imsterm termdone
	expect journal event=answer count 2
	expect cm heard INVITE
	        Route[1] ~ phase=imsorig
	expect cm sent INVITE
	        Route[1] ~ phase=origdone
	        From.user = 1001
	expect cm heard 180
	expect cm heard 200
	expect cm sent BYE count 2
	END
	cm 0 verify -f want.expect
	cm 0 verify --idle --no-findings
	cm 0 journal mark
	local mark=$answer
	cm 0 verify --since "$mark" cm heard INVITE --none
	sed -i 's/From.user = 1001/From.user = 1009/' "$dir/want.expect"
	cm 1 verify -f want.expect
	has "what it says" "$(<"$dir/sentence")" '^want.expect:5:'
}

# A telephone repeats its INVITE until it is answered: those are marked, and judged once.
proxied_messages_that_come_again_are_marked() {
	cm_configure 'capture = { enabled = true; };'
	cm_start
	to=$CM:${port_of[cm-$transport]}
	local line
	exec 3<>"/dev/udp/$CM/${port_of[cm-udp]}"
	for line in 1 2; do
		printf 'OPTIONS sip:cm SIP/2.0\r\nVia: SIP/2.0/UDP %s:9;branch=z9hG4bK1\r\nCall-ID: twice\r\n\r\n' \
			127.0.0.1 >"$dir/options"
		cat "$dir/options" >&3
	done
	exec 3>&-
	both() { cm 0 -j message list; (($(jq 'map(select(.direction == "in")) | length' <<<"$answer") == 2)); }
	until_true both || fail "not both are captured: $answer"
	equal "again" "false true" "$(jq -r '.[] | select(.direction == "in") | .again // false' <<<"$answer" | xargs)"
}
