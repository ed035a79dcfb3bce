# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The evolution server, its short way back and its trunk members, with telephones behind
# Kamailio.  The switchboard is that of redirect.bash.

# what_went_short: the second pass took the short way, and the call was published once.
what_went_short() {
	equal "phases" "imsorig origdone imsterm termdone" "$(phases)"
	no_tag_at "$@"
	journalled half=term event=pass rule=shortcut
	journalled half=orig event=pass
	equal "events of a termination half" 1 "$(journal half=term)"
	equal "half calls" 1 "$(grep -c ' half=orig from=' "$dir/halfcalld.log")"
}

chain_evolution_call() {
	call=$evolution
	chain
	callee "invite rings waits answers hears-hold hears-info waits holds waits info hears-bye"
	caller "invite hears-180 talks waits holds waits info hears-hold hears-info waits bye"
	peers_end caller callee
	what_went_short caller callee
}

chain_evolution_callee_hangs_up() {
	call=$evolution
	chain
	callee "invite rings waits answers bye"
	caller "invite hears-180 talks hears-bye"
	peers_end caller callee
	what_went_short caller callee
}

chain_evolution_caller_gives_up() {
	call=$evolution
	chain
	callee "invite rings cancelled"
	caller "invite hears-180 hangs-up"
	peers_end caller callee
	what_went_short caller callee
}

chain_evolution_callee_is_busy() {
	call=$evolution
	chain
	callee "invite rings waits refuses" STATUS=486 REASON="Busy Here"
	caller "invite hears-180 refused" STATUS=486
	peers_end caller callee
	what_went_short caller callee
}

chain_evolution_no_answer_is_forwarded() {
	call=$evolution' no_answer = 1;'
	chain
	cm_users "INSERT INTO call_forwarding (extension, condition, source, destination, active)
		VALUES ('2001', 'no-answer', 'any', '2002', 1)"
	callee "invite rings cancelled"
	user=2002 registered second 2002 127.0.0.5
	peer second 127.0.0.5 callee "invite rings waits answers hears-bye"
	caller "invite hears-180 hears-181 hears-180 talks waits bye"
	peers_end caller callee second
	journalled half=orig event=forward to=2002
	equal "events of a termination half" 2 "$(journal half=term event=pass rule=shortcut)"
}

# --- the switchboard of redirect.bash -----------------------------------------------------------

# ids PHASE: the Call-IDs under which Kamailio saw it in this call.
ids() { of_this_call | sed -nE "s/.*phase $1 odi=.* callid=([^ ]*).*/\1/p"; }

# went_short USER TIMES: the last telephone's INVITE passed halfcalld as it was, TIMES in all.
went_short() {
	local invite id
	invite=$(message "$1" received ^INVITE)
	id=$(headers Call-ID <<<"$invite")
	equal "Call-ID of the short way back" "$id" "$(ids imsterm | tail -1)"
	equal "Call-IDs" "$(ids imsterm)" "$(ids termdone)"
	equal "CSeq" "1 INVITE" "$(headers CSeq <<<"$invite")"
	equal "Accept-Contact" '*;atrp=shortcut' "$(headers Accept-Contact <<<"$invite")"
	# halfcalld records its route once, as the proxy that runs the features; never on the way
	# back.
	equal "Record-Routes of halfcalld" "$([[ $model == b2bua ]] || echo 1)" \
		"$(headers Record-Route <<<"$invite" | grep -oE "<sip:$CM:[^>]*>" | wc -l | sed 's/^0$//')"
	equal "products" "$product" "$(headers User-Agent <<<"$invite")"
	equal "Alert-Infos" 1 "$(headers Alert-Info <<<"$invite" | wc -l)"
	equal "ways back" "$2" "$(journal half=term event=pass rule=shortcut)"
	equal "events of termination halves" "$2" "$(journal half=term)"
}

product='Phone/1 halfcall/0.1.0'

proxied_evolution_is_seen_at_the_telephone() {
	call=$evolution
	switchboard
	telephones 2001
	at 2001 "invite rings answers hears-bye"
	caller "invite hears-180 talks waits bye" EXTRA='User-Agent: Phone/1'
	gone_through 2001
	went imsorig origdone imsterm termdone
	went_short 2001 1
	equal "History-Info" $'1 2001\n1.1 2001' "$(entries 2001)"
	has "P-Asserted-Identity" "$(message 2001 received ^INVITE | headers P-Asserted-Identity)" \
		'^"Alice" <sip:1001@example\.com>$'
}

# An atrp that a telephone wrote is removed; all other values stay.
proxied_evolution_lets_nobody_else_write_it() {
	call=$evolution
	switchboard
	telephones 2001
	at 2001 "invite rings answers hears-bye"
	caller "invite hears-180 talks waits bye" \
		EXTRA='Accept-Contact: *;audio, *;+ATRP="Shortcut"'$'\nUser-Agent: Phone/1'
	gone_through 2001
	equal "Accept-Contact" '*;atrp=shortcut *;audio' \
		"$(message 2001 received ^INVITE | headers Accept-Contact | tr ',' '\n' | sed 's/ //g' | sort | xargs)"
}

# If the proxy runs each target's own half, no INVITE may carry atrp=shortcut.
proxied_evolution_forwarding_as_origdone_is_no_shortcut() {
	call=$evolution' forward_phase = "origdone";'
	switchboard
	forward unconditional 2002
	forward unconditional 2006 2002
	telephones 2006
	next_call
	at 2006 "invite rings answers hears-bye"
	caller "invite hears-181 hears-181 hears-180 talks waits bye" \
		EXTRA='Accept-Contact: *;atrp=shortcut'
	gone_through 2006
	went imsorig origdone imsterm origdone imsterm termdone
	equal "Accept-Contact" "" "$(message 2006 received ^INVITE | headers Accept-Contact)"
	told 2006 2001 2001=unconditional 2002=unconditional
}

proxied_evolution_asks_both_users_rules_at_once() {
	call=$evolution
	switchboard
	local number from status rule
	while read -r from number status rule; do
		next_call
		dial=$number caller "invite refused" STATUS="$status"
		gone_through
		went imsorig
		journalled half=orig event=reject status="$status" rule="$rule"
	done <<-'END'
	1001 2004 403 called-party:termination
	1001 2005 480 out-of-service
	1002 2005 403 calling-party:origination
	1001 5555 404 unknown-number
	END
	equal "events of termination halves" 0 "$(journal half=term)"
}

proxied_evolution_forwards_and_covers() {
	call=$evolution' no_answer = 1; diversion = true;'
	switchboard
	telephones 2001 2002 2006
	forward unconditional 2002
	taken_by 2002 hears-181 EXTRA='User-Agent: Phone/1'
	gone_through 2002
	went imsorig origdone imsterm termdone
	told 2002 2001 2001=unconditional
	diverted 2002 2001=unconditional
	went_short 2002 1
	administer "UPDATE call_forwarding SET condition = 'busy' WHERE extension = '2001'"
	next_call
	at 2001 "invite rings refuses"
	taken_by 2002 "hears-180 hears-181" EXTRA='User-Agent: Phone/1'
	gone_through 2001 2002
	went imsorig origdone imsterm termdone origdone imsterm termdone
	told 2002 2001 2001=busy
	went_short 2002 3
	administer "UPDATE call_forwarding SET condition = 'no-answer' WHERE extension = '2001'"
	point 1 2006 no-answer
	next_call
	at 2001 "invite rings cancelled"
	at 2002 "invite rings cancelled"
	taken_by 2006 "hears-180 hears-181 hears-180 hears-181" EXTRA='User-Agent: Phone/1'
	gone_through 2001 2002 2006
	told 2006 2001 2001=no-answer 2002=cover-no-reply
	went_short 2006 6
	administer "UPDATE station SET send_all_calls = 1 WHERE extension = '2002';
		INSERT INTO coverage_point VALUES ('2002', 1, '2006', 'send-all-calls', 5)"
	next_call
	dial=2002 taken_by 2006 hears-181 EXTRA='User-Agent: Phone/1'
	gone_through 2006
	told 2006 2002 2002=send-all-calls
	went_short 2006 7
	journalled half=orig event=cover rule=coverage:send-all-calls
}

# If a call is forwarded outside, the target's features were not run, so atrp is not written.
proxied_evolution_forwarding_to_outside_is_no_shortcut() {
	call=$evolution
	switchboard
	forward unconditional 030123456
	caller "invite hears-181 refused" STATUS=404
	gone_through
	went imsorig origdone imsterm
	equal "short ways asked for" 0 "$(journal event=shortcut)"
	journalled half=orig event=forward to=030123456
}

# A call from outside has had no origination half here, so its termination half is run.
proxied_evolution_runs_the_features_of_calls_from_outside() {
	call=$evolution
	switchboard
	forward unconditional 2002
	telephones 2002
	at 2002 "invite rings answers hears-bye"
	outsider "invite hears-181 hears-180 talks waits bye"
	gone_through 2002
	went origdone imsterm termdone
	told 2002 2001 2001=unconditional
	journalled half=term event=forward rule=forwarding:unconditional
	next_call
	dial=2004 outsider "invite refused" STATUS=403
	gone_through
	went origdone imsterm
}

# Another evolution server has run the features of both: ours would have refused the call.
proxied_evolution_reads_however_it_is_written() {
	call=$evolution
	switchboard
	telephones 2005
	local header times=0
	while read -r header; do
		next_call
		at 2005 "invite rings answers hears-bye"
		dial=2005 outsider "invite hears-180 talks waits bye" EXTRA="$header"
		gone_through 2005
		went origdone imsterm termdone
		equal "ways back" $((++times)) "$(journal half=term event=pass rule=shortcut)"
	done <<-'END'
	Accept-Contact: *;atrp=shortcut
	Accept-Contact: *;atrp="shortcut"
	Accept-Contact: *;+atrp=shortcut
	accept-contact: *;+ATRP="ShortCut"
	a: *;explicit;Atrp=SHORTCUT;require
	Accept-Contact: *;audio, *;atrp=shortcut
	END
	for header in 'Accept-Contact: *;atrp=shortcuts' 'Reject-Contact: *;atrp=shortcut'; do
		next_call
		dial=2005 outsider "invite refused" STATUS=480 EXTRA="$header"
		gone_through
		went origdone imsterm
	done
	# For a number that is no station the features run, and refuse it.
	next_call
	dial=2999 outsider "invite refused" STATUS=404 EXTRA='Accept-Contact: *;atrp=shortcut'
	gone_through
	went origdone imsterm
	journalled half=term event=shortcut rule=shortcut:no-station to=2999
	journalled half=term event=reject status=404 to=2999
}

# A feature server ignores atrp.
proxied_feature_server_runs_its_features_whatever_is_asked() {
	switchboard
	dial=2004 caller "invite refused" STATUS=403 EXTRA='Accept-Contact: *;atrp=shortcut'
	gone_through
	went imsorig origdone imsterm
	telephones 2002
	next_call
	at 2002 "invite rings answers hears-bye"
	dial=2003 caller "invite hears-181 hears-180 talks waits bye" \
		EXTRA='Accept-Contact: *;atrp=shortcut'
	gone_through 2002
	equal "Accept-Contact" '*;atrp=shortcut' \
		"$(message 2002 received ^INVITE | headers Accept-Contact)"
	equal "short ways" 0 "$(journal rule=shortcut)"
}

# --- trunk members -------------------------------------------------------------------------

# busy_trunks: 1003 talks to 2001 until told to stop.
busy_trunks() {
	at 2001 "invite rings answers hears-bye"
	peer talker 127.0.0.8 caller "invite hears-180 talks waits bye" FROM=1003 WAIT=3000 \
		URI=sip:2001@example.com ROUTES=
	wait_line "$dir/talker.sip" '^ACK '
}

# Kamailio makes a 500 of its own out of a 503 (RFC 3261 section 16.7).
proxied_trunk_members_of_a_feature_server_are_two_a_call() {
	call='trunk_members = 3;'
	switchboard
	telephones 2001 112
	busy_trunks
	# One is left, and the call needs two.
	dial=2002 caller "invite refused" STATUS=500
	gone_through
	went imsorig origdone imsterm termdone imsorig origdone imsterm
	journalled half=term event=reject status=503 rule=trunk-members to=2002
	# A refused call takes no trunk member; an emergency call needs none.
	next_call
	at 112 "invite rings answers hears-bye"
	dial=112 caller "invite hears-180 talks waits bye"
	peers_end caller 112 talker 2001
	next_call
	taken_by 2001 ""
	gone_through 2001
}

proxied_trunk_members_of_an_evolution_server_are_one_a_call() {
	call=$evolution' trunk_members = 1;'
	switchboard
	give_codes
	telephones 2001
	busy_trunks
	first_line=$(($(wc -l <"$dir/kamailio.log") + 1))
	caller "invite refused" STATUS=500
	peers_end caller
	went imsorig
	journalled half=orig event=reject status=503 rule=trunk-members
	# A call refused for another reason is answered with that reason.
	dial=2004 caller "invite refused" STATUS=403
	peers_end caller
	# A feature is no call.
	dials_at_1001 "invite talks hears-bye" '*40'
	peers_end caller talker 2001
	next_call
	taken_by 2001 ""
	gone_through 2001
}
