/* SPDX-License-Identifier: MIT */
/* What a script wants done as soon as a message is heard. */
#include "base/memory.h"
#include "lab/inside.h"
#include "wire/loop.h"

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

void rule_do(struct rule *rule, struct talk *talk)
{
	struct phone *phone = talk->phone;

	switch (rule->deed) {
	case RULE_ANSWERS:
		talk_answer(phone, talk->appearance, false, NULL, NULL);
		break;
	case RULE_REJECTS:
		talk_reject(phone, talk->appearance, rule->code, NULL, NULL, NULL);
		break;
	case RULE_REDIRECTS:
		talk_reject(phone, talk->appearance, 302, rule->number, NULL, NULL);
		break;
	case RULE_PROGRESS:
		talk_progress(phone, talk->appearance, rule->code, false, NULL, NULL);
		break;
	case RULE_CANCELS:
		talk_cancel(phone, talk->appearance, NULL, NULL);
		break;
	case RULE_HANGS_UP:
		talk_hang_up(phone, talk->appearance, NULL, NULL);
		break;
	case RULE_GOES_DEAD:
		phone->is_mute = true;	/* its wire is in use just now */
		break;
	}
}
