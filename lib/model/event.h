/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One event of the journal (halfcalld(8), Journal): a decision, and the call it is about.
 * The struct borrows all its text; a function that keeps an event copies it.
 */
#include "model/half.h"
#include "model/phase.h"

#include <stdint.h>

struct event {
	const char *event;		/* what was decided: "pass", "reject", "forward", ... */
	const char *call;		/* id of the call over both halves; NULL = none */
	enum half half;			/* meaningful when `call` is set */
	const char *extension;		/* the station whose features were run */
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
