# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# A telephone of other authors: linphonec, registered at Kamailio as 1001, without a sound
# device; it is controlled by lines on its standard input.

# linphone_start ADDRESS: registers 1001 there.
linphone_start() {
	local home=$dir/linphone udp=0 tcp=0
	port_of[linphone]=$(free_port "$1")
	local "$transport=${port_of[linphone]}"
	mkdir "$home"
	cat >"$home/linphonerc" <<-END
	[sip]
	bind_address=$1
	sip_port=$udp
	sip_tcp_port=$tcp
	sip_tls_port=0
	use_ipv6=0
	guess_hostname=1
	default_proxy=0
	register_only_when_network_is_up=0
	[net]
	mtu=1300
	[proxy_0]
	reg_proxy=<sip:$SM:${port_of[sm]};transport=$transport>
	reg_route=<sip:$SM:${port_of[sm]};transport=$transport;lr>
	reg_identity="Alice" <sip:1001@example.com>
	reg_expires=300
	reg_sendregister=1
	publish=0
	[misc]
	file_transfer_server_url=
	[storage]
	uri=$home/linphone.db
	END
	mkfifo "$home/commands"
	start linphone env -u DISPLAY HOME="$home" bash -c \
		"exec linphonec -c $home/linphonerc -d 6 -l $home/log <$home/commands"
	exec 9>"$home/commands"
	linphone_does soundcard use files
	wait_line "$dir/kamailio.log" 'phone registers user=1001'
}

# linphone_does COMMAND...
linphone_does() { echo "$*" >&9; }

chain_linphone_makes_and_takes_a_call() {
	# linphone's own connections start at 127.0.0.1, which must not be the CM's.
	CM=127.0.0.8
	publish='enabled = true; linger = 1;'
	cm_configure
	cm_start
	sm_start -A WITH_PRESENCE
	to=$SM:${port_of[sm]}
	linphone_start 127.0.0.6
	callee "invite rings waits answers hears-bye"
	linphone_does call sip:2001@example.com
	wait_line "$dir/linphone.log" 'Call .* connected'
	linphone_does terminate
	peers_end callee
	equal "phases" "imsorig origdone imsterm termdone" "$(phases)"
	journalled half=orig event=answer extension=1001
	peer caller 127.0.0.3 caller "invite hears-180 talks waits bye" FROM=2002 \
		URI=sip:1001@example.com ROUTES=
	wait_line "$dir/caller.sip" '^SIP/2.0 180 '
	linphone_does answer
	peers_end caller
	journalled half=term event=answer extension=1001
	equal "calls" 4 "$(journal event=answer status=200)"
}
