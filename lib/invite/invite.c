/* SPDX-License-Identifier: MIT */
#include "invite/invite.h"

#include "invite/history.h"
#include "invite/identity.h"
#include "invite/shortcut.h"
#include "invite/tag.h"
#include "wire/message.h"
#include "wire/uri.h"

enum phase invite_phase(const struct arrival *in, const struct target *target)
{
	if (target->destination && in->facts.tag.phase == PHASE_IMSTERM &&
	    desk_settings(in->desk)->forwards_as_origdone)
		return PHASE_ORIGDONE;
	return phase_done(in->facts.tag.phase);
}

/* Sets the user of MSG's Request-URI and removes its parameters; a tel: URI becomes a SIP URI. */
static void write_called(const struct arrival *in, msg_t *msg, const char *user)
{
	url_t uri = *sip_object(msg)->sip_request->rq_url;

	if (!uri.url_host) {	/* tel: */
		uri.url_type = url_sip;
		uri.url_scheme = "sip";
		uri.url_host = in->facts.domain;
	}
	uri.url_user = uri_escape(in->arena, user);
	uri.url_password = NULL;
	uri.url_params = NULL;
	uri.url_headers = NULL;
	message_set_uri(msg, &uri);
}

/*
 * Whether the INVITE to TARGET gets the shortcut mark.  A forwarded one does not if the target is
 * outside, or if the proxy is to run the target's features (call.forward_phase is origdone).
 */
static bool announces_shortcut(const struct arrival *in, const struct target *target)
{
	bool is_outside = target->destination && target->is_outside;

	return in->verdict.is_shortcut && !is_outside &&
	       !(target->destination && desk_settings(in->desk)->forwards_as_origdone);
}

static void write_party(const struct arrival *in, msg_t *msg, const struct target *target)
{
	const struct invite_settings *settings = desk_settings(in->desk);

	if (!target->destination) {
		if (in->verdict.number)
			write_called(in, msg, in->verdict.number);
		if (settings->writes_history_info)
			history_write_plain(in, msg);
		return;
	}
	write_called(in, msg, target->destination);
	if (settings->writes_history_info)
		history_write_forward(in, msg, target);
	if (settings->writes_diversion)
		history_write_diversion(in, msg, target);
}

void invite_write(const struct arrival *in, msg_t *msg, const struct target *target)
{
	write_party(in, msg, target);
	identity_write(in, msg, target);
	if (in->facts.is_full_call)
		shortcut_write(msg, announces_shortcut(in, target));
	message_count_hop(msg);
	message_remove_all(msg, (sip_header_t *)sip_object(msg)->sip_proxy_authorization);
	tag_write(in, msg, invite_phase(in, target));
}
