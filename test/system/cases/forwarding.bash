# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Where a call goes when it does not stay: forwarding and coverage.  The half calls are those
# of half.bash, 1001 calling 2001; the chains those of chain.bash.

# sent_on: the daemon, forwarding and covering as told by SQL on stdin.
sent_on() {
	half
	cm_users "INSERT INTO station (extension, name) VALUES ('2006', 'Frank'), ('2007', 'Gina')"
	cm_users >"$dir/sent_on.log" 2>&1 || fail "sqlite3 failed, see sent_on.log"
}

# targets TIMES "STEP..." [KEY=VALUE...]: TIMES telephones, one after the other, that all do
# the same.  A proxy's legs share their Call-ID, so SIPp sees one call; else it sees several.
targets() {
	local times=$1 steps=$2 all='' i
	shift 2
	if [[ $model == b2bua ]]; then
		sm "$steps" "$@" -- -m "$times"
		return
	fi
	for ((i = 0; i < times; i++)); do
		all+=" $steps"
	done
	sm "$all" "$@"
}

# each: what SIPp needs to count both of two 181 that are alike, and not take the second for
# a repetition of the first.
each=(-- -nr)

# tried USER...: the INVITEs went to these, in this order; $out is the last one.
tried() {
	local users user=${*: -1}
	users=$(awk '/^INVITE sip:/ { sub(/^INVITE sip:/, ""); sub(/@.*/, ""); print }' "$dir/sm.sip" |
		uniq | xargs)
	equal "who was tried" "$*" "$users"
	out=$(message sm received "^INVITE sip:$user@" -1)
	history=$(headers History-Info <<<"$out" | tr '\n' ',')
}

# left USER CAUSE CODE INDEX: History-Info says why USER was left.
left() {
	has "History-Info" "$history" "<sip:$1@[^>]*\?Reason=SIP%3Bcause%3D$2%3Btext%3D[^>]*&Reason=Redirection%3Bcause%3D$3>; ?index=$4(,|$)"
}

by_coverage() { echo "NORMAL%3Bavaya-cm-reason%3D%22$1%22"; }

half_forwarding_when_busy() {
	sent_on <<<"INSERT INTO call_forwarding VALUES ('2001', 'busy', 'any', '2002', 1)"
	local status
	for status in 486 600; do
		targets 2 "invite refuses" STATUS=$status
		incoming "invite hears-181 refused" STATUS=$status ROUTES="$(routes "$term")"
		peers_end caller sm
		tried 2001 2002
		left 2001 486 CFB '1\.1'
		has "History-Info" "$history" '<sip:2002@example\.com>;index=1\.2(,|$)'
		has "Route" "$(in_route)" ';phase=termdone[;>]'
		again
	done
	equal "how often forwarded" 2 "$(journal half=term event=forward rule=forwarding:busy to=2002)"
}

half_forwarding_when_unreachable() {
	sent_on <<<"INSERT INTO call_forwarding VALUES ('2001', 'unreachable', 'any', '2002', 1)"
	local status
	for status in 408 480 500 502 503 504; do
		targets 2 "invite refuses" STATUS=$status
		incoming "invite hears-181 refused" STATUS=$status ROUTES="$(routes "$term")"
		peers_end caller sm
		tried 2001 2002
		left 2001 408 CFNR '1\.1'
		again
	done
	equal "how often forwarded" 6 "$(journal half=term event=forward rule=forwarding:unreachable)"
}

half_forwarding_where_nobody_listens() {
	sent_on <<<"INSERT INTO call_forwarding VALUES ('2001', 'unreachable', 'any', '2002', 1)"
	patience=40 incoming "invite hears-181 fails" ROUTES="$(routes "$term")"
	patience=40 peers_end caller
	journalled half=term event=forward rule=forwarding:unreachable to=2002
	journalled half=term event=failure
}

half_forwarding_does_not_serve_other_failures() {
	sent_on <<-'END'
	INSERT INTO call_forwarding VALUES ('2001', 'unreachable', 'any', '2002', 1),
		('2001', 'busy', 'any', '2002', 1), ('2001', 'no-answer', 'any', '2002', 1);
	END
	local status
	for status in 302 403 404 603; do
		sm "invite refuses" STATUS=$status
		incoming "invite refused" STATUS=$status ROUTES="$(routes "$term")"
		peers_end caller sm
		tried 2001
		again
	done
}

half_forwarding_when_nobody_answers() {
	sent_on <<-'END'
	UPDATE station SET ring_seconds = 1 WHERE extension = '2001';
	INSERT INTO call_forwarding VALUES ('2001', 'no-answer', 'any', '2002', 1);
	END
	targets 2 "invite rings cancelled"
	incoming "invite hears-180 hears-181 hears-180 cancels refused" STATUS=487 \
		ROUTES="$(routes "$term")"
	peers_end caller sm
	tried 2001 2002
	left 2001 480 CFNR '1\.1'
	journalled half=term event=no-answer rule=forwarding:no-answer to=2002
}

# A back-to-back user agent hangs the late callee up; a proxy has to relay the answer.
half_forwarding_crossed_by_an_answer() {
	sent_on <<-'END'
	UPDATE station SET ring_seconds = 1 WHERE extension = '2001';
	INSERT INTO call_forwarding VALUES ('2001', 'no-answer', 'any', '2002', 1);
	END
	if [[ $model == proxy ]]; then
		sm "invite rings answers-cancel hears-bye"
		incoming "invite hears-180 talks bye" ROUTES="$(routes "$term")"
		peers_end caller sm
		tried 2001
		return
	fi
	targets 2 "invite rings answers-cancel hears-bye"
	incoming "invite hears-180 hears-181 hears-180 cancels refused" STATUS=487 \
		ROUTES="$(routes "$term")"
	peers_end caller sm
	tried 2001 2002
}

half_forwarding_by_source() {
	sent_on <<-'END'
	INSERT INTO call_forwarding VALUES ('2001', 'busy', 'internal', '2002', 1),
		('2001', 'busy', 'any', '2006', 1), ('2007', 'busy', 'external', '2002', 1);
	END
	local from called wanted
	while read -r from called wanted; do
		targets "$(wc -w <<<"$wanted")" "invite refuses"
		incoming "invite $([[ $wanted != *' '* ]] || echo hears-181) refused" FROM="$from" \
			URI="sip:$called@example.com" ROUTES="$(routes "$term")"
		peers_end caller sm
		# shellcheck disable=SC2086
		tried $wanted
		again
	done <<-'END'
	1001 2001 2001 2002
	+4930123456 2001 2001 2006
	+4930123456 2007 2007 2002
	1001 2007 2007
	END
}

# A station may not forward to what it may not call, and no station to an emergency number.
half_forwarding_is_bound_like_a_call() {
	sent_on <<-'END'
	UPDATE station SET cor = 4 WHERE extension = '2006';
	INSERT INTO call_forwarding VALUES ('2001', 'unconditional', 'any', '0049123456', 1),
		('2002', 'unconditional', 'any', '112', 1), ('2006', 'busy', 'any', '030123456', 1),
		('2007', 'unconditional', 'any', '030123456', 1);
	END
	answered 403 URI=sip:2001@example.com ROUTES="$(routes "$term")"
	has "403" "$answer" '^Warning: 399 .*no forwarding: station 2001 '
	journalled half=term event=reject rule=forwarding:frl extension=2001
	answered 403 URI=sip:2002@example.com ROUTES="$(routes "$term")"
	journalled half=term event=reject rule=forwarding:emergency extension=2002
	sm "invite refuses"
	incoming "invite refused" STATUS=403 URI=sip:2006@example.com ROUTES="$(routes "$term")"
	peers_end caller sm
	journalled half=term event=refuse rule=forwarding:calling-party:outward extension=2006
	again
	targets 1 "invite refuses"
	incoming "invite hears-181 refused" URI=sip:2007@example.com ROUTES="$(routes "$term")"
	peers_end caller sm
	tried 030123456
}

half_forwarding_counts_its_hops() {
	call='forward_hops = 2;'
	half
	local hop='History-Info: <sip:5000@example.com?Reason=SIP%3Bcause%3D302>;index=1'
	targets 1 "invite refuses"
	incoming "invite hears-181 refused" URI=sip:2003@example.com ROUTES="$(routes "$term")" EXTRA="$hop"
	peers_end caller sm
	tried 2002
	again
	answered 480 URI=sip:2003@example.com ROUTES="$(routes "$term")" \
		EXTRA="$hop, <sip:5001@example.com?Reason=SIP%3Bcause%3D486>;index=1.1"
	journalled half=term event=reject status=480 rule=forwarding:hops
}

# Whatever others wrote: the call goes on, or is refused, once, and the daemon lives.
half_forwarding_reads_any_history() {
	half
	local value many
	many=$(printf '<sip:%d@example.com>;index=1,' {6000..6080})
	while read -r value; do
		targets 1 "invite refuses"
		incoming "invite hears-181 refused" URI=sip:2003@example.com ROUTES="$(routes "$term")" \
			EXTRA="History-Info: ${value/MANY/$many}"
		peers_end caller sm
		tried 2002
		has "History-Info" "$history" '<sip:2002@example\.com>;index='
		again
	done <<-'END'
	<sip:2003@example.com>
	<sip:2003@example.com>;index=
	<sip:2003@example.com>;index=1.99999999999999999999
	<sip:2003@example.com>;index=one;rc=1;mp=1
	<sip:2003@example.com?Reason=SIP%3B
	"never closed <sip:2003@example.com>;index=1
	<tel:+15550100>;index=1
	MANY<sip:2003@example.com>;index=2
	;;;,,,<<>>
	<sip:%00%ff@example.com>;index=1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1
	END
	answered 482 URI=sip:2003@example.com ROUTES="$(routes "$term")" \
		EXTRA='History-Info: <sips:2002@example.org;user=phone?Reason=SIP>;index=1;rc=1.1'
	answered 482 URI=sip:2003@example.com ROUTES="$(routes "$term")" \
		EXTRA='History-Info: <tel:2002>;index=1
History-Info: garbage'
}

half_forwarding_may_be_chained() {
	call='chained = true; diversion = true;'
	sent_on <<-'END'
	INSERT INTO call_forwarding VALUES ('2002', 'unconditional', 'any', '2006', 1),
		('2006', 'busy', 'any', '2007', 1);
	END
	targets 2 "invite refuses"
	incoming "invite hears-181 hears-181 refused" URI=sip:2003@example.com \
		ROUTES="$(routes "$term")" "${each[@]}"
	peers_end caller sm
	tried 2006 2007
	left 2003 302 CFI '1\.1'
	left 2002 302 CFI '1\.2'
	left 2006 486 CFB '1\.3'
	has "History-Info" "$history" '<sip:2007@example\.com>;index=1\.4(,|$)'
	has "Diversion" "$(headers Diversion <<<"$out")" \
		'^<sip:2006@[^>]*>;reason=user-busy[^,]*, ?<sip:2002@[^>]*>;reason=unconditional[^,]*, ?"Forwarded" <sip:2003@'
}

half_forwarding_is_not_chained_unless_told() {
	sent_on <<<"INSERT INTO call_forwarding VALUES ('2002', 'unconditional', 'any', '2006', 1)"
	targets 1 "invite refuses"
	incoming "invite hears-181 refused" URI=sip:2003@example.com ROUTES="$(routes "$term")"
	peers_end caller sm
	tried 2002
}

half_forwarding_chains_that_never_end_are_refused() {
	call='chained = true;'
	sent_on <<-'END'
	INSERT INTO call_forwarding VALUES ('2002', 'unconditional', 'any', '2006', 1),
		('2006', 'unconditional', 'any', '2003', 1);
	WITH RECURSIVE n(i) AS (SELECT 20000 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
		INSERT INTO station (extension) SELECT i FROM n;
	INSERT INTO call_forwarding (extension, destination)
		SELECT extension, extension + 1 FROM station WHERE length(extension) = 5 AND extension < '30000';
	END
	answered 482 URI=sip:2003@example.com ROUTES="$(routes "$term")"
	journalled half=term event=reject status=482 rule=forwarding:loop
	local begun=$SECONDS
	answered 480 URI=sip:20000@example.com ROUTES="$(routes "$term")"
	((SECONDS - begun < 5)) || fail "a chain of 10,000 took $((SECONDS - begun)) s"
	equal "journal lines" 1 "$(journal half=term rule=forwarding:hops)"
}

half_send_all_calls_ring_elsewhere() {
	sent_on <<-'END'
	UPDATE station SET send_all_calls = 1 WHERE extension = '2001';
	INSERT INTO coverage_point VALUES ('2001', 1, '2006', 'send-all-calls', 5),
		('2007', 1, '2006', 'send-all-calls', 5), ('2002', 1, '2006', 'all', 5);
	END
	local called reason
	while read -r called reason; do
		targets 1 "invite rings answers hears-bye"
		incoming "invite hears-181 hears-180 talks bye" URI="sip:$called@example.com" \
			ROUTES="$(routes "$term")"
		peers_end caller sm
		tried 2006
		left "$called" 302 "$(by_coverage "$reason")" '1\.1'
		journalled half=term event=cover "rule=coverage:${reason#cover-}" to=2006
		again
	done <<-'END'
	2001 send-all-calls
	2002 cover-all
	END
	# 2007 has a point for it but does not send its calls there.
	call_through URI=sip:2007@example.com ROUTES="$(routes "$term")"
	tried 2007
}

half_coverage_goes_on_step_by_step() {
	sent_on <<-'END'
	INSERT INTO coverage_point VALUES ('2001', 2, '2007', 'busy', 5), ('2001', 1, '2006', 'busy', 5),
		('2001', 3, '0049123456', 'busy', 5), ('2001', 4, '2002', 'no-answer', 5);
	END
	targets 3 "invite refuses"
	incoming "invite hears-181 hears-181 refused" ROUTES="$(routes "$term")" "${each[@]}"
	peers_end caller sm
	tried 2001 2006 2007
	left 2001 486 "$(by_coverage cover-busy)" '1\.1'
	left 2006 486 "$(by_coverage cover-busy)" '1\.2'
	has "History-Info" "$history" '<sip:2007@example\.com>;index=1\.3(,|$)'
	has "Route" "$(in_route)" ';phase=termdone[;>]'
}

# A station called by another of its numbers counts as visited all the same.
half_forwarding_in_a_circle_by_other_numbers_is_refused() {
	sent_on <<-'END'
	INSERT INTO station_number VALUES ('carol.x', '2002');
	INSERT INTO call_forwarding VALUES ('2001', 'unconditional', 'any', '2002', 1);
	END
	answered 482 ROUTES="$(routes "$term")" \
		EXTRA="History-Info: <sip:carol.x@example.com?Reason=SIP%3Bcause%3D302>;index=1,<sip:2001@example.com>;index=1.1"
	journalled half=term event=reject rule=forwarding:loop status=482
}

# The point in the middle may not be called from 2001, so it is passed over.
half_coverage_passes_over_what_is_forbidden() {
	sent_on <<-'END'
	INSERT INTO coverage_point VALUES ('2001', 1, '0049123456', 'busy', 5), ('2001', 2, '2006', 'busy', 5);
	END
	targets 2 "invite refuses"
	incoming "invite hears-181 refused" ROUTES="$(routes "$term")"
	peers_end caller sm
	tried 2001 2006
	journalled half=term event=pass-over rule=coverage:frl to=0049123456
}

# 15550102 is 2002, where forwarding led to in vain.
half_coverage_passes_over_whom_the_call_was_with() {
	sent_on <<-'END'
	INSERT INTO station_number VALUES ('15550102', '2002');
	INSERT INTO call_forwarding VALUES ('2001', 'busy', 'any', '2002', 1);
	INSERT INTO coverage_point VALUES ('2001', 1, '15550102', 'busy', 5), ('2001', 2, '2006', 'busy', 5);
	END
	targets 3 "invite refuses"
	incoming "invite hears-181 hears-181 refused" ROUTES="$(routes "$term")" "${each[@]}"
	peers_end caller sm
	tried 2001 2002 2006
	journalled half=term event=pass-over rule=coverage:loop to=15550102
}

half_coverage_rings_each_point_for_its_time() {
	sent_on <<-'END'
	UPDATE station SET ring_seconds = 1 WHERE extension = '2001';
	INSERT INTO coverage_point VALUES ('2001', 1, '2006', 'no-answer', 1), ('2001', 2, '2007', 'no-answer', 1);
	END
	targets 3 "invite rings cancelled"
	incoming "invite hears-180 hears-181 hears-180 hears-181 hears-180 refused" STATUS=480 \
		ROUTES="$(routes "$term")"
	peers_end caller sm
	tried 2001 2006 2007
	left 2001 480 "$(by_coverage cover-no-reply)" '1\.1'
	left 2006 480 "$(by_coverage cover-no-reply)" '1\.2'
}

half_coverage_comes_after_forwarding() {
	sent_on <<-'END'
	UPDATE station SET send_all_calls = 1 WHERE extension = '2003';
	INSERT INTO coverage_point VALUES ('2003', 1, '2006', 'all', 5), ('2003', 2, '2007', 'busy', 5);
	END
	targets 3 "invite refuses"
	incoming "invite hears-181 hears-181 hears-181 refused" URI=sip:2003@example.com \
		ROUTES="$(routes "$term")" "${each[@]}"
	peers_end caller sm
	tried 2002 2006 2007
	left 2003 302 CFI '1\.1'
	left 2002 486 "$(by_coverage cover-busy)" '1\.2'
	left 2006 486 "$(by_coverage cover-busy)" '1\.3'
}

# Telephones of their own, behind Kamailio: 2001 is there but busy, and so on.
chain_busy_is_forwarded_then_covered() {
	chain
	cm_users "INSERT INTO call_forwarding VALUES ('2001', 'busy', 'any', '2002', 1);
		INSERT INTO coverage_point VALUES ('2001', 1, '2003', 'no-answer', 5)"
	cm_users "UPDATE station SET ring_seconds = 1 WHERE extension = '2002'"
	registered bob 2001 127.0.0.4
	registered carol 2002 127.0.0.5
	registered erin 2003 127.0.0.6
	peer bob 127.0.0.4 callee "invite refuses"
	peer carol 127.0.0.5 callee "invite rings cancelled"
	peer erin 127.0.0.6 callee "invite rings waits answers hears-bye"
	caller "invite hears-181 hears-180 hears-181 hears-180 talks waits bye"
	peers_end caller bob carol erin
	no_tag_at caller bob carol erin
	history=$(message erin received ^INVITE | headers History-Info | tr '\n' ',')
	left 2001 486 CFB '1\.1'
	left 2002 480 "$(by_coverage cover-no-reply)" '1\.2'
	has "History-Info" "$history" '<sip:2003@[^>]*>;index=1\.3'
}
