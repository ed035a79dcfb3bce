# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# The group `limits` of halfcalld.conf(5).

# closed DESCRIPTOR SECONDS: halfcalld closes that connection within the time, without a word.
closed() {
	local byte='' status=0
	read -r -n 1 -t "$2" -u "$1" byte || status=$?
	((status == 1)) || fail "connection $1 is not closed in $2 s: status $status, <$byte>"
}

# What connects from 127.0.0.1 is no proxy.
daemon_limits_of_connections() {
	half 'limits = { address_connections = 2; silent_s = 2; };'
	local at=/dev/tcp/$CM/${port_of[cm-tcp]} status=0
	exec 5<>"$at" 6<>"$at" 7<>"$at"
	closed 7 1
	read -r -t 0.2 -u 5 || status=$?
	((status > 128)) || fail "the first connection is closed, too"
	closed 5 4
	closed 6 4
	exec 5<&- 6<&- 7<&-
	exec 5<>"$at"
	status=0
	read -r -t 0.2 -u 5 || status=$?
	((status > 128)) || fail "there is no room for another connection"
	exec 5<&-
}

daemon_limits_of_messages() {
	half 'limits = { message_bytes = 5000; header_lines = 50; };'
	answered 513 EXTRA="X-Large: $(printf 'x%.0s' {1..5000})"
	answered 400 EXTRA="$(printf 'X-Line: %s\n' {1..50})"
	call_through EXTRA="X-Large: $(printf 'x%.0s' {1..3000})"
}
