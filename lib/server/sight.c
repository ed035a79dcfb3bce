/* SPDX-License-Identifier: MIT */
#include "server/sight.h"

#include "agent/agent.h"

static void settle(const struct sight *sight)
{
	if (sight->agent)
		agent_show_messages(sight->agent, !list_is_empty(&sight->lookers));
}

void sight_init(struct sight *sight)
{
	list_init(&sight->lookers);
	sight->agent = NULL;
}

void sight_open(struct sight *sight, struct agent *agent)
{
	sight->agent = agent;
	settle(sight);
}

void sight_join(struct sight *sight, struct sight_looker *looker)
{
	list_init(&looker->node);
	list_append(&sight->lookers, &looker->node);
	settle(sight);
}

void sight_leave(struct sight *sight, struct sight_looker *looker)
{
	if (!looker->node.next)
		return;
	list_remove(&looker->node);
	settle(sight);
}

void sight_seen(const struct sight *sight, const struct wire_frame *frame)
{
	for (struct list *node = sight->lookers.next, *next; node != &sight->lookers;
	     node = next) {
		const struct sight_looker *looker =
			container_of(node, struct sight_looker, node);

		next = node->next;
		looker->seen(looker->context, frame);
	}
}
