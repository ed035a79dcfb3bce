# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Whole calls, telephone to telephone, through a real Kamailio and twice through halfcalld.
# Kamailio is several processes, and what is sent in one breath may overtake itself there.
# SIPp takes its order for granted; so its telephones wait between two messages of their own.

# chain: the daemon, the proxy, and where telephones send.
chain() {
	cm_configure "$@"
	cm_start
	# shellcheck disable=SC2086
	sm_start ${kamailio:-}
	to=$SM:${port_of[sm]}
}

# registered NAME USER ADDRESS: the telephone NAME will wait at ADDRESS for calls to USER.
registered() {
	port_of[$3]=
	port_of[$1]=$(free_port "$3")
	peer "$1-registers" "$3" caller register FROM="$2" PORT="${port_of[$1]}"
	peers_end "$1-registers"
}

# callee "STEP..." [KEY=VALUE...]: telephone 2001, registered and waiting.
callee() {
	registered callee "${user:-2001}" 127.0.0.4
	peer callee 127.0.0.4 callee "$@"
}

# caller "STEP..." [KEY=VALUE...]: telephone 1001 (or FROM) calls 2001 (or $dial).
caller() {
	peer caller 127.0.0.3 caller "$@" FROM="${from:-1001}" \
		URI="sip:${dial:-2001}@example.com" ROUTES=
}

# The tags Kamailio saw, in their order.
phases() { sed -nE 's/.*phase (ims|orig|term)(orig|term|done) odi=.*/\1\2/p' "$dir/kamailio.log" | xargs; }

# A telephone must not learn of phases: neither in a request nor in an answer.
no_tag_at() {
	local phone
	for phone in "$@"; do
		has_not "what $phone heard" "$(sed -n '/message received/,/^---/p' "$dir/$phone.sip")" \
			'phase=|imsorig|origdone|imsterm|termdone'
	done
}

chain_call() {
	chain
	callee "invite rings waits answers hears-bye"
	caller "invite hears-180 talks waits bye"
	peers_end caller callee
	equal "phases" "imsorig origdone imsterm termdone" "$(phases)"
	no_tag_at caller callee
	has "INVITE at the callee" "$(message callee received ^INVITE)" '^INVITE sip:2001@127'
	equal "Routes at the callee" "" "$(message callee received ^INVITE | headers Route)"
	journalled half=orig phase_in=imsorig phase_out=origdone
	journalled half=term phase_in=imsterm phase_out=termdone
}

chain_callee_hangs_up() {
	chain
	callee "invite rings waits answers bye"
	caller "invite hears-180 talks hears-bye"
	peers_end caller callee
	has "BYE at the caller" "$(message caller received ^BYE)" '^Reason: Q.850;cause=16'
}

chain_holds_and_dials_inside_a_call() {
	chain
	callee "invite rings waits answers hears-hold hears-info waits holds waits info hears-bye"
	caller "invite hears-180 talks waits holds waits info hears-hold hears-info waits bye"
	peers_end caller callee
	has "body at the callee" "$(message callee received ^INVITE 2 | body)" '^a=sendonly'
	has "answer at the caller" "$(message caller received '200' 2 | body)" '^a=recvonly'
	has "INFO at the callee" "$(message callee received ^INFO | body)" '^Signal=5'
	has "INFO at the caller" "$(message caller received ^INFO | body)" '^Signal=5'
	equal "phases" "imsorig origdone imsterm termdone" "$(phases)"
}

chain_gives_up_while_ringing() {
	chain
	callee "invite rings cancelled"
	caller "invite hears-180 hangs-up"
	peers_end caller callee
	no_tag_at caller callee
}

chain_busy() {
	chain
	callee "invite rings waits refuses" STATUS=486 REASON="Busy Here" \
		EXTRA='X-Busy: "until later"'
	caller "invite hears-180 refused" STATUS=486
	peers_end caller callee
	has "486 at the caller" "$(message caller received ' 486')" '^X-Busy: "until later"$'
}

chain_nobody_is_registered() {
	chain
	caller "invite refused" STATUS=404
	peers_end caller
	equal "phases" "imsorig origdone imsterm termdone" "$(phases)"
}

chain_restricted_caller() {
	chain
	from=1002
	caller "invite refused" STATUS=403
	peers_end caller
	local answer
	answer=$(message caller received ' 403')
	has "403" "$answer" '^Warning: 399 .*".+"$'
	has "403" "$answer" '^Reason: Q\.850; ?cause=21; ?text="Call rejected"$'
	equal "phases" "imsorig" "$(phases)"
	journalled half=orig event=reject status=403 extension=1002
}

chain_unknown_number() {
	chain
	dial=5555
	caller "invite refused" STATUS=404
	peers_end caller
	has "404" "$(message caller received ' 404')" '^Reason: Q\.850; ?cause=1;'
	equal "phases" "imsorig" "$(phases)"
	journalled half=orig event=reject status=404
}

chain_digits_incomplete() {
	chain
	dial=030
	caller "invite refused" STATUS=484
	peers_end caller
	has "484" "$(message caller received ' 484')" '^Reason: Q\.850; ?cause=28;'
	equal "phases" "imsorig" "$(phases)"
	journalled half=orig event=reject status=484
}

chain_emergency_passes_every_restriction() {
	chain
	from=1002 dial=112 user=112
	callee "invite rings waits answers hears-bye"
	caller "invite hears-180 talks waits bye"
	peers_end caller callee
	equal "phases" "imsorig origdone imsterm termdone" "$(phases)"
}

chain_restricted_callee() {
	chain
	dial=2004
	caller "invite refused" STATUS=403
	peers_end caller
	equal "phases" "imsorig origdone imsterm" "$(phases)"
	journalled half=term event=reject status=403 extension=2004
}

chain_forwarded_without_condition() {
	chain
	dial=2003 user=2002
	callee "invite rings waits answers hears-bye"
	caller "invite hears-181 hears-180 talks waits bye"
	peers_end caller callee
	equal "phases" "imsorig origdone imsterm termdone" "$(phases)"
	no_tag_at caller callee
	local history
	history=$(message callee received ^INVITE | headers History-Info | tr '\n' ' ')
	has "History-Info" "$history" '<sip:2003@[^>]*>; ?index=1[ ,]'
	has "History-Info" "$history" \
		'<sip:2003@[^>]*cause%3D302[^>]*Redirection%3Bcause%3DCFI>; ?index=1\.1[ ,]'
	has "History-Info" "$history" '<sip:2002@[^>]*>; ?index=1\.2'
	journalled half=term event=forward
}

chain_telephone_may_not_set_a_phase() {
	chain
	peer caller 127.0.0.3 caller "invite refused" STATUS=403 FROM=1001 \
		URI=sip:2001@example.com ROUTES="Route: <sip:$to;lr;phase=origdone>"
	peers_end caller
	equal "phases" "" "$(phases)"
}

# states_of PEER USER: the dialog states that PEER was told of, in order, each once in a row.
states_of() { grep -oE '<state[^>]*>[a-z]+' "$dir/$1.sip" | sed 's/.*>//' | uniq | xargs; }

