# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# halfcall-protocol(7), RESTRICTIONS: which restrictions apply when a call is forwarded, what no
# restriction may stop, and what the caller receives.  The tables are those of rule.bash.

forwarding_users="
INSERT INTO class_of_restriction (cor, called_party) VALUES (51, 'inward'), (52, 'public'),
	(53, 'termination'), (54, 'manual');
INSERT INTO station (extension, cor) VALUES ('to-inward', 10), ('to-public', 10),
	('to-termination', 10), ('to-manual', 10), ('inward-to-2001', 51),
	('public-to-2001', 52), ('termination-to-2001', 53), ('manual-to-2001', 54),
	('outward-to-2001', 12), ('outward-to-trunk', 12), ('free-to-trunk', 10);
INSERT INTO call_forwarding (extension, destination) VALUES
	('to-inward', 'inward'), ('to-public', 'public'), ('to-termination', 'termination'),
	('to-manual', 'manual'), ('inward-to-2001', '2001'), ('public-to-2001', '2001'),
	('termination-to-2001', '2001'), ('manual-to-2001', '2001'),
	('outward-to-2001', '2001'), ('outward-to-trunk', '9112345'),
	('free-to-trunk', '9112345');"

# The restriction of the station called first applies, that of the station which gets the call
# does not, except \`public\`, which holds for redirected calls too.  A forwarded call must also
# be permitted to the station that forwards.
proxied_called_party_restriction_when_forwarded() {
	office "$forwarding_users"
	office_calls <<-END
	unrestricted    to-termination       200  -   -                               termination
	trunk:+4930123  to-inward            200  -   -                               inward
	unrestricted    to-manual            200  -   -                               manual
	unrestricted    to-public            200  -   -                               public
	trunk:+4930123  to-public            403  21  forwarding:called-party:public  imsterm
	unrestricted    termination-to-2001  403  21  called-party:termination        imsterm
	trunk:+4930123  inward-to-2001       403  21  called-party:inward             imsterm
	unrestricted    inward-to-2001       200  -   -                               2001
	unrestricted    manual-to-2001       403  21  called-party:manual             imsterm
	trunk:+4930123  public-to-2001       403  21  called-party:public             imsterm
	unrestricted    public-to-2001       200  -   -                               2001
	# what it may not call itself, a station does not forward to
	unrestricted    outward-to-2001      200  -   -                               2001
	unrestricted    outward-to-trunk     403  21  forwarding:calling-party:outward  imsterm
	trunk:+4930123  free-to-trunk        200  -   -  imsterm termdone trunk
	END
}

# The same where the proxy runs the termination half of the new target.
proxied_called_party_restriction_when_forwarded_as_origdone() {
	call='forward_phase = "origdone";'
	office "$forwarding_users"
	local again="imsorig origdone imsterm origdone imsterm termdone"
	office_calls <<-END
	unrestricted    to-termination  200  -   -  $again termination
	trunk:+4930123  to-inward       200  -   -  imsterm origdone imsterm termdone inward
	unrestricted    to-manual       200  -   -  $again manual
	unrestricted    to-public       200  -   -  $again public
	trunk:+4930123  to-public       403  21  forwarding:called-party:public  imsterm
	END
}

# A call redirected before it arrives was checked where it was redirected; only \`public\` is
# checked here.
proxied_called_party_restriction_after_a_redirection() {
	office
	local reason='Reason=SIP%3Bcause%3D302&Reason=Redirection%3Bcause%3DCFI'
	local history="<sip:7001@example.com?$reason>;index=1, <sip:7002@example.com>;index=1.1"
	office_calls EXTRA="History-Info: $history" <<-END
	trunk:+4930123  termination  200  -   -                    termination
	trunk:+4930123  inward       200  -   -                    inward
	trunk:+4930123  manual       200  -   -                    manual
	trunk:+4930123  public       403  21  called-party:public  imsterm
	trunk:9512345   public       200  -   -                    public
	END
}

# 112 is out by the trunk, 119 at a station that takes no calls and is out of service.
proxied_emergency_passes_every_restriction() {
	office "INSERT INTO class_of_restriction (cor, frl) VALUES (30, 0);
		INSERT INTO station (extension, cor) VALUES ('frl-0', 30);
		INSERT INTO station (extension, cor, in_service) VALUES ('119', 21, 0);
		INSERT INTO station (extension, cor) VALUES ('to-112', 10), ('to-119', 10);
		INSERT INTO call_forwarding (extension, destination) VALUES ('to-112', '112'),
			('to-119', '119'), ('119', '2001');
		INSERT INTO calling_permission (from_cor, to_cor) VALUES (10, 21);
		INSERT INTO dial_pattern (pattern, call_type, min_frl, min_length, max_length)
			VALUES ('119', 'emergency', 7, 3, 3);
		UPDATE dial_pattern SET min_frl = 7 WHERE pattern = '112';"
	office_calls <<-END
	unrestricted    112     200  -   emergency                 trunk
	origination     112     200  -   emergency                 trunk
	outward         112     200  -   emergency                 trunk
	all-toll        112     200  -   emergency                 trunk
	tac-toll        112     200  -   emergency                 trunk
	frl-0           112     200  -   emergency                 trunk
	out-of-service  112     200  -   emergency                 trunk
	unknown         112     200  -   emergency                 trunk
	unrestricted    119     200  -   emergency                 119
	origination     119     200  -   emergency                 119
	frl-0           119     200  -   emergency                 119
	trunk:+4930123  119     200  -   emergency                 119
	# the neighbours
	origination     2001    403  21  calling-party:origination imsorig
	out-of-service  2001    403  21  out-of-service            imsorig
	unknown         2001    404  1   unknown-station           imsorig
	# no forwarding leads there
	unrestricted    to-112  403  21  forwarding:emergency      imsterm
	unrestricted    to-119  403  21  forwarding:emergency      imsterm
	END
}

proxied_out_of_service() {
	office
	office_calls <<-END
	unrestricted    2001            200  -   -               2001
	out-of-service  2001            403  21  out-of-service  imsorig
	out-of-service  9112345         403  21  out-of-service  imsorig
	unrestricted    out-of-service  480  -   out-of-service  imsterm
	trunk:+4930123  out-of-service  480  -   out-of-service  imsterm
	END
}

proxied_unknown_and_incomplete_numbers() {
	office "INSERT INTO station_number VALUES ('15550100', '2001');"
	office_calls <<-END
	unrestricted    5555       404  1   unknown-number       imsorig
	unrestricted    somebody   404  1   unknown-number       imsorig
	unknown         2001       404  1   unknown-station      imsorig
	trunk:+4930123  5555       404  1   unknown-station      imsterm
	# of a length its pattern does not take, or only the beginning of a number
	unrestricted    9112       484  28  dial-pattern:length  imsorig
	unrestricted    91123      200  -   -                    trunk
	unrestricted    91123456   200  -   -                    trunk
	unrestricted    911234567  484  28  dial-pattern:length  imsorig
	unrestricted    200        484  28  dial-pattern:length  imsorig
	unrestricted    1555       484  28  dial-pattern:length  imsorig
	# a pattern's number that is no station's passes the caller's half alone
	unrestricted    2999       404  1   unknown-station      imsterm
	unrestricted    2001       200  -   -                    2001
	END
}

proxied_denials_as_configured() {
	office '' 'denial = { restricted = 603; unknown = 604; };'
	office_calls <<-END
	origination     2001         603  21  calling-party:origination  imsorig
	outward         9112345      603  21  calling-party:outward      imsorig
	unrestricted    termination  603  21  called-party:termination   imsterm
	unrestricted    5555         604  1   unknown-number             imsorig
	unknown         2001         604  1   unknown-station            imsorig
	trunk:+4930123  5555         604  1   unknown-station            imsterm
	# these are neither
	unrestricted    9112         484  28  dial-pattern:length        imsorig
	out-of-service  2001         403  21  out-of-service             imsorig
	unrestricted    2001         200  -   -                          2001
	END
}

# The answer of the called telephone, or of the proxy in its place, reaches the caller unchanged.
proxied_failures_of_the_far_end() {
	office
	local says cause
	for says in 408-18 480-19 486-17 600-17 603-21; do
		cause=${says#*-}
		cm_users "INSERT INTO station (extension, cor) VALUES ('$says', 10)"
		office_telephones "$says" "invite rings refuses" STATUS="${says%-*}" \
			EXTRA="Reason: Q.850;cause=$cause;text=\"so said the telephone\"" <<<"$says"
	done
	# One is registered at a port without a listener, the other not at all.
	cm_users "INSERT INTO station (extension, cor) VALUES ('silent', 10), ('switched-off', 10)"
	office_register silent <<<silent
	office_calls <<-END
	unrestricted    486-17        486  17  -  486-17
	unrestricted    600-17        600  17  -  600-17
	unrestricted    480-19        480  19  -  480-19
	unrestricted    408-18        408  18  -  408-18
	unrestricted    603-21        603  21  -  603-21
	trunk:+4930123  486-17        486  17  -  486-17
	unrestricted    silent        408  -   -  silent
	unrestricted    switched-off  404  -   -  none
	unrestricted    2001          200  -   -  2001
	END
}

# An evolution server runs the called station's half during the caller's, with the same verdicts;
# who comes by the trunk has no such half.
proxied_full_calls_are_denied_in_the_origination() {
	call='server = "evolution";'
	office "$forwarding_users
		INSERT INTO dial_pattern (pattern, call_type) VALUES ('1901', 'attendant');
		INSERT INTO station (extension, cor) VALUES ('1901', 10), ('forbidden', 12);
		INSERT INTO calling_permission (from_cor, to_cor) VALUES (10, 12);"
	office_calls <<-END
	unrestricted    2001            200  -   -                         2001
	unrestricted    9112345         200  -   -                         trunk
	origination     2001            403  21  calling-party:origination  imsorig
	unrestricted    forbidden       403  21  calling-permission        imsorig
	unrestricted    termination     403  21  called-party:termination  imsorig
	unrestricted    out-of-service  480  -   out-of-service            imsorig
	unrestricted    manual          403  21  called-party:manual       imsorig
	1901            manual          200  -   -                         manual
	unrestricted    inward          200  -   -                         inward
	trunk:+4930123  inward          403  21  called-party:inward       imsterm
	trunk:+4930123  public          403  21  called-party:public       imsterm
	trunk:+4930123  to-public       403  21  forwarding:called-party:public  imsterm
	trunk:+4930123  2001            200  -   -                         2001
	unrestricted    to-termination  200  -   -                         termination
	origination     112             200  -   emergency                 trunk
	END
}
