/* SPDX-License-Identifier: MIT */
#pragma once
/* What comes in: sorted, checked, and turned into events of a call. */
#include "agent/half.h"

/** Everything Sofia finds no transaction and no dialog for (nta_message_f). */
int receive_any(struct agent *agent, nta_agent_t *nta, msg_t *msg, sip_t *sip);

/** ACK or CANCEL of an INVITE (nta_ack_cancel_f); SIP NULL = nobody acknowledged. */
int receive_ack_cancel(struct exchange *exchange, nta_incoming_t *server,
		       const sip_t *sip);
