# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# One half call, byte by byte: SIPp is the proxy on both sides of halfcalld, so that what goes
# in and what comes out can be laid side by side.  `caller` sends the INVITE, `sm` takes what
# halfcalld sends by the way back.

# half: the daemon alone; $to is where it listens, $back the configured way back.
half() {
	cm_configure "$@"
	cm_start
	to=$CM:${port_of[cm-$transport]}
	back="sip:$SM:${port_of[sm]};transport=$transport"
}

# routes PHASE_PARAMS [WAY_BACK_PARAMS]: a tagged Route of halfcalld and the way back.
routes() {
	printf 'Route: <sip:%s;transport=%s;lr%s>\nRoute: <%s;lr%s>' \
		"$to" "$transport" "$1" "$back" "${2-;odi=7f3a}"
}

usual=';phase=imsorig;seq=explicit'
term=';phase=imsterm;seq=explicit'

# sm "STEP..." [KEY=VALUE...]: the proxy's side of the outgoing leg.
sm() { peer sm $SM callee "$@"; }

# incoming "STEP..." [KEY=VALUE...]: the incoming leg; usual Routes, 1001 calls 2001, unless told.
incoming() {
	local steps=$1
	shift
	peer caller $SM caller "$steps" FROM=1001 URI=sip:2001@example.com \
		ROUTES="$(routes "$usual")" "$@"
}

# call_through [KEY=VALUE...]: a whole call with the usual steps, then $out is the outgoing INVITE.
call_through() {
	sm "invite rings answers hears-bye"
	incoming "invite hears-180 talks bye" "$@"
	peers_end caller sm
	out=$(message sm received ^INVITE)
}

# answered STATUS [KEY=VALUE...]: the INVITE is refused with it; $answer is the response.
answered() {
	incoming "invite refused" STATUS="$1" "${@:2}"
	peers_end caller
	answer=$(message caller received " $1 ")
	rm -f "$dir/caller".*
}

in_route() { headers Route <<<"$out" | head -1; }

half_way_back_is_kept() {
	half
	call_through ROUTES="$(routes "$usual" ';odi=7f3a;x=y')"
	local route
	route=$(in_route)
	equal "how many Routes" 1 "$(headers Route <<<"$out" | wc -l)"
	has "Route" "$route" "^<sip:$SM:${port_of[sm]};"
	has "Route" "$route" ';lr[;>]'
	has "Route" "$route" ';odi=7f3a[;>]'
	has "Route" "$route" ';x=y[;>]'
	has "Route" "$route" ';phase=origdone[;>]'
	has "Route" "$route" ';seq=explicit[;>]'
	has "Request-URI" "$out" '^INVITE sip:2001@example\.com SIP/2\.0$'
}

half_termination_goes_out_as_termdone() {
	half
	call_through ROUTES="$(routes ';phase=imsterm;seq=implicit')"
	has "Route" "$(in_route)" ';phase=termdone[;>]'
	has "Route" "$(in_route)" ';seq=implicit[;>]'
	has_not "Route" "$(in_route)" 'imsterm'
}

half_unknown_parameters_move_over() {
	half
	call_through ROUTES="$(routes ';m-type=audio;phase=imsorig;seq=explicit;flag')"
	has "Route" "$(in_route)" ';m-type=audio[;>]'
	has "Route" "$(in_route)" ';flag[;>]'
}

half_tag_in_upper_case_and_any_order() {
	half
	call_through ROUTES="$(routes ';SEQ=explicit;PHASE=ImsOrig')"
	has "Route" "$(in_route)" ';phase=origdone[;>]'
	has "Route" "${out,,}" ';seq=explicit[;>]'
}

half_tag_as_header_parameter() {
	half
	call_through ROUTES="Route: <sip:$to;transport=$transport;lr>;phase=imsorig;seq=explicit
Route: <$back;lr;odi=7f3a>"
	has "Route" "$(in_route)" ';phase=origdone[;>]'
	has "Route" "$(in_route)" ';seq=explicit'
	has "Route" "$(in_route)" ';odi=7f3a[;>]'
}

half_both_routes_in_one_header() {
	half
	call_through ROUTES="Route: <sip:$to;lr;phase=imsorig;seq=explicit>, <$back;lr;odi=7f3a>"
	has "Route" "$(in_route)" ';phase=origdone[;>]'
	has "Route" "$(in_route)" ';odi=7f3a[;>]'
}

half_without_way_back_the_configured_address() {
	half
	call_through ROUTES="Route: <sip:$to;transport=$transport;lr$usual>"
	local route
	route=$(in_route)
	has "Route" "$route" "^<sip:$SM:${port_of[sm]};"
	has "Route" "$route" ';lr[;>]'
	has "Route" "$route" ';phase=origdone[;>]'
	has "Route" "$route" ';seq=explicit[;>]'
}

half_old_phase_on_the_way_back_is_replaced() {
	half
	call_through ROUTES="$(routes "$usual" ';odi=7f3a;phase=imsorig')"
	has "Route" "$(in_route)" ';phase=origdone[;>]'
	has_not "Route" "$(in_route)" 'imsorig'
}

half_wrong_tags_are_answered() {
	half
	local tag
	for tag in origdone termdone nonsense IMSFOO; do
		answered 400 ROUTES="$(routes ";phase=$tag")"
		has "400 of phase=$tag" "$answer" "^Warning: 399 .*\".*$tag.*\"$"
	done
	answered 400 ROUTES="$(routes ';phase=imsorig;phase=imsterm')"
	has "400 of two phases" "$answer" '^Warning: 399 .*".*phase.*"$'
	answered 400 ROUTES="$(routes ';phase=')"
	has "400 of an empty phase" "$answer" '^Warning: 399 .*".+"$'
	answered 403 ROUTES="$(routes '')"
	answered 403 ROUTES=
	(($(journal event=reject status=400) >= 6)) || fail "wrong tags are not in the journal"
	journalled event=reject status=403
}

half_untagged_calls_may_be_routed() {
	call='untagged = "route";'
	half
	call_through ROUTES="$(routes '')"
	has "Route" "$(in_route)" ';odi=7f3a[;>]'
	has_not "Route" "$(in_route)" 'phase='
}

half_untagged_routed_runs_the_called_partys_features() {
	call='untagged = "route";'
	half
	answered 403 ROUTES="$(routes '')" URI=sip:2004@example.com
}
