# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# What a configuration read again changes, and what it says of that.

case_reload_is_sighup_with_an_answer() {
	daemon 'denial = { restricted = 433; };'
	ask 1 explain 1002 912025550123
	says "refused with 433"
	sed -i 's/433/434/' "$dir/halfcalld.conf"
	ask 0 reload
	says "reloaded"
	ask 1 explain 1002 912025550123
	says "refused with 434"
	sed -i 's/434/9434/' "$dir/halfcalld.conf"
	ask 1 reload
	says "halfcalld.conf:8: denial.restricted"
	complains "stays in force"
	ask 1 explain 1002 912025550123
	says "refused with 434"
}

# What has to wait is told setting by setting, and nothing else is.
case_reload_names_all_that_needs_a_restart() {
	daemon 'call = { model = "b2bua"; };' 'journal = { ring = 100; };'
	cp "$dir/halfcalld.conf" "$dir/as-it-was.conf"
	ask 0 reload
	[[ $answer == "reloaded $dir/halfcalld.conf" ]] || fail "no change, but <$answer>"
	sed -i -e 's/^listen .*/listen = [ "sip:127.0.0.1:0;transport=tcp" ];/' \
		-e 's/example.com/example.net/' -e 's/users.db/other.db/' -e 's/control"/other"/' \
		-e 's/sm-a/sm-b/; s/5060;transport=udp/5060;transport=tcp/' -e 's/b2bua/proxy/' \
		-e 's/ring = 100/ring = 3/' -e 's/interval = 0/interval = 9/' \
		-e 's/enabled = false/enabled = true; linger = 3/' "$dir/halfcalld.conf"
	ask 0 reload
	[[ $answer == "$(for path in listen domain database control proxies call.model; do
		echo "$dir/halfcalld.conf: a change of $path needs a restart"
	done)
reloaded $dir/halfcalld.conf" ]] || fail "it says <$answer>"
	cp "$dir/as-it-was.conf" "$dir/halfcalld.conf"
	ask 0 reload
	[[ $answer == "reloaded $dir/halfcalld.conf" ]] || fail "changed back, but <$answer>"
	[[ $(grep -c '^warning:' "$dir/halfcalld.log") == 6 ]] || fail "$(<"$dir/halfcalld.log")"
	kill -HUP "$halfcalld"
	until_true eval '(($(grep -c "^info: reloaded" "$dir/halfcalld.log") == 4))' ||
		fail "SIGHUP is not answered"
	[[ $(grep -c '^warning:' "$dir/halfcalld.log") == 6 ]] || fail "$(<"$dir/halfcalld.log")"
}

case_reload_changes_the_journal() {
	daemon 'journal = { file = "'"$dir/one.jsonl"'"; ring = 100; };'
	ask 0 status
	says "$dir/one.jsonl"
	sed -i 's/one.jsonl/two.jsonl/' "$dir/halfcalld.conf"
	ask 0 reload
	ask 0 status
	says "$dir/two.jsonl"
	[[ -e $dir/two.jsonl ]] || fail "there is no new journal"
	# A file that cannot be is no reason to take half of the rest over.
	sed -i -e 's,two.jsonl,none/three.jsonl,' "$dir/halfcalld.conf"
	echo 'denial = { restricted = 433; };' >>"$dir/halfcalld.conf"
	ask 1 reload
	says "none/three.jsonl cannot be opened"
	complains "stays in force"
	ask 0 status
	says "$dir/two.jsonl"
	ask 1 explain 1002 912025550123
	says "refused with 403"
	sed -i '/^journal/d' "$dir/halfcalld.conf"
	ask 0 reload
	ask 0 status
	says_not jsonl
	ask 1 explain 1002 912025550123
	says "refused with 433"
}
