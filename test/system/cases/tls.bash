# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# TLS between Kamailio and halfcalld, with certificates on both sides: calls, and who is refused.

# connections PORT-OF [PORT-OF]: how many there are to one of these.
connections() {
	local name filter=''
	for name in "$@"; do
		filter+="${filter:+ or }dport = ${port_of[$name]}"
	done
	ss -Htn state established "( $filter )" | wc -l
}

# over_tls: it was TLS by which the two spoke, and nothing else.
over_tls() {
	equal "plain connections to halfcalld" 0 "$(connections cm-tcp)"
	(($(connections cm-tls) > 0 && $(connections sm-tls) > 0)) ||
		fail "no TLS connection from each to the other"
	has "who rang" "$(message callee received ^INVITE)" "^Record-Route: <sip:$SM:${port_of[sm-tls]};transport=tls"
}

tls_call() {
	chain_call
	over_tls
}

tls_call_over_ipv6() {
	CM='[::1]' tls_at='[::1]'
	chain_call
	has "who rang" "$(message callee received ^INVITE)" "^Record-Route: <sip:\\[::1\\]:${port_of[sm-tls]};transport=tls"
	journalled half=orig event=answer proxy=sm-a
}

tls_callee_hangs_up() { chain_callee_hangs_up; over_tls; }
tls_holds_and_dials_inside_a_call() { chain_holds_and_dials_inside_a_call; over_tls; }
tls_gives_up_while_ringing() { chain_gives_up_while_ringing; over_tls; }
tls_busy() { chain_busy; over_tls; }
tls_forwarded_without_condition() { chain_forwarded_without_condition; over_tls; }

# The telephone's own connection is TLS, too.
tls_baresip_makes_and_takes_a_call() {
	chain_baresip_makes_and_takes_a_call
	has "who rang" "$(<"$dir/kamailio.log")" 'phone registers user=1001 contact=<sip:.*transport=tls'
}

# shake FROM CERTIFICATE [VERSION]: what who connects so is shown by halfcalld, or "refused".
shake() { "$here/shake" "$dir" "$1" "$CM:${port_of[cm-tls]}" "${@:2}" 2>>"$dir/shake.log"; }

# cm_alone: halfcalld with TLS, without a proxy.
cm_alone() {
	cm_configure "$@"
	cm_start
}

tls_who_connects_is_known_by_certificate() {
	cm_alone
	certificate evil evil.example.com
	equal "the proxy" "TLSv1.3 sip:cm.example.com" "$(shake $SM sm)"
	equal "the proxy by TLS 1.2" "TLSv1.2 sip:cm.example.com" "$(shake $SM sm 1.2)"
	equal "the proxy by TLS 1.1" refused "$(shake $SM sm 1.1)"
	equal "the proxy without certificate" refused "$(shake $SM -)"
	equal "the proxy under another name" refused "$(shake $SM evil)"
	equal "a stranger without certificate" refused "$(shake $STRANGER -)"
	has "log" "$(<"$dir/halfcalld.log")" \
		"^warning: no TLS with sm-a at $SM:[0-9]+: its certificate is not for sm.example.com$"
	has "log" "$(<"$dir/halfcalld.log")" "^warning: no TLS with sm-a at $SM:[0-9]+: it shows no certificate$"
	has "log" "$(<"$dir/halfcalld.log")" "^warning: no TLS with sm-a at $SM:[0-9]+: unsupported protocol$"
	has_not "log" "$(<"$dir/halfcalld.log")" "$STRANGER"
	mv "$dir/ca.crt" "$dir/our-ca.crt"
	mv "$dir/ca.key" "$dir/our-ca.key"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=ca \
		-keyout "$dir/ca.key" -out "$dir/ca.crt" >>"$dir/openssl.log" 2>&1
	certificate forged sm.example.com
	cp "$dir/our-ca.crt" "$dir/ca.crt"
	equal "the proxy's name, signed by others" refused "$(shake $SM forged)"
}

tls_a_proxy_under_another_name_is_sent_nothing() {
	cm_configure
	certificate sm evil.example.com
	sed -i 's/mutual = true/mutual = false/' "$dir/halfcalld.conf"
	cm_start
	sm_start
	to=$SM:${port_of[sm]}
	caller "invite refused" STATUS=500	# Kamailio passes no 503 on (RFC 3261 section 16.7)
	peers_end caller
	journalled half=orig event=failure status=503
	has "log" "$(<"$dir/halfcalld.log")" \
		"^warning: no TLS with sm-a at $SM:${port_of[sm-tls]}: its certificate is not for sm.example.com$"
	equal "phases" "imsorig" "$(phases)"
}

tls_certificates_are_renewed_in_a_call() {
	chain
	callee "invite rings waits answers waits hears-bye"
	caller "invite hears-180 talks waits waits waits bye"
	wait_line "$dir/caller.sip" '^SIP/2.0 200'
	local before
	before=$(ss -Htn state established "( dport = ${port_of[cm-tls]} )" | sort)
	certificate cm new.example.com
	kill -HUP "${pid_of[halfcalld]}"
	wait_line "$dir/halfcalld.log" '^info: reloaded'
	equal "who connects later" "TLSv1.3 sip:new.example.com" "$(shake $SM sm)"
	cp "$dir/sm.key" "$dir/cm.key"
	kill -HUP "${pid_of[halfcalld]}"
	wait_line "$dir/halfcalld.log" 'stays in force'
	has "log" "$(<"$dir/halfcalld.log")" \
		'^error: .*halfcalld.conf:[0-9]+: TLS key .*/cm.key does not belong to certificate .*/cm.crt$'
	equal "who connects after a bad pair" "TLSv1.3 sip:new.example.com" "$(shake $SM sm)"
	peers_end caller callee
	equal "connections of the call" "$before" \
		"$(ss -Htn state established "( dport = ${port_of[cm-tls]} )" | sort)"
	over_tls
}
