# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What a case of test/system is made of: processes, free ports, SIPp peers, and questions
# about what they heard.  Sourced by test/system/run; a case runs in a shell of its own with
# $dir (its logs), $model (b2bua or proxy) and $transport (udp, tcp or tls) set.  SIPp has no TLS:
# with tls it is what halfcalld and Kamailio use between them, and telephones use TCP.

# Each program has a loopback address of its own: halfcalld recognises its proxies by address.
CM=127.0.0.1			# halfcalld
SM=127.0.0.2			# the proxy: Kamailio, or SIPp in its place
STRANGER=127.0.0.9		# not a configured proxy

declare -A pid_of=()		# process name -> pid
declare -A port_of=()		# player name -> its SIP port
patience=10			# seconds any single wait may last

fail() {
	printf '%s\n' "$*" >>"$dir/why"
	exit 1
}

# --- processes ----------------------------------------------------------------------------

# start NAME COMMAND...: in the background, its output in NAME.log.
start() {
	local name=$1
	shift
	"$@" >"$dir/$name.log" 2>&1 </dev/null &
	pid_of[$name]=$!
}

is_running() { kill -0 "${pid_of[$1]}" 2>/dev/null; }

# until_true COMMAND...: repeats the command until it succeeds or $patience is over.
until_true() {
	local end=$((SECONDS + patience))
	until "$@"; do
		((SECONDS < end)) || return 1
		read -r -t 0.02 <>"$dir/.never" || :
	done
}

# wait_line FILE REGEX [COUNT]: until FILE has COUNT (1) lines that match.
wait_line() {
	has_lines() { (($(grep -cE -- "$2" "$1" 2>/dev/null) >= $3)); }
	until_true has_lines "$1" "$2" "${3:-1}" ||
		fail "no line /$2/ in ${1##*/} within ${patience}s"
}

# ended NAME: waits for its end, answers its exit status (124 = still there).
ended() {
	gone() { ! is_running "$1"; }
	until_true gone "$1" || return 124
	local status=0
	wait "${pid_of[$1]}" || status=$?
	unset "pid_of[$1]"
	return "$status"
}

# stop NAME: ends what is still there, first politely.
stop() {
	[[ ${pid_of[$1]:-} ]] || return 0
	kill "${pid_of[$1]}" 2>/dev/null
	local patience=3 status=0
	ended "$1" || status=$?
	if ((status == 124)); then
		# Kamailio's processes would outlive their parent.
		pkill -KILL -P "${pid_of[$1]}"
		kill -KILL "${pid_of[$1]}" 2>/dev/null
		wait "${pid_of[$1]}" 2>/dev/null
		unset "pid_of[$1]"
	fi
}

# At the end of every case, whatever its outcome.
clean_up() {
	local status=$? name
	trap - EXIT TERM INT
	for name in "${!pid_of[@]}"; do
		[[ $name == halfcalld ]] || stop "$name"
	done
	stop halfcalld
	gives_ports_back
	if grep -qE 'ERROR: (Address|Leak)Sanitizer|runtime error:|Assertion .* failed' \
		"$dir"/halfcalld*.log 2>/dev/null; then
		echo "halfcalld has a sanitizer's report or a failed assertion" >>"$dir/why"
		status=1
	fi
	exit "$status"
}

# --- ports --------------------------------------------------------------------------------

is_bound() { [[ $(ss -Hln"$1" src "$2" 2>/dev/null) ]]; }	# t or u, ADDRESS:PORT

# Ports given away but not bound yet, of all cases that run on this machine: a file each, with
# the case's process in it.
given=${TMPDIR:-/tmp}/halfcall-ports.$UID

# takes ADDRESS:PORT: it is this case's from now on; false if it is another's.
takes() {
	local owner=
	mkdir -p "$given"
	(set -C; echo $$ >"$given/$1") 2>/dev/null && return
	read -r owner <"$given/$1"
	! kill -0 "${owner:-$$}" 2>/dev/null && rm -f "$given/$1"	# killed; free the next time
	return 1
}

# At the end of a case.
gives_ports_back() { grep -lxFs $$ "$given"/* | xargs -r rm -f; }

# free_port ADDRESS: a port without a listener, below those the kernel assigns by itself.
free_port() {
	local port
	while :; do
		port=$((10000 + RANDOM % 22000))
		is_bound t "$1:$port" || is_bound u "$1:$port" || ! takes "$1:$port" || break
	done
	echo "$port"
}

# --- halfcalld ----------------------------------------------------------------------------

# cm_configure [LINE...]: writes halfcalld.conf; LINEs come last and may add settings.  The
# path of a socket has 107 bytes at most, and $dir may have as many: it is a relative one.
# $listen and $proxies, where set, replace the usual ones; $call adds to the call group;
# dialog events are published only where $publish says so.  $tls_at, where set, is the proxy's address
# for TLS.
cm_configure() {
	port_of[sm]=${port_of[sm]:-$(free_port $SM)}
	local ours="\"sip:$CM:0;transport=udp\", \"sip:$CM:0;transport=tcp\""
	local theirs="{ name = \"sm-a\"; address = \"sip:$SM:${port_of[sm]};transport=$transport\"; }"
	if [[ $transport == tls ]]; then
		port_of[sm-tls]=${port_of[sm-tls]:-$(free_port "${tls_at:-$SM}")}
		[[ -e $dir/ca.key ]] || certificates
		ours+=", \"sip:$CM:0;transport=tls\""
		theirs="{ name = \"sm-a\"; address = \"sips:${tls_at:-$SM}:${port_of[sm-tls]}\"; tls_name = \"sm.example.com\"; }"
		set -- "tls = { certificate = \"$dir/cm.crt\"; key = \"$dir/cm.key\"; ca = \"$dir/ca.crt\"; mutual = true; };" "$@"
	fi
	cat >"$dir/halfcalld.conf" <<-END
	listen   = [ ${listen:-$ours} ];
	domain   = "example.com";
	database = "$dir/users.db";
	control  = "control";
	proxies  = ( ${proxies:-$theirs} );
	call     = { model = "$model"; ${call:-} };
	monitor  = { interval = 0; };
	admission = { ${admission:-delay = 0;} };	# a busy machine is no overload to be tested
	publish  = { ${publish:-enabled = false;} };
	journal  = { file = "$dir/journal.jsonl"; ring = 1000; };
	END
	if (($#)); then
		printf '%s\n' "$@" >>"$dir/halfcalld.conf"
	fi
}

# certificate NAME [DOMAIN [DAYS]]: NAME.crt for sip:DOMAIN (NAME.example.com), signed by the case's
# authority, with NAME.key.
certificate() {
	local name=$1 domain=${2:-$1.example.com}
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$name" \
		-keyout "$dir/$name.key" -out "$dir/$name.csr" &&
		openssl x509 -req -in "$dir/$name.csr" -CA "$dir/ca.crt" -CAkey "$dir/ca.key" \
			-CAcreateserial -days 2 -out "$dir/$name.crt" \
			-extfile <(echo "subjectAltName=URI:sip:$domain,DNS:$domain")
} >>"$dir/openssl.log" 2>&1

# certificates: an authority ca.crt, and what halfcalld and the proxy show.
certificates() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=ca \
		-keyout "$dir/ca.key" -out "$dir/ca.crt" >>"$dir/openssl.log" 2>&1
	certificate cm && certificate sm || fail "no certificates, see openssl.log"
}

cm_users() { sqlite3 -bail "$dir/users.db" "$@"; }

# cm_start: database, users, daemon; port_of[cm-udp] and port_of[cm-tcp] afterwards.
cm_start() {
	env -C "$dir" "$halfcalld" -U -f "$dir/halfcalld.conf" >"$dir/halfcalld-U.log" 2>&1 ||
		fail "halfcalld -U failed, see halfcalld-U.log"
	cm_users <"$here/users.sql" >"$dir/users.log" 2>&1 || fail "sqlite3 failed, see users.log"
	cm_run
}

# What an earlier daemon said is kept, and not taken for the new one's.
cm_run() {
	local log=$dir/halfcalld.log
	[[ ! -e $log ]] || mv "$log" "${log%.log}-$(find "$dir" -name 'halfcalld-*.log' | wc -l).log"
	start halfcalld env -C "$dir" "$halfcalld" -f "$dir/halfcalld.conf"
	ready_or_gone() { grep -q '^ready ' "$dir/halfcalld.log" || ! is_running halfcalld; }
	until_true ready_or_gone
	grep -q '^ready ' "$dir/halfcalld.log" || fail "halfcalld is not ready, see halfcalld.log"
	local uri port
	for uri in $(sed -n 's/^ready //p' "$dir/halfcalld.log"); do
		port=${uri%%;*}
		port_of[cm-${uri##*transport=}]=${port##*:}
	done
}

# cm_drain: SIGTERM; it must end by itself with status 0.
cm_drain() {
	kill -TERM "${pid_of[halfcalld]}"
	local status=0
	ended halfcalld || status=$?
	((status == 0)) || fail "halfcalld ended with status $status after SIGTERM"
}

# --- Kamailio -----------------------------------------------------------------------------

# sm_start [OPTION...]: Kamailio with the configuration of etc/kamailio, paired with
# halfcalld.  OPTIONs (-A WITH_PRESENCE) are Kamailio's.  In the cases chain_X two processes
# take its datagrams, as in real life, so that what is sent in one breath may arrive in another
# order; elsewhere, or where $children says so, one.
sm_start() {
	local at=$SM:${port_of[sm]} back table processes=1 tls=()
	back=$at
	[[ $kind != chain ]] || processes=${children:-2}
	sqlite3 "$dir/kamailio.db" "PRAGMA journal_mode = WAL" >/dev/null
	for table in standard usrloc presence; do
		sqlite3 "$dir/kamailio.db" <"$tables/$table-create.sql" ||
			fail "no tables for Kamailio"
	done
	if [[ $transport == tls ]]; then
		back=${tls_at:-$SM}:${port_of[sm-tls]}
		tls=(-A WITH_TLS -A SM_LISTEN_TLS="tls:$back" -A SM_TLS_CERTIFICATE="\"$dir/sm.crt\""
			-A SM_TLS_KEY="\"$dir/sm.key\"" -A SM_TLS_CA="\"$dir/ca.crt\"")
	fi
	start kamailio kamailio -DD -E -f "$root/etc/kamailio/kamailio.cfg" -m 32 -M 4 \
		-Y "$dir" -A SM_LISTEN_UDP="udp:$at" -A SM_LISTEN_TCP="tcp:$at" \
		-A SM_ADDRESS=$SM -A SM_URI="sip:$back;transport=$transport" \
		-A CM_URI="sip:$CM:${port_of[cm-$transport]};transport=$transport" \
		-A CM_ADDRESS="${CM//[][]/}" -A SM_CHILDREN="$processes" -A WITH_SQLITE -A DB_URL="\"sqlite:///$dir/kamailio.db\"" \
		-A SM_CONTACT="\"sip:$back;transport=$transport\"" ${tls[@]+"${tls[@]}"} "$@"
	until_true is_bound t "$at" || fail "Kamailio does not listen, see kamailio.log"
	until_true is_bound u "$at" || fail "Kamailio does not listen, see kamailio.log"
	[[ $transport != tls ]] || until_true is_bound t "$back" ||
		fail "Kamailio does not listen for TLS, see kamailio.log"
}

# --- SIPp ---------------------------------------------------------------------------------

sdp='v=0
o=- 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[local_ip_type] [local_ip]
t=0 0
m=audio 40000 RTP/AVP 0
a=rtpmap:0 PCMU/8000'

# scenario ROLE "STEP..." KEY=VALUE...: joins sipp/ROLE-STEP.xml and fills in @KEY@.  A line
# that is empty once filled in disappears.
scenario() {
	local role=$1 steps=$2 step text='' pair value i
	shift 2
	for step in $steps; do
		text+=$(<"$here/sipp/$role-$step.xml")$'\n'
	done
	set -- ROUTES= EXTRA= MAX_FORWARDS=70 STATUS=486 REASON=Refused WAIT=300 ACK= \
		TYPE=application/sdp BODY="$sdp" "$@"
	# The last one counts.  An empty value leaves a mark, so that its line can be taken out.
	for ((i = $#; i > 0; i--)); do
		pair=${!i}
		value=${pair#*=}
		text=${text//"@${pair%%=*}@"/"${value:-$'\x01'}"}
	done
	printf '<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="%s">\n%s</scenario>\n' \
		"$role" "$text" | sed $'/^\x01$/d; s/\x01//'
}

# peer NAME ADDRESS ROLE "STEP..." [KEY=VALUE...] [-- SIPP-OPTION...]: a SIPp that plays ROLE.
# It sends to $to (ADDRESS:PORT), over $transport, and listens on port_of[NAME].
peer() {
	local name=$1 address=$2 role=$3 steps=$4 pairs=() mode=u1
	shift 4
	while (($#)) && [[ $1 != -- ]]; do
		pairs+=("$1")
		shift
	done
	(($# == 0)) || shift
	[[ $transport == udp ]] || mode=t1
	port_of[$name]=${port_of[$name]:-$(free_port "$address")}
	scenario "$role" "$steps" ${pairs[@]+"${pairs[@]}"} >"$dir/$name.xml"
	if grep -qE '@[A-Z_]+@' "$dir/$name.xml"; then
		fail "$name: $(grep -oE -m1 '@[A-Z_]+@' "$dir/$name.xml") is not filled in"
	fi
	start "$name" sipp "$to" -sf "$dir/$name.xml" -i "$address" -p "${port_of[$name]}" \
		-m 1 -t $mode -nostdin -recv_timeout $((patience * 1000)) -timeout 60 \
		-timeout_error -default_behaviors abortunexp -trace_msg -message_file "$dir/$name.sip" -trace_err \
		-error_file "$dir/$name.err" -max_log_size 50000000 "$@"
	if [[ $role == callee ]]; then
		local letter=u
		[[ $transport == udp ]] || letter=t
		until_true is_bound $letter "$address:${port_of[$name]}" ||
			fail "$name does not listen, see $name.log"
	fi
}

# peers_end NAME...: each went through its scenario.
peers_end() {
	local name status patience=$((patience > 30 ? patience : 30))
	for name in "$@"; do
		status=0
		ended "$name" || status=$?
		((status == 0)) || fail "$name did not get through its scenario (status $status):" \
			"$(grep -h -m1 -oE "(Aborting|Unexpected|timeout|Timeout|Last Error).*" \
				"$dir/$name.err" "$dir/$name.log" 2>/dev/null | head -1)"
	done
}

# message NAME sent|received PATTERN [N]: the Nth (1st, -1 = last) message whose first line
# matches, without carriage returns; nothing if there is none.
message() {
	[[ -f $dir/$1.sip ]] || return 0
	awk -v way="message $2" -v pattern="$3" -v wanted="${4:-1}" '
		function finish() {
			if (text != "" && taken) {
				found++
				last = text
				if (found == wanted) { printf "%s", text; printed = 1; exit }
			}
			text = ""; taken = 0
		}
		{ sub(/\r$/, "") }
		/^-+ [0-9][0-9][0-9][0-9]-/ { finish(); state = 1; next }
		state == 1 { state = index($0, way) ? 2 : 0; next }
		state == 2 && $0 == "" { next }
		state == 2 { state = 3; taken = ($0 ~ pattern) }
		state == 3 { text = text $0 "\n" }
		END { if (!printed) finish(); if (wanted == -1 && !printed) printf "%s", last }
	' "$dir/$1.sip"
}

# count NAME sent|received PATTERN: how many messages' first lines match.
count() {
	[[ -f $dir/$1.sip ]] || { echo 0; return; }
	awk -v way="message $2" -v pattern="$3" '
		{ sub(/\r$/, "") }
		/^-+ [0-9][0-9][0-9][0-9]-/ { state = 1; next }
		state == 1 { state = index($0, way) ? 2 : 0; next }
		state == 2 && $0 == "" { next }
		state == 2 { state = 0; if ($0 ~ pattern) n++ }
		END { print n + 0 }' "$dir/$1.sip"
}

# headers NAME: the values of that header in the message on stdin, one a line, in order.
headers() { awk -v name="$1" 'BEGIN { n = tolower(name) ":" } $0 == "" { exit }
	index(tolower($0), n) == 1 { v = substr($0, length(n) + 1); sub(/^[ \t]+/, "", v); print v }'; }

# body: what follows the empty line.
body() { awk 'past { print } $0 == "" { past = 1 }'; }

# --- what must hold -----------------------------------------------------------------------

# equal WHAT EXPECTED ACTUAL
equal() {
	[[ $2 == "$3" ]] || fail "$1: expected <$2>, got <$3>"
}

# has WHAT TEXT REGEX, has_not likewise: some line of TEXT matches (none does).
has() { grep -qE -- "$3" <<<"$2" || fail "$1: nothing matches /$3/ in <${2:0:600}>"; }
has_not() { ! grep -qE -- "$3" <<<"$2" || fail "$1: /$3/ must not be there: $(grep -m1 -E -- "$3" <<<"$2")"; }

# journal KEY=VALUE...: how many events of the journal have all of them.
journal() {
	local pair lines
	lines=$(cat "$dir/journal.jsonl" 2>/dev/null)
	for pair in "$@"; do
		lines=$(grep -E "\"${pair%%=*}\": ?\"?${pair#*=}\"?[,}]" <<<"$lines") || break
	done
	[[ -z $lines ]] && echo 0 || wc -l <<<"$lines"
}

# journalled KEY=VALUE...: such an event is there, or soon will be.
journalled() {
	some() { (($(journal "$@") > 0)); }
	until_true some "$@" || fail "the journal has no event with $*"
}
