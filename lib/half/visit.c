/* SPDX-License-Identifier: MIT */
#include "half/visit.h"

#include "half/half_call.h"
#include "half/reservation.h"
#include "wire/peer.h"
#include "base/clock.h"

void visit_calls(const struct stock *stock,
		 void (*visit)(void *context, const struct visit_call *call),
		 void *context)
{
	int64_t now_ms = clock_mono_ms();

	for (struct list *node = stock->halves.next; node != &stock->halves;
	     node = node->next) {
		const struct half_call *half =
			container_of(node, struct half_call, life.node);

		visit(context, &(struct visit_call){
				       .id = half->in->id,
				       .half = half->in->facts.half,
				       .state = call_state_name(call_state(&half->call)),
				       .from = half->in->facts.caller.user,
				       .to = half->in->called,
				       .proxy = peer_name(half->in->peer),
				       .age_ms = now_ms - half->in->begun_ms,
			       });
	}
}

static struct visit_line line_of(const struct arrival *in, const char *extension,
				 unsigned appearance)
{
	return (struct visit_line){
		.extension = extension,
		.appearance = appearance,
		.call = in->id,
		.age_ms = clock_mono_ms() - in->begun_ms,
	};
}

void visit_lines(const struct stock *stock,
		 void (*visit)(void *context, const struct visit_line *line),
		 void *context)
{
	struct visit_line line;
	struct list *node;

	for (node = stock->reservations.next; node != &stock->reservations;
	     node = node->next) {
		const struct reservation *reservation =
			container_of(node, struct reservation, life.node);

		if (!reservation->appearance)
			continue;
		line = line_of(reservation->in, reservation->in->served->extension,
			       reservation->appearance);
		line.is_reserved = true;
		visit(context, &line);
	}
	for (node = stock->halves.next; node != &stock->halves; node = node->next) {
		const struct half_call *half =
			container_of(node, struct half_call, life.node);

		for (enum call_side side = SIDE_CALLER; side <= SIDE_CALLEE; side++) {
			const struct showing *showing = &half->showing[side];

			if (!showing->appearance)
				continue;
			line = line_of(half->in, showing->extension, showing->appearance);
			visit(context, &line);
		}
	}
}
