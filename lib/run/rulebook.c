/* SPDX-License-Identifier: MIT */
#include "run/rulebook.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static const char *phase_lost(const struct watch_request *request)
{
	if (!request->is_to_cm || !request->is_initial || request->phases ||
	    strcmp(request->method, "INVITE") != 0)
		return NULL;
	return "an INVITE was sent to CM without a phase (halfcall-protocol(7), ROUTE TAGS)";
}

static const char *phase_order(const struct watch_request *request)
{
	if (!request->is_to_cm || !request->is_initial || !request->phases ||
	    strcmp(request->method, "INVITE") != 0)
		return NULL;
	if (request->phases > 1)
		return "an INVITE was sent to CM with two phases on one Route "
		       "(halfcall-protocol(7), ROUTE TAGS)";
	if (strcasecmp(request->phase, "imsorig") == 0 ||
	    strcasecmp(request->phase, "imsterm") == 0)
		return NULL;
	return "an INVITE was sent to CM with a phase that is not imsorig or imsterm "
	       "(halfcall-protocol(7), ROUTE TAGS)";
}

static const char *phase_leaked(const struct watch_request *request)
{
	if (request->is_to_cm || !request->phases)
		return NULL;
	return "a request was sent to a telephone with a phase "
	       "(halfcall-protocol(7), ROUTE TAGS)";
}

static const char *credentials_passed(const struct watch_request *request)
{
	if (!request->is_to_cm || !request->has_credentials)
		return NULL;
	return "a request was sent to CM with the credentials that the proxy asked for "
	       "(RFC 3261 section 22.3)";
}

static const struct {
	const char *name;
	const char *(*check)(const struct watch_request *request);
} rules[] = {
	{ "phase-lost", phase_lost },
	{ "phase-order", phase_order },
	{ "phase-leaked", phase_leaked },
	{ "credentials-passed", credentials_passed },
};

void watch_request(const struct watch_request *request, watch_told_f *told, void *context)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		const char *sentence = rules[i].check(request);

		if (sentence)
			told(context, rules[i].name, sentence);
	}
}
