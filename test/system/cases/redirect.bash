# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# halfcall-protocol(7), FORWARDING AND COVERAGE, with a telephone for each station behind
# Kamailio: which ones ring, and what the last one is told of those before it.

declare -A address_of=()	# user -> where the telephone is
first_line=1			# of Kamailio's log that belongs to this call

# switchboard [SQL]: the daemon, the proxy, and what is administered.
switchboard() {
	children=1
	chain
	cm_users "INSERT INTO station (extension, name) VALUES ('2006', 'Frank'), ('2007', 'Gina')"
	administer "${1:-}"
}

administer() {
	cm_users "$1" >"$dir/administer.log" 2>&1 || fail "sqlite3 failed, see administer.log"
}

# forward CONDITION TARGET [STATION] [SOURCE]: a row of call_forwarding.
forward() {
	administer "INSERT INTO call_forwarding VALUES
		('${3:-2001}', '$1', '${4:-any}', '$2', 1)"
}

# telephones USER...: each registered, at an address of its own.
telephones() {
	local user
	for user in "$@"; do
		address_of[$user]=127.0.1.$((${#address_of[@]} + 1))
		registered "$user" "$user" "${address_of[$user]}"
	done
}

# at USER "STEP..." [KEY=VALUE...]: what the telephone of USER does when it is called.
at() { peer "$1" "${address_of[$1]}" callee "${@:2}"; }

# outsider "STEP..." [KEY=VALUE...]: a call from outside.  The server that ran the features of
# its caller stands where halfcalld does, so Kamailio lets it say origdone.
outsider() {
	peer caller $CM caller "$@" FROM=+4930123456 URI="sip:${dial:-2001}@example.com" \
		ROUTES="Route: <sip:$to;lr;phase=origdone>"
}

# gone_through USER...: the caller and these telephones did as they were told.
gone_through() {
	peers_end caller "$@"
	no_tag_at caller "$@"
}

# next_call: what was heard so far is forgotten.
next_call() {
	rm -f "$dir"/caller.* "$dir"/[0-9+]*.{sip,err,log,xml}
	first_line=$(($(wc -l <"$dir/kamailio.log") + 1))
}

of_this_call() { tail -n "+$first_line" "$dir/kamailio.log"; }

# rang USER...: Kamailio sent the call to these telephones only, in this order.
rang() {
	equal "who was called" "$*" \
		"$(of_this_call | sed -nE 's/.*phone rings .* at=sips?:([^@]*)@.*/\1/p' | xargs)"
}

# went TAG...: the tags that Kamailio saw in this call, in their order.
went() {
	equal "phases" "$*" \
		"$(of_this_call | sed -nE 's/.*phase (ims|orig|term)(orig|term|done) odi=.*/\1\2/p' | xargs)"
}

declare -A reason_of=(
	[unconditional]='302 Moved%20Temporarily CFI'
	[busy]='486 Busy%20Here CFB'
	[no-answer]='480 Temporarily%20Unavailable CFNR'
	[unreachable]='408 Request%20Timeout CFNR'
	[cover-all]='302 Moved%20Temporarily NORMAL cover-all'
	[cover-busy]='486 Busy%20Here NORMAL cover-busy'
	[cover-no-reply]='480 Temporarily%20Unavailable NORMAL cover-no-reply'
	[send-all-calls]='302 Moved%20Temporarily NORMAL send-all-calls'
)

# entries USER: the History-Info that the telephone of USER received, an entry a line as
# INDEX NUMBER and, where one was left, CAUSE TEXT REASON [AVAYA_REASON].
entries() {
	local why='Reason=SIP%3Bcause%3D([0-9]+)%3Btext%3D%22([A-Za-z%0-9]*)%22'
	why+='&Reason=Redirection%3Bcause%3D([A-Z]+)(%3Bavaya-cm-reason%3D%22([a-z-]+)%22)?'
	message "$1" received ^INVITE | headers History-Info | tr ',' '\n' | sed -E \
		-e "s/^ *(\"[^\"]*\" *)?<sip:([^@]*)@example\.com(\?$why)?>; ?index=([0-9.]+)\$/\9 \2 \4 \5 \6 \8/" \
		-e 's/ +$//'
}

# told USER FIRST [WHO=WHY...]: USER's telephone is told that the call was for FIRST, and who
# was left, why, on its way to USER.
told() {
	local user=$1 wanted="1 $2" step number=0
	shift 2
	for step in "$@" "$user"; do
		wanted+=$'\n'"1.$((++number)) ${step%%=*}"
		[[ $step != *=* ]] || wanted+=" ${reason_of[${step#*=}]}"
	done
	equal "History-Info at $user" "$wanted" "$(entries "$user")"
}

# --- each condition, and whatever the new target does --------------------------------------

# forwarded WHY "2001's STEPS" "what the caller hears" [KEY=VALUE...]: four times, and 2002
# answers, refuses, rings until the caller gives up, or has no telephone.
forwarded() {
	local why=$1 callee=$2 hears=$3 row=$1 first=()
	shift 3
	[[ ! $callee ]] || first=(2001)

	next_call
	[[ ! $callee ]] || at 2001 "$callee" "$@"
	at 2002 "invite rings answers hears-bye"
	caller "invite $hears hears-180 talks waits bye"
	gone_through "${first[@]}" 2002
	rang "${first[@]}" 2002
	went imsorig origdone imsterm "${first[@]/2001/termdone}" termdone
	told 2002 2001 2001="$why"
	[[ ! $callee ]] || equal "History-Info at 2001" $'1 2001\n1.1 2001' "$(entries 2001)"

	next_call
	[[ ! $callee ]] || at 2001 "$callee" "$@"
	at 2002 "invite refuses" STATUS=603
	caller "invite $hears refused" STATUS=603
	gone_through "${first[@]}" 2002

	next_call
	[[ ! $callee ]] || at 2001 "$callee" "$@"
	at 2002 "invite rings cancelled"
	caller "invite $hears hears-180 hangs-up"
	gone_through "${first[@]}" 2002
	told 2002 2001 2001="$why"

	next_call
	administer "UPDATE call_forwarding SET destination = '2006'"
	[[ ! $callee ]] || at 2001 "$callee" "$@"
	caller "invite $hears refused" STATUS=404
	gone_through "${first[@]}"
	rang "${first[@]}"

	equal "forwardings journalled" 4 \
		"$(journal half=term event=forward "rule=forwarding:$row")"
	administer "UPDATE call_forwarding SET destination = '2002'"
}

proxied_forwarded_unconditionally() {
	switchboard
	forward unconditional 2002
	telephones 2001 2002
	forwarded unconditional "" "hears-181"
}

proxied_forwarded_when_busy() {
	switchboard
	forward busy 2002
	telephones 2001 2002
	forwarded busy "invite refuses" "hears-181" STATUS=486
}

proxied_forwarded_when_busy_everywhere() {
	switchboard
	forward busy 2002
	telephones 2001 2002
	forwarded busy "invite rings refuses" "hears-180 hears-181" STATUS=600
}

# The station's own ring time, and the one configured for those that have none.
proxied_forwarded_when_nobody_answers() {
	call='no_answer = 300;'
	switchboard "UPDATE station SET ring_seconds = 1 WHERE extension = '2001'"
	forward no-answer 2002
	telephones 2001 2002
	forwarded_after_ringing
}

proxied_forwarded_when_nobody_answers_in_the_configured_time() {
	call='no_answer = 1;'
	switchboard
	forward no-answer 2002
	telephones 2001 2002
	forwarded_after_ringing
}

# What differs from `forwarded`: 2001 is cancelled and its 487 is waited for.
forwarded_after_ringing() {
	at 2001 "invite rings cancelled"
	at 2002 "invite rings answers hears-bye"
	caller "invite hears-180 hears-181 hears-180 talks waits bye"
	gone_through 2001 2002
	rang 2001 2002
	went imsorig origdone imsterm termdone termdone
	told 2002 2001 2001=no-answer
	journalled half=term event=no-answer rule=forwarding:no-answer to=2002

	next_call
	at 2001 "invite rings cancelled"
	at 2002 "invite refuses" STATUS=486
	caller "invite hears-180 hears-181 refused" STATUS=486
	gone_through 2001 2002

	next_call
	at 2001 "invite rings cancelled"
	at 2002 "invite rings cancelled"
	caller "invite hears-180 hears-181 hears-180 hangs-up"
	gone_through 2001 2002
	told 2002 2001 2001=no-answer
}

# The answer of 2001 crosses the CANCEL: who answered is hung up, or, for a proxy, talks.
proxied_forwarding_crossed_by_an_answer() {
	switchboard "UPDATE station SET ring_seconds = 1 WHERE extension = '2001'"
	forward no-answer 2002
	telephones 2001 2002
	at 2001 "invite rings answers-cancel hears-bye"
	if [[ $model == proxy ]]; then
		caller "invite hears-180 talks waits bye"
		gone_through 2001
		rang 2001
		return
	fi
	at 2002 "invite rings answers hears-bye"
	caller "invite hears-180 hears-181 hears-180 talks waits bye"
	gone_through 2001 2002
	rang 2001 2002
	told 2002 2001 2001=no-answer
}

proxied_forwarded_when_unreachable() {
	switchboard
	forward unreachable 2002
	telephones 2001 2002
	forwarded unreachable "invite refuses" "hears-181" STATUS=480
	local status
	# Kamailio makes 500 of a telephone's 503.
	for status in 408 500 502 503 504; do
		next_call
		at 2001 "invite rings refuses" STATUS=$status
		at 2002 "invite rings answers hears-bye"
		caller "invite hears-180 hears-181 hears-180 talks waits bye"
		gone_through 2001 2002
		told 2002 2001 2001=unreachable
	done
}

# Registered, but gone: Kamailio gives it five seconds.
proxied_forwarded_when_the_telephone_says_nothing() {
	switchboard
	forward unreachable 2002
	telephones 2001 2002
	at 2002 "invite rings answers hears-bye"
	caller "invite hears-181 hears-180 talks waits bye"
	gone_through 2002
	rang 2001 2002
	told 2002 2001 2001=unreachable
}

# Not registered: Kamailio says so by 404, which is final, or by 480, which is forwarded.
proxied_forwarded_when_nobody_is_registered() {
	kamailio='-A WITH_480'
	switchboard
	forward unreachable 2002
	telephones 2002
	at 2002 "invite rings answers hears-bye"
	caller "invite hears-181 hears-180 talks waits bye"
	gone_through 2002
	rang 2002
	told 2002 2001 2001=unreachable
}

proxied_forwarding_does_not_serve_other_failures() {
	switchboard
	forward busy 2002
	forward no-answer 2002
	forward unreachable 2002
	telephones 2001 2002
	local status
	for status in 302 400 403 404 410 488 501 505 603 606; do
		next_call
		at 2001 "invite rings refuses" STATUS=$status
		caller "invite hears-180 refused" STATUS=$status
		gone_through 2001
		rang 2001
	done
	# Nor does a row serve another condition than its own.
	administer "DELETE FROM call_forwarding WHERE extension = '2001'"
	forward busy 2002
	next_call
	at 2001 "invite rings refuses" STATUS=480
	caller "invite hears-180 refused" STATUS=480
	gone_through 2001
	administer "UPDATE call_forwarding SET condition = 'unreachable' WHERE extension = '2001'"
	next_call
	at 2001 "invite rings refuses" STATUS=486
	caller "invite hears-180 refused" STATUS=486
	gone_through 2001
	equal "forwardings" 0 "$(journal event=forward)"
}

# --- which row -----------------------------------------------------------------------------

proxied_forwarding_by_source() {
	switchboard
	forward unconditional 2002 2001 internal
	forward unconditional 2006 2001 any
	forward busy 2002 2007 external
	telephones 2002 2006 2007
	at 2002 "invite rings answers hears-bye"
	caller "invite hears-181 hears-180 talks waits bye"
	gone_through 2002
	rang 2002
	next_call
	at 2006 "invite rings answers hears-bye"
	outsider "invite hears-181 hears-180 talks waits bye"
	gone_through 2006
	rang 2006
	went origdone imsterm termdone
	# A row for the other kind of caller is none.
	next_call
	at 2007 "invite refuses"
	dial=2007 caller "invite refused"
	gone_through 2007
	rang 2007
	next_call
	at 2007 "invite refuses"
	at 2002 "invite rings answers hears-bye"
	dial=2007 outsider "invite hears-181 hears-180 talks waits bye"
	gone_through 2007 2002
	rang 2007 2002
	# The exact row for calls from outside beats the other one as well.
	administer "DELETE FROM call_forwarding WHERE source = 'internal'"
	forward unconditional 2007 2001 external
	next_call
	at 2007 "invite refuses"
	outsider "invite hears-181 refused"
	gone_through 2007
	rang 2007
	next_call
	at 2006 "invite refuses"
	caller "invite hears-181 refused"
	gone_through 2006
	rang 2006
}

proxied_unconditional_forwarding_beats_the_others() {
	switchboard "UPDATE station SET ring_seconds = 1 WHERE extension = '2001'"
	forward busy 2006 2001 internal
	forward no-answer 2006 2001 internal
	forward unreachable 2006 2001 internal
	forward unconditional 2002
	telephones 2001 2002
	at 2002 "invite rings answers hears-bye"
	caller "invite hears-181 hears-180 talks waits bye"
	gone_through 2002
	rang 2002
	# What is switched off is none.
	administer "UPDATE call_forwarding SET active = 0"
	next_call
	at 2001 "invite refuses"
	caller "invite refused"
	gone_through 2001
	rang 2001
}

# --- what History-Info and Diversion tell --------------------------------------------------

proxied_history_that_arrived_is_kept_and_numbered_on() {
	switchboard
	forward busy 2002
	telephones 2001 2002
	at 2001 "invite refuses"
	at 2002 "invite rings answers hears-bye"
	caller "invite hears-181 hears-180 talks waits bye" \
		EXTRA='History-Info: <sip:5000@example.com>;index=1
History-Info: "Five" <sip:5001@example.com?Reason=SIP%3Bcause%3D302>;index=1.4, <sip:2001@example.com>;index=1.5'
	gone_through 2001 2002
	equal "History-Info at 2002" "1 5000
\"Five\" <sip:5001@example.com?Reason=SIP%3Bcause%3D302>;index=1.4
1.5 2001 ${reason_of[busy]}
1.6 2002" "$(entries 2002)"
	# The last of it is somebody else: 2001 gets an entry of its own.
	next_call
	at 2001 "invite refuses"
	at 2002 "invite rings answers hears-bye"
	caller "invite hears-181 hears-180 talks waits bye" \
		EXTRA='History-Info: <sip:5000@example.com>;index=1.3'
	gone_through 2001 2002
	equal "History-Info at 2002" "1.3 5000
1.4 2001 ${reason_of[busy]}
1.5 2002" "$(entries 2002)"
}

# diverted USER [WHO=WHY...]: what Diversion tells USER, the last diversion first.
diverted() {
	local wanted='' step
	for step in "${@:2}"; do
		wanted+="${wanted:+ }${step%%=*}=${step#*=}"
	done
	equal "Diversion at $1" "$wanted" "$(message "$1" received ^INVITE | headers Diversion |
		tr ',' '\n' | sed -E 's/^ *("[^"]*" *)?<sip:([^@]*)@example\.com>; ?reason=([a-z-]+);.*/\2=\3/' |
		xargs)"
}

proxied_diversion_when_configured() {
	call='diversion = true; no_answer = 1;'
	switchboard
	telephones 2001 2002
	local condition status word
	while read -r condition status word; do
		administer "DELETE FROM call_forwarding WHERE extension = '2001'"
		forward "$condition" 2002
		next_call
		at 2002 "invite refuses"
		if ((status == 0)); then
			caller "invite hears-181 refused" EXTRA='Diversion: <sip:5000@example.com>;reason=unknown;counter=1'
			gone_through 2002
			diverted 2002 2001=unconditional 5000=unknown
			continue
		elif ((status == 487)); then
			at 2001 "invite rings cancelled"
			caller "invite hears-180 hears-181 refused"
		else
			at 2001 "invite refuses" STATUS="$status"
			caller "invite hears-181 refused"
		fi
		gone_through 2001 2002
		diverted 2002 "2001=$word"
		equal "Diversion at 2001" "" "$(message 2001 received ^INVITE | headers Diversion)"
	done <<-'END'
	unconditional 0 unconditional
	busy 486 user-busy
	no-answer 487 no-answer
	unreachable 480 unavailable
	END
}

proxied_no_diversion_unless_told() {
	switchboard
	telephones 2002
	at 2002 "invite refuses"
	dial=2003 caller "invite hears-181 refused"
	gone_through 2002
	has_not "INVITE at 2002" "$(message 2002 received ^INVITE)" '^Diversion:'
}

# Over TCP as well: a call that is forwarded twice and talks.
chain_forwarded_twice() {
	call='chained = true;'
	chain
	telephones 2001 2003 2002
	administer "INSERT INTO call_forwarding VALUES ('2001', 'busy', 'any', '2003', 1)"
	at 2001 "invite refuses"
	at 2002 "invite rings waits answers hears-hold waits holds hears-bye"
	caller "invite hears-181 hears-180 talks waits holds hears-hold waits bye"
	gone_through 2001 2002
	rang 2001 2002
	told 2002 2001 2001=busy 2003=unconditional
}
