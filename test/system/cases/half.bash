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

# Headers nobody owns, in an order no program would choose.
odd='Subject: lunch at one
Priority: urgent
Organization: Example, Inc. "quoted, comma"
Endpoint-View: <sip:1001@example.com;gr=17>;local-tag=abc
P-Location: SM;origlocation="Here";termlocation="There"
P-AV-Message-Id: 1_1
X-Repeated: first
User-to-User: 00fa0123456789;encoding=hex
X-Repeated: second
X-Repeated: third;with=parameter, and a comma
P-Charging-Vector: icid-value="abc:def"
Av-Global-Session-ID: 3c5e1d20-0000
x-lower-case:   spaces kept or not
X-Empty:
Accept-Language: en;q=0.7, de
Call-Info: <http://example.com/icon>;purpose=icon
X-Long: 0123456789012345678901234567890123456789012345678901234567890123456789'

# What a list of header lines says: names as they came, without the spaces around the value.
said() { sed -E 's/^([^:]*):[[:space:]]*/\1: /; s/[[:space:]]+$//'; }

half_headers_pass_untouched_and_in_order() {
	half
	call_through EXTRA="$odd"
	local names='Subject|Priority|Organization|Endpoint-View|P-Location|P-AV-Message-Id|X-[A-Za-z]*|User-to-User|P-Charging-Vector|Av-Global-Session-ID|x-lower-case|Accept-Language|Call-Info'
	equal "the odd headers" \
		"$(message caller sent ^INVITE | grep -E "^($names):" | said)" \
		"$(grep -E "^($names):" <<<"$out" | said)"
}

half_folded_headers_pass() {
	half
	call_through EXTRA='X-Folded: one
\x20 two
X-After: three'
	has "what was sent" "$(message caller sent ^INVITE)" '^ +two$'
	has "folded header" "$(tr '\n' ' ' <<<"$out")" 'X-Folded: one +two +X-After: three'
}

half_headers_of_answers_pass() {
	half
	call_through
	has "200 at the caller" "$(message caller received ' 200')" '^X-Answer: kept$'
	has "200 at the caller" "$(message caller received ' 200')" '^Server: CalleePhone/2'
}

half_bodies_pass_untouched() {
	half
	call_through BODY='v=0
o=- 1 1 IN IP4 192.0.2.44
s=-
c=IN IP4 192.0.2.44
t=0 0
a=strange:  two  spaces
m=audio 40000 RTP/SAVP 0 8 101
a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc/def|2^31'
	equal "the body" "$(message caller sent ^INVITE | body)" "$(body <<<"$out")"
	equal "the answer's body" "$(message sm sent ' 200' | body)" \
		"$(message caller received ' 200' | body)"
}

half_multipart_bodies_pass_untouched() {
	half
	call_through TYPE='multipart/mixed;boundary="xyz"' BODY='--xyz
Content-Type: application/sdp

v=0
o=- 1 1 IN IP4 192.0.2.44
s=-
--xyz
Content-Type: application/x-unknown;handling=optional
Content-ID: <part2@example.com>

any <bytes> & "more"
--xyz--'
	equal "the body" "$(message caller sent ^INVITE | body)" "$(body <<<"$out")"
	has "Content-Type" "$(headers Content-Type <<<"$out")" 'multipart/mixed; ?boundary="xyz"'
}

half_user_agent_chain_grows() {
	half
	call_through EXTRA='User-Agent: Phone/1 SM/2'
	has "User-Agent" "$(headers User-Agent <<<"$out")" '^Phone/1 SM/2 [^ ]+/[^ ]+'
}

half_identity_of_the_station() {
	half
	call_through EXTRA='P-Asserted-Identity: <sip:1001@example.com>'
	has "P-Asserted-Identity" "$(headers P-Asserted-Identity <<<"$out")" \
		'^"?Alice"? *<sip:1001@example\.com'
	equal "how many" 1 "$(headers P-Asserted-Identity <<<"$out" | wc -l)"
	has "Alert-Info" "$(headers Alert-Info <<<"$out")" \
		'^<cid:internal@example\.com>; ?avaya-cm-alert-type=internal$'
	local history
	history=$(headers History-Info <<<"$out" | tr '\n' ' ')
	has "History-Info" "$history" '^<sip:2001@example\.com>; ?index=1[, ]'
	has "History-Info" "$history" '<sip:2001@example\.com>; ?index=1\.1'
}

half_whose_dialog_it_is() {
	half
	call_through
	local in
	in=$(message caller sent ^INVITE)
	if [[ $model == b2bua ]]; then
		[[ $(headers Call-ID <<<"$in") != $(headers Call-ID <<<"$out") ]] ||
			fail "the outgoing leg has the incoming one's Call-ID"
		has_not "From of the outgoing leg" "$(headers From <<<"$out")" \
			"$(headers From <<<"$in" | grep -oE 'tag=[^;]*')"
		has "Contact" "$(headers Contact <<<"$out")" "@?${to}[;>]"
		equal "Via of the outgoing leg" 1 "$(headers Via <<<"$out" | wc -l)"
		equal "Record-Route" "" "$(headers Record-Route <<<"$out")"
		has "Contact of the answer" \
			"$(message caller received ' 200' | headers Contact)" "@?${to}[;>]"
	else
		local name
		for name in Call-ID From To CSeq Contact; do
			equal "$name" "$(headers $name <<<"$in")" "$(headers $name <<<"$out")"
		done
		equal "Via of the outgoing leg" 2 "$(headers Via <<<"$out" | wc -l)"
		has "Record-Route" "$(headers Record-Route <<<"$out")" "$to.*;lr[;>]"
		has_not "Record-Route" "$(headers Record-Route <<<"$out")" 'phase'
	fi
}

half_max_forwards_counts_down() {
	half
	call_through MAX_FORWARDS=17
	equal "Max-Forwards" 16 "$(headers Max-Forwards <<<"$out")"
	answered 483 MAX_FORWARDS=0
}

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

half_big_messages_pass() {
	half
	local line='' i
	for ((i = 0; i < 60; i++)); do
		line+=$'X-Big: 0123456789012345678901234567890123456789012345678901234567890123456789\n'
	done
	call_through EXTRA="${line%$'\n'}"
	equal "how many came through" 60 "$(headers X-Big <<<"$out" | wc -l)"
}

half_proxy_authorization_stays_here() {
	half
	call_through EXTRA='Proxy-Authorization: Digest username="1001",realm="example.com",nonce="a",uri="sip:example.com",response="b"
X-After: kept'
	equal "Proxy-Authorization" "" "$(headers Proxy-Authorization <<<"$out")"
	equal "X-After" "kept" "$(headers X-After <<<"$out")"
}

half_addresses_in_other_words_are_the_same() {
	half
	local uri
	for uri in 'sip:2001@example.com;user=phone' \
		'sips:2001@example.com' 'tel:2001' 'sip:2001@192.0.2.77:5099;transport=tcp'; do
		call_through URI="$uri"
		has "Request-URI" "$out" "^INVITE $(sed 's/[.]/\\./g' <<<"$uri") SIP/2\.0"
		rm -f "$dir"/{caller,sm}.*
	done
	call_through URI=sip:%32001@example.com
	rm -f "$dir"/{caller,sm}.*
	answered 403 FROM=%31002
}

half_unknown_feature_name_is_refused() {
	half
	answered 404 URI='sip:1001@example.com;avaya-cm-fnu=make-coffee'
	has "404" "$answer" '^Warning: 399 .*make-coffee'
	journalled event=reject status=404
}

term=';phase=imsterm;seq=explicit'

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
