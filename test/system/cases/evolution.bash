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

# --- evolution server -----------------------------------------------------------------------

evolution='server = "evolution";'

half_origination_runs_both_users_features() {
	call=$evolution
	half
	call_through
	has "Route" "$(in_route)" ';phase=origdone[;>]'
	equal "Accept-Contact" '*;atrp=shortcut' "$(headers Accept-Contact <<<"$out")"
	answered 403 URI=sip:2004@example.com
	journalled half=orig event=reject status=403 rule=called-party:termination
	answered 480 URI=sip:2005@example.com
	journalled half=orig event=reject status=480 rule=out-of-service
	# The caller's objection comes first.
	answered 403 FROM=1002 URI=sip:2005@example.com
	journalled half=orig event=reject status=403 from=1002
}

half_origination_forwards() {
	call=$evolution
	half
	sm "invite rings answers hears-bye"
	incoming "invite hears-181 hears-180 talks bye" URI=sip:2003@example.com
	peers_end caller sm
	out=$(message sm received ^INVITE)
	has "Request-URI" "$out" '^INVITE sip:2002@example\.com'
	has "Route" "$(in_route)" ';phase=origdone[;>]'
	equal "Accept-Contact" '*;atrp=shortcut' "$(headers Accept-Contact <<<"$out")"
	has "History-Info" "$(headers History-Info <<<"$out" | tr '\n' ' ')" \
		'sip:2003@example\.com\?Reason=.*CFI>.*<sip:2002@example\.com>'
}

half_calls_to_outside_are_no_shortcut() {
	call=$evolution
	half
	call_through URI=sip:030123456@example.com
	has_not "INVITE" "$out" '^Accept-Contact'
	# Nor is a call to a station that is forwarded outside.
	cm_users "UPDATE call_forwarding SET destination = '030123456' WHERE extension = '2003'"
	rm "$dir"/{sm,caller}.sip
	sm "invite rings answers hears-bye"
	incoming "invite hears-181 hears-180 talks bye" URI=sip:2003@example.com
	peers_end caller sm
	out=$(message sm received ^INVITE)
	has "INVITE" "$out" '^INVITE sip:030123456@'
	has_not "INVITE" "$out" '^Accept-Contact'
}

half_shortcut_goes_straight_back() {
	call=$evolution' trunk_members = 1;'
	half
	sm "invite rings refuses" STATUS=486 REASON="Busy Here"
	# Service and restriction of the called station are not checked again.
	incoming "invite hears-180 refused" STATUS=486 URI=sip:2005@example.com \
		ROUTES="$(routes "$term")" EXTRA='Accept-Contact: *;+ATRP="Shortcut"'
	peers_end caller sm
	out=$(message sm received ^INVITE)
	has "Route" "$(in_route)" ';phase=termdone[;>]'
	has "Route" "$(in_route)" ';odi=7f3a[;>]'
	has "Route" "$(in_route)" ';seq=explicit[;>]'
	equal "Call-ID" "$(message caller sent ^INVITE | headers Call-ID)" \
		"$(headers Call-ID <<<"$out")"
	equal "Record-Route" "" "$(headers Record-Route <<<"$out")"
	has "ACK" "$(message sm received ^ACK)" '^Route: .*;phase=termdone'
	journalled half=term event=pass rule=shortcut phase_out=termdone
}

half_feature_server_ignores_shortcut() {
	half
	answered 480 URI=sip:2005@example.com ROUTES="$(routes "$term")" \
		EXTRA='Accept-Contact: *;atrp=shortcut'
}

half_shortcut_to_no_station_of_ours_runs_features() {
	call=$evolution
	half
	answered 404 URI=sip:2999@example.com ROUTES="$(routes "$term")" \
		EXTRA='Accept-Contact: *;atrp=shortcut'
	journalled half=term event=shortcut rule=shortcut:no-station to=2999
	journalled half=term event=reject status=404
}
