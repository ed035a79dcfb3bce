# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A request that is too large for a datagram, to a proxy with addresses of both transports (RFC 3261
# section 18.1.1).

# both_transports: halfcalld knows the proxy by an address of UDP and one of TCP.
both_transports() {
	port_of[sm]=$(free_port $SM)
	port_of[sm-tcp]=$(free_port $SM)
	proxies="{ name = \"sm-a\"; address = \"sip:$SM:${port_of[sm]}\"; },
		{ name = \"sm-a-tcp\"; address = \"sip:$SM:${port_of[sm-tcp]};transport=tcp\"; }" half
}

# large_call: over UDP, with an INVITE of more than 1,300 bytes.
large_call() {
	incoming "invite hears-180 talks bye" EXTRA="X-Large: $(printf 'x%.0s' {1..1200})"
	peers_end caller sm
	out=$(message sm received ^INVITE)
	has "INVITE" "$out" '^X-Large: x{1200}$'
	equal "INVITEs" 1 "$(count sm received ^INVITE)"
}

half_large_request_goes_over_tcp() {
	both_transports
	local udp=${port_of[sm]}
	port_of[sm]=${port_of[sm-tcp]}
	transport=tcp sm "invite rings answers hears-bye"
	port_of[sm]=$udp
	large_call
	has "Via" "$(headers Via <<<"$out" | head -1)" "^SIP/2\\.0/TCP $CM:${port_of[cm-tcp]};"
	journalled half=orig event=bye
}

half_large_request_goes_over_udp_where_tcp_is_refused() {
	both_transports
	sm "invite rings answers hears-bye"
	large_call
	has "Via" "$(headers Via <<<"$out" | head -1)" "^SIP/2\\.0/UDP $CM:${port_of[cm-udp]};"
	journalled half=orig event=bye
}
