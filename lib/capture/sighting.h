/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * One message as it passed, and what can be read in it without parsing it whole.  Pure data, for
 * those who list, draw or save messages.
 */
#include "model/half.h"
#include "model/phase.h"
#include "wire/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct sighting {
	/* as it passed */
	uint64_t seq;			/* from 1, without gaps */
	int64_t wall_us;
	struct sockaddr_storage near, far;	/* this program's address and the other one */
	enum way_transport transport;
	bool is_out;
	const char *peer;		/* what people call the far end; NULL = not known */
	const char *bytes;		/* the whole message; a NUL follows it */
	size_t length;

	/* reading_fill(); text is never NULL, "" = it is not there or cannot be told */
	bool is_request;		/* else a response, if it has a status */
	int status;
	const char *method;		/* of a response that of its CSeq */
	const char *reason;		/* phrase of a response */
	const char *uri;		/* of a request */
	const char *sip_call_id, *from_tag, *to_tag;
	const char *branch, *branch_below;	/* of the topmost Via and the one below it */
	const char *from, *to, *dialled;	/* user parts of From, To and the Request-URI */
	const char *handle;		/* `hc` of the topmost Route or Record-Route: the proxy
					 * model's mark of a half call */
	uint32_t cseq;
	enum phase phase;		/* of the topmost Route */
	const char *phase_text;		/* as it came, also one that is undefined */
	bool is_off_hook;		/* avaya-cm-fnu=off-hook in Request-URI or To */
	const char *call;		/* call_id_of() its Call-ID */

	/* thread_follow() */
	bool has_half;
	enum half half;
	bool is_again;			/* the same bytes passed that way before */
};
