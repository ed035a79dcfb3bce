/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The findings that the players of a run tell, from plain facts about one message; the names are
 * those of halfcall-names(5).  lib/watch has the whole set, which needs what passed before; until
 * a run is looked at by it, halfcalld's findings and these are what a case is judged by.
 */
#include <stdbool.h>

/** A request that a proxy sent to CM or to a telephone; text is borrowed. */
struct watch_request {
	const char *method;
	bool is_initial;		/* without To tag */
	bool is_to_cm;			/* else to a telephone */
	unsigned phases;		/* how many phase parameters its top Route has */
	const char *phase;		/* the first one's value; NULL = none */
	bool has_credentials;		/* Proxy-Authorization */
};

/** NAME: of the finding; SENTENCE says what is wrong, with its source. */
typedef void watch_told_f(void *context, const char *name, const char *sentence);

/** Tells everything that is wrong with REQUEST. */
void watch_request(const struct watch_request *request, watch_told_f *told,
		   void *context);
