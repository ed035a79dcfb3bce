# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# halfcall-protocol(7), RESTRICTIONS, row by row, in an office with a trunk.  One
# halfcalld, one Kamailio, one gateway and one SIPp for all telephones that answer serve all
# rows of a table.  Each row is a call that ends in an answer its caller hears:
#
#	CALLER DIALLED STATUS CAUSE RULE WAY...
#
# CALLER	a station at its telephone; trunk:NUMBER is somebody who comes by the gateway
# STATUS	what the caller hears
# CAUSE		of Q.850, in Reason; - is none
# RULE		of the journal, with a Warning if it refused; - is none, and no Warning
# WAY		`imsorig` or `imsterm`: refused in that half; `trunk`: the gateway took it; any
#		other word: the telephone that rang.  What tags Kamailio must see follows from
#		that; more than one word are the very tags it saw, and who rang at last.

office_phones=127.0.0.4
office_callers=127.0.0.3
office_gateway=127.0.0.5
office_calls_made=0
# A SIPp that answers as many calls as there are, for as long as a case may last.
office_patience="-m 1000 -timeout ${limit:-90}"

# Classes of restriction, each with a station of its name.  Beyond the trunk are 91 local, 92
# toll, 93 by a trunk access code, 94 both, and 95 the private network by such a code.
office_users="
INSERT INTO class_of_restriction (cor, description, calling_party, called_party, frl) VALUES
	(10, 'unrestricted', 'none',        'none',        7),
	(11, 'origination',  'origination', 'none',        7),
	(12, 'outward',      'outward',     'none',        7),
	(13, 'all-toll',     'all-toll',    'none',        7),
	(14, 'tac-toll',     'tac-toll',    'none',        7),
	(21, 'termination',  'none',        'termination', 7),
	(22, 'inward',       'none',        'inward',      7),
	(23, 'manual',       'none',        'manual',      7),
	(24, 'public',       'none',        'public',      7);
INSERT INTO station (extension, name, cor)
	SELECT description, description, cor FROM class_of_restriction WHERE cor >= 10;
INSERT INTO station (extension, cor, in_service) VALUES ('out-of-service', 10, 0);
INSERT INTO dial_pattern (pattern, call_type, min_length, max_length) VALUES
	('91', 'local',       5, 8),
	('92', 'toll',        5, 8),
	('93', 'tac',         5, 8),
	('94', 'tac-toll',    5, 8),
	('95', 'tac-private', 5, 8);"

# office [SQL [LINE...]]: everything a row needs, all stations registered.  SQL comes after
# $office_users, LINEs are settings.
office() {
	port_of[gateway]=$(free_port $office_gateway)
	cm_configure "${@:2}"
	cm_start
	cm_users "$office_users ${1:-}" >"$dir/office.log" 2>&1 ||
		fail "$(head -n 1 "$dir/office.log")"
	office_proxy
	to=$SM:${port_of[sm]}
	office_telephones answering "invite rings answers hears-bye" \
		< <(cm_users 'SELECT extension FROM station')
	# shellcheck disable=SC2086
	peer gateway $office_gateway callee "invite rings answers hears-bye" -- $office_patience
}

# office_proxy [OPTION...]: Kamailio with its trunk and OPTIONs.
office_proxy() {
	sm_start -A WITH_TRUNK -A TRUNK_ADDRESS=$office_gateway -A \
		TRUNK_URI="sip:$office_gateway:${port_of[gateway]};transport=$transport" "$@"
}

# office_proxy_again [OPTION...]: another Kamailio in its place, with other OPTIONs.
office_proxy_again() {
	stop kamailio
	rm -f "$dir"/kamailio.*
	office_proxy "$@"
	office_register answering < <(cm_users 'SELECT extension FROM station')
}

# office_telephones NAME "STEP..." [KEY=VALUE...]: the users on stdin, one a line, register,
# and then do these STEPs, call after call.
office_telephones() {
	office_register "$1"
	# shellcheck disable=SC2086
	peer "$1" $office_phones callee "${@:2}" -- $office_patience
}

office_register() {
	local name=$1 users
	mapfile -t users
	printf '%s\n' SEQUENTIAL "${users[@]}" >"$dir/$name.csv"
	port_of[$name]=${port_of[$name]:-$(free_port $office_phones)}
	peer "$name-register" $office_phones caller register FROM='[field0]' \
		PORT="${port_of[$name]}" -- -inf "$dir/$name.csv" -m ${#users[@]} -r 500 -l 1
	peers_end "$name-register"
}

# office_calls [KEY=VALUE...]: plays the table on stdin.
office_calls() {
	local row
	while read -r row; do
		# shellcheck disable=SC2086
		[[ $row == '' || $row == '#'* ]] || office_call "$@" -- $row
	done
}

# office_call [KEY=VALUE...] -- CALLER DIALLED STATUS CAUSE RULE WAY...: one row, and then
# $office_answer is what the caller heard.
office_call() {
	local pairs=() address=$office_callers steps="invite hears-any-18x refused"
	while [[ $1 != -- ]]; do
		pairs+=("$1")
		shift
	done
	local caller=$2 dialled=$3 status=$4 cause=$5 rule=$6 way=${*:7}
	local name=$((++office_calls_made)):$caller:$dialled journalled seen
	journalled=$(cat "$dir/journal.jsonl" 2>/dev/null | wc -l)
	seen=$(wc -l <"$dir/kamailio.log")
	[[ $status != 200 ]] || steps="invite hears-any-18x talks bye"
	[[ $caller != trunk:* ]] || address=$office_gateway
	peer "$name" $address caller "$steps" FROM="${caller#trunk:}" STATUS="$status" \
		URI="sip:$dialled@example.com" ROUTES= ${pairs[@]+"${pairs[@]}"}
	peers_end "$name"
	equal "$name: its way" "$(office_way)" "$(office_way_since "$seen")"
	office_answer_is_explained
	office_rule_is_journalled
	rm -f "$dir/$name".*
}

# What Kamailio must see of the row.
office_way() {
	local before="imsorig origdone "
	[[ $caller != trunk:* ]] || before=
	case $way in
	*' '* | imsorig) echo "$way" ;;
	imsterm | trunk) echo "$before$way" ;;
	*) echo "${before}imsterm termdone $way" ;;
	esac
}

# office_way_since LINES: the tags Kamailio saw after so many LINES of its log, and who rang.
office_way_since() {
	tail -n +$(($1 + 1)) "$dir/kamailio.log" | sed -nE '
		s/.* phase  odi=.*/untagged/p
		s/.* phase ([a-z]+) odi=.*/\1/p
		s/.* phone not registered .*/none/p
		s/.* phone rings .* at=sip:([^@]+)@.*/\1/p
		s/.* trunk rings .*/trunk/p' | xargs
}

# halfcalld says why it refuses; what the far end says passes as it is.
office_answer_is_explained() {
	local reasons warnings=0
	office_answer=$(message "$name" received " $status ")
	reasons=$(headers Reason <<<"$office_answer")
	if [[ $cause == - ]]; then
		equal "$name: Reason" "" "$reasons"
	else
		has "$name: Reason" "$reasons" "^Q\.850; ?cause=$cause; ?text=\"[^\"]+\"$"
	fi
	[[ $status == 200 || $rule == - ]] || warnings=1
	equal "$name: Warnings" $warnings \
		"$(headers Warning <<<"$office_answer" | grep -cE '^399 example\.com ".+"$')"
}

office_rule_is_journalled() {
	local event="\"event\": ?\"pass\"" answered=
	office_events() { tail -n +$((journalled + 1)) "$dir/journal.jsonl" | grep -E "$1"; }
	office_decided() { [[ $(office_events "$event.*\"rule\": ?\"$rule\"$answered") ]]; }
	[[ $status == 200 ]] || event="\"event\": ?\"reject\"" answered=", ?\"status\": ?$status,"
	if [[ $rule == - ]]; then
		equal "$name: objections" "" "$(office_events '"event": ?"(reject|refuse)"')"
	else
		until_true office_decided || fail "$name: no event of rule $rule in the journal"
	fi
}

proxied_calling_party_restriction() {
	office "INSERT INTO station (extension, cor) VALUES ('8412345', 10);
		INSERT INTO dial_pattern (pattern, call_type, min_frl)
			VALUES ('84', 'tac-toll', 7);"
	office_calls <<-END
	# station to station, local, toll, by trunk access code, both, the private network
	unrestricted  2001     200  -   -                          2001
	unrestricted  9112345  200  -   -                          trunk
	unrestricted  9212345  200  -   -                          trunk
	unrestricted  9312345  200  -   -                          trunk
	unrestricted  9412345  200  -   -                          trunk
	unrestricted  9512345  200  -   -                          trunk
	# origination: no calls at all
	origination   2001     403  21  calling-party:origination  imsorig
	origination   9112345  403  21  calling-party:origination  imsorig
	origination   9212345  403  21  calling-party:origination  imsorig
	origination   9312345  403  21  calling-party:origination  imsorig
	origination   9412345  403  21  calling-party:origination  imsorig
	origination   9512345  403  21  calling-party:origination  imsorig
	# outward: no calls outside the private network
	outward       2001     200  -   -                          2001
	outward       9112345  403  21  calling-party:outward      imsorig
	outward       9212345  403  21  calling-party:outward      imsorig
	outward       9312345  403  21  calling-party:outward      imsorig
	outward       9412345  403  21  calling-party:outward      imsorig
	outward       9512345  200  -   -                          trunk
	# all-toll: no calls of a toll type
	all-toll      2001     200  -   -                          2001
	all-toll      9112345  200  -   -                          trunk
	all-toll      9212345  403  21  calling-party:all-toll     imsorig
	all-toll      9312345  200  -   -                          trunk
	all-toll      9412345  403  21  calling-party:all-toll     imsorig
	all-toll      9512345  200  -   -                          trunk
	# tac-toll: no toll calls by a trunk access code
	tac-toll      2001     200  -   -                          2001
	tac-toll      9112345  200  -   -                          trunk
	tac-toll      9212345  200  -   -                          trunk
	tac-toll      9312345  200  -   -                          trunk
	tac-toll      9412345  403  21  calling-party:tac-toll     imsorig
	tac-toll      9512345  200  -   -                          trunk
	# a station is never outside, whatever its number looks like
	outward       8412345  200  -   -                          8412345
	all-toll      8412345  200  -   -                          8412345
	tac-toll      8412345  200  -   -                          8412345
	origination   8412345  403  21  calling-party:origination  imsorig
	END
}

# The attendant is who calls with a number that a dial pattern says is the attendant's: at a
# telephone of ours (1901) or elsewhere in the private network (1900).
proxied_called_party_restriction() {
	office "INSERT INTO dial_pattern (pattern, call_type, min_length, max_length)
			VALUES ('190', 'attendant', 4, 4);
		INSERT INTO station (extension, cor) VALUES ('1901', 10);"
	office_calls <<-END
	# from a station, the public network, the private network, the attendant
	unrestricted    2001         200  -   -                         2001
	trunk:+4930123  2001         200  -   -                         2001
	trunk:9512345   2001         200  -   -                         2001
	1901            2001         200  -   -                         2001
	trunk:1900      2001         200  -   -                         2001
	# termination: no calls at all
	unrestricted    termination  403  21  called-party:termination  imsterm
	trunk:+4930123  termination  403  21  called-party:termination  imsterm
	trunk:9512345   termination  403  21  called-party:termination  imsterm
	1901            termination  403  21  called-party:termination  imsterm
	trunk:1900      termination  403  21  called-party:termination  imsterm
	# inward: none from the public network
	unrestricted    inward       200  -   -                         inward
	trunk:+4930123  inward       403  21  called-party:inward       imsterm
	trunk:9512345   inward       200  -   -                         inward
	1901            inward       200  -   -                         inward
	trunk:1900      inward       200  -   -                         inward
	# manual: from the attendant alone
	unrestricted    manual       403  21  called-party:manual       imsterm
	trunk:+4930123  manual       403  21  called-party:manual       imsterm
	trunk:9512345   manual       403  21  called-party:manual       imsterm
	1901            manual       200  -   -                         manual
	trunk:1900      manual       200  -   -                         manual
	# public: none of the public network
	unrestricted    public       200  -   -                         public
	trunk:+4930123  public       403  21  called-party:public       imsterm
	trunk:9512345   public       200  -   -                         public
	1901            public       200  -   -                         public
	trunk:1900      public       200  -   -                         public
	# a restriction of those who are called is none of those who call
	termination     2001         200  -   -                         2001
	unrestricted    origination  200  -   -                         origination
	END
}

proxied_facility_restriction_level() {
	office "INSERT INTO class_of_restriction (cor, frl) VALUES (30, 0), (32, 2), (33, 3), (34, 4);
		INSERT INTO station (extension, cor)
			VALUES ('frl-0', 30), ('frl-2', 32), ('frl-3', 33), ('frl-4', 34);
		INSERT INTO dial_pattern (pattern, call_type, min_frl, min_length)
			VALUES ('96', 'local', 3, 5), ('960', 'local', 0, 5), ('4', 'station', 7, 4);
		INSERT INTO station (extension, cor) VALUES ('4001', 10);"
	office_calls <<-END
	frl-0         9612345  403  21  frl  imsorig
	frl-2         9612345  403  21  frl  imsorig
	frl-3         9612345  200  -   -    trunk
	frl-4         9612345  200  -   -    trunk
	unrestricted  9612345  200  -   -    trunk
	# the longest pattern counts, and none where the number is a station's
	frl-0         9602345  200  -   -    trunk
	frl-0         4001     200  -   -    4001
	END
}

proxied_calling_permission() {
	office "INSERT INTO class_of_restriction (cor) VALUES (40), (41), (42), (43);
		INSERT INTO station (extension, cor) VALUES
			('asking', 40), ('unsaid', 41), ('permitted', 42), ('forbidden', 43);
		INSERT INTO calling_permission (from_cor, to_cor, permitted)
			VALUES (40, 42, 1), (40, 43, 0), (43, 43, 0);"
	office_calls <<-END
	asking          unsaid     200  -   -                   unsaid
	asking          permitted  200  -   -                   permitted
	asking          forbidden  403  21  calling-permission  imsorig
	# a row goes one way, and is no matter of those outside
	forbidden       asking     200  -   -                   asking
	trunk:+4930123  forbidden  200  -   -                   forbidden
	asking          9112345    200  -   -                   trunk
	END
}
