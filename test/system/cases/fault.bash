# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Faults on demand: rows of the table `fault`, each action once.

# fault EXTENSION HALF METHOD ACTION [VALUE [NTH [REMAINING]]]
fault() {
	cm_users "INSERT INTO fault (extension, half, method, action, value, nth, remaining)
		VALUES ('$1', '$2', '$3', '$4', nullif('${5:-}', ''), ${6:-1}, ${7:-1})" ||
		fail "no row for fault $*"
}

# used ACTION [TIMES]: every row is used up, and the journal has it.
used() {
	journalled event=fault rule="$1"
	equal "faults in the journal" "${2:-1}" "$(journal event=fault rule="$1")"
	equal "rows that are left" 0 "$(cm_users 'SELECT count(*) FROM fault WHERE remaining > 0')"
}

# Its copies are not answered either, and do not count as further INVITEs.
half_fault_silent() {
	half
	fault 1001 orig INVITE silent
	peer caller $SM caller "invite waits" FROM=1001 URI=sip:2001@example.com \
		ROUTES="$(routes "$usual")" WAIT=1700
	peers_end caller
	equal "answers" 0 "$(count caller received ^SIP)"
	(($(count caller sent ^INVITE) > 1)) || fail "the INVITE was not repeated"
	used silent
	call_through
}

half_fault_delay() {
	half
	fault 1001 orig INVITE delay 700
	call_through
	used delay
	equal "INVITEs sent on" 1 "$(count sm received ^INVITE)"
	equal "half calls" 1 "$(journal half=orig event=pass)"
}

half_fault_answer() {
	half
	fault 2001 term INVITE answer 500
	call_through
	answered 500 ROUTES="$(routes "$term")"
	has "500" "$answer" '^Warning: 399 .*fault on demand'
	used answer
	journalled event=fault extension=2001 half=term rule=answer 'reason=row 1: INVITE answer 500'
}

half_fault_ring_then() {
	half
	fault 1001 orig INVITE ring-then 603
	incoming "invite hears-180 refused" STATUS=603
	peers_end caller
	used ring-then
}

half_fault_of_the_second_and_third() {
	half
	fault 1001 orig INVITE answer 480 2 2
	call_through
	answered 480
	answered 480
	used answer 2
	call_through
}

half_fault_of_a_request_in_the_call() {
	half
	fault 1001 orig BYE answer 503
	sm "invite rings answers waits" WAIT=1500
	incoming "invite hears-180 talks bye" || :
	journalled event=fault rule=answer extension=1001
	stop caller
	has "503" "$(message caller received ' 503')" '^CSeq: [0-9]+ BYE'
	stop sm
}

half_fault_drop() {
	half
	fault 1001 orig INVITE drop
	call_through
	used drop
	equal "INVITEs at the proxy" 1 "$(count sm received ^INVITE)"
}

half_fault_duplicate() {
	half
	fault 1001 orig INVITE duplicate
	sm "invite rings answers hears-bye"
	incoming "invite hears-180 talks bye"
	journalled event=fault rule=duplicate
	twice() { (($(count sm received ^INVITE) == 2)); }
	until_true twice || fail "the INVITE came once"
	stop caller
	stop sm
}

half_fault_wrong_phase_and_none() {
	half
	fault 1001 orig INVITE wrong-phase sideways
	call_through
	has "Route" "$(in_route)" ';phase=sideways[;>]'
	rm -f "$dir"/{caller,sm}.*
	fault 1001 orig INVITE no-phase
	call_through
	has_not "Route" "$(in_route)" 'phase='
	has "Route" "$(in_route)" ';seq=explicit'
	used wrong-phase
	used no-phase
}

half_fault_lose_header() {
	half
	fault 1001 orig INVITE lose-header X-Between
	call_through EXTRA='X-Between: lost
X-Beside: kept'
	equal "X-Between" '' "$(headers X-Between <<<"$out")"
	equal "X-Beside" kept "$(headers X-Beside <<<"$out")"
	used lose-header
}

half_fault_malformed() {
	half
	fault 1001 orig INVITE malformed
	call_through
	equal "Max-Forwards" many "$(headers Max-Forwards <<<"$out")"
	used malformed
}

half_fault_late_cancel() {
	half
	fault 2001 term INVITE late-cancel 200
	sm "invite rings answers waits hears-bye" WAIT=100
	incoming "invite hears-180 talks waits bye" WAIT=600 ROUTES="$(routes "$term")"
	journalled event=fault rule=late-cancel
	cancelled() { (($(count sm received ^CANCEL) == 1)); }
	until_true cancelled || fail "no CANCEL came"
	out=$(message sm received ^INVITE)
	local cancel
	cancel=$(message sm received ^CANCEL)
	equal "Via" "$(headers Via <<<"$out" | head -1)" "$(headers Via <<<"$cancel")"
	equal "CSeq" "$(headers CSeq <<<"$out" | sed 's/INVITE/CANCEL/')" \
		"$(headers CSeq <<<"$cancel")"
	stop caller
	stop sm
}

half_fault_hurry_of_the_ring_time() {
	half
	fault 2001 term INVITE hurry 300
	sm "invite rings cancelled"
	incoming "invite hears-180 refused" STATUS=480 ROUTES="$(routes "$term")"
	peers_end caller sm
	used hurry
	journalled half=term event=timeout
}

half_fault_hurry_of_a_reservation() {
	half
	fault 1001 line INVITE hurry 300
	phone phone "off-hook hears-183 line-ends" STATUS=487
	peers_end phone
	used hurry
}

daemon_fault_stale_etag() {
	events
	fault 1001 orig PUBLISH stale-etag '' 2
	call_through
	stale() { [[ $(published) == *$'\nstale '* ]]; }
	until_true stale || fail "no PUBLISH with another entity tag"
	used stale-etag
}

daemon_fault_hurry_of_a_publication() {
	publish='enabled = true; linger = 600; expires = 3600;'
	events
	fault 2001 term PUBLISH hurry 200
	call_through ROUTES="$(routes "$term")"
	used hurry
}

# UDP loses and doubles messages, and no telephone may notice; what TCP loses is lost.
chain_fault_duplicate_and_drop() {
	chain
	fault 1001 orig INVITE duplicate
	[[ $transport == tcp ]] || fault 2001 term INVITE drop
	callee "invite rings waits answers hears-bye"
	caller "invite hears-180 talks waits bye"
	peers_end caller callee
	[[ $transport == tcp ]] || used drop
	used duplicate
	equal "INVITEs at the callee" 1 "$(count callee received ^INVITE)"
}

chain_fault_answer_reaches_the_caller() {
	chain
	fault 1001 orig INVITE answer 302
	caller "invite refused" STATUS=302
	peers_end caller
	used answer
}
