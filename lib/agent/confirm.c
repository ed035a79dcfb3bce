/* SPDX-License-Identifier: MIT */
#include "agent/confirm.h"

#include "agent/dialog.h"
#include "agent/media.h"
#include "agent/message.h"
#include "agent/reply.h"
#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <string.h>

enum { T1_MS = 500, T2_MS = 4000 };	/* RFC 3261 section 17.1.1.1 */

static int status_of(int err)
{
	if (err == -EPERM)
		return 403;
	return err == -EBUSY ? 503 : 500;
}

static int write_answer(struct half_call *half, msg_t *msg)
{
	const sip_t *invite = sip_object(half->in.request);
	const char *media = media_refuse(&half->in.arena, invite, half->in.listener);

	if (sip_add_tl(msg, sip_object(msg), SIPTAG_ALLOW_STR(reply_allow),
		       SIPTAG_SUPPORTED_STR(reply_supported),
		       SIPTAG_CONTENT_TYPE_STR("application/sdp"),
		       SIPTAG_PAYLOAD_STR(media), TAG_END()) < 0)
		return -ENOMEM;
	if (message_set_contact(msg, half->in.served->extension, half->in.listener) < 0)
		return -ENOMEM;
	/* Our tag and the Record-Route. */
	return nta_incoming_complete_response(half->invite.server, msg, 200, NULL,
					      TAG_END()) < 0
		       ? -ENOMEM
		       : 0;
}

/* Makes the 200 and the dialog it opens. */
static int prepare(struct half_call *half)
{
	nta_incoming_t *server = half->invite.server;
	msg_t *msg;
	int err = server ? dialog_open_caller(half) : -ENOENT;

	if (err)
		return err;
	msg = nta_incoming_create_response(server, SIP_200_OK);
	if (!msg)
		return -ENOMEM;
	half->confirmation = msg;
	return write_answer(half, msg);
}

/* Be it by a code or by its name that the feature was asked for. */
static const char *rule_refused(struct half_call *half)
{
	const char *rule = half->in.verdict.rule;

	return arena_printf(&half->in.arena, "%.*s:refused", (int)strcspn(rule, ":"),
			    rule);
}

/* What is refused instead of done. */
static void refuse(struct half_call *half, int err, const char *sentence)
{
	struct arrival *in = &half->in;

	in->verdict = (struct verdict){
		.kind = VERDICT_REJECT,
		.status = status_of(err),
		.cause = err == -EPERM ? CAUSE_REJECTED : CAUSE_NONE,
		.rule = err == -EPERM ? rule_refused(half) : "database",
		.sentence = arena_strdup(&in->arena, sentence),
	};
	if (err != -EPERM)
		log_warning("call=%s %s", in->id, sentence);
}

int confirm_act(struct call *call)
{
	struct half_call *half = half_of(call);
	struct arrival *in = &half->in;
	struct agent *agent = in->agent;
	struct call_event event = { .on = ON_DONE, .from = SIDE_CALLEE };
	struct fault fault = { "" };
	int err = prepare(half);

	/* Nothing is written that could not be confirmed. */
	if (err)
		return err;
	err = agent->hooks->act(agent->context, in->served, &in->verdict, &fault);
	if (err < 0) {
		refuse(half, err, fault.text);
		event.on = ON_FAILURE;
		event.status = in->verdict.status;
	}
	call_handle(call, &event);
	return 0;
}

/* A copy of the topmost Via alone; NULL when out of memory. */
static sip_via_t *top_via(msg_t *msg)
{
	sip_via_t top = *sip_object(msg)->sip_via;

	top.v_next = NULL;
	return sip_via_dup(msg_home(msg), &top);
}

/* Sofia sends a 2xx again as a user agent, but not as the proxy it is in that model. */
static void resend(su_root_magic_t *magic, su_timer_t *timer, su_timer_arg_t *arg)
{
	struct half_call *half = arg;
	msg_t *msg;

	(void)magic;
	if (call_state(&half->call) != CALL_CONFIRMED || !half->confirmation)
		return;
	msg = message_copy(half->confirmation);
	/* It takes off the topmost Via, as for a response on its way through us. */
	if (msg && message_insert(msg, (sip_header_t *)top_via(msg)) == 0)
		nta_msg_tsend(half->in.agent->nta, msg, NULL, TAG_END());
	else
		msg_destroy(msg);
	half->resend_ms = half->resend_ms * 2 < T2_MS ? half->resend_ms * 2 : T2_MS;
	su_timer_set_interval(timer, resend, half, half->resend_ms);
}

static void begin_resending(struct half_call *half)
{
	const struct agent *agent = half->in.agent;

	if (!agent->settings->is_proxy_model)
		return;
	half->resend_ms = T1_MS;
	half->resender = su_timer_create(su_root_task(agent->root), 0);
	if (!half->resender ||
	    su_timer_set_interval(half->resender, resend, half, half->resend_ms) < 0)
		log_error("call=%s cannot set a timer", half->in.id);
}

int confirm_answer(struct call *call)
{
	struct half_call *half = half_of(call);

	half->answered_ms = clock_mono_ms();
	if (nta_incoming_mreply(half->invite.server, msg_ref_create(half->confirmation)) <
	    0)
		return -EIO;
	begin_resending(half);
	return 0;
}
