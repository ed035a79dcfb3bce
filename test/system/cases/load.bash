# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A hundred stations go off-hook and on-hook at once, for ten seconds or as many as
# $LOAD_SECONDS says.

# stations: 4000 ... 4099.
stations() {
	cm_users "with recursive n (i) as (values (4000) union all select i + 1 from n where i < 4099)
		insert into station (extension, name, cor) select i, 'Station ' || i, 1 from n"
	{ echo SEQUENTIAL; seq 4000 4099 | sed 's/$/;/'; } >"$dir/stations.csv"
}

# many NAME COUNT [KEY=VALUE...]: COUNT reservations, each station in its turn, a hundred a
# second.
many() {
	phone "$1" "off-hook hears-183 waits on-hook line-ends" WAIT=900 FROM='[field0]' \
		OFF_HOOK='sip:[field0]@example.com;avaya-cm-fnu=off-hook' \
		OFF_HOOK_TO='sip:[field0]@example.com;avaya-cm-fnu=off-hook' "${@:3}" \
		-- -inf "$dir/stations.csv" -m "$2" -r 100 -l 100 -timeout $((limit - 20))
	local patience=$((limit - 15))
	peers_end "$1"
}

# resident: what halfcalld has in memory, in kB.
resident() { sed -n 's/^VmRSS:[ \t]*\([0-9]*\).*/\1/p' "/proc/${pid_of[halfcalld]}/status"; }

# all_off_hook: every station at once, until the reservation runs out, which takes longer than
# any transaction lasts.
all_off_hook() {
	phone rest "off-hook hears-183 line-ends" RESERVES='Expires: 34' FROM='[field0]' \
		OFF_HOOK='sip:[field0]@example.com;avaya-cm-fnu=off-hook' \
		OFF_HOOK_TO='sip:[field0]@example.com;avaya-cm-fnu=off-hook' \
		-- -inf "$dir/stations.csv" -m 100 -r 100 -l 100
	stormed=$((stormed + 100))
}

# storm: the load; then every station asks for line 1, and gets it.
storm() {
	local seconds=${LOAD_SECONDS:-10}
	many storm $((100 * seconds)) LINE=
	many calm 100 LINE=';+avaya-cm-line=1'
	stormed=$((${stormed:-0} + 100 * seconds + 100))
	equal "reservations" $stormed "$(journal half=line event=off-hook)"
	equal "reservations that end" $stormed "$(journal half=line 'event=(on-hook|timeout)')"
	rm -f "$dir"/{storm,calm}.*
}

daemon_load_never_overlaps_its_publications() {
	delay_ms=150
	patience=20
	events
	stations
	storm
	until_true has_states || fail "nothing is removed in the end"
	one_in_flight_each
	cm_drain
	has "what is left" "$(<"$dir/halfcalld.log")" ' left=0 .*dialogs=0'
}

# The last document of every station says that its dialog is terminated.
has_states() {
	[[ $(tr -d '\r' <"$dir/events.sip" | awk '
		/^PUBLISH sip:/ { station = $2 }
		/^Expires: / && station { last[station] = $2; station = "" }
		END { for (station in last) if (last[station] == 0) gone++; print gone + 0 }') == 100 ]]
}

# one_in_flight_each: as one_in_flight, of each station.
one_in_flight_each() {
	equal "PUBLISHes that overlap" '' "$(tr -d '\r' <"$dir/events.sip" | awk '
		/^-+ [0-9][0-9][0-9][0-9]-/ { what = "" }
		/^PUBLISH sip:/ { what = "request" }
		/^SIP\/2.0/ { what = "answer" }
		/^To:/ { split($2, part, "[:@]"); station = part[2] }
		/^Call-ID:/ && what == "request" {
			if (flying[station] != "" && flying[station] != $2) print station
			if (!($2 in answered)) flying[station] = $2
		}
		/^Call-ID:/ && what == "answer" { answered[$2] = 1; flying[station] = "" }')"
}

# The event server's store against what halfcalld believes, station by station: while all are
# off-hook, and when all are on-hook again.
daemon_load_leaves_the_event_server_right() {
	# Sanitizers keep freed memory for a while; keep less of it here.
	export ASAN_OPTIONS=quarantine_size_mb=1
	patience=40
	publish='enabled = true; linger = 0;'
	cm_configure 'line = { reservation = 34; };'
	cm_start
	sqlite3 "$dir/kamailio.db" "pragma journal_mode = wal" >"$dir/wal.log"
	sm_start -A WITH_PRESENCE -A PUBL_CACHE=0
	to=$CM:${port_of[cm-udp]}
	back="sip:$SM:${port_of[sm]};transport=udp"
	stations
	# The second storm must fit in memory that the first one freed.
	storm
	local before after
	before=$(resident)
	all_off_hook
	until_true is_stored 100 trying || fail "the stores differ: $(diff <(believed) <(stored trying) | head -4 | xargs)"
	peers_end rest
	storm
	after=$(resident)
	((after < before + 2048)) || fail "memory grew from $before to $after kB"
	until_true is_stored 0 || fail "the event server still has: $(stored | head -4 | xargs)"
	cm_drain
}

# believed: EXTENSION ETAG of every station's publication; stored [STATE]: those in the event
# server's table (with a dialog in that STATE).
believed() {
	awk '$4 ~ /^=/ { etag[$1] = substr($4, 2) } $4 == "-" { delete etag[$1] }
		END { for (station in etag) print station, etag[station] }' \
		"$dir/users.db.publications" | sort
}
stored() {
	sqlite3 -separator ' ' "$dir/kamailio.db" "select username, etag from presentity
		where cast(body as text) like '%>${1:-}%' order by username"
}
# is_stored COUNT [STATE]
is_stored() { [[ $(believed | grep -c .) == "$1" && $(believed) == "$(stored "${2:-}")" ]]; }
