# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# PUBLISH, byte by byte: SIPp is the event server, and answers as it is told.

# events [LINE...]: the daemon, whose proxy is an event server that answers the PUBLISHes in
# their order by LINEs "STATUS;ETAG;HEADER;DELAY_MS;"; the last LINE counts for all
# that follow, with an ETAG of their own.  Calls go and come by another port of the proxy.
events() {
	local i
	publish=${publish:-enabled = true; linger = 1; expires = 3600;}
	half
	port_of[events]=${port_of[sm]}
	port_of[sm]=$(free_port $SM)
	back="sip:$SM:${port_of[sm]};transport=udp"
	{
		echo SEQUENTIAL
		(($# == 0)) || printf '%s\n' "$@"
		for ((i = $# + 1; i <= 999; i++)); do
			echo "200;e$i;Expires: 3600;${delay_ms:-0};"
		done
	} >"$dir/answers.csv"
	peer events $SM server "${serves:-publishes}" -- -inf "$dir/answers.csv" \
		-m 1000000 -timeout "$limit" -max_log_size 1000000000
	until_true is_bound u "$SM:${port_of[events]}" || fail "no event server"
}

# published: a line a PUBLISH, repetitions left out: its SIP-If-Match, Expires, version and
# the states of its dialogs; "-" for what is not there.
published() {
	local i n text id seen=' ' version states
	n=$(count events received ^PUBLISH)
	for ((i = 1; i <= n; i++)); do
		text=$(message events received ^PUBLISH "$i")
		id=$(headers Call-ID <<<"$text")
		[[ $seen != *" $id "* ]] || continue
		seen+="$id "
		version=$(grep -oP '<dialog-info[^>]* version="\K[0-9]+' <<<"$text")
		states=$(grep -oP '<state[^>]*>\K[a-z]+' <<<"$text" | xargs)
		printf '%s %s %s %s\n' "$(headers SIP-If-Match <<<"$text" | grep . || echo -)" \
			"$(headers Expires <<<"$text")" "${version:--}" "${states:--}"
	done
}

# publishes TEXT: this is what was published, in the end.
publishes() {
	is_published() { [[ $(published) == "$1" ]]; }
	until_true is_published "$1" || equal "what was published" "$1" "$(published)"
}

# one_in_flight: no PUBLISH was sent before the one before it was answered.
one_in_flight() {
	equal "PUBLISHes that overlap" '' "$(awk '
		/^-+ [0-9][0-9][0-9][0-9]-/ { method = ""; next }
		/^PUBLISH/ { method = "PUBLISH" }
		/^SIP\/2.0/ { method = "answer" }
		/^Call-ID:/ && method == "PUBLISH" {
			if (flying != "" && flying != $2) print flying, $2
			if (!($2 in answered)) flying = $2
		}
		/^Call-ID:/ && method == "answer" { answered[$2] = 1; flying = "" }
		' <(tr -d '\r' <"$dir/events.sip"))"
}

versions_grow() {
	equal "versions out of order" '' "$(published |
		awk '$3 != "-" { if (seen && $3 <= last) print; last = $3; seen = 1 }')"
}

# ms_between: from the first PUBLISH to the second.
ms_between() {
	awk '/^-+ [0-9][0-9][0-9][0-9]-/ {
			split($3, part, ":")
			now = part[1] * 3600 + part[2] * 60 + part[3]
		}
		/^PUBLISH/ && ++times <= 2 { at[times] = now }
		END { printf "%d", (at[2] - at[1] + 86400) % 86400 * 1000 }' "$dir/events.sip"
}

holds() { phone "$1" "off-hook hears-183 waits on-hook line-ends" WAIT="$2" "${@:3}"; }

daemon_publish_follows_the_etags() {
	events
	holds phone 400
	peers_end phone
	publishes "- 3600 0 trying
e1 3600 1 terminated
e2 0 - -"
	local text
	text=$(message events received ^PUBLISH)
	has "PUBLISH" "$text" '^PUBLISH sip:1001@example.com SIP/2.0$'
	equal "Event" dialog "$(headers Event <<<"$text")"
	equal "Content-Type" application/dialog-info+xml "$(headers Content-Type <<<"$text")"
	has "Route" "$(headers Route <<<"$text")" "^<sip:$SM:${port_of[events]}"
	body <<<"$text" >"$dir/document.xml"
	xmllint --noout --nonet "$dir/document.xml" || fail "the document is no good XML"
	has "document" "$(<"$dir/document.xml")" 'xmlns:av="urn:avaya:xml:ns:ext:dialog-info"'
	one_in_flight
	# And begins again; the versions continue.
	rm -f "$dir"/phone.*
	holds phone 0
	peers_end phone
	until_true grep -q 'If-Match: e4' "$dir/events.sip" || fail "nothing more is published"
	has "what was published" "$(published)" '^- 3600 2 (trying|terminated)'
}

# configured SED: changes the configuration and has it read again.
configured() {
	sed -i "$1" "$dir/halfcalld.conf"
	kill -HUP "${pid_of[halfcalld]}"
	reloads=$((${reloads:-0} + 1))
	wait_line "$dir/halfcalld.log" '^info: reloaded' "$reloads"
}

daemon_publish_changes_while_the_daemon_runs() {
	publish='enabled = true; linger = 60; expires = 3600;'
	events
	holds phone 0
	peers_end phone
	publishes "- 3600 0 trying
e1 3600 1 terminated"
	configured 's/linger = 60; expires = 3600/linger = 60; expires = 1800/'
	rm -f "$dir"/phone.*
	holds phone 0
	peers_end phone
	publishes "- 3600 0 trying
e1 3600 1 terminated
e2 1800 2 trying
e3 1800 3 terminated"
	# Off: what is published is removed, and calls show nothing any more.
	configured 's/enabled = true/enabled = false/'
	rm -f "$dir"/phone.*
	holds phone 0
	peers_end phone
	configured 's/enabled = false/enabled = true/; s/linger = 60/linger = 0/'
	rm -f "$dir"/phone.*
	holds phone 0
	peers_end phone
	publishes "- 3600 0 trying
e1 3600 1 terminated
e2 1800 2 trying
e3 1800 3 terminated
e4 0 - -
- 1800 4 trying
e6 1800 5 terminated
e7 0 - -"
	equal "warnings" 0 "$(grep -c '^warning:' "$dir/halfcalld.log")"
}

# A daemon that never published begins to.
daemon_publish_begins_while_the_daemon_runs() {
	publish='enabled = false; linger = 60; state = "'$dir'/shown";'
	events
	holds phone 0
	peers_end phone
	[[ ! -e $dir/shown ]] || fail "there is a state file of nothing"
	configured 's/enabled = false/enabled = true/'
	rm -f "$dir"/phone.*
	holds phone 0
	peers_end phone
	publishes "- 3600 0 trying
e1 3600 1 terminated"
	[[ -s $dir/shown ]] || fail "there is no state file"
	configured 's,/shown,/elsewhere,'
	[[ -s $dir/elsewhere ]] || fail "the state file did not move"
}

daemon_publish_has_one_in_flight() {
	delay_ms=700
	events
	holds one 100
	holds two 200 LINE=';+avaya-cm-line=2'
	holds three 300 LINE=';+avaya-cm-line=3'
	peers_end one two three
	until_true grep -q '^Expires: 0' "$dir/events.sip" || fail "nothing is ever removed"
	one_in_flight
	equal "dialogs that are told to be over" 3 "$(tr -d '\r' <"$dir/events.sip" |
		grep -B1 'state.*>terminated<' | grep -oE '<dialog id="[^"]*"' | sort -u | wc -l)"
	versions_grow
	(($(published | wc -l) <= 6)) || fail "states do not coalesce"
}

daemon_publish_afresh_after_412() {
	events '200;e1;Expires: 3600;0;' '412;x;X-Y: z;0;'
	holds phone 400
	peers_end phone
	publishes "- 3600 0 trying
e1 3600 1 terminated
- 3600 2 terminated
e3 0 - -"
}

daemon_publish_as_long_as_423_wants() {
	events '423;x;Min-Expires: 7200;0;'
	holds phone 800
	peers_end phone
	publishes "- 3600 0 trying
- 7200 1 trying
e2 7200 2 terminated
e3 0 - -"
}

daemon_publish_stops_after_489() {
	events '489;x;Allow-Events: presence;0;'
	holds phone 300
	peers_end phone
	rm -f "$dir"/phone.*
	holds phone 0
	holds other 0 FROM=1003 OFF_HOOK='sip:1003@example.com;avaya-cm-fnu=off-hook'
	peers_end phone other
	call_through
	cm_drain
	equal "PUBLISHes" 1 "$(published | wc -l)"
	equal "how often it says so" 1 "$(grep -c 'publish-stopped' "$dir/halfcalld.log")"
}

daemon_publish_backs_off_after_503() {
	events '503;x;Retry-After: 2;0;'
	holds phone 300
	peers_end phone
	until_true grep -q '^Expires: 0' "$dir/events.sip" || fail "nothing is ever removed"
	has "what was published" "$(published | xargs)" \
		'^- 3600 0 trying - 3600 [0-9]+ terminated e2 0 - -$'
	local ms
	ms=$(ms_between)
	((ms >= 1900 && ms < 9000)) || fail "it came again after $ms ms"
}

# calls_go_on: the telephone's whole call went through while no PUBLISH was answered.
calls_go_on() {
	sm "invite rings answers hears-bye"
	local patience=2
	phone phone "$dialling"
	patience=4 peers_end phone sm
	goes_off_and_on_hook
	journalled half=orig event=bye
}

daemon_publish_answered_late_delays_no_call() {
	delay_ms=5000
	events
	calls_go_on
	equal "PUBLISHes by now" 1 "$(published | wc -l)"
	one_in_flight
}

daemon_publish_never_answered_delays_no_call() {
	serves=is-silent
	events
	calls_go_on
	equal "PUBLISHes by now" 1 "$(published | wc -l)"
	cm_drain
}

daemon_publish_to_nobody_delays_no_call() {
	events
	stop events
	calls_go_on
	cm_drain
}

daemon_publish_is_refreshed() {
	publish='enabled = true; linger = 1; expires = 4;'
	events '200;e1;Expires: 4;0;' '200;e2;Expires: 4;0;'
	holds phone 5000
	peers_end phone
	until_true grep -q '^Expires: 0' "$dir/events.sip" || fail "nothing is ever removed"
	has "what was published" "$(published | xargs)" \
		'^- 4 0 trying e1 4 - - e2 4 (- -|[0-9]+ terminated)'
	local ms
	ms=$(ms_between)
	((ms > 1000 && ms < 4000)) || fail "refreshed after $ms ms of 4 s"
}

# gone_and_back SIGNAL: the daemon dies with a line off-hook, and comes again.
gone_and_back() {
	events
	phone phone "off-hook hears-183 waits" WAIT=200
	peers_end phone
	publishes "- 3600 0 trying"
	local status=0
	kill "-$1" "${pid_of[halfcalld]}"
	[[ $1 != TERM ]] || kill "-$1" "${pid_of[halfcalld]}"
	ended halfcalld || status=$?
	mv "$dir/halfcalld.log" "$dir/halfcalld-first.log"
	cm_run
	to=$CM:${port_of[cm-udp]}
	ghost_is_gone() { grep -q '^- 3600 0 trying e1 \(0 - -\|3600 [0-9]* terminated\)' <<<"$(published | xargs)"; }
	until_true ghost_is_gone || fail "1001 is still off-hook: $(published | xargs)"
	rm -f "$dir"/phone.*
	holds phone 400
	peers_end phone
	wait_line "$dir/events.sip" 'state.*>terminated<'
	versions_grow
	one_in_flight
}

daemon_publish_leaves_no_ghost_when_killed() { gone_and_back KILL; }

daemon_publish_leaves_no_ghost_when_ended() { gone_and_back TERM; }

daemon_publish_switched_off_sends_none() {
	publish='enabled = false;'
	events
	calls_go_on
	cm_drain
	equal "PUBLISHes" 0 "$(count events received '')"
}
