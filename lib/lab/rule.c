/* SPDX-License-Identifier: MIT */
/* What a script wants done as soon as a message is heard. */
#include "lab/inside.h"

#include <string.h>

const struct rule *phone_on(struct phone *phone, const struct rule *rule)
{
	struct rule *mine = arena_alloc(&phone->arena, sizeof *mine);

	*mine = *rule;
	mine->method = arena_strdup(&phone->arena, rule->method);
	mine->number = arena_strdup(&phone->arena, rule->number);
	list_append(&phone->rules, &mine->node);
	return mine;
}

struct rule *rule_use(struct phone *phone, int status, const char *method)
{
	for (struct list *at = phone->rules.next; at != &phone->rules; at = at->next) {
		struct rule *rule = container_of(at, struct rule, node);

		if (rule->is_used || rule->status != status ||
		    (rule->method && strcmp(rule->method, method) != 0))
			continue;
		rule->is_used = true;
		return rule;
	}
	return NULL;
}
