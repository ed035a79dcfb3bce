# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Who is said to call: Privacy, and the switches of identity.*.

asserted() { headers P-Asserted-Identity <<<"$out"; }

half_privacy_withholds_the_identity_from_outside() {
	half
	call_through URI=sip:030123456@example.com EXTRA='Privacy: id'
	equal "P-Asserted-Identity" "" "$(asserted)"
	equal "Privacy" id "$(headers Privacy <<<"$out")"
}

half_privacy_withholds_what_else_tells_the_identity() {
	local told=$'P-Preferred-Identity: <sip:1001@example.com>\nRemote-Party-ID: <sip:1001@example.com>;party=calling'
	half
	call_through URI=sip:030123456@example.com EXTRA=$'Privacy: id\n'"$told"
	has_not "to outside" "$out" '^(P-Preferred-Identity|Remote-Party-ID):'
	rm "$dir"/{sm,caller}.sip
	call_through EXTRA=$'Privacy: id\n'"$told"
	has "to a station" "$out" '^P-Preferred-Identity: <sip:1001@example.com>'
	has "to a station" "$out" '^Remote-Party-ID: <sip:1001@example.com>;party=calling'
}

half_privacy_hides_nobody_inside_nor_from_help() {
	half
	call_through EXTRA='Privacy: id;critical'
	has "P-Asserted-Identity" "$(asserted)" '<sip:1001@example\.com>'
	rm "$dir"/{sm,caller}.sip
	call_through URI=sip:112@example.com EXTRA='Privacy: id'
	has "P-Asserted-Identity to 112" "$(asserted)" '<sip:1001@example\.com>'
}

half_privacy_holds_for_forwarding_to_outside() {
	half
	cm_users "UPDATE call_forwarding SET destination = '030123456' WHERE extension = '2003'"
	sm "invite rings answers hears-bye"
	incoming "invite hears-181 hears-180 talks bye" URI=sip:2003@example.com \
		ROUTES="$(routes "$term")" \
		EXTRA=$'P-Asserted-Identity: <sip:1001@example.com>\nPrivacy: user'
	peers_end caller sm
	out=$(message sm received ^INVITE)
	has "Request-URI" "$out" '^INVITE sip:030123456@'
	equal "P-Asserted-Identity" "" "$(asserted)"
}

half_privacy_may_be_switched_off() {
	half 'identity = { privacy = false; };'
	call_through URI=sip:030123456@example.com EXTRA='Privacy: id'
	has "P-Asserted-Identity" "$(asserted)" '<sip:1001@example\.com>'
}

half_identity_may_be_switched_off() {
	half 'identity = { asserted = false; alert_info = false; history_info = false; product = ""; };'
	call_through EXTRA='User-Agent: Phone/1'
	has_not "INVITE" "$out" '^(P-Asserted-Identity|Alert-Info|History-Info):'
	equal "User-Agent" Phone/1 "$(headers User-Agent <<<"$out")"
}
