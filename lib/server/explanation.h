/* SPDX-License-Identifier: MIT */
#pragma once
/* The result of explain.h, and how it is written into an answer. */
#include "ctl/answer.h"
#include "model/trace.h"
#include "model/verdict.h"
#include "server/subject.h"

/* Two halves, and one more for each forwarding, of which call.forward_hops allows 20. */
enum { HALVES_MAX = 24 };

struct explained {
	struct facts facts;
	struct trace trace;
	struct verdict verdict;
	const char *skipped;	/* why the proxy would not send this half, or NULL */
	bool is_reached;	/* no half before it refuses the call */
};

struct explanation {
	const struct subject *subject;
	struct arena *arena;
	const char *from, *to;
	const char *number;		/* the number in TO */
	struct facts asked;		/* its fnu members: the feature name in TO */
	bool is_external;
	bool wants_orig, wants_term;	/* --orig, --term: explain that half even if
					 * its party is no station */
	struct explained halves[HALVES_MAX];
	size_t count;
};

/** Whether the half was run and refused the call. */
static inline bool explained_is_refused(const struct explained *half)
{
	return !half->skipped && half->verdict.kind == VERDICT_REJECT;
}

/** The number called in the half: as dialled, or the one behind a feature access code. */
const char *explained_number(const struct explained *half);

/** Where forwarding or coverage sends the call at once; NULL = it rings as dialled. */
const char *explained_destination(const struct explained *half);

/** Writes the answer's only row; sets its status to 1 if the call is refused. */
void explanation_write(const struct explanation *call, struct answer *answer);
