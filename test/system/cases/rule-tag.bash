# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The tags of halfcall-protocol(7), ROUTE TAGS, as a real Kamailio writes them, right and wrong,
# and what else passes between the two (REST OF SIP), in the office of rule.bash.

# tagged HALF TAG: Kamailio writes TAG for that half (ORIG or TERM).
tagged() { office_proxy_again -A "$1_TAG=$2"; }

# tags_come_back HALF PHASE: each row on stdin is a TAG that Kamailio writes for HALF, and what
# the Route carries that halfcalld sends back with PHASE.
tags_come_back() {
	local tag back came
	while read -r tag back; do
		tagged "$1" "$tag"
		office_call -- unrestricted 2001 200 - - 2001
		came=$(sed -nE "s/.* phase $2 odi=.* tag=(.*)/\1/p" "$dir/kamailio.log")
		equal "what came back for $tag" "$(parameters "$back")" "$(parameters "$came")"
	done
}

# The parameters of a Route in order, without those of its way and Kamailio's own.
parameters() { tr ';' '\n' <<<"$1" | grep -vE '^(transport=|lr$|odi=)' | sort | xargs; }

proxied_tags_of_the_origination_half() {
	office
	tags_come_back ORIG origdone <<-END
	phase=imsorig;seq=explicit                    phase=origdone;seq=explicit
	phase=imsorig;seq=implicit                    phase=origdone;seq=implicit
	phase=imsorig                                 phase=origdone
	SEQ=explicit;PHASE=ImsOrig                    phase=origdone;SEQ=explicit
	m-type=audio;phase=imsorig;seq=implicit;flag  phase=origdone;seq=implicit;m-type=audio;flag
	END
}

proxied_tags_of_the_termination_half() {
	office
	tags_come_back TERM termdone <<-END
	phase=imsterm;seq=explicit                    phase=termdone;seq=explicit
	phase=imsterm;seq=implicit                    phase=termdone;seq=implicit
	phase=imsterm                                 phase=termdone
	SEQ=explicit;PHASE=ImsTerm                    phase=termdone;SEQ=explicit
	m-type=audio;phase=imsterm;seq=implicit;flag  phase=termdone;seq=implicit;m-type=audio;flag
	END
}

# wrong_tags HALF: each row on stdin is a TAG that Kamailio writes for HALF, the word that the
# Warning must have, and what becomes of a call.
wrong_tags() {
	local tag word call
	while read -r tag word call; do
		[[ $tag != '#' ]] || continue
		tagged "$1" "$tag"
		# shellcheck disable=SC2086
		office_call -- unrestricted 2001 $call
		[[ $word == - ]] || has "Warning for $tag" "$(headers Warning <<<"$office_answer")" \
			"^399 .*\".*$word.*\"$"
	done
}

proxied_wrong_tags_of_the_origination_half() {
	office
	wrong_tags ORIG <<-END
	phase=origdone                    origdone     400  -  phase  imsorig
	phase=termdone;seq=explicit       termdone     400  -  phase  imsorig
	phase=terminating                 terminating  400  -  phase  imsorig
	phase=nonsense;seq=explicit       nonsense     400  -  phase  imsorig
	phase=                            phase        400  -  phase  imsorig
	phase=imsorig;phase=imsterm       phases       400  -  phase  imsorig
	phase=imsorig;phase=imsorig       phases       400  -  phase  imsorig
	seq=explicit                      phase        403  -  phase  imsorig
	# the wrong one, but a right one: the half it names
	phase=imsterm                     -            200  -  -      imsorig termdone 2001
	phase=imsorig                     -            200  -  -      2001
	END
}

proxied_wrong_tags_of_the_termination_half() {
	office
	wrong_tags TERM <<-END
	phase=origdone                    origdone     400  -  phase  imsterm
	phase=termdone;seq=explicit       termdone     400  -  phase  imsterm
	phase=terminating                 terminating  400  -  phase  imsterm
	phase=nonsense;seq=explicit       nonsense     400  -  phase  imsterm
	phase=                            phase        400  -  phase  imsterm
	phase=imsterm;phase=termdone      phases       400  -  phase  imsterm
	seq=explicit                      phase        403  -  phase  imsterm
	phase=imsterm                     -            200  -  -      2001
	END
}

# A call without a phase is one from a trunk: only the called party's features run.
proxied_untagged_calls_are_routed_where_that_is_configured() {
	call='untagged = "route";'
	office
	local tag
	for tag in seq=explicit phase=terminating; do
		tagged ORIG "$tag"
		office_calls <<-END
		unrestricted    2001            200  -   -                         imsorig untagged 2001
		origination     2001            200  -   -                         imsorig untagged 2001
		unrestricted    termination     403  21  called-party:termination  imsorig
		unrestricted    out-of-service  480  -   out-of-service            imsorig
		unrestricted    5555            404  1   unknown-station           imsorig
		END
	done
	# What has a wrong tag is no call without one.
	wrong_tags ORIG <<-END
	phase=origdone                    origdone     400  -  phase  imsorig
	phase=nonsense                    nonsense     400  -  phase  imsorig
	phase=imsorig;phase=imsterm       phases       400  -  phase  imsorig
	END
}

# Telephones and the gateway hear nothing of all this.
proxied_no_tag_leaves_the_proxy() {
	office
	office_calls <<-END
	unrestricted    2001         200  -   -                         2001
	unrestricted    9112345      200  -   -                         trunk
	trunk:+4930123  2001         200  -   -                         2001
	END
	no_tag_at answering gateway
	equal "calls answered" "2 1" "$(count answering received ^INVITE) $(count gateway received ^INVITE)"
}

# OPTIONS from a proxy are answered 200, and 503 while halfcalld waits for its last call; then no
# more calls are sent to it, until it has been started again.
proxied_options_tell_the_proxy_whether_we_live() {
	local port
	port=$(free_port $CM)
	listen="\"sip:$CM:$port;transport=udp\"" office
	echo "1 sip:$CM:$port;transport=udp" >"$dir/cm.list"
	office_proxy_again -A WITH_MONITOR -A CM_LIST="\"$dir/cm.list\"" -A CM_INTERVAL=1
	office_call -- unrestricted 2001 200 - - 2001

	peer last $office_callers caller "invite hears-any-18x talks waits bye" WAIT=4000 \
		FROM=unrestricted URI=sip:2001@example.com ROUTES=
	wait_line "$dir/last.sip" '^ACK '
	kill -TERM "${pid_of[halfcalld]}"
	wait_line "$dir/kamailio.log" 'cm is down'
	is_running halfcalld || fail "it was down because it was gone"
	caller "invite refused" STATUS=503
	peers_end caller last
	has "503" "$(message caller received ' 503')" '^SIP/2.0 503 No Communication Manager'
	ended halfcalld || fail "halfcalld ended with status $?"

	cm_run
	wait_line "$dir/kamailio.log" 'cm is up'
	office_call -- unrestricted 2001 200 - - 2001
}

# Requests are taken from configured proxies only; here Kamailio is not one of them.
others='{ name = "other"; address = "sip:127.0.0.8:5060;transport=udp"; }'

proxied_strangers_are_refused() {
	proxies=$others
	chain
	caller "invite refused" STATUS=403
	peers_end caller
	has "403" "$(message caller received ' 403')" '^Warning: 399 .*configured proxies'
	equal "phases" imsorig "$(phases)"
	journalled event=stranger status=403
	equal "calls taken" 0 "$(journal half=orig)"
}

proxied_strangers_may_be_ignored() {
	proxies=$others
	chain 'peers = { unknown = "ignore"; };'
	caller "invite refused" STATUS=408
	peers_end caller
	equal "phases" imsorig "$(phases)"
	journalled event=stranger to=2001
	equal "calls taken" 0 "$(journal half=orig)"
}

proxied_every_configured_proxy_is_known() {
	proxies="$others, { name = \"kamailio\"; address = \"sip:$SM:5060;transport=udp\"; }"
	office
	office_call -- unrestricted 2001 200 - - 2001
	journalled half=orig proxy=kamailio
	equal "strangers" 0 "$(journal event=stranger)"
}
