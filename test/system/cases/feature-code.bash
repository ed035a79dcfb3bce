# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Features dialled from a telephone: codes that change the users' tables, confirmed by a 200
# to a dialog that halfcalld ends itself.

# codes: the daemon with a code for each feature.
codes() {
	half
	give_codes
}

give_codes() {
	cm_users "INSERT INTO feature_access_code (code, feature) VALUES
		('*21', 'call-fwd-all-activate'), ('#21', 'call-fwd-all-deactivate'),
		('*67', 'call-fwd-busy-activate'), ('#67', 'call-fwd-busy-deactivate'),
		('*61', 'call-fwd-no-answer-activate'), ('#61', 'call-fwd-no-answer-deactivate'),
		('*40', 'send-all-calls-on'), ('#40', 'send-all-calls-off'),
		('*2', 'restrict-cli'), ('*99', 'dance')" || fail "no codes"
}

forwarding() {
	cm_users "SELECT source, destination, active FROM call_forwarding
		WHERE extension = '1001' AND condition = '$1' ORDER BY source"
}

sends_all_calls() {
	cm_users "SELECT send_all_calls FROM station WHERE extension = '1001'"
}

# dials NUMBER [KEY=VALUE...]: confirmed; $answer is the 200.
dials() {
	rm -f "$dir/caller".*
	incoming "invite talks hears-bye" URI="sip:$1@example.com" "${@:2}"
	peers_end caller
	answer=$(message caller received ' 200')
}

# is_denied STATUS NUMBER [KEY=VALUE...]: refused with it; $answer is the response.
is_denied() { answered "$1" URI="sip:$2@example.com" "${@:3}"; }

half_code_forwards_all_calls_and_no_more() {
	codes
	dials '*212001'
	equal "after *21" 'any|2001|1' "$(forwarding unconditional)"
	journalled half=orig event=feature status=200 extension=1001 to=2001 \
		rule=feature-code:call-fwd-all-activate
	has "200" "$(headers To <<<"$answer")" ';tag=.+'
	has "200" "$(headers Contact <<<"$answer")" "$CM:${port_of[cm-udp]}"
	has "answer" "$(body <<<"$answer")" '^m=audio 0 RTP/AVP 0$'
	has_not "answer" "$(body <<<"$answer")" '^a=rtpmap'
	sm "invite rings answers hears-bye"
	incoming "invite hears-181 hears-180 talks bye" FROM=2002 URI=sip:1001@example.com \
		ROUTES="$(routes "$term")"
	peers_end caller sm
	has "forwarded" "$(message sm received ^INVITE)" '^INVITE sip:2001@'
	dials '%2321'
	equal "after #21" 'any|2001|0' "$(forwarding unconditional)"
	cm_drain
}

half_code_takes_a_number_as_people_write_it() {
	codes
	dials '*21-20.01'
	equal "after *21" 'any|2001|1' "$(forwarding unconditional)"
	dials '*67(20)02;phone-context=example.com'
	equal "after *67" 'any|2002|1' "$(forwarding busy)"
	asks 'call-fwd-no-answer;avaya-cm-destination=20-01' 200
	equal "by name" 'any|2001|1' "$(forwarding no-answer)"
	rm -f "$dir/caller".*
	call_through URI='sip:*220-01@example.com'
	has "out" "$out" '^INVITE sip:2001@example.com SIP/2.0'
}

half_code_forwards_busy_and_no_answer() {
	codes
	dials '*672001'
	dials '*6102345'
	equal "after *67" 'any|2001|1' "$(forwarding busy)"
	equal "after *61" 'any|02345|1' "$(forwarding no-answer)"
	dials '%2367'
	dials '%2361'
	equal "after #67" 'any|2001|0' "$(forwarding busy)"
	equal "after #61" 'any|02345|0' "$(forwarding no-answer)"
	equal "all calls" '' "$(forwarding unconditional)"
}

half_code_forwards_calls_of_every_source() {
	codes
	cm_users "INSERT INTO call_forwarding VALUES
		('1001', 'unconditional', 'external', '2002', 1)"
	dials '*212001'
	equal "after *21" $'any|2001|1\nexternal|2002|0' "$(forwarding unconditional)"
}

half_code_sends_all_calls() {
	codes
	dials '*40'
	equal "after *40" 1 "$(sends_all_calls)"
	dials '%2340'
	equal "after #40" 0 "$(sends_all_calls)"
}

half_code_over_tcp() {
	transport=tcp
	codes
	dials '*40'
	equal "after *40" 1 "$(sends_all_calls)"
	phone phone "off-hook hears-183 dials hears-484-and-200 hears-bye" \
		URI='sip:%2340@example.com'
	peers_end phone
	equal "after #40" 0 "$(sends_all_calls)"
	cm_drain
}

half_code_without_offer_gets_one_without_media() {
	codes
	dials '*40' TYPE= BODY=
	has "offer" "$(body <<<"$answer")" '^v=0$'
	has_not "offer" "$(body <<<"$answer")" '^m='
}

half_code_answers_an_offer_among_other_parts() {
	codes
	dials '*40' TYPE='multipart/mixed;boundary="b"' BODY="--b
Content-Type: text/plain

m=video 9 RTP/AVP 31
--b
Content-Type: application/sdp

$sdp
m=video 40002 RTP/AVP 34
--b--"
	equal "answer" $'m=audio 0 RTP/AVP 0\nm=video 0 RTP/AVP 34' \
		"$(body <<<"$answer" | grep '^m=')"
}

half_code_after_off_hook() {
	codes
	phone phone "off-hook hears-183 dials hears-484-and-200 hears-bye" \
		URI='sip:*212001@example.com'
	peers_end phone
	equal "after *21" 'any|2001|1' "$(forwarding unconditional)"
	rm -f "$dir/phone".*
	phone phone "off-hook hears-183 dials hears-484-and-200 hears-bye" \
		URI='sip:%2321@example.com'
	peers_end phone
	equal "after #21" 'any|2001|0' "$(forwarding unconditional)"
	rm -f "$dir/phone".*
	phone phone "off-hook hears-183 dials hears-484-and-200 hears-bye" \
		URI='sip:*40@example.com'
	peers_end phone
	equal "after *40" 1 "$(sends_all_calls)"
	goes_off_and_on_hook
	cm_drain
}

half_code_whose_caller_hangs_up_first() {
	codes
	incoming "invite hears-200 bye" URI='sip:*40@example.com'
	peers_end caller
	equal "after *40" 1 "$(sends_all_calls)"
	cm_drain
}

half_code_is_confirmed_until_acknowledged() {
	codes
	incoming "invite talks-late hears-bye" URI='sip:*40@example.com' \
		EXTRA='Via: SIP/2.0/UDP 192.0.2.44:5060;branch=z9hG4bK-phone'
	peers_end caller
	(($(count caller received ' 200') >= 2)) || fail "the 200 is sent only once"
	equal "how many Vias" 2 "$(message caller received ' 200' | headers Via | tr ',' '\n' | wc -l)"
	equal "the second 200" "$(message caller received ' 200')" "$(message caller received ' 200' 2)"
	cm_drain
}

half_code_wrongly_dialled_is_refused() {
	codes
	is_denied 484 '*21'
	has "484" "$answer" '^Warning: 399 .*\*21 wants'
	is_denied 484 '*21bob'
	is_denied 484 '*2120'
	is_denied 484 '*4'
	has "484" "$answer" '^Warning: 399 .*\*4 is only the beginning of a number'
	is_denied 404 '*5'
	is_denied 484 '%23211'
	has "484" "$answer" '^Warning: 399 .*#21 takes no number'
	is_denied 404 '*21777'
	is_denied 404 '*99'
	has "404" "$answer" '^Warning: 399 .*dance'
	is_denied 403 '*21112'
	is_denied 403 '*2102345' FROM=1003
	is_denied 403 '*40' FROM=1004
	is_denied 403 '*212001' FROM=1002
	is_denied 403 '*211001'
	has "403" "$answer" '^Warning: 399 .*it would forward to itself'
	has "403" "$answer" '^Reason: Q.850;cause=21'
	journalled half=orig event=reject status=403 rule=feature-code:refused
	equal "forwardings" 1 "$(cm_users 'SELECT count(*) FROM call_forwarding')"
	is_denied 484 '*2'
}

# lock_database: another program is in the middle of a change, until unlock_database.
lock_database() {
	exec {lock}> >(cm_users >"$dir/lock.log" 2>&1)
	printf "BEGIN IMMEDIATE;\nUPDATE station SET name = 'x' WHERE extension = '2001';\n.print locked\n" >&$lock
	wait_line "$dir/lock.log" locked
}

unlock_database() {
	echo 'ROLLBACK;' >&$lock
	exec {lock}>&-
}

half_code_while_the_database_is_locked_is_refused() {
	codes
	lock_database
	is_denied 503 '*212001'
	has "503" "$answer" '^Retry-After: [0-9]+'
	has "503" "$answer" '^Warning: 399 .*locked'
	journalled half=orig event=reject status=503 rule=database
	unlock_database
	equal "forwarding" '' "$(forwarding unconditional)"
	dials '*212001'
	equal "after *21" 'any|2001|1' "$(forwarding unconditional)"
}

half_code_hides_the_caller_of_one_call() {
	codes
	call_through URI='sip:*22001@example.com'
	has "out" "$out" '^INVITE sip:2001@example.com SIP/2.0'
	equal "Privacy" id "$(headers Privacy <<<"$out")"
	rm -f "$dir/caller".* "$dir/sm".*
	call_through
	equal "Privacy" '' "$(headers Privacy <<<"$out")"
	rm -f "$dir/caller".* "$dir/sm".*
	call_through URI='sip:*22001@example.com' EXTRA='Privacy: header'
	equal "Privacy" 'id;header' "$(headers Privacy <<<"$out")"
	is_denied 404 '*2777'
	is_denied 403 '*22001' FROM=1002
	rm -f "$dir/sm".* "$dir/phone".*
	sm "invite rings answers hears-bye"
	phone phone "$dialling" URI='sip:*22001@example.com'
	peers_end phone sm
	out=$(message sm received ^INVITE)
	has "out" "$out" '^INVITE sip:2001@example.com SIP/2.0'
	equal "Privacy" id "$(headers Privacy <<<"$out")"
}

# asks NAME-AND-PARAMETERS STATUS: of a feature name URI; $answer is the 200 or the refusal.
asks() {
	local uri="sip:1001@example.com;avaya-cm-fnu=$1"
	if (($2 == 200)); then
		rm -f "$dir/caller".*
		incoming "invite talks hears-bye" URI="$uri"
		peers_end caller
	else
		answered "$2" URI="$uri"
	fi
}

half_code_has_a_name_too() {
	codes
	cm_users "INSERT INTO station_number VALUES ('alice', '1001')"
	asks 'call-fwd-all;avaya-cm-action=on;avaya-cm-destination=2001' 200
	equal "on" 'any|2001|1' "$(forwarding unconditional)"
	journalled half=orig event=feature status=200 extension=1001 to=2001 \
		rule=feature-name:call-fwd-all-activate
	asks 'Call-Fwd-All;avaya-cm-action=OFF;avaya-cm-extension=1001' 200
	equal "off" 'any|2001|0' "$(forwarding unconditional)"
	asks 'call-fwd-busy;avaya-cm-destination=02345' 200
	equal "busy" 'any|02345|1' "$(forwarding busy)"
	asks 'call-fwd-no-answer;avaya-cm-destination=2002' 200
	equal "no answer" 'any|2002|1' "$(forwarding no-answer)"
	asks 'send-all-calls' 200
	equal "send all calls" 1 "$(sends_all_calls)"
	asks 'send-all-calls;avaya-cm-action=off' 200
	equal "send all calls" 0 "$(sends_all_calls)"
	asks 'call-fwd-all' 484
	asks 'call-fwd-all;avaya-cm-destination=112' 403
	asks 'call-fwd-all;avaya-cm-destination=777' 404
	asks 'call-fwd-all;avaya-cm-destination=1001' 403
	journalled half=orig event=reject status=403 rule=feature-name:refused
	asks 'send-all-calls;avaya-cm-extension=alice' 200
	asks 'send-all-calls;avaya-cm-action=off;avaya-cm-extension=alice' 200
	asks 'send-all-calls;avaya-cm-extension=2001' 403
	has "403" "$answer" '^Warning: 399 .*2001'
	asks 'send-all-calls;avaya-cm-action=perhaps' 404
	asks 'dance' 404
	equal "send all calls" 0 "$(sends_all_calls)"
	cm_drain
}

half_code_has_the_name_configured() {
	cm_configure 'feature_names = ( { name = "sac"; feature = "send-all-calls"; } );'
	cm_start
	to=$CM:${port_of[cm-$transport]}
	back="sip:$SM:${port_of[sm]};transport=$transport"
	asks 'sac' 200
	equal "send all calls" 1 "$(sends_all_calls)"
	asks 'send-all-calls' 404
}
