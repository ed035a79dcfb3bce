/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The calls in flight: a table with a place for each call, and the timer of each of its
 * two ends.  An end has one timer; starting or stopping it makes the earlier one void, so
 * that no queue is ever searched.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ident.h"

enum flight_end { FLIGHT_CALLER, FLIGHT_CALLEE };

/* The state of one end of a call. */
enum flight_state {
	FLIGHT_NOTHING,		/* both: has not begun */
	FLIGHT_INVITING,	/* caller: no answer at all yet */
	FLIGHT_RINGING,		/* caller: heard a 1xx */
	FLIGHT_TALKING,		/* caller: sent the ACK; callee: heard it */
	FLIGHT_ANSWERING,	/* callee: sent the 200, heard no ACK yet */
	FLIGHT_HANGING_UP,	/* caller: sent the BYE, heard no answer yet */
	FLIGHT_OVER,
};

/* A message kept for retransmission. */
struct flight_bytes {
	char *text;		/* owned, or NULL */
	size_t size;
};

struct flight {
	uint32_t serial;	/* 0 = the place is free */
	uint32_t slot;
	uint32_t next_free;
	bool has_rung;
	uint64_t begun_ns;	/* when it was due to begin */
	struct {
		enum flight_state state;
		uint16_t turn;	/* counts timers started; a timer of an earlier turn is
				 * void */
		uint16_t step;	/* retransmissions so far */
		struct flight_bytes bytes;
	} end[2];
};

struct flights;

/** A table of COUNT places; NULL without memory. */
struct flights *flight_open(uint32_t count);
void flight_close(struct flights *flights);

/** Takes a place for the call SERIAL (not 0), begun at NOW_NS; NULL if the table is
 *  full. */
struct flight *flight_begin(struct flights *flights, uint32_t serial, uint64_t now_ns);

/** Frees the place of FLIGHT. */
void flight_end(struct flights *flights, struct flight *flight);

/** The call IDENT, or NULL if it has ended. */
struct flight *flight_find(struct flights *flights, struct ident ident);

/** The number of calls in the table. */
uint32_t flight_count(const struct flights *flights);

struct ident flight_ident(const struct flight *flight);

/** Keeps a copy of SIZE bytes of TEXT for retransmission by END; nothing if memory is
 *  out. */
void flight_keep(struct flight *flight, enum flight_end end, const char *text,
		 size_t size);

/** Starts the timer of END: DELAY_MS from NOW_NS; 0 = stops it. */
void flight_arm(struct flights *flights, struct flight *flight, enum flight_end end,
		uint32_t delay_ms, uint64_t now_ns);

/** Called by flight_expire() for each end whose timer has expired. */
typedef void flight_due(void *context, struct flight *flight, enum flight_end end);
void flight_expire(struct flights *flights, uint64_t now_ns, flight_due *due,
		   void *context);

/** Nanoseconds from NOW_NS to the next flight_expire() with anything to do; at most MOST_NS. */
uint64_t flight_idle(struct flights *flights, uint64_t now_ns, uint64_t most_ns);
