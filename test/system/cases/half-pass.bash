# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What must come out of a half call as it went in, and what is ours to write.

# Headers that no program here uses, in an unusual order.
odd='Subject: lunch at one
Priority: urgent
Organization: Example, Inc. "quoted, comma"
Endpoint-View: <sip:1001@example.com;gr=17>;local-tag=abc
P-Location: SM;origlocation="Here";termlocation="There"
P-AV-Message-Id: 1_1
X-Repeated: first
User-to-User: 00fa0123456789;encoding=hex
X-Repeated: second
X-Repeated: third;with=parameter, and a comma
P-Charging-Vector: icid-value="abc:def"
Av-Global-Session-ID: 3c5e1d20-0000
x-lower-case:   spaces kept or not
X-Empty:
Accept-Language: en;q=0.7, de
Call-Info: <http://example.com/icon>;purpose=icon
X-Long: 0123456789012345678901234567890123456789012345678901234567890123456789'

# What a list of header lines says: names as they came, without the spaces around the value.
said() { sed -E 's/^([^:]*):[[:space:]]*/\1: /; s/[[:space:]]+$//'; }

half_headers_pass_untouched_and_in_order() {
	half
	call_through EXTRA="$odd"
	local names='Subject|Priority|Organization|Endpoint-View|P-Location|P-AV-Message-Id|X-[A-Za-z]*|User-to-User|P-Charging-Vector|Av-Global-Session-ID|x-lower-case|Accept-Language|Call-Info'
	equal "the odd headers" \
		"$(message caller sent ^INVITE | grep -E "^($names):" | said)" \
		"$(grep -E "^($names):" <<<"$out" | said)"
}

half_folded_headers_pass() {
	half
	call_through EXTRA='X-Folded: one
\x20 two
X-After: three'
	has "what was sent" "$(message caller sent ^INVITE)" '^ +two$'
	has "folded header" "$(tr '\n' ' ' <<<"$out")" 'X-Folded: one +two +X-After: three'
}

half_headers_of_answers_pass() {
	half
	call_through
	has "200 at the caller" "$(message caller received ' 200')" '^X-Answer: kept$'
	has "200 at the caller" "$(message caller received ' 200')" '^Server: CalleePhone/2'
}

half_bodies_pass_untouched() {
	half
	call_through BODY='v=0
o=- 1 1 IN IP4 192.0.2.44
s=-
c=IN IP4 192.0.2.44
t=0 0
a=strange:  two  spaces
m=audio 40000 RTP/SAVP 0 8 101
a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc/def|2^31'
	equal "the body" "$(message caller sent ^INVITE | body)" "$(body <<<"$out")"
	equal "the answer's body" "$(message sm sent ' 200' | body)" \
		"$(message caller received ' 200' | body)"
}

half_multipart_bodies_pass_untouched() {
	half
	call_through TYPE='multipart/mixed;boundary="xyz"' BODY='--xyz
Content-Type: application/sdp

v=0
o=- 1 1 IN IP4 192.0.2.44
s=-
--xyz
Content-Type: application/x-unknown;handling=optional
Content-ID: <part2@example.com>

any <bytes> & "more"
--xyz--'
	equal "the body" "$(message caller sent ^INVITE | body)" "$(body <<<"$out")"
	has "Content-Type" "$(headers Content-Type <<<"$out")" 'multipart/mixed; ?boundary="xyz"'
}

half_user_agent_chain_grows() {
	half
	call_through EXTRA='User-Agent: Phone/1 SM/2'
	has "User-Agent" "$(headers User-Agent <<<"$out")" '^Phone/1 SM/2 [^ ]+/[^ ]+'
}

half_identity_of_the_station() {
	half
	call_through EXTRA='P-Asserted-Identity: <sip:1001@example.com>'
	has "P-Asserted-Identity" "$(headers P-Asserted-Identity <<<"$out")" \
		'^"?Alice"? *<sip:1001@example\.com'
	equal "how many" 1 "$(headers P-Asserted-Identity <<<"$out" | wc -l)"
	has "Alert-Info" "$(headers Alert-Info <<<"$out")" \
		'^<cid:internal@example\.com>; ?avaya-cm-alert-type=internal$'
	local history
	history=$(headers History-Info <<<"$out" | tr '\n' ' ')
	has "History-Info" "$history" '^<sip:2001@example\.com>; ?index=1[, ]'
	has "History-Info" "$history" '<sip:2001@example\.com>; ?index=1\.1'
}

half_whose_dialog_it_is() {
	half
	call_through
	local in
	in=$(message caller sent ^INVITE)
	if [[ $model == b2bua ]]; then
		[[ $(headers Call-ID <<<"$in") != $(headers Call-ID <<<"$out") ]] ||
			fail "the outgoing leg has the incoming one's Call-ID"
		has_not "From of the outgoing leg" "$(headers From <<<"$out")" \
			"$(headers From <<<"$in" | grep -oE 'tag=[^;]*')"
		has "Contact" "$(headers Contact <<<"$out")" "@?${to}[;>]"
		equal "Via of the outgoing leg" 1 "$(headers Via <<<"$out" | wc -l)"
		equal "Record-Route" "" "$(headers Record-Route <<<"$out")"
		has "Contact of the answer" \
			"$(message caller received ' 200' | headers Contact)" "@?${to}[;>]"
	else
		local name
		for name in Call-ID From To CSeq Contact; do
			equal "$name" "$(headers $name <<<"$in")" "$(headers $name <<<"$out")"
		done
		equal "Via of the outgoing leg" 2 "$(headers Via <<<"$out" | wc -l)"
		has "Record-Route" "$(headers Record-Route <<<"$out")" "$to.*;lr[;>]"
		has_not "Record-Route" "$(headers Record-Route <<<"$out")" 'phase'
	fi
}

half_max_forwards_counts_down() {
	half
	call_through MAX_FORWARDS=17
	equal "Max-Forwards" 16 "$(headers Max-Forwards <<<"$out")"
	answered 483 MAX_FORWARDS=0
}

half_big_messages_pass() {
	half
	local line='' i
	for ((i = 0; i < 60; i++)); do
		line+=$'X-Big: 0123456789012345678901234567890123456789012345678901234567890123456789\n'
	done
	call_through EXTRA="${line%$'\n'}"
	equal "how many came through" 60 "$(headers X-Big <<<"$out" | wc -l)"
}

half_proxy_authorization_stays_here() {
	half
	call_through EXTRA='Proxy-Authorization: Digest username="1001",realm="example.com",nonce="a",uri="sip:example.com",response="b"
X-After: kept'
	equal "Proxy-Authorization" "" "$(headers Proxy-Authorization <<<"$out")"
	equal "X-After" "kept" "$(headers X-After <<<"$out")"
}

half_addresses_in_other_words_are_the_same() {
	half
	local uri
	for uri in 'sip:2001@example.com;user=phone' \
		'sips:2001@example.com' 'tel:2001' 'sip:2001@192.0.2.77:5099;transport=tcp'; do
		call_through URI="$uri"
		has "Request-URI" "$out" "^INVITE $(sed 's/[.]/\\./g' <<<"$uri") SIP/2\.0"
		rm -f "$dir"/{caller,sm}.*
	done
	call_through URI=sip:%32001@example.com
	rm -f "$dir"/{caller,sm}.*
	answered 403 FROM=%31002
}
