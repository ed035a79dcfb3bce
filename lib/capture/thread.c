/* SPDX-License-Identifier: MIT */
#include "capture/thread.h"

#include <string.h>

enum { BUCKETS = 1024 };

/* What a key is made of. */
enum key_kind { KEY_BRANCH, KEY_DIALOG, KEY_HANDLE, KEY_BYTES };

struct thread_knot {
	struct thread_knot *next;
	uint64_t key;
	enum half half;
};

struct thread {
	struct arena *arena;
	struct thread_knot *buckets[BUCKETS];
};

struct thread *thread_new(struct arena *arena)
{
	struct thread *thread = arena_alloc(arena, sizeof *thread);

	thread->arena = arena;
	return thread;
}

/* Keys are hashes alone (FNV-1a): two of 64 bits that are equal by chance are not to be expected
 * among the messages of one ring. */
static uint64_t key_add(uint64_t key, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		key = (key ^ (unsigned char)bytes[i]) * 0x100000001b3u;
	return (key ^ 0xff) * 0x100000001b3u;
}

static uint64_t key_of(enum key_kind kind, bool is_out, const char *a, const char *b)
{
	const char first[] = { (char)kind, (char)is_out };
	uint64_t key = key_add(0xcbf29ce484222325u, first, sizeof first);

	return key_add(key_add(key, a, strlen(a)), b, strlen(b));
}

static struct thread_knot *find(const struct thread *thread, uint64_t key)
{
	struct thread_knot *knot = thread->buckets[key % BUCKETS];

	while (knot && knot->key != key)
		knot = knot->next;
	return knot;
}

static void tie(struct thread *thread, uint64_t key, enum half half)
{
	struct thread_knot *knot = find(thread, key);
	struct thread_knot **bucket = &thread->buckets[key % BUCKETS];

	if (!knot) {
		knot = arena_alloc(thread->arena, sizeof *knot);
		knot->key = key;
		knot->next = *bucket;
		*bucket = knot;
	}
	knot->half = half;
}

static bool take(const struct thread *thread, uint64_t key, struct sighting *sighting)
{
	const struct thread_knot *knot = find(thread, key);

	if (knot) {
		sighting->has_half = true;
		sighting->half = knot->half;
	}
	return knot;
}

static uint64_t branch_key(const char *branch)
{
	return key_of(KEY_BRANCH, false, branch, "");
}

static uint64_t dialog_key(const struct sighting *sighting, const char *tag, bool is_out)
{
	return key_add(key_of(KEY_DIALOG, is_out, sighting->sip_call_id, tag), "", 0);
}

/* An INVITE that begins a half; a dialled one may have the To tag of the answer to off-hook. */
static bool is_initial(const struct sighting *sighting)
{
	return strcmp(sighting->method, "INVITE") == 0 &&
	       (!*sighting->to_tag || sighting->phase != PHASE_NONE);
}

static bool take_phase(struct sighting *sighting)
{
	switch (sighting->phase) {
	case PHASE_IMSORIG:
	case PHASE_ORIGDONE:
		sighting->half = sighting->is_off_hook ? HALF_LINE : HALF_ORIG;
		break;
	case PHASE_IMSTERM:
	case PHASE_TERMDONE:
		sighting->half = HALF_TERM;
		break;
	case PHASE_NONE:
	case PHASE_TERMINATING:
	case PHASE_UNKNOWN:
		return false;
	}
	return sighting->has_half = true;
}

/* A request in a dialog goes the way of the INVITE or, from the callee, against it. */
static bool take_dialog(const struct thread *thread, struct sighting *sighting)
{
	return (!sighting->is_out && *sighting->handle &&
		take(thread, key_of(KEY_HANDLE, false, sighting->handle, ""),
		     sighting)) ||
	       take(thread, dialog_key(sighting, sighting->from_tag, sighting->is_out),
		    sighting) ||
	       take(thread, dialog_key(sighting, sighting->to_tag, !sighting->is_out),
		    sighting);
}

static void follow_request(struct thread *thread, struct sighting *sighting)
{
	/* Forwarded with the Via it came with: the half is that of what came. */
	bool is_known = sighting->is_out && *sighting->branch_below &&
			take(thread, branch_key(sighting->branch_below), sighting);

	if (!is_known && is_initial(sighting))
		is_known = take_phase(sighting);
	if (!is_known)
		is_known = take(thread, branch_key(sighting->branch), sighting) ||
			   take_dialog(thread, sighting);
	if (!is_known)
		return;
	if (*sighting->branch)
		tie(thread, branch_key(sighting->branch), sighting->half);
	if (!is_initial(sighting))
		return;
	tie(thread, dialog_key(sighting, sighting->from_tag, sighting->is_out),
	    sighting->half);
	if (sighting->is_out && *sighting->handle)
		tie(thread, key_of(KEY_HANDLE, false, sighting->handle, ""),
		    sighting->half);
}

void thread_follow(struct thread *thread, struct sighting *sighting)
{
	uint64_t bytes = key_add(key_of(KEY_BYTES, sighting->is_out, "", ""),
				 sighting->bytes, sighting->length);

	sighting->is_again = find(thread, bytes);
	tie(thread, bytes, HALF_ORIG);
	if (sighting->is_request)
		follow_request(thread, sighting);
	else if (*sighting->branch)
		take(thread, branch_key(sighting->branch), sighting);
}
