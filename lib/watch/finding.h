/* SPDX-License-Identifier: MIT */
#pragma once
/* What is told, and what is to be known for it. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/** Where a frame was seen: who its sender or receiver is, seen from the proxy. */
enum watch_seat { WATCH_CM, WATCH_PHONE, WATCH_TRUNK, WATCH_APP };

enum watch_severity {
	WATCH_WARNING,			/* calls go on, and somebody will be surprised */
	WATCH_ERROR,			/* what the standard or halfcall-protocol(7) forbids */
};

/** Text is borrowed during the call. */
struct watch_finding {
	const char *name;		/* "max-forwards": as halfcall-run(5) lists them */
	enum watch_severity severity;
	const char *sentence;		/* printable, without the clause */
	const char *clause;		/* "RFC 3261 16.6" */
	const char *call_id;		/* the Call-ID header */
	const struct sockaddr_storage *far_end;	/* the proxy; of what did not come, the one it was
						 * expected from */
	int64_t at_us;			/* monotonic: of the frame, or when time was up */
};

struct watch_settings {
	size_t memory;			/* bytes it may remember, the oldest calls are forgotten for
					 * the newest; what is forgotten is not judged */
	bool takes_untagged;		/* an INVITE to CM may do without a phase */
	/** Whether FAR_END is a proxy; NULL = everything is. */
	bool (*is_proxy)(void *context, const struct sockaddr_storage *far_end);
};
