/* SPDX-License-Identifier: MIT */
#include "agent/list.h"

#include "agent/half.h"
#include "agent/reservation.h"
#include "base/clock.h"

void agent_visit_calls(const struct agent *agent,
		       void (*visit)(void *context, const struct agent_call *call),
		       void *context)
{
	int64_t now_ms = clock_mono_ms();

	for (struct list *node = agent->halves.next; node != &agent->halves;
	     node = node->next) {
		const struct half_call *half = container_of(node, struct half_call, node);

		visit(context, &(struct agent_call){
				       .id = half->in.id,
				       .half = half->in.facts.half,
				       .state = call_state_name(call_state(&half->call)),
				       .from = half->in.facts.caller.user,
				       .to = half->in.facts.called.user,
				       .proxy = half->in.peer->name,
				       .age_ms = now_ms - half->in.begun_ms,
			       });
	}
}

static struct agent_line line_of(const struct arrival *in, const char *extension,
				 unsigned appearance)
{
	return (struct agent_line){
		.extension = extension,
		.appearance = appearance,
		.call = in->id,
		.age_ms = clock_mono_ms() - in->begun_ms,
	};
}

void agent_visit_lines(const struct agent *agent,
		       void (*visit)(void *context, const struct agent_line *line),
		       void *context)
{
	struct agent_line line;
	struct list *node;

	for (node = agent->reservations.next; node != &agent->reservations;
	     node = node->next) {
		const struct reservation *reservation =
			container_of(node, struct reservation, node);

		if (!reservation->appearance)
			continue;
		line = line_of(&reservation->in, reservation->in.served->extension,
			       reservation->appearance);
		line.is_reserved = true;
		visit(context, &line);
	}
	for (node = agent->halves.next; node != &agent->halves; node = node->next) {
		const struct half_call *half = container_of(node, struct half_call, node);

		for (enum call_side side = SIDE_CALLER; side <= SIDE_CALLEE; side++) {
			const struct showing *showing = &half->showing[side];

			if (!showing->appearance)
				continue;
			line = line_of(&half->in, showing->extension,
				       showing->appearance);
			visit(context, &line);
		}
	}
}
