/* SPDX-License-Identifier: MIT */
#include "watch/watch.h"

#include "watch/rules.h"

#include <stddef.h>

static const struct {
	const char *name;
	const char *(*check)(const struct watch_request *request);
} rules[] = {
	{ "phase-lost", rule_phase_lost },
	{ "phase-order", rule_phase_order },
	{ "phase-leaked", rule_phase_leaked },
	{ "credentials-passed", rule_credentials_passed },
};

void watch_request(const struct watch_request *request, watch_told_f *told, void *context)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		const char *sentence = rules[i].check(request);

		if (sentence)
			told(context, rules[i].name, sentence);
	}
}
