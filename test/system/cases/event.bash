# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Dialog events through a real event server: `watcher` is the telephone's subscription to its
# own dialogs at Kamailio, and reads what halfcalld publishes there.

# watched "EXTENSION..." [LINE...]: the whole chain, and subscriptions to these' dialogs.
watched() {
	local extensions=$1
	shift
	publish='enabled = true; linger = 0;'
	cm_configure "$@"
	cm_start
	sm_start -A WITH_PRESENCE
	to=$SM:${port_of[sm]}
	# shellcheck disable=SC2086
	start watcher "$here/watcher" "$to" 127.0.0.5 "$transport" "$dir/watcher.sip" $extensions
	wait_line "$dir/watcher.sip" '^NOTIFY ' "$(wc -w <<<"$extensions")"
	: >"$dir/expected"
}

# shown EXTENSION: its dialogs so far, a line each: ID DIRECTION APPEARANCE STATE...
shown() {
	"$here/shown" "$dir/watcher.sip" "$1" 2>"$dir/shown.err" ||
		fail "what $1's telephone was told: $(<"$dir/shown.err")"
}

# shows EXTENSION "DIRECTION APPEARANCE STATE...": the telephone was told all of it, or soon
# will be: each state once in a row, an end as terminated[/EVENT[/CODE]], about one dialog
# that no line before was about.
shows() {
	local found
	is_shown() {
		found=$(shown "$1" | grep -m1 -vFf <(sed 's/ .*/ /' "$dir/expected"; echo none))
		[[ ${found#* } == "$2" ]]
	}
	until_true is_shown "$@" ||
		equal "${row:+$row: }what $1's telephone shows" "$2" "${found#* }"
	echo "$found $1" >>"$dir/expected"
}

# shows_nothing_else EXTENSION...: no other dialog, and no state that came after an end.
shows_nothing_else() {
	local extension
	for extension; do
		equal "all that $extension's telephone showed" \
			"$(sed -n "s/ $extension$//p" "$dir/expected")" "$(shown "$extension")"
	done
}

chain_event_off_hook_then_on_hook() {
	watched 1001
	at=127.0.0.3 phone phone "off-hook hears-183 waits hangs-up"
	peers_end phone
	shows 1001 "initiator 1 trying terminated/cancelled/487"
	shows_nothing_else 1001
	has "the station's name" "$(message watcher received ^NOTIFY -1)" \
		'<identity display="Alice">sip:1001@example.com</identity>'
}

chain_event_dialled_call() {
	watched "1001 2001"
	callee "invite waits rings waits answers hears-bye"
	at=127.0.0.3 phone phone \
		"off-hook hears-183 waits dials hears-484 hears-180 talks waits bye"
	peers_end phone callee
	shows 1001 "initiator 1 trying proceeding early confirmed terminated/local-bye"
	shows 2001 "recipient 1 trying early confirmed terminated/remote-bye"
	shows_nothing_else 1001 2001
	has "the party 1001 calls" "$(<"$dir/watcher.sip")" '<identity>sip:2001@example.com</identity>'
	has "who calls 2001" "$(<"$dir/watcher.sip")" \
		'<identity display="Alice">sip:1001@example.com</identity>'
	journalled half=line event=dialled
}

chain_event_incoming_call_answered() {
	watched 2001
	callee "invite waits rings waits answers waits bye"
	caller "invite hears-180 talks hears-bye"
	peers_end caller callee
	shows 2001 "recipient 1 trying early confirmed terminated/local-bye"
	shows_nothing_else 2001
}

chain_event_dialled_call_that_is_refused() {
	watched "1001 2001"
	callee "invite waits refuses" STATUS=486
	at=127.0.0.3 phone phone "off-hook hears-183 waits dials hears-484-and-refused" \
		DIALLED_STATUS=486
	peers_end phone callee
	shows 1001 "initiator 1 trying proceeding terminated/rejected/486"
	shows 2001 "recipient 1 trying terminated/rejected/486"
	shows_nothing_else 1001 2001
}

chain_event_incoming_call_cancelled() {
	watched 2001
	callee "invite waits rings cancelled"
	caller "invite hears-180 waits hangs-up"
	peers_end caller callee
	shows 2001 "recipient 1 trying early terminated/cancelled/487"
	shows_nothing_else 2001
}

# A station that forwards unconditionally shows nothing, nor does the target unless the proxy
# runs the target's termination half.
chain_event_forwarded_call_leaves_nothing() {
	watched "1001 2002 2003"
	user=2002 callee "invite waits rings waits answers hears-bye"
	dial=2003 caller "invite hears-181 hears-180 talks waits bye"
	peers_end caller callee
	shows 1001 "initiator 1 proceeding early confirmed terminated/local-bye"
	shows_nothing_else 1001 2002 2003
}

# rows: one call after the other, from lines NAME | what the calling telephone does | what 2001
# does | what 1001 shows as initiator | what 2001 shows as recipient | KEY=VALUE...; "-" is
# nothing.  The calling telephone's steps are those of `caller`, or of `phone` where it goes
# off-hook first.
rows() {
	local row calling called initiator recipient keys
	while IFS='|' read -r row calling called initiator recipient keys; do
		row=$(xargs <<<"$row")
		row_plays "$(xargs <<<"$calling")" "$(xargs <<<"$called")" "$keys"
		row_shows 1001 "initiator 1" "$initiator"
		row_shows 2001 "recipient 1" "$recipient"
	done
	row=
	shows_nothing_else 1001 2001
}

row_plays() {
	local keys
	read -ra keys <<<"$3"
	if [[ $2 != - ]]; then
		rm -f "$dir/callee".*
		[[ ${port_of[callee]:-} ]] || registered callee 2001 127.0.0.4
		peer callee 127.0.0.4 callee "$2" "${keys[@]}"
	fi
	if [[ $1 == invite* ]]; then
		peer "$row" 127.0.0.3 caller "$1" FROM=1001 URI=sip:2001@example.com ROUTES= \
			"${keys[@]}"
	else
		at=127.0.0.3 phone "$row" "$1" "${keys[@]}"
	fi
	peers_end "$row"
	[[ $2 == - ]] || peers_end callee
}

row_shows() {
	local states
	states=$(xargs <<<"$3")
	[[ $states == - ]] || shows "$1" "$2 $states"
}

proxied_event_ends_of_a_call() {
	watched "1001 2001"
	rows <<-END
	on-hook     | off-hook hears-183 waits hangs-up | - \
		| trying terminated/cancelled/487 | -
	caller-ends | invite hears-180 talks waits bye | invite waits rings waits answers hears-bye \
		| proceeding early confirmed terminated/local-bye \
		| trying early confirmed terminated/remote-bye
	callee-ends | invite hears-180 talks hears-bye | invite waits rings waits answers waits bye \
		| proceeding early confirmed terminated/remote-bye \
		| trying early confirmed terminated/local-bye
	cancelled   | invite hears-180 waits hangs-up | invite waits rings cancelled \
		| proceeding early terminated/cancelled/487 \
		| trying early terminated/cancelled/487
	busy        | invite refused | invite waits refuses \
		| proceeding terminated/rejected/486 | trying terminated/rejected/486
	declined    | invite hears-180 refused | invite waits rings waits refuses \
		| proceeding early terminated/rejected/603 \
		| trying early terminated/rejected/603 | STATUS=603
	dialled-and-busy | off-hook hears-183 waits dials hears-484 refused | invite waits refuses \
		| trying proceeding terminated/rejected/486 \
		| trying terminated/rejected/486 | DIALLED_STATUS=486
	dialled-and-unknown | off-hook hears-183 waits dials hears-484-and-refused | - \
		| trying terminated/rejected/404 | - \
		| DIALLED_STATUS=404 URI=sip:5555@example.com
	may-not-be-called | invite refused | - \
		| proceeding terminated/rejected/403 | - | STATUS=403 URI=sip:2004@example.com
	not-registered | invite refused | - \
		| proceeding terminated/rejected/404 | - | STATUS=404 URI=sip:2002@example.com
	dialled-as-another | off-hook hears-183 waits dials hears-484-and-refused | - \
		| trying terminated/error | - \
		| DIALLED_STATUS=403 EXTRA=P-Asserted-Identity:<sip:1002@example.com>
	END
}

# The 200 of a PRACK does not make a ringing telephone "confirmed", however many telephones ring.
proxied_event_while_it_rings() {
	watched "1001 2001"
	rows <<-END
	prack-refused | invite hears-reliable-180 refused \
		| invite waits rings-reliably waits refuses-after-prack \
		| proceeding early terminated/rejected/486 | trying early terminated/rejected/486 \
		| EXTRA=Supported:100rel
	prack-answered | invite hears-reliable-180 talks waits bye \
		| invite waits rings-reliably waits answers-after-prack hears-bye \
		| proceeding early confirmed terminated/local-bye \
		| trying early confirmed terminated/remote-bye | EXTRA=Supported:100rel
	forked-refused | invite hears-180 may-hear-180 refused \
		| invite waits forks waits rings waits refuses \
		| proceeding early terminated/rejected/486 | trying early terminated/rejected/486
	forked-answered | invite hears-180 may-hear-180 talks waits bye \
		| invite waits forks waits rings waits answers hears-bye \
		| proceeding early confirmed terminated/local-bye \
		| trying early confirmed terminated/remote-bye
	END
}

# The second of two forks to answer is hung up, by a back-to-back user agent itself, else by
# the caller (RFC 3261 13.2.2.4); whoever talks with the first talks on.
proxied_event_second_fork_answers() {
	local drops=drops-fork
	[[ $model == proxy ]] || drops=
	watched "1001 2001"
	rows <<-END
	forked | invite hears-180 may-hear-180 talks $drops hears-bye \
		| invite waits forks waits rings waits answers fork-answers waits bye \
		| proceeding early confirmed terminated/remote-bye \
		| trying early confirmed terminated/local-bye
	END
	local hung_up shown
	hung_up=$(first_at callee '^BYE sip:1001@')
	shown=$(first_at watcher '<state.*>terminated<')
	[[ $hung_up < $shown ]] || fail "shown as over at $shown, hung up at $hung_up"
}

# first_at NAME PATTERN: the time of the first message with a line that matches.
first_at() {
	awk -v pattern="$2" '/^-+ [0-9][0-9][0-9][0-9]-/ { at = $2 " " $3 }
		$0 ~ pattern { print at; exit }' "$dir/$1.sip"
}

# A second line is used and released while the first one stays in its call.
proxied_event_line_beside_a_call() {
	watched 1001
	callee "invite rings waits answers waits bye" WAIT=3000
	at=127.0.0.3
	phone talker "off-hook hears-183 dials hears-484 hears-180 talks hears-bye"
	until_true confirmed_is 1 || fail "1001 does not show that it talks"
	phone beside "off-hook hears-183 waits hangs-up" LINE=';+avaya-cm-line=2'
	peers_end beside
	until_true line_2_is_over || fail "1001 does not show line 2: $(shown 1001)"
	confirmed_is 1 || fail "1001 does not talk any more: $(shown 1001)"
	peers_end talker callee
	until_true confirmed_is 0 || fail "1001 still shows that it talks"
	has "the call" "$(shown 1001)" \
		'initiator 1 trying( proceeding)?( early)? confirmed terminated/remote-bye$'
	has "the line beside it" "$(shown 1001)" 'initiator 2 trying terminated/cancelled/487$'
	equal "dialogs" 2 "$(shown 1001 | wc -l)"
}

confirmed_is() { [[ $(shown 1001 | grep -c 'initiator 1 .* confirmed$') == "$1" ]]; }
line_2_is_over() { [[ $(shown 1001) == *"initiator 2 "*" terminated/"* ]]; }

# An answer may cross the CANCEL; a proxy lets it win (RFC 3261 9.1), and the call is one that
# was hung up.  A back-to-back user agent hangs up at once, and its BYE may overtake its ACK.
proxied_event_answer_crosses_the_cancel() {
	watched "1001 2001"
	if [[ $model == proxy ]]; then
		rows <<-END
		crossed | invite hears-180 waits cancels talks waits bye \
			| invite waits rings answers-cancel hears-bye \
			| proceeding early confirmed terminated/local-bye \
			| trying early confirmed terminated/remote-bye
		END
	else
		rows <<-END
		crossed | invite hears-180 waits hangs-up \
			| invite waits rings answers-cancel hears-bye \
			| proceeding early terminated/cancelled/487 \
			| trying early terminated/cancelled/487 | ACK=optional="true"
		END
	fi
}

# forwards STATION CONDITION: to 2002, who answers; STATION's telephone is at 127.0.0.6.
forwards() {
	cm_users "INSERT OR IGNORE INTO station (extension, name, ring_seconds) VALUES ('$1', 'Frank', 1);
		INSERT INTO call_forwarding (extension, condition, source, destination)
		VALUES ('$1', '$2', 'any', '2002');"
}

# left_for_2002 STATION "STEP...": 1001's call to STATION, whose telephone does STEPs, is
# answered by 2002.
left_for_2002() {
	local row=$1
	if [[ $2 ]]; then
		registered "at-$1" "$1" 127.0.0.6
		peer "at-$1" 127.0.0.6 callee "$2"
	fi
	[[ ${port_of[callee]:-} ]] || registered callee 2002 127.0.0.4
	rm -f "$dir/callee".*
	peer callee 127.0.0.4 callee "invite waits rings waits answers hears-bye"
	peer "$1" 127.0.0.3 caller "invite ${3:-hears-181 hears-180} talks waits bye" FROM=1001 \
		URI="sip:$1@example.com" ROUTES=
	peers_end "$1" callee
	[[ ! $2 ]] || peers_end "at-$1"
	shows 1001 "initiator 1 proceeding early confirmed terminated/local-bye"
}

# The station called first shows the end of its dialog, the one that answered does not, and the
# caller shows one dialog from beginning to end.
proxied_event_forwarded_call() {
	call='forward_phase = "origdone";'
	watched "1001 2002 2003 2006 2007"
	forwards 2006 no-answer
	forwards 2007 busy
	left_for_2002 2003 ''
	shows 2002 "recipient 1 trying early confirmed terminated/remote-bye"
	left_for_2002 2007 "invite waits refuses"
	shows 2007 "recipient 1 trying terminated/rejected/486"
	shows 2002 "recipient 1 trying early confirmed terminated/remote-bye"
	left_for_2002 2006 "invite waits rings cancelled" "hears-180 hears-181 hears-180"
	shows 2006 "recipient 1 trying early terminated/cancelled"
	shows 2002 "recipient 1 trying early confirmed terminated/remote-bye"
	shows_nothing_else 1001 2002 2003 2006 2007
}

# An evolution server forwards in the caller's half; that must not end the caller's own dialog.
proxied_event_forwarded_call_of_an_evolution_server() {
	call='server = "evolution";'
	watched "1001 2003 2006 2007"
	forwards 2006 no-answer
	forwards 2007 busy
	left_for_2002 2003 ''
	left_for_2002 2007 "invite waits refuses"
	left_for_2002 2006 "invite waits rings cancelled" "hears-180 hears-181 hears-180"
	shows_nothing_else 1001
}

# in_store STATE: the event server has 1001's dialog, and so.
in_store() {
	[[ $(sqlite3 "$dir/kamailio.db" "select count(*), count(case when cast(body as text)
		like '%>$1</state>%' then 1 end)
		from presentity where username = '1001'") == '1|1' ]]
}

daemon_event_proxy_that_forgot_everything() {
	publish='enabled = true; linger = 30;'
	cm_configure
	cm_start
	sm_start -A WITH_PRESENCE -A PUBL_CACHE=0
	to=$CM:${port_of[cm-udp]}
	back="sip:$SM:${port_of[sm]};transport=udp"
	phone phone "off-hook hears-183 waits on-hook line-ends" WAIT=4000
	until_true in_store trying || fail "1001 is not shown off-hook"
	stop kamailio
	rm "$dir/kamailio.db"
	sm_start -A WITH_PRESENCE -A PUBL_CACHE=0
	peers_end phone
	until_true in_store terminated || fail "1001 is not shown on-hook"
}

# --- half a minute ------------------------------------------------------------------------

daemon_event_off_hook_and_time_out() {
	patience=50
	watched 1001
	at=127.0.0.3 phone phone "off-hook hears-183 line-ends"
	peers_end phone
	shows 1001 "initiator 1 trying terminated/timeout/487"
}

# The caller never acknowledges the answer (RFC 3261 13.3.1.4).  Of the two halves the called
# party's gives up first, and a back-to-back one hangs up on the caller's, which may be as
# quick itself.
proxied_event_answer_nobody_acknowledges() {
	patience=50
	watched "1001 2001"
	callee "invite waits rings waits answers hears-bye"
	caller "invite hears-180 hears-200 waits" WAIT=40000
	shows 2001 "recipient 1 trying early confirmed terminated/timeout"
	ended_somehow() { [[ $(shown 1001) == *" terminated/"* ]]; }
	until_true ended_somehow || fail "1001 still shows the call"
	has "what 1001 shows" "$(shown 1001)" \
		'initiator 1 proceeding early confirmed terminated/(timeout|remote-bye)$'
}
