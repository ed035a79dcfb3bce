# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Findings: what a proxy does wrong stands in the journal, without any script.

# found RULE [KEY=VALUE...]: the journal has such a finding, or soon will.
found() { journalled event=finding "rule=$1" "${@:2}"; }

half_tag_that_is_missing_or_wrong_is_a_finding() {
	half
	answered 403 ROUTES="Route: <sip:$to;transport=$transport;lr>"
	found phase-lost proxy=sm-a
	answered 400 ROUTES="$(routes ';phase=sideways;seq=explicit')"
	found phase-order 'reason=there is no phase .*halfcall-protocol.*'
	answered 400 ROUTES="$(routes ';phase=termdone;seq=explicit')"
	answered 404 URI=sip:2999@example.com ROUTES="$(routes "$term")"
	found wrong-half 'reason=imsterm came for 2999.*'
	equal "findings" 4 "$(journal event=finding)"
}

half_way_back_and_seq_that_are_missing_are_findings() {
	half
	call_through ROUTES="Route: <sip:$to;transport=$transport;lr;phase=imsterm>"
	found route-lost
	found seq-lost
	equal "findings" 2 "$(journal event=finding)"
}

half_call_without_fault_has_no_finding() {
	half
	call_through
	equal "findings" 0 "$(journal event=finding)"
}

half_findings_can_be_switched_off() {
	half 'findings = { enabled = false; };'
	answered 403 ROUTES="Route: <sip:$to;transport=$transport;lr>"
	sed -i '/^findings/d' "$dir/halfcalld.conf"
	kill -HUP "${pid_of[halfcalld]}"
	wait_line "$dir/halfcalld.log" 'reloaded '
	answered 400 ROUTES="$(routes ';phase=sideways;seq=explicit')"
	found phase-order
	equal "findings" 1 "$(journal event=finding)"
}

# The proxy says nothing for 600 ms, then rings: it is alive.
half_late_100_is_a_finding() {
	half
	sm "invite waits rings answers hears-bye" WAIT=600
	incoming "invite hears-180 talks bye"
	peers_end caller sm
	found 100-missing
}

chain_seq_that_the_proxy_forgets_is_a_finding() {
	findings='seq-lost'
	kamailio='-A TERM_TAG=phase=imsterm'
	chain
	callee "invite rings waits answers hears-bye"
	caller "invite hears-180 talks waits bye"
	peers_end caller callee
	found seq-lost proxy=sm-a
	equal "findings" 1 "$(journal event=finding)"
}
