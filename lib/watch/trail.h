/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What is remembered: the messages of each Call-ID, oldest first, in no more memory than is
 * granted.  The Call-ID not used for longest is forgotten first.
 */
#include "base/index.h"
#include "watch/finding.h"
#include "watch/specimen.h"

struct rule;

enum {
	TRAIL_MESSAGES = 64,		/* of one Call-ID */
	KEPT_WAITS = 3,			/* rules that may wait for one message's consequence */
};

/** One rule that waits for what must follow a message. */
struct wait {
	struct list node;		/* among those of the rule; empty = waits no more */
	const struct rule *rule;
	struct kept *kept;
	int64_t due_us;
};

/** A message that passed. */
struct kept {
	struct list node;		/* in trail->messages */
	struct trail *trail;
	struct wait waits[KEPT_WAITS];
	unsigned wait_count;
	int64_t at_us;
	uint64_t far_end;		/* hash of its address */
	uint64_t from_tag, to_tag;	/* hashes, 0 = none */
	uint64_t vias[SPECIMEN_VIAS];	/* hashes of the branches, topmost first */
	unsigned via_count;		/* of them; there may be more Vias */
	uint32_t cseq;
	int status;			/* 0 = a request */
	bool is_out;
	enum watch_seat seat;
	struct sockaddr_storage to;	/* far end */
	char method[16];		/* of a response: the request's; a longer one is cut */
	size_t length;
	char bytes[];			/* LENGTH and a NUL */
};

struct trail {
	struct list node;		/* in memory->trails, that used last at the end */
	struct index_entry by_call_id;
	struct list messages;		/* of struct kept */
	unsigned count;
	size_t size;
	uint64_t told;			/* bit N: the rule N told of it */
	char call_id[];
};

struct memory {
	struct index by_call_id;
	struct list trails;
	size_t used, limit;
};

void trail_init(struct memory *memory, size_t limit);

void trail_clear(struct memory *memory);

/** That of CALL_ID, which becomes the one used last; NULL = none, and none is made. */
struct trail *trail_find(struct memory *memory, struct scan_text call_id);

/** The same, made if there is none; NULL = there is no memory for it. */
struct trail *trail_of(struct memory *memory, struct scan_text call_id);

/** Adds a message to TRAIL; others are forgotten for it, TRAIL is not.  NULL = no memory. */
struct kept *trail_keep(struct memory *memory, struct trail *trail,
			const struct specimen *specimen);

/** The branch hashes of the Vias. */
unsigned trail_vias(const struct specimen *specimen, uint64_t vias[static SPECIMEN_VIAS]);

static inline struct kept *kept_of(struct list *node)
{
	return container_of(node, struct kept, node);
}

/** The one before KEPT (NULL = the newest of TRAIL), or NULL. */
struct kept *kept_before(const struct trail *trail, const struct kept *kept);

bool kept_is(const struct kept *kept, const char *method);

/** The same with a method as it stands in a message. */
bool kept_is_of(const struct kept *kept, struct scan_text method);

/** Whether BRANCH is one of its Vias, the topmost left out. */
bool kept_came_by(const struct kept *kept, uint64_t branch);
