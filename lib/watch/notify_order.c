/* SPDX-License-Identifier: MIT */
/*
 * RFC 4235 section 4.1, RFC 6665 section 4.4.1: the version of dialog-info grows by one with each
 * NOTIFY of a subscription, and so does CSeq.
 */
#include "watch/view.h"

#include <stdlib.h>
#include <string.h>

/* The version of the document in SPECIMEN; -1 = it has none. */
static long version_of(const struct specimen *specimen)
{
	static const char root[] = "<dialog-info", version[] = "version=";
	const char *at =
		memmem(specimen->body, specimen->body_length, root, sizeof root - 1);
	const char *end = specimen->body + specimen->body_length, *close;

	if (!at || !(close = memchr(at, '>', (size_t)(end - at))))
		return -1;
	at = memmem(at, (size_t)(close - at), version, sizeof version - 1);
	return at && close - at > (long)sizeof version
		       ? strtol(at + sizeof version, NULL, 10)
		       : -1;
}

static const struct kept *last_notify(const struct view *view)
{
	const struct kept *kept = NULL;

	while ((kept = kept_before(view->trail, kept)))
		if (!kept->is_out && !kept->status && kept_is(kept, "NOTIFY") &&
		    kept->from_tag == specimen_hash(view->now->from_tag))
			return kept;
	return NULL;
}

static void notify_order(const struct view *view)
{
	const struct kept *last;
	struct specimen before;
	long from, to;

	/* One that CM itself passed on comes again for the other half of the call. */
	if (!view_is_request_in(view, "NOTIFY") || view->origin ||
	    !(last = last_notify(view)) ||
	    !specimen_read(&before, last->bytes, last->length))
		return;
	from = version_of(&before);
	to = version_of(view->now);
	if (view->now->cseq <= last->cseq)
		view_tell(view, "NOTIFY has CSeq %u after %u", view->now->cseq,
			  last->cseq);
	else if (from >= 0 && to >= 0 && to <= from)
		view_tell(view, "NOTIFY has version %ld after %ld", to, from);
}

const struct rule notify_order_rule = {
	.name = "notify-order",
	.clause = "RFC 4235 4.1, RFC 6665 4.4.1",
	.severity = WATCH_ERROR,
	.see = notify_order,
};
