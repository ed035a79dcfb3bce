# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A telephone of other authors: baresip, registered at Kamailio as 1001, without a sound
# device; it is controlled over a TCP socket.

# baresip_start ADDRESS: registers 1001 there.
baresip_start() {
	local home=$dir/baresip control at=$SM:${port_of[sm]}
	[[ $transport != tls ]] || at=$SM:${port_of[sm-tls]}
	port_of[baresip]=$(free_port "$1")
	control=$(free_port "$1")
	mkdir "$home"
	cat >"$home/config" <<-END
	sip_listen		$1:${port_of[baresip]}
	net_interface		$1
	audio_player		aubridge,bridge
	audio_source		aubridge,bridge
	audio_alert		aubridge,alert
	ctrl_tcp_listen		$1:$control
	module_path		$(dirname "$(dpkg -L baresip-core | grep /ctrl_tcp.so)")
	module			g711.so
	module			aubridge.so
	module_tmp		uuid.so
	module_tmp		account.so
	module_app		ctrl_tcp.so
	module_app		menu.so
	END
	if [[ $transport == tls ]]; then
		certificate phone example.com
		cat "$dir/phone.key" "$dir/phone.crt" >"$home/phone.pem"
		printf 'sip_certificate\t%s\nsip_cafile\t%s\n' "$home/phone.pem" "$dir/ca.crt" >>"$home/config"
	fi
	echo "\"Alice\" <sip:1001@example.com;transport=$transport>;outbound=\"sip:$at;transport=$transport\";regint=300" \
		>"$home/accounts"
	: >"$home/contacts"
	start baresip baresip -4 -s -v -f "$home"
	wait_line "$dir/kamailio.log" 'phone registers user=1001'
	exec 8<>"/dev/tcp/$1/$control" || fail "baresip is not to be told anything"
	start baresip-events bash -c 'cat <&8'
}

# baresip_does COMMAND [PARAMETERS]
baresip_does() {
	local text="{\"command\":\"$1\",\"params\":\"${2:-}\"}"
	printf '%s:%s,' "${#text}" "$text" >&8
}

# baresip_says TYPE DIRECTION: waits for that event of a call.
baresip_says() {
	wait_line "$dir/baresip-events.log" "\"type\":\"$1\",[^}]*\"direction\":\"$2\""
}

chain_baresip_makes_and_takes_a_call() {
	# baresip's own connections start at 127.0.0.1, which must not be the CM's.
	CM=127.0.0.8
	publish='enabled = true; linger = 1;'
	cm_configure
	cm_start
	sm_start -A WITH_PRESENCE
	to=$SM:${port_of[sm]}
	baresip_start 127.0.0.6
	callee "invite rings waits answers hears-bye"
	baresip_does dial sip:2001@example.com
	baresip_says CALL_ESTABLISHED outgoing
	baresip_does hangup
	peers_end callee
	equal "phases" "imsorig origdone imsterm termdone" "$(phases)"
	journalled half=orig event=answer extension=1001
	# By itself it would ring and answer in one breath, and Kamailio change their order.
	peer caller 127.0.0.3 caller "invite hears-180 talks waits bye" FROM=2002 \
		URI=sip:1001@example.com ROUTES=
	wait_line "$dir/caller.sip" '^SIP/2.0 180 '
	baresip_does accept
	peers_end caller
	baresip_says CALL_CLOSED incoming
	journalled half=term event=answer extension=1001
	equal "calls" 4 "$(journal event=answer status=200)"
}
