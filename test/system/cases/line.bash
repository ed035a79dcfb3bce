# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Line reservation: SIPp is the telephone and the proxy in front of it.  `phone` goes
# off-hook, dials and hangs up; `sm` takes the call that halfcalld sends by the way back.

# phone NAME "STEP..." [KEY=VALUE...]: a telephone of 1001 on line 1 that dials 2001, unless
# told.  It is the proxy itself, or a telephone behind it at the address $at.
phone() {
	local name=$1 steps=$2 routes=
	shift 2
	[[ ${at:-} ]] || routes=$(routes "$usual")
	peer "$name" "${at:-$SM}" phone "$steps" FROM=1001 URI=sip:2001@example.com TO_TAG= \
		OFF_HOOK='sip:1001@example.com;avaya-cm-fnu=off-hook' \
		OFF_HOOK_TO='sip:1001@example.com;avaya-cm-fnu=off-hook' \
		LINE=';+avaya-cm-line=1' RESERVES='Expires: 30' STATUS=487 \
		SUPPORTED='100rel,eventlist,feature-ref,replaces,tdialog' \
		ROUTES="$routes" "$@"
}

# holds_line NAME LINE [KEY=VALUE...]: off-hook, and stays so until told to stop.
holds_line() {
	phone "$1" "off-hook hears-183 waits on-hook line-ends" LINE=";+avaya-cm-line=$2" \
		WAIT=3000 "${@:3}"
	wait_line "$dir/$1.sip" '^SIP/2.0 183'
}

# is_refused STATUS [KEY=VALUE...]: the off-hook INVITE is; $answer is the response.
is_refused() {
	rm -f "$dir/refused".*
	phone refused "off-hook line-ends" STATUS="$1" "${@:2}"
	peers_end refused
	answer=$(message refused received " $1 ")
}

# goes_off_and_on_hook [KEY=VALUE...]: a whole reservation; $answer is the 183.
goes_off_and_on_hook() {
	rm -f "$dir/short".*
	phone short "off-hook hears-183 on-hook line-ends" "$@"
	peers_end short
	answer=$(message short received ' 183')
	has "183" "$answer" '^To:.*;tag=[^;]+'
}

dialling="off-hook hears-183 dials hears-484 hears-180 talks bye"

half_line_off_hook_then_on_hook() {
	half
	phone phone "off-hook hears-183 on-hook line-ends"
	peers_end phone
	answer=$(message phone received ' 183')
	equal "answer" 'SIP/2.0 183 Session Progress' "$(head -1 <<<"$answer")"
	has "To" "$(headers To <<<"$answer")" '^<sip:1001@example.com;avaya-cm-fnu=off-hook>;tag=.+'
	has "Contact" "$(headers Contact <<<"$answer")" "^<sip:.*$CM:${port_of[cm-udp]}"
	equal "CSeq" '2 INVITE' "$(headers CSeq <<<"$answer")"
	equal "body" '' "$(body <<<"$answer")"
	equal "Content-Length" 0 "$(headers Content-Length <<<"$answer")"
	has_not "183" "$answer" '^(RSeq|Require):'
	equal "its To tag" "$(headers To <<<"$answer")" \
		"$(message phone received ' 487' | headers To)"
	equal "CSeq of the 487" '2 INVITE' "$(message phone received ' 487' | headers CSeq)"
	journalled half=line event=off-hook status=183 extension=1001
	journalled half=line event=on-hook status=487 extension=1001
	cm_drain
	has "log" "$(<"$dir/halfcalld.log")" 'half=line from=1001 status=487'
}

half_line_off_hook_is_known_however_it_is_written() {
	half
	local plain=sip:1001@example.com uri party
	while read -r uri party; do
		goes_off_and_on_hook OFF_HOOK="$uri" OFF_HOOK_TO="$party"
	done <<-END
	$plain;avaya-cm-fnu=off-hook $plain
	$plain $plain;avaya-cm-fnu=off-hook
	$plain;AVAYA-CM-FNU=OFF-HOOK $plain;Avaya-CM-fnu=Off-Hook
	$plain;avaya-cm-fnu=off-hook;avaya-cm-action=on;x=y $plain
	$plain;x=y;avaya-cm-fnu=off-hook;user=phone $plain
	sips:1001@example.com;avaya-cm-fnu=off-hook sips:1001@example.com
	END
	equal "reservations" 6 "$(journal half=line event=off-hook)"
	equal "calls" 0 "$(journal half=orig)"
}

half_line_unknown_feature_name_is_refused() {
	half
	is_refused 404 OFF_HOOK='sip:1001@example.com;avaya-cm-fnu=dance' \
		OFF_HOOK_TO='sip:1001@example.com'
	has "404" "$answer" '^Warning: 399 .*dance'
}

half_line_without_a_wish_is_the_lowest_idle_one() {
	half
	holds_line first 1
	holds_line any 1 LINE=
	is_refused 486 LINE=';+avaya-cm-line=2'
	goes_off_and_on_hook LINE=';+avaya-cm-line=3'
	peers_end first any
	goes_off_and_on_hook LINE=';+avaya-cm-line=2'
}

half_line_may_be_quoted() {
	half
	holds_line phone 1 LINE=';+avaya-cm-line="2"'
	is_refused 486 LINE=';+avaya-cm-line=2'
	goes_off_and_on_hook
	peers_end phone
}

half_line_refusals() {
	half
	local line
	for line in 4 257 4294967297 0 -1 two '"x"'; do
		is_refused 404 LINE=";+avaya-cm-line=$line"
	done
	journalled half=line event=reject status=404 extension=1001 rule=appearance:unknown
	is_refused 404 FROM=9999 OFF_HOOK='sip:9999@example.com;avaya-cm-fnu=off-hook' \
		OFF_HOOK_TO='sip:9999@example.com;avaya-cm-fnu=off-hook'
	# Of whose line it is, both must be one of ours.
	is_refused 404 OFF_HOOK='sip:9999@example.com;avaya-cm-fnu=off-hook'
	is_refused 404 FROM=9999
	is_refused 403 FROM=1002 OFF_HOOK='sip:1002@example.com;avaya-cm-fnu=off-hook' \
		OFF_HOOK_TO='sip:1002@example.com;avaya-cm-fnu=off-hook'
	has "403" "$answer" '^Warning: 399 .*".+"$'
	is_refused 403 FROM=1004 OFF_HOOK='sip:1004@example.com;avaya-cm-fnu=off-hook' \
		OFF_HOOK_TO='sip:1004@example.com;avaya-cm-fnu=off-hook'
	is_refused 420 SUPPORTED=$'100rel\nRequire: feature-ref, foo'
	equal "Unsupported" foo "$(headers Unsupported <<<"$answer")"
	equal "lines shown" 0 "$(journal half=line event=off-hook)"
	goes_off_and_on_hook
}

half_line_busy_and_all_busy() {
	half
	holds_line one 1
	is_refused 486
	journalled half=line event=reject status=486 extension=1001 rule=appearance:busy
	holds_line two 2
	holds_line three 3
	is_refused 486 LINE=
	goes_off_and_on_hook FROM=1003 OFF_HOOK='sip:1003@example.com;avaya-cm-fnu=off-hook'
	peers_end one two three
	goes_off_and_on_hook
}

half_line_reliable_when_required() {
	half
	phone phone "off-hook hears-reliable-183 on-hook line-ends" \
		RESERVES='Require: 100rel
Expires: 30'
	peers_end phone
	has "Require" "$(message phone received ' 183' | headers Require)" '100rel'
	equal "183s" 1 "$(count phone received ' 183')"
	phone phone2 "off-hook hears-reliable-183 dials hears-484 hears-180 talks bye" \
		RESERVES='Require: 100rel'
	sm "invite rings answers hears-bye"
	peers_end phone2 sm
}

half_line_reliable_when_configured() {
	half 'line = { reliable = true; };'
	phone phone "off-hook hears-reliable-183 on-hook line-ends"
	peers_end phone
	# Not to a telephone that does not know how.
	goes_off_and_on_hook SUPPORTED=replaces
	has_not "183" "$answer" '^RSeq:'
}

half_line_dialled() {
	half
	sm "invite rings answers hears-bye"
	phone phone "$dialling"
	peers_end phone sm
	equal "CSeq of the 484" '2 INVITE' "$(message phone received ' 484' | headers CSeq)"
	equal "its To" "$(message phone received ' 183' | headers To)" \
		"$(message phone received ' 484' | headers To)"
	equal "INVITEs that go on" 1 "$(count sm received ^INVITE)"
	out=$(message sm received ^INVITE)
	has "Route" "$(in_route)" ';phase=origdone[;>]'
	has "INVITE" "$out" '^INVITE sip:2001@example.com SIP/2.0$'
	has_not "INVITE" "$out" 'avaya-cm-fnu'
	equal "body" "$(message phone sent ^INVITE 2 | body)" "$(body <<<"$out")"
	journalled half=line event=dialled status=484 extension=1001
	journalled half=orig event=answer status=200 extension=1001
	goes_off_and_on_hook
	cm_drain
	has "log" "$(<"$dir/halfcalld.log")" 'left=0'
}

half_line_dialled_over_tcp() {
	transport=tcp
	half
	# In one segment with the 484 the 180 would reach SIPp before it has acknowledged the 484.
	sm "invite waits rings answers hears-bye"
	phone phone "$dialling"
	peers_end phone sm
}

half_line_dialled_with_our_tag() {
	half
	sm "invite rings answers hears-bye"
	phone phone "$dialling" TO_TAG='[peer_tag_param]'
	peers_end phone sm
	has "the dialled INVITE" "$(message phone sent ^INVITE 2 | headers To)" ';tag='
	out=$(message sm received ^INVITE)
	has "Route" "$(in_route)" ';phase=origdone[;>]'
	has_not "To" "$(headers To <<<"$out")" ';tag='
	journalled half=line event=dialled status=484
}

# A proxy would pass this as a request of a dialog of others.
daemon_line_dialled_with_an_unknown_tag() {
	half
	phone phone "off-hook hears-183 dials refused on-hook line-ends" TO_TAG=';tag=unknown' \
		DIALLED_STATUS=481
	peers_end phone
	equal "dialled" 0 "$(journal half=line event=dialled)"
	goes_off_and_on_hook
}

half_line_dialled_number_may_be_refused() {
	half
	phone phone "off-hook hears-183 dials hears-484-and-refused" URI=sip:5555@example.com \
		DIALLED_STATUS=404
	peers_end phone
	journalled half=orig event=reject status=404
	goes_off_and_on_hook
}

half_line_is_idle_after_a_failed_call() {
	half
	sm "invite rings refuses" STATUS=486
	phone phone "off-hook hears-183 dials hears-484 hears-180 refused" DIALLED_STATUS=486
	peers_end phone sm
	goes_off_and_on_hook
}

half_line_repetitions_change_nothing() {
	half
	sm "invite waits rings answers hears-bye"
	phone phone "off-hook hears-183 off-hook-again hears-183 dials hears-484
		dials-again hears-180 talks bye" -- -nr
	peers_end phone sm
	equal "183s" 2 "$(grep -c '^SIP/2.0 183' "$dir/phone.sip")"
	equal "reservations" 1 "$(journal half=line event=off-hook)"
	equal "INVITEs that go on" 1 "$(count sm received ^INVITE)"
}

half_line_dialled_overtakes_the_off_hook() {
	half
	sm "invite waits rings answers hears-bye"
	phone phone "dials hears-100 off-hook hears-484 hears-180 talks bye"
	peers_end phone sm
	equal "CSeq of the 484" '2 INVITE' "$(message phone received ' 484' | headers CSeq)"
	equal "reservations" 0 "$(journal half=line event=off-hook)"
	journalled half=orig event=answer
	goes_off_and_on_hook
}

half_line_on_hook_crosses_the_484() {
	half
	sm "invite waits rings answers hears-bye"
	phone phone "off-hook hears-183 dials hears-484-and-is-silent hears-100
		on-hook acks-484 hears-180 talks bye"
	peers_end phone sm
	equal "487s" 0 "$(count phone received ' 487')"
	journalled half=orig event=answer
	goes_off_and_on_hook
}

half_line_of_a_call_is_busy() {
	half
	sm "invite rings answers hears-bye"
	phone phone "off-hook hears-183 dials hears-484 hears-180 talks waits bye" WAIT=1500
	wait_line "$dir/sm.sip" '^ACK '
	is_refused 486
	goes_off_and_on_hook LINE=';+avaya-cm-line=2'
	goes_off_and_on_hook LINE=
	peers_end phone sm
	goes_off_and_on_hook
}

half_line_two_telephones_of_a_station() {
	half
	peer sm $SM callee "invite waits rings answers hears-bye" -- -m 2
	phone one "off-hook hears-183 waits dials hears-484 hears-180 talks bye"
	phone two "off-hook hears-183 waits dials hears-484 hears-180 talks bye" \
		LINE=';+avaya-cm-line=2'
	peers_end one two sm
	equal "dialled" 2 "$(journal half=line event=dialled)"
	equal "answered" 2 "$(journal half=orig event=answer)"
	goes_off_and_on_hook
	goes_off_and_on_hook LINE=';+avaya-cm-line=2'
}

half_line_telephone_that_never_acknowledges() {
	half
	sm "invite waits rings answers hears-bye" WAIT=1200
	phone phone "off-hook hears-183 dials hears-484-and-is-silent hears-484s-and-180 talks bye"
	peers_end phone sm
	local times
	times=$(grep -c '^SIP/2.0 484' "$dir/phone.sip")
	((times >= 2)) || fail "the 484 was not repeated"
	journalled half=orig event=bye
	goes_off_and_on_hook
	cm_drain
}

# --- half a minute each: nothing is dialled -----------------------------------------------

# lasted NAME: whole seconds from the 183 to the final response.
lasted() {
	awk '/^-+ [0-9][0-9][0-9][0-9]-/ { split($3, part, ":"); now = part[1] * 3600 + part[2] * 60 + part[3] }
		/^SIP\/2.0 183/ { begin = now }
		/^SIP\/2.0 4/ { if (begin && !end) end = now }
		END { printf "%d\n", (end - begin + 86400) % 86400 + 0.5 }' "$dir/$1.sip"
}

half_line_times_out_within_bounds() {
	patience=50
	half 'line = { reservation = 33; };'
	phone short "off-hook hears-183 line-ends" RESERVES='Expires: 5'
	phone wanted "off-hook hears-183 line-ends" RESERVES='Expires: 32' LINE=';+avaya-cm-line=2'
	phone long "off-hook hears-183 line-ends" RESERVES='Expires: 4000' LINE=';+avaya-cm-line=3'
	phone silent "off-hook hears-183 line-ends" RESERVES= FROM=1003 \
		OFF_HOOK='sip:1003@example.com;avaya-cm-fnu=off-hook'
	peers_end short wanted long silent
	equal "Expires 5" 30 "$(lasted short)"
	equal "Expires 32" 32 "$(lasted wanted)"
	equal "Expires 4000" 33 "$(lasted long)"
	equal "no Expires" 33 "$(lasted silent)"
	equal "time-outs" 4 "$(journal half=line event=timeout status=487)"
	goes_off_and_on_hook
}

half_line_dialled_after_the_time_out_is_a_plain_call() {
	patience=50
	half 'denial = { reservation_timeout = 480; };'
	sm "invite rings answers hears-bye"
	phone phone "off-hook hears-183 line-ends dials hears-180 talks bye" STATUS=480
	peers_end phone sm
	journalled half=line event=timeout status=480
	journalled half=orig event=answer
	equal "dialled" 0 "$(journal half=line event=dialled)"
	goes_off_and_on_hook
}
