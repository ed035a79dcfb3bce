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
	equal "transports" "${transport^^}" "$(jq -r '.[].transport' <<<"$answer" | sort -u)"
	cm 0 message list --call "$call"
	equal "rows" "$(jq length <<<"$(env -C "$dir" "${halfcalld%d}" -s control -j message list --call "$call")")" \
		"$(($(wc -l <<<"$answer") - 1))"
}

chain_messages_look() {
	seen_call
	set +e
	cd $dir
	h="${halfcalld%d} -s control"
	{
	m=$($h journal mark)
	set -x
	COLUMNS=70 $h message ladder
	$h verify event=pass extension=1001 --count 1; echo $?
	$h verify event=pass extension=1001 --count 2 --within 0.3; echo $?
	$h verify event=forward extension=1001 to=2002  --within 0.3; echo $?
	$h verify event=forward --none; echo $?
	$h verify event=pass --none; echo $?
	$h verify --since $m event=pass --none; echo $?
	$h verify --since $m event=pass --within 0.2; echo $?
	$h verify --since 1-2-3-4 event=pass; echo $?
	$h verify --since foo event=pass; echo $?
	$h verify evnt=pass; echo $?
	$h verify 'event=pa$s "x\y' --within 0.1; echo $?
	$h verify phases imsorig origdone imsterm termdone; echo $?
	$h verify phases imsorig origdone imsterm --within 0.2; echo $?
	$h verify cm heard INVITE; echo $?
	$h verify cm heard INVITE --count 2; echo $?
	$h verify cm sent 404 --none; echo $?
	$h verify --idle --no-findings; echo $?
	$h verify; echo $?
	cat >want.expect <<END
# what must come
expect phases imsorig origdone imsterm termdone
expect journal event=answer count 2
expect cm heard INVITE
    From.user = 1001
    Route[1] ~ phase=imsorig
    Call-ID as ID
expect cm sent INVITE
    Route[1] ~ phase=origdone
expect cm heard BYE
expect cm heard BYE
expect sql "SELECT name FROM station WHERE extension = '1001'" = Alice
expect finding via none
END
	$h verify -f want.expect; echo $?
	echo "expect cm heard INVITE
	From.user = 1002" >bad.expect
	$h verify -f bad.expect; echo $?
	echo "phones 1001
1001 dials 2001
2001 rings" >bad.expect
	$h verify -f bad.expect; echo $?
	echo "tags x" >bad.expect
	$h verify -f bad.expect; echo $?
	$h verify -f none.expect; echo $?
	$h journal clear; echo $?
	$h journal show
	$h verify event=pass --none; echo $?
	$h verify --since 0-0-1-${m##*-} event=pass --none; echo $?
	$h message capture off; $h verify phases imsorig; echo $?
	$h message capture; $h message capture maybe; echo $?
	} >look 2>&1
}
