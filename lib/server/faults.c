/* SPDX-License-Identifier: MIT */
#include "server/faults.h"

#include "base/log.h"
#include "base/memory.h"
#include "model/call_id.h"
#include "wire/loop.h"

#include <stdio.h>
#include <stdlib.h>

/* A program that has written a row and goes on must not be faster. */
enum { LOOK_US = 2000 };

struct faults {
	struct store *store;
	struct journal *journal;
	struct loop *loop;
	int64_t looked_us;
	bool any;			/* as of then */
};

struct faults *faults_new(struct store *store, struct journal *journal, struct loop *loop)
{
	struct faults *faults = memory_new(sizeof *faults);

	faults->store = store;
	faults->journal = journal;
	faults->loop = loop;
	return faults;
}

void faults_free(struct faults *faults)
{
	free(faults);
}

bool faults_any(struct faults *faults)
{
	int64_t now_us = loop_now_us(faults->loop);

	if (!faults->looked_us || now_us - faults->looked_us >= LOOK_US) {
		faults->any = store_has_mishaps(faults->store);
		faults->looked_us = now_us;
	}
	return faults->any;
}

static void faults_note(const struct faults *faults, const struct mishap_query *query,
			const struct mishap *mishap)
{
	struct arena arena = { 0 };
	char reason[160];
	const struct event event = {
		.event = "fault",
		.call = query->sip_call_id ? call_id_of(&arena, query->sip_call_id)
					   : NULL,
		.half = query->half,
		.extension = query->station,
		.rule = mishap_name(mishap->action),
		.reason = reason,
		.sip_call_id = query->sip_call_id,
	};

	snprintf(reason, sizeof reason, "row %lld: %s %s%s%s", (long long)mishap->id,
		 query->method, mishap_name(mishap->action), *mishap->text ? " " : "",
		 mishap->text);
	journal_note(faults->journal, &event);
	arena_clear(&arena);
}

void faults_take(struct faults *faults, const struct mishap_query *query,
		 struct mishap *mishap)
{
	struct fault fault;

	if (store_take_mishap(faults->store, query, mishap, &fault) < 0)
		log_warning("no fault on demand for %s of %s: %s", query->method,
			    query->station, fault.text);
	else if (mishap->action != MISHAP_NONE)
		faults_note(faults, query, mishap);
	faults->looked_us = 0;
}

unsigned faults_hurry(struct faults *faults, const char *station, unsigned ms)
{
	const struct mishap_query query = {
		.station = station,
		.half = HALF_NONE,
		.method = "PUBLISH",
		.side = MISHAP_TIMER,
	};
	struct mishap mishap;

	if (!ms || !faults_any(faults))
		return ms;
	faults_take(faults, &query, &mishap);
	return mishap.action == MISHAP_HURRY ? mishap.number : ms;
}
