# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Feature access codes and feature names, dialled by a telephone behind Kamailio.  What they
# changed is looked at with sqlite3, and by a call.  The switchboard is that of redirect.bash, the
# codes are those of feature-code.bash; the telephone is 1001's.

# code_office: an switchboard where 2001 calls 1001.
code_office() {
	switchboard
	give_codes
	from=2001 dial=1001
}

# dialled NUMBER [KEY=VALUE...]: 1001 hears 200, and halfcalld hangs up; $answer is the 200.
dialled() {
	next_call
	dials_at_1001 "invite talks hears-bye" "$@"
	peers_end caller
	confirmed caller
}

# dials_at_1001 "STEP..." NUMBER|ADDRESS [KEY=VALUE...]
dials_at_1001() {
	local uri=sip:$2
	[[ $2 == *@* ]] || uri+=@example.com
	peer caller 127.0.0.3 caller "$1" FROM=1001 URI="$uri" ROUTES= "${@:3}"
}

# confirmed PEER: what the telephone heard came through Kamailio, and it was no call.
confirmed() {
	no_tag_at "$1"
	went imsorig
	rang
	local bye
	bye=$(message "$1" received ^BYE)
	answer=$(message "$1" received ' 200 ')
	has "BYE" "$(headers Via <<<"$bye" | head -1)" "^SIP/2.0/${transport^^} $SM:${port_of[sm]}"
	equal "Routes of the BYE" "" "$(headers Route <<<"$bye")"
	equal "the dialog of the BYE" "$(headers To <<<"$answer" | grep -oE 'tag=[^;]*')" \
		"$(headers From <<<"$bye" | grep -oE 'tag=[^;]*')"
	has "Record-Route" "$(headers Record-Route <<<"$answer")" "$SM:${port_of[sm]}"
	has "answer" "$(body <<<"$answer")" '^m=audio 0 RTP/AVP 0$'
	ends_itself
}

# ends_itself: the 200 of the telephone to our BYE came back as well; nothing is left.
ends_itself() {
	is_over() { grep -qE 'half=orig from=1001 .*status=200' "$dir/halfcalld.log"; }
	until_true is_over || fail "halfcalld did not hear the 200 to its BYE"
}

# dialled_off_hook NUMBER: the same after off-hook.
dialled_off_hook() {
	next_call
	rm -f "$dir"/phone.*
	at=127.0.0.3 phone phone "off-hook hears-183 dials hears-484-and-200 hears-bye" \
		URI="sip:$1@example.com"
	peers_end phone
	confirmed_after_off_hook
}

confirmed_after_off_hook() {
	no_tag_at phone
	went imsorig imsorig
	has "BYE" "$(message phone received ^BYE | headers Via | head -1)" \
		"^SIP/2.0/${transport^^} $SM:${port_of[sm]}"
}

# not_done STATUS [SENTENCE] NUMBER [KEY=VALUE...]: 1001 is refused, and told why.
not_done() {
	local before
	before=$(sqlite3 "$dir/users.db" .dump)
	next_call
	dials_at_1001 "invite refused" "$3" STATUS="$1" "${@:4}"
	peers_end caller
	no_tag_at caller
	went imsorig
	answer=$(message caller received " $1 ")
	[[ ! $2 ]] || has "$1" "$answer" "^Warning: 399 .*$2"
	equal "the database" "$before" "$(sqlite3 "$dir/users.db" .dump)"
}

# reaches USER...: 2001 calls 1001, and these telephones ring, one after the other.
reaches() {
	local user hears=''
	next_call
	for user in "$@"; do
		[[ $user == "${*: -1}" ]] || at "$user" "invite refuses"
	done
	[[ $user == 1001 ]] || hears='hears-181'
	taken_by "$user" "$hears"
	gone_through "$@"
	rang "$@"
}

proxied_code_forwards_all_calls() {
	code_office
	telephones 1001 2002
	reaches 1001
	# A row for one source alone would win, so it is switched off.
	administer "INSERT INTO call_forwarding VALUES
		('1001', 'unconditional', 'internal', '2006', 1)"
	dialled '*212002'
	equal "after *21" $'any|2002|1\ninternal|2006|0' "$(forwarding unconditional)"
	journalled half=orig event=feature status=200 extension=1001 to=2002 \
		rule=feature-code:call-fwd-all-activate
	journalled half=orig event=release extension=1001
	reaches 2002
	told 2002 1001 1001=unconditional
	dialled '%2321'
	equal "after #21" $'any|2002|0\ninternal|2006|0' "$(forwarding unconditional)"
	journalled half=orig event=feature rule=feature-code:call-fwd-all-deactivate
	reaches 1001
	cm_drain
	has "log" "$(<"$dir/halfcalld.log")" 'left=0 .*dialogs=0'
}

proxied_code_forwards_when_busy() {
	code_office
	telephones 1001 2002
	dialled '*672002'
	equal "after *67" 'any|2002|1' "$(forwarding busy)"
	reaches 1001 2002
	told 2002 1001 1001=busy
	dialled '%2367'
	equal "after #67" 'any|2002|0' "$(forwarding busy)"
	next_call
	at 1001 "invite refuses"
	caller "invite refused"
	gone_through 1001
	rang 1001
}

proxied_code_forwards_on_no_answer() {
	call='no_answer = 1;'
	code_office
	telephones 1001 2002
	dialled '*612002'
	equal "after *61" 'any|2002|1' "$(forwarding no-answer)"
	next_call
	at 1001 "invite rings cancelled"
	taken_by 2002 "hears-180 hears-181"
	gone_through 1001 2002
	told 2002 1001 1001=no-answer
	dialled '%2361'
	equal "after #61" 'any|2002|0' "$(forwarding no-answer)"
}

proxied_code_sends_all_calls() {
	code_office
	point 1 2002 send-all-calls 5 1001
	telephones 1001 2002
	dialled '*40'
	equal "after *40" 1 "$(sends_all_calls)"
	reaches 2002
	told 2002 1001 1001=send-all-calls
	dialled '%2340'
	equal "after #40" 0 "$(sends_all_calls)"
	reaches 1001
}

proxied_code_after_off_hook() {
	code_office
	point 1 2002 send-all-calls 5 1001
	telephones 1001 2002
	dialled_off_hook '*212002'
	equal "after *21" 'any|2002|1' "$(forwarding unconditional)"
	reaches 2002
	dialled_off_hook '%2321'
	equal "after #21" 'any|2002|0' "$(forwarding unconditional)"
	dialled_off_hook '*672002'
	equal "after *67" 'any|2002|1' "$(forwarding busy)"
	dialled_off_hook '%2367'
	equal "after #67" 'any|2002|0' "$(forwarding busy)"
	dialled_off_hook '*612002'
	equal "after *61" 'any|2002|1' "$(forwarding no-answer)"
	dialled_off_hook '%2361'
	equal "after #61" 'any|2002|0' "$(forwarding no-answer)"
	dialled_off_hook '*40'
	equal "after *40" 1 "$(sends_all_calls)"
	reaches 2002
	dialled_off_hook '%2340'
	equal "after #40" 0 "$(sends_all_calls)"
	reaches 1001
	journalled half=line event=dialled status=484 extension=1001
	cm_drain
	has "log" "$(<"$dir/halfcalld.log")" 'left=0 .*dialogs=0'
}

# Over TCP as well.
chain_code_forwards_all_calls() {
	chain
	give_codes
	telephones 2002
	dialled '*212002'
	equal "after *21" 'any|2002|1' "$(forwarding unconditional)"
	from=2001 dial=1001 reaches 2002
	dialled_off_hook '%2321'
	equal "after #21" 'any|2002|0' "$(forwarding unconditional)"
}

proxied_code_refusals_reach_the_telephone() {
	code_office
	not_done 484 '\*21 wants the digits of a number' '*21'
	not_done 484 '\*21 wants' '*21bob'
	not_done 484 '.' '*2120'
	not_done 484 '#21 takes no number' '%23211'
	not_done 484 '.' '*2'
	not_done 404 '777' '*21777'
	not_done 404 'dance' '*99'
	not_done 403 '112' '*21112'
	has "403" "$answer" '^Reason: Q\.850; ?cause=21; ?text="Call rejected"'
	not_done 403 'forward to itself' '*211001'
	journalled half=orig event=reject status=403 rule=feature-code:refused
	journalled half=orig event=reject status=484 rule=feature-code:length
	administer "UPDATE station SET cor = 4 WHERE extension = '1001'"
	not_done 403 '.' '*2102345'
	administer "UPDATE station SET cor = 2 WHERE extension = '1001'"
	not_done 403 '.' '*212001'
	administer "UPDATE station SET cor = 1, in_service = 0 WHERE extension = '1001'"
	not_done 403 '.' '*40'
	equal "features done" 0 "$(journal event=feature)"
	equal "answers 200" 0 "$(count caller received ' 200 ')"
}

proxied_code_refused_after_off_hook() {
	code_office
	local number status
	while read -r number status; do
		next_call
		rm -f "$dir"/phone.*
		at=127.0.0.3 phone phone "off-hook hears-183 dials hears-484-and-refused" \
			URI="sip:$number@example.com" DIALLED_STATUS="$status"
		peers_end phone
		has "$status" "$(message phone received " $status " -1)" '^Warning: 399 .*".+"$'
	done <<-'END'
	*21112 403
	*99 404
	END
	equal "forwarding" '' "$(forwarding unconditional)"
}

# Kamailio makes a 500 of its own out of the 503, as RFC 3261 section 16.7 wants it.
proxied_code_while_the_database_is_locked() {
	code_office
	telephones 1001 2002
	lock_database
	not_done 500 '' '*212002'
	not_done 500 '' '1001@example.com;avaya-cm-fnu=send-all-calls;x=y'
	equal "answers 503" 2 "$(journal half=orig event=reject status=503 rule=database)"
	unlock_database
	equal "forwarding" '' "$(forwarding unconditional)"
	reaches 1001
	dialled '*212002'
	reaches 2002
}

# named NAME-AND-PARAMETERS: by feature name URI; 1001 hears 200 and halfcalld hangs up.
named() { dialled "1001@example.com;avaya-cm-fnu=$1;user=phone;x=y"; }

proxied_code_has_a_name_too() {
	call='no_answer = 1;'
	code_office
	point 1 2002 send-all-calls 5 1001
	telephones 1001 2002
	named 'call-fwd-all;avaya-cm-action=on;avaya-cm-destination=2002'
	equal "all" 'any|2002|1' "$(forwarding unconditional)"
	journalled half=orig event=feature status=200 extension=1001 to=2002 \
		rule=feature-name:call-fwd-all-activate
	reaches 2002
	told 2002 1001 1001=unconditional
	named 'Call-Fwd-All;avaya-cm-action=OFF;avaya-cm-extension=1001'
	equal "all" 'any|2002|0' "$(forwarding unconditional)"
	reaches 1001
	named 'call-fwd-busy;avaya-cm-destination=2002'
	equal "busy" 'any|2002|1' "$(forwarding busy)"
	reaches 1001 2002
	named 'call-fwd-busy;avaya-cm-action=off'
	equal "busy" 'any|2002|0' "$(forwarding busy)"
	named 'call-fwd-no-answer;avaya-cm-destination=2002'
	equal "no answer" 'any|2002|1' "$(forwarding no-answer)"
	named 'call-fwd-no-answer;avaya-cm-action=off'
	equal "no answer" 'any|2002|0' "$(forwarding no-answer)"
	named 'send-all-calls;avaya-cm-action=on'
	equal "send all calls" 1 "$(sends_all_calls)"
	reaches 2002
	named 'send-all-calls;avaya-cm-action=off'
	equal "send all calls" 0 "$(sends_all_calls)"
	reaches 1001
}

# unnamed STATUS SENTENCE NAME-AND-PARAMETERS: refused.
unnamed() { not_done "$1" "$2" "1001@example.com;avaya-cm-fnu=$3;x=y"; }

proxied_code_names_refused() {
	code_office
	unnamed 404 "make-coffee" 'make-coffee'
	unnamed 404 "perhaps" 'send-all-calls;avaya-cm-action=perhaps'
	unnamed 403 "2001" 'send-all-calls;avaya-cm-extension=2001'
	unnamed 484 "wants" 'call-fwd-all'
	unnamed 403 "112" 'call-fwd-all;avaya-cm-destination=112'
	unnamed 404 "777" 'call-fwd-all;avaya-cm-destination=777'
	unnamed 403 "itself" 'call-fwd-all;avaya-cm-destination=1001'
	journalled half=orig event=reject status=404 rule=feature-name
	rang
}

proxied_code_hides_the_caller_of_one_call() {
	code_office
	telephones 2001 030123456
	from=1001 dial='*22001'
	taken_by 2001 ""
	gone_through 2001
	rang 2001
	went imsorig origdone imsterm termdone
	equal "Privacy" id "$(message 2001 received ^INVITE | headers Privacy)"
	equal "History-Info" $'1 2001\n1.1 2001' "$(entries 2001)"
	has "P-Asserted-Identity" "$(message 2001 received ^INVITE | headers P-Asserted-Identity)" 1001
	# Forwarded to outside, it is withheld there.
	forward unconditional 030123456
	next_call
	taken_by 030123456 hears-181
	gone_through 030123456
	equal "Privacy" id "$(message 030123456 received ^INVITE | headers Privacy)"
	equal "P-Asserted-Identity" "" "$(message 030123456 received ^INVITE | headers P-Asserted-Identity)"
	# The next call is like any other.
	administer "DELETE FROM call_forwarding"
	next_call
	dial=2001 taken_by 2001 ""
	gone_through 2001
	equal "Privacy" "" "$(message 2001 received ^INVITE | headers Privacy)"
	next_call
	dial='*2777' caller "invite refused" STATUS=404
	gone_through
	rang
}

# The 200 is not acknowledged: it is repeated until 64*T1 are over, then a BYE is sent.
proxied_code_that_nobody_acknowledges() {
	patience=40
	code_office
	dials_at_1001 "invite hears-100 hears-200 hears-bye" '*40'
	peers_end caller
	(($(count caller received ' 200 ') >= 10)) ||
		fail "the 200 came $(count caller received ' 200 ') times"
	equal "after *40" 1 "$(sends_all_calls)"
	ends_itself
}
