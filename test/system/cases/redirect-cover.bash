# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Send-all-calls and coverage, which come after forwarding, with telephones of their own
# behind Kamailio.  The switchboard is that of redirect.bash.

# point STEP TARGET CONDITION [RING_SECONDS] [STATION]: a coverage point.
point() {
	administer "INSERT INTO coverage_point VALUES
		('${5:-2001}', $1, '$2', '$3', ${4:-NULL})"
}

# taken_by USER "what the caller hears" [KEY=VALUE...]: USER answers, and is hung up.
taken_by() {
	at "$1" "invite rings answers hears-bye"
	caller "invite $2 hears-180 talks waits bye" "${@:3}"
}

proxied_covered_at_once() {
	switchboard
	point 1 2006 all
	telephones 2001 2006
	taken_by 2006 hears-181
	gone_through 2006
	rang 2006
	went imsorig origdone imsterm termdone
	told 2006 2001 2001=cover-all
	journalled half=term event=cover rule=coverage:all to=2006
	# With send-all-calls on, that is the reason.
	administer "UPDATE station SET send_all_calls = 1 WHERE extension = '2001'"
	next_call
	taken_by 2006 hears-181
	gone_through 2006
	told 2006 2001 2001=send-all-calls
}

proxied_send_all_calls() {
	call='diversion = true;'
	switchboard
	point 1 2006 send-all-calls
	telephones 2001 2006
	# Not switched on: it rings.
	taken_by 2001 ""
	gone_through 2001
	rang 2001
	administer "UPDATE station SET send_all_calls = 1 WHERE extension = '2001'"
	next_call
	taken_by 2006 hears-181
	gone_through 2006
	rang 2006
	told 2006 2001 2001=send-all-calls
	diverted 2006 2001=do-not-disturb
	journalled half=term event=cover rule=coverage:send-all-calls to=2006
	# Without a point that may take them, the station rings.
	administer "DELETE FROM coverage_point"
	next_call
	taken_by 2001 ""
	gone_through 2001
	rang 2001
}

proxied_covered_when_busy() {
	call='diversion = true;'
	switchboard
	point 1 2006 busy
	telephones 2001 2006
	local status
	for status in 486 600; do
		next_call
		at 2001 "invite refuses" STATUS=$status
		taken_by 2006 hears-181
		gone_through 2001 2006
		rang 2001 2006
		told 2006 2001 2001=cover-busy
		diverted 2006 2001=user-busy
	done
	journalled half=term event=cover rule=coverage:busy to=2006
	# Busy is not unreachable, and other failures are neither.
	for status in 480 404 603; do
		next_call
		at 2001 "invite refuses" STATUS=$status
		caller "invite refused" STATUS=$status
		gone_through 2001
		rang 2001
	done
}

proxied_covered_when_not_answered() {
	call='diversion = true;'
	switchboard "UPDATE station SET ring_seconds = 1 WHERE extension = '2001'"
	point 1 2006 no-answer
	telephones 2001 2006
	at 2001 "invite rings cancelled"
	taken_by 2006 "hears-180 hears-181"
	gone_through 2001 2006
	rang 2001 2006
	told 2006 2001 2001=cover-no-reply
	diverted 2006 2001=no-answer
	local status
	for status in 408 480 500 502 503 504; do
		next_call
		at 2001 "invite refuses" STATUS=$status
		taken_by 2006 hears-181
		gone_through 2001 2006
		rang 2001 2006
		told 2006 2001 2001=cover-no-reply
	done
	next_call
	at 2001 "invite refuses" STATUS=486
	caller "invite refused" STATUS=486
	gone_through 2001
	rang 2001
}

# Each point rings for its time, the last one as configured; then the caller hears 480.
proxied_coverage_goes_on_step_by_step() {
	call='no_answer = 1;'
	switchboard "UPDATE station SET ring_seconds = 2 WHERE extension = '2002'"
	point 3 2002 no-answer
	point 1 2006 no-answer 1
	point 2 2007 no-answer
	point 4 2003 busy 1
	telephones 2001 2006 2007 2002
	at 2001 "invite rings cancelled"
	at 2006 "invite rings cancelled"
	at 2007 "invite rings refuses" STATUS=486
	at 2002 "invite rings cancelled"
	caller "invite hears-180 hears-181 hears-180 hears-181 hears-180 hears-181 hears-180 refused" STATUS=480
	gone_through 2001 2006 2007 2002
	rang 2001 2006 2007 2002
	told 2002 2001 2001=cover-no-reply 2006=cover-no-reply 2007=cover-busy
	went imsorig origdone imsterm termdone termdone termdone termdone
	# What the last one says is what the caller hears.
	administer "UPDATE coverage_point SET condition = 'busy'"
	administer "DELETE FROM coverage_point WHERE step > 2"
	next_call
	at 2001 "invite refuses" STATUS=486
	at 2006 "invite rings refuses" STATUS=500
	at 2007 "invite refuses" STATUS=603
	caller "invite hears-181 hears-180 hears-181 refused" STATUS=603
	gone_through 2001 2006 2007
	told 2007 2001 2001=cover-busy 2006=cover-no-reply
}

proxied_coverage_points_ring_as_long_as_they_say() {
	call='no_answer = 300;'
	switchboard "UPDATE station SET ring_seconds = 1 WHERE extension = '2001';
		UPDATE station SET ring_seconds = 300 WHERE extension = '2007'"
	point 1 2006 no-answer 1
	point 2 2007 no-answer 1
	telephones 2001 2006 2007
	at 2001 "invite rings cancelled"
	at 2006 "invite rings cancelled"
	at 2007 "invite rings cancelled"
	caller "invite hears-180 hears-181 hears-180 hears-181 hears-180 refused" STATUS=480
	gone_through 2001 2006 2007
}

proxied_coverage_crossed_by_an_answer() {
	switchboard "UPDATE station SET ring_seconds = 1 WHERE extension = '2001'"
	point 1 2006 no-answer
	telephones 2001 2006
	at 2001 "invite rings answers-cancel hears-bye"
	if [[ $model == proxy ]]; then
		caller "invite hears-180 talks waits bye"
		gone_through 2001
		return
	fi
	taken_by 2006 "hears-180 hears-181"
	gone_through 2001 2006
	told 2006 2001 2001=cover-no-reply
}

# Points that may not be called, lead to help or back are passed over.
proxied_coverage_passes_over_what_is_forbidden() {
	switchboard
	point 1 0049123456 busy
	point 2 112 busy
	point 3 5000 busy
	point 4 2002 busy
	point 5 2006 busy
	telephones 2001 2006
	at 2001 "invite refuses"
	at 2006 "invite rings answers hears-bye"
	caller "invite hears-181 hears-180 talks waits bye" \
		EXTRA='History-Info: <sip:2002@example.com>;index=1, <sip:2001@example.com>;index=1.1'
	gone_through 2001 2006
	rang 2001 2006
	journalled half=term event=pass-over rule=coverage:frl to=0049123456
	journalled half=term event=pass-over rule=coverage:emergency to=112
	journalled half=term event=pass-over rule=coverage:unknown-number to=5000
	journalled half=term event=pass-over rule=coverage:loop to=2002
	# None is left: as if there were no coverage.
	administer "DELETE FROM coverage_point WHERE step > 3"
	next_call
	at 2001 "invite refuses"
	caller "invite refused"
	gone_through 2001
	rang 2001
}

proxied_coverage_comes_after_forwarding() {
	switchboard "UPDATE station SET send_all_calls = 1 WHERE extension = '2003'"
	point 1 2006 all 5 2003
	point 2 2007 busy 5 2003
	telephones 2002 2006 2007
	at 2002 "invite rings refuses"
	at 2006 "invite rings refuses"
	at 2007 "invite rings answers hears-bye"
	dial=2003 caller "invite hears-181 hears-180 hears-181 hears-180 hears-181 hears-180 talks waits bye"
	gone_through 2002 2006 2007
	rang 2002 2006 2007
	told 2007 2003 2003=unconditional 2002=cover-busy 2006=cover-busy
	# What forwarding cannot place at all is refused, not covered.
	administer "UPDATE call_forwarding SET destination = '112' WHERE extension = '2003'"
	dial=2003 refused 403 forwarding:emergency
}

# The forwarding of a coverage point is not followed, chained or not.
proxied_coverage_points_do_not_forward() {
	call='chained = true;'
	switchboard
	point 1 2003 busy
	telephones 2001 2003
	at 2001 "invite refuses"
	taken_by 2003 hears-181
	gone_through 2001 2003
	rang 2001 2003
}

proxied_coverage_ends_at_the_hop_limit() {
	call='forward_hops = 1;'
	switchboard
	point 1 2006 busy
	telephones 2001 2006
	local history='History-Info: <sip:5000@example.com?Reason=SIP%3Bcause%3D302>;index=1, <sip:2001@example.com>;index=1.1'
	at 2001 "invite refuses"
	caller "invite refused" EXTRA="$history"
	gone_through 2001
	rang 2001
	next_call
	at 2001 "invite refuses"
	taken_by 2006 hears-181
	gone_through 2001 2006
}

# The proxy runs a coverage point's own termination half, which forwards as it likes.
proxied_coverage_as_origdone() {
	call='forward_phase = "origdone";'
	switchboard
	point 1 2003 busy
	telephones 2001 2002
	at 2001 "invite refuses"
	at 2002 "invite rings answers hears-bye"
	caller "invite hears-181 ${second_181[$model]} hears-180 talks waits bye"
	gone_through 2001 2002
	went imsorig origdone imsterm termdone origdone imsterm origdone imsterm termdone
	told 2002 2001 2001=cover-busy 2003=unconditional
	journalled half=term event=cover extension=2001 to=2003 phase_out=origdone
	equal "ids of the call" "$(half_calls 2001)" "$(half_calls 2003)"
}
