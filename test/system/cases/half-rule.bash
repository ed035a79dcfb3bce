# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What is administered: service, restrictions, forwarding.

half_called_party_out_of_service() {
	half
	answered 480 ROUTES="$(routes ';phase=imsterm;seq=explicit')" URI=sip:2005@example.com
	journalled half=term event=reject status=480
}

half_calling_party_out_of_service() {
	half
	answered 403 FROM=1004
	journalled half=orig event=reject status=403
}

half_facility_restriction_level() {
	half
	answered 403 URI=sip:0049123456@example.com
	answered 403 FROM=1003 URI=sip:030123456@example.com
}

half_unknown_feature_name_is_refused() {
	half
	answered 404 URI='sip:1001@example.com;avaya-cm-fnu=make-coffee'
	has "404" "$answer" '^Warning: 399 .*make-coffee'
	journalled event=reject status=404
}

half_forwarding_writes_history() {
	half
	sm "invite rings answers hears-bye"
	incoming "invite hears-181 hears-180 talks bye" URI=sip:2003@example.com \
		ROUTES="$(routes "$term")" EXTRA='History-Info: <sip:5000@example.com>;index=1
X-Between: kept
History-Info: "Forwarded" <sip:2003@example.com>;index=1.1;x=y'
	peers_end caller sm
	out=$(message sm received ^INVITE)
	has "Request-URI" "$out" '^INVITE sip:2002@example\.com'
	has "Route" "$(in_route)" ';phase=termdone[;>]'
	local history
	history=$(headers History-Info <<<"$out" | tr '\n' ' ')
	has "History-Info" "$history" '^<sip:5000@example\.com>; ?index=1[ ,]'
	has "History-Info" "$history" '<sip:2003@example\.com\?Reason=SIP%3Bcause%3D302%3Btext%3D%22Moved%20Temporarily%22&Reason=Redirection%3Bcause%3DCFI>; ?index=1\.1;x=y( |$)'
	has "History-Info" "$history" '<sip:2002@example\.com>; ?index=1\.2'
	equal "X-Between" kept "$(headers X-Between <<<"$out")"
	has "To" "$(headers To <<<"$out")" 'sip:2003@example\.com'
}

half_forwarding_may_go_out_as_origdone() {
	call='forward_phase = "origdone"; diversion = true;'
	half
	sm "invite rings answers hears-bye"
	incoming "invite hears-181 hears-180 talks bye" URI=sip:2003@example.com \
		ROUTES="$(routes "$term")"
	peers_end caller sm
	out=$(message sm received ^INVITE)
	has "Route" "$(in_route)" ';phase=origdone[;>]'
	has "Diversion" "$(headers Diversion <<<"$out")" '<sip:2003@example\.com>; ?reason=unconditional'
}

half_forwarding_in_a_circle_is_refused() {
	half
	answered 482 URI=sip:2003@example.com ROUTES="$(routes "$term")" \
		EXTRA='History-Info: <sip:2002@example.com>;index=1, <sip:2003@example.com>;index=1.1'
	journalled half=term event=reject status=482
}

half_calls_from_outside_ring_differently() {
	half
	call_through FROM=+4930123456 ROUTES="$(routes "$term")"
	has "Alert-Info" "$(headers Alert-Info <<<"$out")" \
		'^<cid:external@example\.com>; ?avaya-cm-alert-type=external$'
}
