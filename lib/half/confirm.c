/* SPDX-License-Identifier: MIT */
#include "half/confirm.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "wire/ability.h"
#include "wire/message.h"
#include "wire/reply.h"
#include "wire/sdp.h"

#include <errno.h>
#include <string.h>

static int status_of(int err)
{
	if (err == -EPERM)
		return 403;
	return err == -EBUSY ? 503 : 500;
}

/* Opens the dialog with the caller and makes half->confirmation, the 200. */
static void prepare(struct half_call *half)
{
	struct uas *server = half->invite.server;
	const sip_t *invite = sip_object(half->in->request);
	const char *media = sdp_refuse(half->in->arena, invite, half->in->listener);
	msg_t *msg;

	leg_open(half->stock, &half->leg[SIDE_CALLER],
		 dialog_as_uas(half->home, invite, uas_tag(server)));
	msg = uas_response(server, 200, NULL);
	if (sip_add_tl(msg, sip_object(msg), SIPTAG_ALLOW_STR(ability_allow),
		       SIPTAG_SUPPORTED_STR(ability_supported),
		       SIPTAG_CONTENT_TYPE_STR("application/sdp"),
		       SIPTAG_PAYLOAD_STR(media), TAG_END()) < 0)
		memory_out();
	message_set_contact(msg, half->in->served->extension, half->in->listener);
	half->confirmation = msg;
}

/* The rule of a refused feature, "feature-code:refused" or "feature-name:refused". */
static const char *rule_refused(struct half_call *half)
{
	const char *rule = half->in->verdict.rule;

	return arena_printf(half->in->arena, "%.*s:refused", (int)strcspn(rule, ":"),
			    rule);
}

/* Replaces the call's verdict by a refusal because of ERR (-errno). */
static void confirm_refuse(struct half_call *half, int err, const char *sentence)
{
	bool is_forbidden = err == -EPERM;

	half->refusal = (struct verdict){
		.kind = VERDICT_REJECT,
		.status = status_of(err),
		.cause = is_forbidden ? CAUSE_REJECTED : CAUSE_NONE,
		.rule = is_forbidden ? rule_refused(half) : "database",
		.sentence = arena_strdup(half->in->arena, sentence),
	};
	half->call.verdict = &half->refusal;
	if (!is_forbidden)
		log_warning("call=%s %s", half->in->id, sentence);
}

int confirm_act(struct call *call)
{
	struct half_call *half = half_of(call);
	struct stock *stock = half->stock;
	struct call_event event = { .on = ON_DONE, .from = SIDE_CALLEE };
	struct fault fault = { "" };
	int err;

	if (!half->invite.server)
		return -ENOENT;
	/* The 200 comes first: if it cannot be made, the database must stay unchanged. */
	prepare(half);
	err = stock->hooks->act(stock->context, half->in->served, &half->in->verdict,
				&fault);
	if (err < 0) {
		confirm_refuse(half, err, fault.text);
		event.on = ON_FAILURE;
		event.status = half->refusal.status;
	}
	call_handle(call, &event);
	return 0;
}

int confirm_answer(struct call *call)
{
	struct half_call *half = half_of(call);
	msg_t *msg = half->confirmation;

	half->answered_ms = clock_mono_ms();
	half->confirmation = NULL;
	return uas_send(half->invite.server, msg);
}
