# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Dialog events through a real event server: `watcher` is the telephone's subscription to its
# own dialogs at Kamailio, and reads what halfcalld publishes there.

# watched EXTENSION [LINE...]: the whole chain, and a subscription to EXTENSION's dialogs.
watched() {
	local extension=$1
	shift
	publish='enabled = true; linger = 0;'
	cm_configure "$@"
	cm_start
	sm_start -A WITH_PRESENCE
	to=$SM:${port_of[sm]}
	start watcher "$here/watcher" "$to" 127.0.0.5 "$transport" "$dir/watcher.sip" "$extension"
	wait_line "$dir/watcher.sip" '^NOTIFY '
}

# notified: a line a NOTIFY that has a dialog, in order: version, state, event, code, direction
# and appearance of its last dialog, and how many dialogs.
notified() {
	local dialog="//*[local-name()='dialog'][last()]" i n text
	n=$(count watcher received ^NOTIFY)
	for ((i = 1; i <= n; i++)); do
		text=$(message watcher received ^NOTIFY "$i" | body)
		[[ $text == *'<dialog '* ]] || continue
		xmllint --nonet --xpath "concat(/*/@version,
			'|', $dialog/*[local-name()='state'],
			'|', $dialog/*[local-name()='state']/@event,
			'|', $dialog/*[local-name()='state']/@code,
			'|', $dialog/@direction,
			'|', $dialog//*[local-name()='param'][@pname='+avaya-cm-line']/@pval,
			'|', count(//*[local-name()='dialog']))" - <<<"$text" ||
			fail "NOTIFY $i is no good XML"
	done
}

# Behind a proxy that is several processes, the 487 may overtake the 200 of the CANCEL: hence
# `hangs-up`, which takes either first.

# is_shown REGEX DIRECTION: what the telephone was told in the end: its states in order match
# (STATE or STATE/EVENT/CODE, each once), all about one dialog on line 1 with that DIRECTION.
is_shown() {
	local lines states version last=-1 state event code rest
	wait_line "$dir/watcher.sip" '<state.*>terminated<'
	lines=$(notified)
	while IFS='|' read -r version state event code rest; do
		((version > last)) || fail "version $version came after $last"
		last=$version
		equal "direction, line and dialogs of $state" "$2|1|1" "$rest"
		[[ $event ]] && state+=/$event
		[[ $code ]] && state+=/$code
		echo "$state"
	done <<<"$lines" >"$dir/states"
	states=$(uniq "$dir/states" | xargs)
	has "what the telephone shows" "$states" "^$1\$"
	equal "dialogs" 1 "$(grep -o '<dialog id="[^"]*"' "$dir/watcher.sip" | sort -u | wc -l)"
}

chain_event_off_hook_then_on_hook() {
	watched 1001
	at=127.0.0.3 phone phone "off-hook hears-183 waits hangs-up"
	peers_end phone
	is_shown "trying terminated/cancelled/487" initiator
	has "the station's name" "$(message watcher received ^NOTIFY -1)" \
		'<identity display="Alice">sip:1001@example.com</identity>'
}

chain_event_dialled_call() {
	watched 1001
	callee "invite rings waits answers hears-bye"
	at=127.0.0.3 phone phone "off-hook hears-183 waits dials hears-484 hears-180 talks waits bye"
	peers_end phone callee
	is_shown "trying( proceeding)? early confirmed terminated/local-bye" initiator
	has "the other party" "$(<"$dir/watcher.sip")" 'sip:2001@example.com</identity>'
	journalled half=line event=dialled
}

chain_event_dialled_call_that_is_refused() {
	watched 1001
	callee "invite refuses" STATUS=486
	at=127.0.0.3 phone phone "off-hook hears-183 waits dials hears-484 refused" DIALLED_STATUS=486
	peers_end phone callee
	is_shown "trying( proceeding)? terminated/rejected/486" initiator
}

chain_event_incoming_call_answered() {
	watched 2001
	callee "invite rings waits answers hears-bye"
	caller "invite hears-180 talks waits bye"
	peers_end caller callee
	is_shown "(trying )?early confirmed terminated/remote-bye" recipient
	has "the other party" "$(<"$dir/watcher.sip")" 'sip:1001@example.com</identity>'
}

chain_event_incoming_call_cancelled() {
	watched 2001
	callee "invite rings cancelled"
	caller "invite hears-180 waits hangs-up"
	peers_end caller callee
	is_shown "(trying )?early terminated/cancelled(/487)?" recipient
}

# A station's calls are its own: whoever is called without condition elsewhere shows nothing
# that stays.
chain_event_forwarded_call_leaves_nothing() {
	user=2002 watched 2003
	user=2002 callee "invite rings waits answers hears-bye"
	dial=2003 caller "invite hears-181 hears-180 talks waits bye"
	peers_end caller callee
	has_not "2003's telephone" "$(notified)" 'early|confirmed'
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
	is_shown "trying terminated/timeout/487" initiator
}
