# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Line reservation through a real Kamailio: the rows of halfcall-protocol(7), LINE RESERVATION.
# The telephones are those of line.bash, all behind the proxy.

# behind_proxy [LINE...]: the whole chain; 1001, 1003, 2001 and 2002 are watched.
behind_proxy() {
	at=127.0.0.3
	watched "1001 1003 2001 2002" "$@"
}

# off-hook URI of EXTENSION, as OFF_HOOK=... and OFF_HOOK_TO=... of `phone`.
of() { echo "FROM=$1 OFF_HOOK=sip:$1@example.com;avaya-cm-fnu=off-hook" \
	"OFF_HOOK_TO=sip:$1@example.com;avaya-cm-fnu=off-hook"; }

# off_hook ROW STATUS [KEY=VALUE...]: 183 and on-hook again, or refused with STATUS.
off_hook() {
	local row=$1 status=$2 steps="off-hook line-ends"
	shift 2
	((status != 183)) || steps="off-hook hears-183 hangs-up"
	phone "$row" "$steps" STATUS="$status" "$@"
	peers_end "$row"
}

# off_hooks: such, one after the other, from lines ROW | STATUS | EXTENSION | LINE | KEY=VALUE...
off_hooks() {
	local row status extension line keys
	while IFS='|' read -r row status extension line keys; do
		line=${line//[[:space:]]/}
		extension=${extension//[[:space:]]/}
		read -ra keys <<<"$(of "$extension") LINE=${line:+;+avaya-cm-line=$line} $keys"
		off_hook "$(xargs <<<"$row")" $((status)) "${keys[@]}"
	done
}

# keeps_line NAME EXTENSION [LINE]: off-hook until the case is over.
keeps_line() {
	local keys
	read -ra keys <<<"$(of "$2")"
	phone "$1" "off-hook hears-183 line-ends" RESERVES='Expires: 240' "${keys[@]}" \
		LINE="${3:+;+avaya-cm-line=$3}"
	wait_line "$dir/$1.sip" '^SIP/2.0 183'
}

# talks_until_the_end NAME EXTENSION: goes off-hook on line 1, dials 2001, and talks.
talks_until_the_end() {
	local keys
	read -ra keys <<<"$(of "$2")"
	callee "invite rings waits answers hears-bye"
	phone "$1" "off-hook hears-183 dials hears-484 hears-180 talks hears-bye" "${keys[@]}"
	wait_line "$dir/callee.sip" '^ACK '
}

proxied_line_off_hook_is_known_however_it_is_written() {
	behind_proxy
	local row uri party plain=sip:1001@example.com
	while read -r row uri party; do
		off_hook "$row" 183 OFF_HOOK="$uri" OFF_HOOK_TO="$party"
		equal "$row: its To" "<$party>" \
			"$(message "$row" received ' 183' | headers To | sed 's/;tag=.*//')"
	done <<-END
	request-uri	$plain;avaya-cm-fnu=off-hook			$plain
	to		$plain						$plain;avaya-cm-fnu=off-hook
	both		$plain;avaya-cm-fnu=off-hook			$plain;avaya-cm-fnu=off-hook
	any-case	$plain;AVAYA-CM-FNU=OFF-HOOK			$plain;Avaya-CM-fnu=Off-Hook
	more-after	$plain;avaya-cm-fnu=off-hook;avaya-cm-action=on;x=y	$plain
	more-in-to	$plain						$plain;avaya-cm-fnu=off-hook;x=y
	more-before	$plain;x=y;avaya-cm-fnu=off-hook;user=phone	$plain
	sips		sips:1001@example.com;avaya-cm-fnu=off-hook	sips:1001@example.com
	sips-in-to	sips:1001@example.com		sips:1001@example.com;avaya-cm-fnu=off-hook
	END
	equal "reservations" 9 "$(journal half=line event=off-hook)"
	equal "on-hook" 9 "$(journal half=line event=on-hook status=487)"
	equal "calls" 0 "$(journal half=orig)"
	equal "phases" imsorig "$(phases | xargs -n 1 | sort -u)"
}

proxied_line_on_hook() {
	behind_proxy
	phone phone "off-hook hears-183 waits hangs-up"
	peers_end phone
	answer=$(message phone received ' 183')
	equal "answer" 'SIP/2.0 183 Session Progress' "$(head -1 <<<"$answer")"
	has "Contact" "$(headers Contact <<<"$answer")" "^<sip:.*$CM:${port_of[cm-udp]}"
	equal "CSeq" '2 INVITE' "$(headers CSeq <<<"$answer")"
	equal "body" '' "$(body <<<"$answer")"
	has_not "183" "$answer" '^(RSeq|Require):'
	equal "its To" "$(headers To <<<"$answer")" "$(message phone received ' 487' | headers To)"
	no_tag_at phone
	shows 1001 "initiator 1 trying terminated/cancelled/487"
	journalled half=line event=on-hook status=487 extension=1001
	off_hook again 183
	shows 1001 "initiator 1 trying terminated/cancelled/487"
	shows_nothing_else 1001
}

proxied_line_refusals() {
	behind_proxy
	local plain=sip:1001@example.com
	off_hooks <<-END
	last-line		| 183 | 1001 | 3
	above-the-appearances	| 404 | 1001 | 4
	far-above		| 404 | 1001 | 4294967297
	line-zero		| 404 | 1001 | 0
	no-number		| 404 | 1001 | two
	unknown-station		| 404 | 9999 | 1
	may-not-originate	| 403 | 1002 | 1
	out-of-service		| 403 | 1004 | 1
	unknown-feature		| 404 | 1001 | 1 | OFF_HOOK=$plain;avaya-cm-fnu=dance OFF_HOOK_TO=$plain
	unknown-feature-in-to	| 404 | 1001 | 1 | OFF_HOOK=$plain OFF_HOOK_TO=$plain;avaya-cm-fnu=dance
	still-idle		| 183 | 1001 | 1
	END
	has "403" "$(message may-not-originate received ' 403 ')" '^Warning: 399 .*".+"$'
	has "404" "$(message unknown-feature received ' 404 ')" '^Warning: 399 .*dance'
	has "404" "$(message unknown-feature-in-to received ' 404 ')" '^Warning: 399 .*dance'
	no_tag_at above-the-appearances unknown-station may-not-originate unknown-feature
	journalled half=line event=reject status=404 extension=1001 rule=appearance:unknown
	shows 1001 "initiator 3 trying terminated/cancelled/487"
	shows 1001 "initiator 1 trying terminated/cancelled/487"
	shows_nothing_else 1001
}

proxied_line_busy() {
	behind_proxy 'line = { reservation = 240; };'
	keeps_line one 1001 1
	off_hooks <<-END
	reserved		| 486 | 1001 | 1
	other-line		| 183 | 1001 | 2
	other-station		| 183 | 1003 | 1
	END
	keeps_line lowest 1001
	off_hooks <<-END
	reserved-by-itself	| 486 | 1001 | 2
	not-the-last		| 183 | 1001 | 3
	lowest-left		| 183 | 1001 |
	END
	keeps_line last 1001
	off_hooks <<-END
	last-reserved		| 486 | 1001 | 3
	all-busy		| 486 | 1001 |
	END
	talks_until_the_end talker 1003
	off_hooks <<-END
	in-a-call		| 486 | 1003 | 1
	called-in-a-call	| 486 | 2001 | 1
	called-other-line	| 183 | 2001 | 2
	beside-the-call		| 183 | 1003 |
	END
	journalled half=line event=reject status=486 extension=1001 rule=appearance:busy
	local station lines
	for station in 1001:"1 2 2 3 3 3" 1003:"1 1 2" 2001:"1 2"; do
		lines=${station#*:}
		equal "lines that ${station%:*} showed" "$lines" \
			"$(shown "${station%:*}" | awk '{ print $3 }' | sort | xargs)"
	done
}

proxied_line_reliable_when_required() {
	behind_proxy
	phone phone "off-hook hears-reliable-183 hangs-up" RESERVES=$'Require: 100rel\nExpires: 30'
	peers_end phone
	has "Require" "$(message phone received ' 183' | headers Require)" '100rel'
	has "Record-Route" "$(message phone received ' 183' | headers Record-Route)" "$to"
	equal "183s" 1 "$(count phone received ' 183')"
	shows 1001 "initiator 1 trying terminated/cancelled/487"
	callee "invite rings waits answers hears-bye"
	phone dialling "off-hook hears-reliable-183 dials hears-484 hears-180 talks waits bye" \
		RESERVES='Require: 100rel'
	peers_end dialling callee
	off_hook again 183
}

# heard NAME: the final and ringing responses to its INVITEs, in order: STATUS/CSeq.
heard() {
	tr -d '\r' <"$dir/$1.sip" | awk '
		/message received/ { heard = 1 }
		/message sent/ { heard = 0 }
		heard && /^SIP\/2.0 / { status = $2 }
		heard && /^CSeq: [0-9]+ INVITE/ && status != 100 { print status "/" $2 }' | xargs
}

proxied_line_dialled() {
	behind_proxy
	callee "invite waits rings waits answers hears-bye"
	phone phone "off-hook hears-183 waits dials hears-484 hears-180 talks waits bye"
	peers_end phone callee
	equal "what was heard" "183/2 484/2 180/5 200/5" "$(heard phone)"
	equal "To of the 484" "$(message phone received ' 183' | headers To)" \
		"$(message phone received ' 484' | headers To)"
	equal "phases" "imsorig imsorig origdone imsterm termdone" "$(phases)"
	equal "INVITEs at the callee" 1 "$(count callee received ^INVITE)"
	has_not "INVITE at the callee" "$(message callee received ^INVITE)" 'avaya-cm-fnu'
	no_tag_at phone callee
	shows 1001 "initiator 1 trying proceeding early confirmed terminated/local-bye"
	journalled half=line event=dialled status=484 extension=1001
	journalled half=orig event=answer status=200 extension=1001
	off_hook again 183
}

# The 183's tag makes the dialled INVITE one of a dialog, which Kamailio sends on by its
# Routes, if not to its own domain; so the telephone writes the Routes that Kamailio would
# write, and dials an address of another domain.
proxied_line_dialled_with_our_tag() {
	behind_proxy
	phone phone "off-hook hears-183 dials hears-484-and-refused" DIALLED_STATUS=404 \
		URI=sip:2001@$SM TO_TAG='[peer_tag_param]' EXTRA="Route: <sip:$to;lr>
Route: <sip:$CM:${port_of[cm-udp]};transport=udp;lr;phase=imsorig;seq=explicit>
Route: <sip:$to;transport=udp;lr>"
	peers_end phone
	has "the dialled INVITE" "$(message phone sent ^INVITE 2 | headers To)" ';tag='
	equal "what was heard" "183/2 484/2 404/5" "$(heard phone)"
	equal "phases" "imsorig origdone imsterm termdone" "$(phases)"
	journalled half=line event=dialled status=484
	shows 1001 "initiator 1 trying proceeding terminated/rejected/404"
	off_hook again 183
}

# --- half a minute: nothing is dialled, side by side ----------------------------------------

proxied_line_nothing_dialled() {
	patience=50
	behind_proxy 'line = { reservation = 33; };'
	local row station expires seconds keys
	while read -r row station expires seconds; do
		read -ra keys <<<"$(of "$station")"
		phone "$row" "off-hook hears-183 line-ends" RESERVES="${expires:+Expires: $expires}" \
			"${keys[@]}"
	done <<-END
	too-short	1001 5
	as-wanted	1003 32
	too-long	2001 4000
	not-said	2002
	END
	peers_end too-short as-wanted too-long not-said
	equal "Expires 5" 30 "$(lasted too-short)"
	equal "Expires 32" 32 "$(lasted as-wanted)"
	equal "Expires 4000" 33 "$(lasted too-long)"
	equal "no Expires" 33 "$(lasted not-said)"
	equal "time-outs" 4 "$(journal half=line event=timeout status=487)"
	for station in 1001 1003 2001 2002; do
		shows "$station" "initiator 1 trying terminated/timeout/487"
		shows_nothing_else "$station"
	done
	off_hook again 183
}
