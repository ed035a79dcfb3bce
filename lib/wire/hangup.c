/* SPDX-License-Identifier: MIT */
#include "wire/hangup.h"

#include "wire/codec.h"
#include "wire/dialog.h"
#include "wire/message.h"
#include "wire/via.h"

/* A request of the dialog that RESPONSE, a 2xx, opens; it is not addressed yet. */
static msg_t *request_of(struct wire *wire, const struct dialog *dialog,
			 const sip_t *response, uint32_t cseq, bool is_bye)
{
	msg_t *msg = dialog_request(wire, response->sip_from, response->sip_to,
				    is_bye ? sip_method_bye : sip_method_ack,
				    is_bye ? "BYE" : "ACK");

	dialog_address(dialog, msg, cseq);
	return msg;
}

/* By the dialog's route, or where the INVITE went when that leads to a name. */
static void find_way(struct wire *wire, msg_t *msg, const struct emit_target *invite,
		     struct way *way)
{
	if (way_find(wire, NULL, sip_object(msg), invite->listener, way, NULL) == 0)
		return;
	way->listener = invite->listener;
	way->transport = invite->transport;
	way->to = emit_to(invite);
}

static void write_ack(struct wire *wire, msg_t *msg, const struct emit_target *invite_to,
		      struct hangup *hangup)
{
	char branch[VIA_BRANCH], line[VIA_LINE];
	struct way way;

	find_way(wire, msg, invite_to, &way);
	emit_target_of(wire, &way, &hangup->to);
	via_line(line, &hangup->to, via_branch(branch, core_unique(wire)), "");
	hangup->ack = codec_write(msg, line, &hangup->length, NULL);
	msg_destroy(msg);
}

void hangup_write(struct wire *wire, msg_t *response, const struct emit_target *invite_to,
		  struct hangup *hangup)
{
	su_home_t home[1] = { SU_HOME_INIT(home) };
	const sip_t *sip = sip_object(response);
	const char *tag = sip->sip_from->a_tag ? sip->sip_from->a_tag : "";
	uint32_t cseq = sip->sip_cseq->cs_seq;
	struct dialog *dialog = dialog_as_uac(home, sip->sip_call_id->i_id, tag);

	dialog_learn(dialog, sip);
	write_ack(wire, request_of(wire, dialog, sip, cseq, false), invite_to, hangup);
	hangup->bye = request_of(wire, dialog, sip, cseq + 1, true);
	find_way(wire, hangup->bye, invite_to, &hangup->bye_way);
	su_home_deinit(home);
}
