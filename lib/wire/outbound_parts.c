/* SPDX-License-Identifier: MIT */
#include "wire/outbound_parts.h"

#include "wire/via.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { FORKS_MAX = 64 };		/* what answers more often is not heard any more */

void outbound_send(struct outbound *outbound)
{
	int err = emit(outbound->wire, &outbound->to, outbound->bytes, outbound->length,
		       outbound->by_branch.key[0]);

	if (err >= 0)
		return;
	/* Told in the next round of the loop, never from inside. */
	outbound->err = -err;
	outbound->is_broken = true;
}

struct ack_invite outbound_sent(const struct outbound *outbound)
{
	return (struct ack_invite){
		.bytes = outbound->bytes,
		.length = outbound->length,
		.via = { outbound->bytes + outbound->via_at, outbound->via_length },
	};
}

int outbound_replace_via(struct outbound *outbound)
{
	char branch[VIA_BRANCH], line[VIA_LINE], *bytes;
	size_t rest_at = outbound->via_at + outbound->via_length;
	size_t rest = outbound->length - rest_at, length;

	via_line(line, &outbound->to, via_branch(branch, outbound->by_branch.key[0]), "");
	length = strlen(line);
	bytes = malloc(outbound->via_at + length + rest + 1);
	if (!bytes)
		return -ENOMEM;
	memcpy(bytes, outbound->bytes, outbound->via_at);
	memcpy(bytes + outbound->via_at, line, length);
	memcpy(bytes + outbound->via_at + length, outbound->bytes + rest_at, rest + 1);
	free(outbound->bytes);
	outbound->bytes = bytes;
	outbound->via_length = length;
	outbound->length = outbound->via_at + length + rest;
	return 0;
}

uint64_t outbound_tag(const struct wire *wire, const char *tag)
{
	struct digest digest;
	uint64_t result[2];

	digest_init(&digest, &wire->secret);
	digest_add_lower(&digest, tag, strlen(tag));
	digest_end(&digest, result);
	return result[0] | 1;		/* 0 is none */
}

struct outbound_fork *outbound_fork(const struct outbound *outbound, uint64_t tag)
{
	struct outbound_fork *fork = outbound->forks;

	while (fork && fork->tag != tag)
		fork = fork->next;
	return fork;
}

struct outbound_fork *outbound_add_fork(struct outbound *outbound, uint64_t tag)
{
	struct outbound_fork *fork = outbound->forks;
	unsigned count = 0;

	for (; fork; fork = fork->next)
		count++;
	fork = count < FORKS_MAX ? calloc(1, sizeof *fork) : NULL;
	if (!fork)
		return NULL;
	fork->tag = tag;
	fork->next = outbound->forks;
	outbound->forks = fork;
	return fork;
}
