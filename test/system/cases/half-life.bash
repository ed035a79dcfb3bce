# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# How a half call goes on and ends: failures, CANCEL, repetitions, requests inside it.

half_busy_is_relayed_with_its_headers() {
	half
	sm "invite refuses" STATUS=486 REASON="Busy Here" EXTRA='Reason: Q.850;cause=17
X-Busy: until later'
	incoming "invite refused" STATUS=486
	peers_end caller sm
	has "486" "$(message caller received ' 486')" '^X-Busy: until later$'
	has "486" "$(message caller received ' 486')" '^Reason: Q\.850; ?cause=17'
}

half_every_failure_is_relayed_as_it_is() {
	half
	local status
	for status in 302 400 404 415 480 488 500 603; do
		sm "invite refuses" STATUS=$status
		incoming "invite refused" STATUS=$status
		peers_end caller sm
	done
}

half_cancel_before_any_answer() {
	half
	sm "invite waits rings cancelled"
	if [[ $model == b2bua ]]; then
		incoming "invite hears-100 cancels refused" STATUS=487
	else
		incoming "invite hears-100 cancels hears-late-180 refused" STATUS=487
	fi
	peers_end caller sm
}

half_cancel_while_ringing() {
	half
	sm "invite rings cancelled"
	incoming "invite hears-180 cancels refused" STATUS=487
	peers_end caller sm
	has "CANCEL" "$(message sm received ^CANCEL)" '^Reason: SIP'
	journalled event=cancel
}

half_answer_crosses_cancel() {
	half
	sm "invite rings answers-cancel hears-bye"
	if [[ $model == b2bua ]]; then
		incoming "invite hears-180 cancels refused" STATUS=487
	else
		incoming "invite hears-180 cancels talks bye"
	fi
	peers_end caller sm
}

half_invite_twice_is_one_call() {
	half
	sm "invite waits rings answers hears-bye"
	incoming "invite hears-100 invite-again hears-180 talks bye"
	peers_end caller sm
	equal "INVITEs at the callee" 1 "$(count sm received ^INVITE)"
}

half_lost_ack_brings_the_answer_again() {
	half
	sm "invite rings answers hears-bye"
	incoming "invite hears-180 talks-late bye"
	peers_end caller sm
	local times
	times=$(grep -cE '^SIP/2.0 200' "$dir/caller.sip")
	((times >= 3)) || fail "the 200 came ${times} times, with that of the BYE"
}

half_way_back_where_nobody_listens() {
	transport=tcp
	half
	back="sip:$SM:$(free_port $SM);transport=tcp"
	incoming "invite fails"
	peers_end caller
	has "answer" "$(message caller received '^SIP/2.0 [45]')" ' (408|480|50[0-4]) '
	is_running halfcalld || fail "halfcalld is gone"
}

half_everything_inside_a_call_passes() {
	half
	local method
	for method in INFO UPDATE MESSAGE REFER NOTIFY OPTIONS SUBSCRIBE; do
		sm "invite rings answers is-asked asks hears-bye" METHOD=$method
		incoming "invite hears-180 talks asks is-asked bye" METHOD=$method
		peers_end caller sm
		has "body of $method" "$(message sm received "^$method" | body)" '^Signal=5'
		rm -f "$dir"/{caller,sm}.*
	done
}

half_refused_hold_leaves_the_call_up() {
	half
	sm "invite rings answers refuses-hold hears-bye"
	incoming "invite hears-180 talks holds-in-vain bye"
	peers_end caller sm
	has "488" "$(message caller received ' 488')" '^Warning: 304 example.com'
}

half_offer_in_the_answer_and_answer_in_the_ack() {
	half
	sm "invite rings answers hears-bye"
	incoming "invite hears-180 talks-with-answer bye"
	peers_end caller sm
	equal "the body of the ACK" "$(message caller sent ^ACK | body)" \
		"$(message sm received ^ACK | body)"
}

half_repeated_answer_is_acknowledged_again() {
	half
	# Without SIPp's own repetitions, which would answer our ACK with one more 200.
	sm "invite rings answers answers-again hears-bye" -- -nr
	incoming "invite hears-180 talks waits bye"
	peers_end caller sm
	(($(count sm received ^ACK) >= 2)) || fail "there was one ACK for two answers"
}

half_reliable_ringing_is_acknowledged_end_to_end() {
	half
	sm "invite rings-reliably answers-after-prack hears-bye"
	incoming "invite hears-reliable-180 talks bye" EXTRA='Supported: 100rel'
	peers_end caller sm
	has "RAck" "$(message sm received ^PRACK | headers RAck)" '^7 [0-9]+ INVITE$'
}
