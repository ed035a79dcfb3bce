/* SPDX-License-Identifier: MIT */
#include "feature/rule.h"

void rule_note(const struct inquiry *inquiry, const char *name, bool decides,
	       const struct verdict *verdict)
{
	const struct reach *reach = &inquiry->reach;
	const char *by = reach->by ? reach->by->extension : inquiry->facts->caller.user;
	struct arena *arena = inquiry->arena;
	const char *sentence = verdict->sentence ? verdict->sentence : "";
	const char *text = "";

	if (!inquiry->facts->trace)
		return;
	if (decides)
		text = arena_printf(arena, "%s%s%s", verdict->rule, *sentence ? ": " : "",
				    sentence);
	trace_note(inquiry->facts->trace,
		   &(struct trace_step){
			   .kind = TRACE_RULE,
			   .subject = name,
			   .about = arena_printf(arena, "%s to %s", by, reach->number),
			   .is_hit = decides,
			   .text = text,
		   });
}

bool rule_ask(const struct rule *rules, size_t count, const struct inquiry *inquiry,
	      struct verdict *verdict)
{
	for (size_t i = 0; i < count; i++) {
		bool decides = rules[i].ask(inquiry, verdict);

		if (rules[i].name)
			rule_note(inquiry, rules[i].name, decides, verdict);
		if (decides)
			return true;
	}
	return false;
}
