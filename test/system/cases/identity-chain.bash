# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The identity of the caller, as the last telephone behind Kamailio receives it
# (halfcall-protocol(7), HALF CALLS).
# The switchboard is that of redirect.bash.

# at_last USER HEADER: its values in the INVITE of USER's telephone.
at_last() { message "$1" received ^INVITE | headers "$2"; }

proxied_identity_reaches_the_telephone() {
	switchboard "INSERT INTO station_number VALUES ('15550101', '1001')"
	telephones 2001
	local user
	# Whatever number of hers the caller comes by, she is Alice, extension 1001.
	for user in 1001 15550101; do
		next_call
		from=$user taken_by 2001 "" EXTRA='User-Agent: Phone/1 SM/2'
		gone_through 2001
		equal "P-Asserted-Identity" '"Alice" <sip:1001@example.com>' \
			"$(at_last 2001 P-Asserted-Identity)"
		equal "Alert-Info" '<cid:internal@example.com>;avaya-cm-alert-type=internal' \
			"$(at_last 2001 Alert-Info)"
		equal "User-Agent" 'Phone/1 SM/2 halfcall/0.1.0 halfcall/0.1.0' \
			"$(at_last 2001 User-Agent)"
		equal "History-Info" $'1 2001\n1.1 2001' "$(entries 2001)"
	done
	administer "UPDATE station SET name = 'Zoë \"Z\" \\ O''Neil' WHERE extension = '1001'"
	next_call
	taken_by 2001 ""
	gone_through 2001
	equal "P-Asserted-Identity" '"Zoë \"Z\" \\ O'"'"'Neil" <sip:1001@example.com>' \
		"$(at_last 2001 P-Asserted-Identity)"
	equal "User-Agent" 'halfcall/0.1.0 halfcall/0.1.0' "$(at_last 2001 User-Agent)"
	administer "UPDATE station SET name = '' WHERE extension = '1001'"
	next_call
	taken_by 2001 ""
	gone_through 2001
	equal "P-Asserted-Identity" '<sip:1001@example.com>' "$(at_last 2001 P-Asserted-Identity)"
}

proxied_identity_of_calls_from_outside() {
	switchboard
	telephones 2001
	at 2001 "invite rings answers hears-bye"
	outsider "invite hears-180 talks waits bye" \
		EXTRA='P-Asserted-Identity: "Outside" <sip:+4930123456@example.com>'
	gone_through 2001
	equal "P-Asserted-Identity" '"Outside" <sip:+4930123456@example.com>' \
		"$(at_last 2001 P-Asserted-Identity)"
	equal "Alert-Info" '<cid:external@example.com>;avaya-cm-alert-type=external' \
		"$(at_last 2001 Alert-Info)"
	has "History-Info" "$(at_last 2001 History-Info)" \
		'^<sip:2001@example\.com>;index=1,"Bob" <sip:2001@example\.com>;index=1\.1$'
}

# Another Alert-Info stays; what somebody else says of the kind of call does not.
proxied_identity_keeps_other_alert_infos() {
	switchboard
	telephones 2001
	taken_by 2001 "" EXTRA='Alert-Info: <http://example.com/ring.wav>
Alert-Info: <cid:external@example.com>;avaya-cm-alert-type=external'
	gone_through 2001
	equal "Alert-Info" '<cid:internal@example.com>;avaya-cm-alert-type=internal <http://example.com/ring.wav>' \
		"$(at_last 2001 Alert-Info | sort | xargs)"
}

proxied_privacy_withholds_the_identity_from_outside() {
	switchboard
	telephones 2001 030123456 112
	forward busy 030123456
	local wish
	for wish in id 'user;critical' header; do
		next_call
		at 2001 "invite refuses"
		taken_by 030123456 hears-181 EXTRA="Privacy: $wish"
		gone_through 2001 030123456
		# Stations always see the caller, parties outside do not; the rest of Privacy is
		# left to the servers that follow.
		has "P-Asserted-Identity" "$(at_last 2001 P-Asserted-Identity)" '<sip:1001@'
		equal "P-Asserted-Identity" "" "$(at_last 030123456 P-Asserted-Identity)"
		equal "Privacy" "$wish" "$(at_last 030123456 Privacy)"
	done
	for wish in none 'id;none' session; do
		next_call
		at 2001 "invite refuses"
		taken_by 030123456 hears-181 EXTRA="Privacy: $wish"
		gone_through 2001 030123456
		has "P-Asserted-Identity" "$(at_last 030123456 P-Asserted-Identity)" '<sip:1001@'
	done
	next_call
	dial=112 taken_by 112 "" EXTRA="Privacy: id"
	gone_through 112
	has "P-Asserted-Identity at 112" "$(at_last 112 P-Asserted-Identity)" '<sip:1001@'
}

proxied_identity_may_be_switched_off() {
	chain 'identity = { asserted = false; alert_info = false; history_info = false; privacy = false; product = ""; };'
	telephones 2001 030123456
	taken_by 2001 "" EXTRA='User-Agent: Phone/1
P-Asserted-Identity: <sip:1001@example.com>;x=y'
	gone_through 2001
	equal "P-Asserted-Identity" '<sip:1001@example.com>;x=y' "$(at_last 2001 P-Asserted-Identity)"
	has_not "INVITE" "$(message 2001 received ^INVITE)" '^(Alert-Info|History-Info):'
	equal "User-Agent" Phone/1 "$(at_last 2001 User-Agent)"
	forward unconditional 030123456
	next_call
	taken_by 030123456 hears-181 EXTRA='Privacy: id
P-Asserted-Identity: <sip:1001@example.com>'
	gone_through 030123456
	has "P-Asserted-Identity" "$(at_last 030123456 P-Asserted-Identity)" '<sip:1001@'
	has_not "INVITE" "$(message 030123456 received ^INVITE)" '^History-Info:'
}
