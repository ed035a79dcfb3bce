# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Calls through halfcalld over IPv6, SIPp being the proxy.

# What leaves names halfcalld by the address it has, in brackets.
calls_over_ipv6() {
	CM='[::1]' SM='[::1]'
	listen="\"sip:$CM:0;transport=udp\", \"sip:$CM:0;transport=tcp\"" half
	# What stands in brackets is a word of SIPp's language.
	call_through ROUTES="$(routes "$usual" | sed 's/\[/\\x5b/g; s/]/\\x5d/g')"
	local way="\\[::1\\]:${port_of[cm-$transport]}"
	has "Via" "$(headers Via <<<"$out" | head -1)" "^SIP/2\\.0/${transport^^} $way;"
	if [[ $model == proxy ]]; then
		has "Record-Route" "$(headers Record-Route <<<"$out" | head -1)" "^<sip:$way;transport=$transport;lr"
	else
		has "Contact" "$(headers Contact <<<"$out")" "^<sip:1001@$way;transport=$transport>"
	fi
	equal "answers" 1 "$(journal event=answer half=orig proxy=sm-a)"
}

half_ipv6() { calls_over_ipv6; }

half_ipv6_and_tcp() {
	transport=tcp
	calls_over_ipv6
}
