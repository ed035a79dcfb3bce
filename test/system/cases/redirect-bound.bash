# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# How far forwarding goes: refusals, chains, and the termination half of the new target.  The
# switchboard is that of redirect.bash.

# --- what leads nowhere --------------------------------------------------------------------

# refused STATUS RULE [KEY=VALUE...]: at once, and journalled so.
refused() {
	next_call
	caller "invite refused" STATUS="$1" "${@:3}"
	gone_through
	rang
	went imsorig origdone imsterm
	answer=$(message caller received " $1 ")
	has "$1" "$answer" '^Warning: 399 .*".+"$'
	journalled half=term event=reject status="$1" rule="$2"
}

# The tables refuse such a row, unless somebody takes that guard away.
proxied_forwarding_to_itself_is_refused() {
	switchboard "INSERT INTO station_number VALUES ('15550101', '2001');
		DROP TRIGGER call_forwarding_insert"
	telephones 2001
	forward unconditional 2001
	refused 482 forwarding:self
	has "482" "$answer" '^Warning: 399 .*station 2001 leads to itself'
	administer "DELETE FROM call_forwarding WHERE extension = '2001'"
	forward unconditional 15550101
	refused 482 forwarding:self
	administer "DELETE FROM call_forwarding WHERE extension = '2001'"
	forward busy 15550101
	next_call
	at 2001 "invite rings refuses" STATUS=486
	caller "invite hears-180 refused" STATUS=482
	gone_through 2001
	rang 2001
	journalled half=term event=refuse status=482 rule=forwarding:self
}

proxied_forwarding_to_where_the_call_came_from_is_refused() {
	switchboard
	forward unconditional 2002
	refused 482 forwarding:loop EXTRA='History-Info: <sip:2002@example.com>;index=1'
	has "482" "$answer" '^Warning: 399 .*where the call came from'
	refused 482 forwarding:loop EXTRA='History-Info: <sip:2002@example.com?Reason=SIP%3Bcause%3D486>;index=1, <sip:2001@example.com>;index=1.1'
	# Another number of the same station is the same party.
	administer "INSERT INTO station_number VALUES ('15550102', '2002');
		UPDATE call_forwarding SET destination = '15550102' WHERE extension = '2001'"
	refused 482 forwarding:loop EXTRA='History-Info: <sip:2002@example.com>;index=1'
	equal "forwardings" 0 "$(journal event=forward)"
}

proxied_forwarding_past_the_hop_limit_is_refused() {
	call='forward_hops = 2;'
	switchboard
	telephones 2002
	local hop='History-Info: <sip:5000@example.com?Reason=SIP%3Bcause%3D302>;index=1'
	at 2002 "invite refuses"
	dial=2003 caller "invite hears-181 refused" EXTRA="$hop"
	gone_through 2002
	rang 2002
	dial=2003
	refused 480 forwarding:hops EXTRA="$hop, <sip:5001@example.com?Reason=SIP%3Bcause%3D486>;index=1.1"
	has "480" "$answer" '^Warning: 399 .*redirected 2 times'
}

# A station may not forward to what it may not call, and no station to an emergency number.
proxied_forwarding_is_bound_like_a_call() {
	switchboard "UPDATE station SET cor = 4 WHERE extension = '2006';
		INSERT INTO class_of_restriction (cor, frl) VALUES (5, 7), (6, 7);
		INSERT INTO calling_permission VALUES (5, 6, 0);
		UPDATE station SET cor = 5 WHERE extension = '2007';
		UPDATE station SET cor = 6 WHERE extension = '2002'"
	telephones 030123456 2006
	forward unconditional 112
	refused 403 forwarding:emergency
	administer "UPDATE call_forwarding SET destination = '0049123456' WHERE extension = '2001'"
	refused 403 forwarding:frl
	administer "UPDATE call_forwarding SET destination = '777' WHERE extension = '2001'"
	refused 404 forwarding:unknown-number
	forward unconditional 2002 2007
	dial=2007 refused 403 forwarding:calling-permission
	forward unconditional 030123456 2006
	dial=2006 refused 403 forwarding:calling-party:outward
	# Rung first, refused then.
	administer "UPDATE call_forwarding SET condition = 'busy' WHERE extension = '2006'"
	next_call
	at 2006 "invite rings refuses"
	dial=2006 caller "invite hears-180 refused" STATUS=403
	gone_through 2006
	journalled half=term event=refuse status=403 rule=forwarding:calling-party:outward
	# The caller's own restriction is another matter: 1003 may not call outside itself.
	administer "UPDATE call_forwarding SET destination = '030123456' WHERE extension = '2001'"
	next_call
	at 030123456 "invite rings answers hears-bye"
	from=1003 caller "invite hears-181 hears-180 talks waits bye"
	gone_through 030123456
	rang 030123456
	told 030123456 2001 2001=unconditional
}

# Called party restriction is the originally called station's; service is everybody's own.
proxied_forwarding_to_whom_none_may_call() {
	switchboard
	forward unconditional 2004
	telephones 2004
	at 2004 "invite rings answers hears-bye"
	caller "invite hears-181 hears-180 talks waits bye"
	gone_through 2004
	rang 2004
	forward unconditional 2002 2004
	next_call
	dial=2004 caller "invite refused" STATUS=403
	gone_through
	rang
}

# --- chains, and the proxy's own termination half ------------------------------------------

proxied_forwarding_is_not_chained_unless_told() {
	switchboard
	forward unconditional 2006 2002
	forward busy 2006 2002 internal
	telephones 2002 2006
	at 2002 "invite refuses"
	dial=2003 caller "invite hears-181 refused"
	gone_through 2002
	rang 2002
}

proxied_forwarding_may_be_chained() {
	call='chained = true; no_answer = 1; diversion = true;'
	switchboard
	forward busy 2002
	forward unconditional 2003 2002
	administer "UPDATE call_forwarding SET destination = '2006' WHERE extension = '2003'"
	forward no-answer 2007 2006
	telephones 2001 2006 2007
	at 2001 "invite refuses"
	at 2006 "invite rings cancelled"
	at 2007 "invite rings answers hears-bye"
	caller "invite hears-181 hears-180 hears-181 hears-180 talks waits bye"
	gone_through 2001 2006 2007
	rang 2001 2006 2007
	told 2006 2001 2001=busy 2002=unconditional 2003=unconditional
	told 2007 2001 2001=busy 2002=unconditional 2003=unconditional 2006=no-answer
	diverted 2007 2006=no-answer 2003=unconditional 2002=unconditional 2001=user-busy
	# A circle is refused before any telephone rings.
	administer "DELETE FROM call_forwarding; INSERT INTO call_forwarding VALUES
		('2001', 'unconditional', 'any', '2002', 1), ('2002', 'unconditional', 'any', '2001', 1)"
	refused 482 forwarding:loop
}

# half_calls TO: the ids of the termination halves for TO in the journal, each once.
half_calls() {
	grep -E "\"half\": ?\"term\"" "$dir/journal.jsonl" |
		grep -E "\"extension\": ?\"$1\"" | grep -oE '"call": ?"[^"]*"' | sort -u
}

declare -A second_181=([b2bua]='' [proxy]=hears-181)

# The proxy runs the new target's termination half: its own forwarding is followed there.
proxied_forwarding_as_origdone() {
	call='forward_phase = "origdone"; diversion = true;'
	switchboard
	forward busy 2002
	forward unconditional 2006 2002
	telephones 2001 2006
	at 2001 "invite refuses"
	at 2006 "invite rings answers hears-hold hears-info holds info hears-bye"
	# SIPp takes the same 181 twice for a repetition; a proxy's have To tags of their own.
	caller "invite hears-181 ${second_181[$model]} hears-180 talks waits holds info hears-hold hears-info bye"
	gone_through 2001 2006
	equal "how often 181" 2 "$(count caller received ' 181 ')"
	rang 2001 2006
	went imsorig origdone imsterm termdone origdone imsterm origdone imsterm termdone
	told 2006 2001 2001=busy 2002=unconditional
	diverted 2006 2002=unconditional 2001=user-busy
	journalled half=term event=forward rule=forwarding:busy extension=2001 phase_out=origdone
	journalled half=term event=forward rule=forwarding:unconditional extension=2002
	journalled half=term event=answer extension=2006 phase_out=termdone
	equal "ids of the call" "$(half_calls 2001)" "$(half_calls 2002)"
	equal "ids of the call" "$(half_calls 2001)" "$(half_calls 2006)"
}

proxied_forwarding_as_origdone_is_given_up() {
	call='forward_phase = "origdone"; no_answer = 1;'
	switchboard
	forward no-answer 2002
	forward unreachable 2006 2002
	telephones 2001 2002 2006
	at 2001 "invite rings cancelled"
	at 2002 "invite rings refuses" STATUS=480
	at 2006 "invite rings cancelled"
	caller "invite hears-180 hears-181 hears-180 hears-181 hears-180 hangs-up"
	gone_through 2001 2002 2006
	rang 2001 2002 2006
	told 2006 2001 2001=no-answer 2002=unreachable
}

proxied_forwarding_as_origdone_does_not_go_round() {
	call='forward_phase = "origdone";'
	switchboard
	forward unconditional 2002
	forward unconditional 2001 2002
	caller "invite hears-181 refused" STATUS=482
	gone_through
	rang
	went imsorig origdone imsterm origdone imsterm
	journalled half=term event=forward extension=2001 to=2002 phase_out=origdone
	journalled half=term event=reject extension=2002 status=482 rule=forwarding:loop
	equal "ids of the call" "$(half_calls 2001)" "$(half_calls 2002)"
	# Busy at both ends.
	administer "UPDATE call_forwarding SET condition = 'busy'"
	telephones 2001 2002
	next_call
	at 2001 "invite refuses"
	at 2002 "invite refuses"
	caller "invite hears-181 refused" STATUS=482
	gone_through 2001 2002
	rang 2001 2002
}

# However the call goes on, only the station first called is asked whether it may be called.
proxied_forwarding_as_origdone_to_whom_none_may_call() {
	call='forward_phase = "origdone";'
	switchboard
	forward unconditional 2004
	telephones 2004
	at 2004 "invite rings answers hears-bye"
	caller "invite hears-181 hears-180 talks waits bye"
	gone_through 2004
	went imsorig origdone imsterm origdone imsterm termdone
}
