/* SPDX-License-Identifier: MIT */
#include "half/refuse.h"

#include "wire/reply.h"

#include <errno.h>

int refuse_invite(const struct arrival *in, struct uas **server, int status,
		  const struct verdict *why)
{
	const struct refusal refusal = {
		.status = status,
		.cause = why ? why->cause : 0,
		.sentence = why ? why->sentence : NULL,
		.retry_after_s = status == 500 || status == 503 ? RETRY_AFTER_S : 0,
		.unsupported = why && status == 420 ? why->unsupported : NULL,
	};
	int err;

	if (!*server)
		return -ENOENT;
	err = reply_refuse(desk_wire(in->desk), *server, &refusal);
	uas_free(*server);
	*server = NULL;
	return err;
}
