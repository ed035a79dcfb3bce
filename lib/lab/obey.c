/* SPDX-License-Identifier: MIT */
/* The deeds of the rules that a script notes. */
#include "lab/inside.h"

void obey(struct rule *rule, struct talk *talk)
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
		dial_give_up(talk);
		break;
	case RULE_HANGS_UP:
		talk_hang_up(phone, talk->appearance, NULL, NULL);
		break;
	case RULE_GOES_DEAD:
		phone->is_mute = true;	/* its wire is in use just now */
		break;
	}
}
