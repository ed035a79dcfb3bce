# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Whole calls, telephone to telephone, through a real Kamailio and twice through halfcalld.

# chain: the daemon, the proxy, and where telephones send.
chain() {
	cm_configure "$@"
	cm_start
	sm_start
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
	callee "invite rings answers hears-bye"
	caller "invite hears-180 talks bye"
	peers_end caller callee
	equal "phases" "imsorig origdone imsterm termdone" "$(phases)"
	no_tag_at caller callee
}
