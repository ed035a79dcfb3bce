/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One line of the journal (design.md section 3): a decision, and about which call.  The
 * struct borrows all its text; whoever keeps it copies.
 */
#include "model/half.h"
#include "model/phase.h"

#include <stdint.h>

struct event {
	const char *event;		/* what was decided: "pass", "reject", "forward", ... */
	const char *call;		/* id of the call over both halves; NULL = none */
	enum half half;			/* meaningful when `call` is set */
	const char *extension;		/* the station served */
	const char *from, *to;
	enum phase phase_in, phase_out;
	const char *rule;
	int status;			/* SIP status, 0 = none */
	const char *reason;
	const char *proxy;		/* name of the proxy */
	const char *sip_call_id;
	int64_t wall_us;		/* written as `t`; filled by the journal */
	uint64_t seq;			/* filled by the journal */
};
