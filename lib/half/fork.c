/* SPDX-License-Identifier: MIT */
#include "half/fork.h"

#include "base/memory.h"
#include "wire/message.h"

#include <strings.h>

static void learn(struct half_call *half, struct fork *fork, const sip_t *response)
{
	if (response->sip_contact && !fork->target)
		fork->target = memory_checked(
			sip_contact_dup(half->home, response->sip_contact));
	if (response->sip_record_route && !fork->route)
		fork->route =
			dialog_route_set(half->home, response->sip_record_route, true);
}

struct fork *fork_of(struct half_call *half, const sip_t *response)
{
	const char *tag = response->sip_to->a_tag ? response->sip_to->a_tag : "";
	struct fork *fork = half->forks;
	unsigned count = 0;

	for (; fork && strcasecmp(fork->tag, tag) != 0; fork = fork->next)
		count++;
	if (!fork && count == FORKS_MAX)
		return NULL;
	if (!fork) {
		fork = arena_alloc(half->in->arena, sizeof *fork);
		*fork = (struct fork){
			.next = half->forks,
			.tag = arena_strdup(half->in->arena, tag),
		};
		half->forks = fork;
	}
	learn(half, fork, response);
	return fork;
}

void fork_leave(struct half_call *half)
{
	for (struct fork *fork = half->forks; fork; fork = fork->next)
		fork->is_left = true;
	half->forks = NULL;
}

void fork_address(struct half_call *half, const struct fork *fork, msg_t *msg)
{
	const char *known = dialog_remote_tag(half->leg[SIDE_CALLEE].dialog);

	if (known && strcasecmp(known, fork->tag) == 0)
		return;
	message_set_to_tag(msg, fork->tag);
	message_set_route(msg, fork->route);
	if (fork->target)
		message_set_uri(msg, fork->target->m_url);
}
