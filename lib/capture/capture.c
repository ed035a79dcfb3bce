/* SPDX-License-Identifier: MIT */
#include "capture/capture.h"

#include "base/clock.h"
#include "base/memory.h"
#include "wire/listener.h"

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

/* What precedes the bytes of a message in the ring. */
struct record {
	size_t size;			/* all it takes of the ring */
	size_t length;			/* of the message, its NUL left out */
	uint64_t seq;
	int64_t wall_us;
	struct sockaddr_in6 near, far;	/* or sockaddr_in */
	enum way_transport transport;
	bool is_out;
};

/* Records stand one behind the other from `oldest` on; those that do not fit before the end go on
 * at the beginning, and `wrap` is then where the last one before it ends. */
struct capture {
	char *ring;			/* owned */
	size_t size;
	size_t head;			/* where the next one goes */
	size_t oldest;
	size_t wrap;
	uint64_t seq;			/* of the newest */
	uint64_t lost;
	bool is_on;
	uint64_t asked;			/* the record last read and where it is; 0 = none */
	size_t asked_at;
};

_Static_assert(sizeof(struct sockaddr_in) <= sizeof(struct sockaddr_in6),
	       "an address of either kind has room");

struct capture *capture_new(void)
{
	return memory_new(sizeof(struct capture));
}

void capture_free(struct capture *capture)
{
	if (!capture)
		return;
	free(capture->ring);
	free(capture);
}

int capture_start(struct capture *capture, size_t bytes)
{
	char *ring;

	assert(bytes >= CAPTURE_LEAST);
	if (bytes != capture->size) {
		ring = malloc(bytes);
		if (!ring)
			return -ENOMEM;
		free(capture->ring);
		capture->ring = ring;
		capture->size = capture->wrap = bytes;
		capture->head = capture->oldest = 0;
		capture->lost = capture->seq;
		capture->asked = 0;
	}
	capture->is_on = true;
	return 0;
}

void capture_stop(struct capture *capture)
{
	capture->is_on = false;
}

bool capture_is_on(const struct capture *capture)
{
	return capture->is_on;
}

uint64_t capture_count(const struct capture *capture)
{
	return capture->seq;
}

uint64_t capture_lost(const struct capture *capture)
{
	return capture->lost;
}

/* The ring ------------------------------------------------------------------------------ */

static struct record *record_at(const struct capture *capture, size_t at)
{
	return (struct record *)(void *)(capture->ring + at);
}

/* Where the record behind the one at AT is. */
static size_t behind(const struct capture *capture, size_t at)
{
	at += record_at(capture, at)->size;
	return at == capture->wrap ? 0 : at;
}

static bool is_empty(const struct capture *capture)
{
	return capture->lost == capture->seq;
}

static void forget_oldest(struct capture *capture)
{
	size_t next = behind(capture, capture->oldest);

	if (next == 0)
		capture->wrap = capture->size;
	capture->oldest = next;
	capture->lost++;
	if (capture->asked <= capture->lost)
		capture->asked = 0;
}

/* SIZE bytes at the head, in place of the oldest. */
static struct record *make_room(struct capture *capture, size_t size)
{
	for (;;) {
		if (is_empty(capture)) {
			capture->head = capture->oldest = 0;
			capture->wrap = capture->size;
			break;
		}
		if (capture->head > capture->oldest) {
			if (capture->size - capture->head >= size)
				break;
			if (capture->oldest >= size) {
				capture->wrap = capture->head;
				capture->head = 0;
				break;
			}
		} else if (capture->oldest - capture->head >= size) {
			break;
		}
		forget_oldest(capture);
	}
	return record_at(capture, capture->head);
}

static void copy_address(struct sockaddr_in6 *to, const struct sockaddr_storage *from)
{
	memcpy(to, from, sizeof *to);
}

void capture_take(struct capture *capture, const struct wire_frame *frame)
{
	const size_t grain = _Alignof(struct record);
	size_t size = sizeof(struct record) + frame->length + 1;
	struct record *record;
	char *bytes;

	size = (size + grain - 1) / grain * grain;
	if (!capture->is_on || size > capture->size / 3)
		return;
	record = make_room(capture, size);
	record->size = size;
	record->length = frame->length;
	record->seq = ++capture->seq;
	record->wall_us = clock_wall_us() - (clock_mono_us() - frame->at_us);
	copy_address(&record->near, listener_endpoint(frame->listener));
	copy_address(&record->far, frame->far_end);
	record->transport = strcmp(frame->transport, "UDP") == 0   ? WAY_UDP
			    : strcmp(frame->transport, "TCP") == 0 ? WAY_TCP
								   : WAY_TLS;
	record->is_out = frame->is_out;
	bytes = (char *)(record + 1);
	memcpy(bytes, frame->bytes, frame->length);
	bytes[frame->length] = '\0';
	capture->head += size;
}

/* Reading ------------------------------------------------------------------------------- */

bool capture_next(struct capture *capture, uint64_t after, struct sighting *sighting)
{
	uint64_t seq = (after > capture->lost ? after : capture->lost) + 1;
	uint64_t from = capture->asked;
	size_t at = capture->asked_at;
	const struct record *record;

	if (seq > capture->seq)
		return false;
	if (!from || from > seq) {
		from = capture->lost + 1;
		at = capture->oldest;
	}
	for (; from < seq; from++)
		at = behind(capture, at);
	capture->asked = seq;
	capture->asked_at = at;
	record = record_at(capture, at);
	*sighting = (struct sighting){
		.seq = record->seq,
		.wall_us = record->wall_us,
		.transport = record->transport,
		.is_out = record->is_out,
		.bytes = (const char *)(record + 1),
		.length = record->length,
	};
	memcpy(&sighting->near, &record->near, sizeof record->near);
	memcpy(&sighting->far, &record->far, sizeof record->far);
	return true;
}
