/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "flight.h"

enum { FLIGHT_QUEUES = 32 };	/* different delays; there are about a dozen */

static const uint32_t FLIGHT_NONE = UINT32_MAX;

struct flight_wait {
	uint64_t due_ns;
	struct ident ident;
	uint16_t turn;
	uint16_t end;
};

/* Waits of one length end in the order they began: a ring, oldest first. */
struct flight_queue {
	uint32_t delay_ms;
	uint32_t room;		/* a power of two, or 0 */
	uint32_t first, count;
	struct flight_wait *waits;
};

struct flights {
	uint32_t count;
	uint32_t taken;
	uint32_t first_free, last_free;
	struct flight *table;
	unsigned queues;
	struct flight_queue queue[FLIGHT_QUEUES];
};

struct flights *flight_open(uint32_t count)
{
	struct flights *flights = calloc(1, sizeof *flights);

	if (!flights)
		return NULL;
	flights->table = calloc(count, sizeof *flights->table);
	if (!flights->table) {
		free(flights);
		return NULL;
	}
	flights->count = count;
	flights->last_free = count - 1;
	for (uint32_t i = 0; i < count; i++) {
		flights->table[i].slot = i;
		flights->table[i].next_free = i + 1 < count ? i + 1 : FLIGHT_NONE;
	}
	return flights;
}

static void flight_forget(struct flight *flight, enum flight_end end)
{
	free(flight->end[end].bytes.text);
	flight->end[end].bytes = (struct flight_bytes){ 0 };
}

void flight_close(struct flights *flights)
{
	if (!flights)
		return;
	for (uint32_t i = 0; i < flights->count; i++) {
		flight_forget(&flights->table[i], FLIGHT_CALLER);
		flight_forget(&flights->table[i], FLIGHT_CALLEE);
	}
	for (unsigned i = 0; i < flights->queues; i++)
		free(flights->queue[i].waits);
	free(flights->table);
	free(flights);
}

struct flight *flight_begin(struct flights *flights, uint32_t serial, uint64_t now_ns)
{
	if (flights->first_free == FLIGHT_NONE)
		return NULL;
	struct flight *flight = &flights->table[flights->first_free];
	flights->first_free = flight->next_free;
	flights->taken++;
	flight->serial = serial;
	flight->begun_ns = now_ns;
	flight->has_rung = false;
	flight->end[FLIGHT_CALLER].state = flight->end[FLIGHT_CALLEE].state =
		FLIGHT_NOTHING;
	return flight;
}

void flight_end(struct flights *flights, struct flight *flight)
{
	for (int end = FLIGHT_CALLER; end <= FLIGHT_CALLEE; end++) {
		flight_forget(flight, end);
		flight->end[end].turn++;
		flight->end[end].step = 0;
	}
	flight->serial = 0;
	flight->next_free = FLIGHT_NONE;
	/* Freed places are appended and taken from the front, so that a place is reused
	 * as late as possible. */
	if (flights->first_free == FLIGHT_NONE)
		flights->first_free = flight->slot;
	else
		flights->table[flights->last_free].next_free = flight->slot;
	flights->last_free = flight->slot;
	flights->taken--;
}

struct flight *flight_find(struct flights *flights, struct ident ident)
{
	if (ident.slot >= flights->count || !ident.serial)
		return NULL;
	struct flight *flight = &flights->table[ident.slot];
	return flight->serial == ident.serial ? flight : NULL;
}

uint32_t flight_count(const struct flights *flights)
{
	return flights->taken;
}

struct ident flight_ident(const struct flight *flight)
{
	return (struct ident){ .slot = flight->slot, .serial = flight->serial };
}

void flight_keep(struct flight *flight, enum flight_end end, const char *text,
		 size_t size)
{
	flight_forget(flight, end);
	char *copy = malloc(size);
	if (!copy)
		return;
	memcpy(copy, text, size);
	flight->end[end].bytes = (struct flight_bytes){ .text = copy, .size = size };
}

static struct flight_queue *flight_queue_of(struct flights *flights, uint32_t delay_ms)
{
	for (unsigned i = 0; i < flights->queues; i++)
		if (flights->queue[i].delay_ms == delay_ms)
			return &flights->queue[i];
	if (flights->queues == FLIGHT_QUEUES)
		abort();	/* the delays are those of the ladders: a fault of the generator */
	struct flight_queue *queue = &flights->queue[flights->queues++];
	queue->delay_ms = delay_ms;
	return queue;
}

static void flight_grow(struct flight_queue *queue)
{
	uint32_t room = queue->room ? queue->room * 2 : 1024;
	struct flight_wait *waits = malloc(room * sizeof *waits);

	if (!waits)
		abort();
	for (uint32_t i = 0; i < queue->count; i++)
		waits[i] = queue->waits[(queue->first + i) & (queue->room - 1)];
	free(queue->waits);
	queue->waits = waits;
	queue->room = room;
	queue->first = 0;
}

void flight_arm(struct flights *flights, struct flight *flight, enum flight_end end,
		uint32_t delay_ms, uint64_t now_ns)
{
	uint16_t turn = ++flight->end[end].turn;

	if (!delay_ms)
		return;
	struct flight_queue *queue = flight_queue_of(flights, delay_ms);
	if (queue->count == queue->room)
		flight_grow(queue);
	queue->waits[(queue->first + queue->count++) & (queue->room - 1)] =
		(struct flight_wait){
			.due_ns = now_ns + delay_ms * UINT64_C(1000000),
			.ident = flight_ident(flight),
			.turn = turn,
			.end = (uint16_t)end,
		};
}

/* The oldest wait that is not void, or NULL. */
static struct flight_wait *flight_oldest(struct flights *flights,
					 struct flight_queue *queue)
{
	while (queue->count) {
		struct flight_wait *wait =
			&queue->waits[queue->first & (queue->room - 1)];
		struct flight *flight = flight_find(flights, wait->ident);

		if (flight && flight->end[wait->end].turn == wait->turn)
			return wait;
		queue->first++;
		queue->count--;
	}
	return NULL;
}

void flight_expire(struct flights *flights, uint64_t now_ns, flight_due *due,
		   void *context)
{
	for (unsigned i = 0; i < flights->queues; i++) {
		struct flight_queue *queue = &flights->queue[i];
		struct flight_wait *wait;

		while ((wait = flight_oldest(flights, queue)) && wait->due_ns <= now_ns) {
			struct flight *flight = &flights->table[wait->ident.slot];
			enum flight_end end = wait->end;
			queue->first++;
			queue->count--;
			due(context, flight, end);
		}
	}
}

uint64_t flight_idle(struct flights *flights, uint64_t now_ns, uint64_t most_ns)
{
	for (unsigned i = 0; i < flights->queues; i++) {
		struct flight_wait *wait = flight_oldest(flights, &flights->queue[i]);

		if (!wait)
			continue;
		uint64_t left = wait->due_ns > now_ns ? wait->due_ns - now_ns : 0;
		if (left < most_ns)
			most_ns = left;
	}
	return most_ns;
}
