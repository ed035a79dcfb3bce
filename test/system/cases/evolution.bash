# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Trunk members; and the evolution server: both halves' features in one, and the short way.

half_calls_over_the_trunk_members_hear_503() {
	call='trunk_members = 1;'
	half
	sm "invite rings answers hears-bye"
	peer first $SM caller "invite hears-180 talks waits bye" FROM=1003 WAIT=2000 \
		URI=sip:2001@example.com ROUTES="$(routes "$usual")"
	wait_line "$dir/first.sip" '^ACK '
	answered 503
	has "503" "$answer" '^Retry-After: [1-9]'
	has "503" "$answer" '^Warning: 399 .*".*trunk members.*"$'
	journalled half=orig event=reject status=503 rule=trunk-members
	peers_end first sm
	sm "invite rings answers hears-bye"
	incoming "invite hears-180 talks bye"
	peers_end caller sm
}

half_emergency_calls_need_no_trunk_member() {
	call='trunk_members = 1;'
	half
	sm "invite rings answers hears-bye"
	peer first $SM caller "invite hears-180 talks waits bye" FROM=1003 WAIT=2000 \
		URI=sip:2001@example.com ROUTES="$(routes "$usual")"
	wait_line "$dir/first.sip" '^ACK '
	peer helper $SM callee "invite rings answers hears-bye"
	incoming "invite hears-180 talks bye" URI=sip:112@example.com \
		ROUTES="$(back="sip:$SM:${port_of[helper]};transport=$transport" routes "$usual")"
	peers_end caller helper first sm
	journalled half=orig to=112 rule=emergency
}
