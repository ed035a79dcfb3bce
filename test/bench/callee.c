/* SPDX-License-Identifier: MIT */
#include "bench.h"
#include "canned.h"

static void callee_answer(struct bench *bench, const struct peek *peek,
			  const struct canned_answer *answer)
{
	link_send(bench->link, canned_answer(link_room(bench->link), peek, answer));
}

/* Answers the INVITE with 180 and 200 at once. */
static void callee_invited(struct bench *bench, const struct peek *peek,
			   struct ident ident, struct flight *flight)
{
	struct canned_answer answer = { .tag = ident };

	if (!flight) {
		/* The call was given up and is no longer in the table. */
		bench->tally->late++;
		answer.status = 480;
		answer.reason = "Temporarily Unavailable";
		callee_answer(bench, peek, &answer);
		return;
	}
	if (flight->end[FLIGHT_CALLEE].state != FLIGHT_NOTHING) {
		const struct flight_bytes *bytes = &flight->end[FLIGHT_CALLEE].bytes;
		bench->tally->repeats_heard++;
		if (bytes->text)
			link_send_bytes(bench->link, bytes->text, bytes->size);
		return;
	}
	answer.is_invite = true;
	answer.status = 180;
	answer.reason = "Ringing";
	callee_answer(bench, peek, &answer);
	answer.status = 200;
	answer.reason = "OK";
	char *room = link_room(bench->link);
	size_t size = canned_answer(room, peek, &answer);
	flight_keep(flight, FLIGHT_CALLEE, room, size);
	link_send(bench->link, size);
	flight->end[FLIGHT_CALLEE].state = FLIGHT_ANSWERING;
	flight_arm(bench->flights, flight, FLIGHT_CALLEE, bench_request_wait(bench, 0),
		   bench->now_ns);
}

static void callee_acknowledged(struct bench *bench, struct flight *flight)
{
	if (!flight || flight->end[FLIGHT_CALLEE].state != FLIGHT_ANSWERING)
		return;
	flight->end[FLIGHT_CALLEE].state = FLIGHT_TALKING;
	flight_arm(bench->flights, flight, FLIGHT_CALLEE, 0, bench->now_ns);
}

static void callee_hung_up(struct bench *bench, const struct peek *peek,
			   struct ident ident, struct flight *flight)
{
	callee_answer(
		bench, peek,
		&(struct canned_answer){ .status = 200, .reason = "OK", .tag = ident });
	if (!flight)
		return;
	if (flight->end[FLIGHT_CALLEE].state == FLIGHT_OVER) {
		bench->tally->repeats_heard++;
		return;
	}
	flight->end[FLIGHT_CALLEE].state = FLIGHT_OVER;
	flight_arm(bench->flights, flight, FLIGHT_CALLEE, 0, bench->now_ns);
	if (flight->end[FLIGHT_CALLER].state < FLIGHT_HANGING_UP)
		bench_fail(bench, flight, TALLY_HUNG_UP);
	else
		bench_settle(bench, flight);
}

void callee_asked(struct bench *bench, const struct peek *peek, struct ident ident)
{
	struct flight *flight = flight_find(bench->flights, ident);

	switch (peek->method) {
	case PEEK_INVITE:
		callee_invited(bench, peek, ident, flight);
		break;
	case PEEK_ACK:
		callee_acknowledged(bench, flight);
		break;
	case PEEK_BYE:
		callee_hung_up(bench, peek, ident, flight);
		break;
	case PEEK_CANCEL:	/* too late: a callee answers at once */
	case PEEK_OPTIONS:
	case PEEK_OTHER:
		callee_answer(bench, peek,
			      &(struct canned_answer){
				      .status = 200, .reason = "OK", .tag = ident });
		break;
	}
}

void callee_due(struct bench *bench, struct flight *flight)
{
	const struct flight_bytes *bytes = &flight->end[FLIGHT_CALLEE].bytes;
	uint32_t wait = bench_request_wait(bench, ++flight->end[FLIGHT_CALLEE].step);

	if (!wait) {
		bench_fail(bench, flight, TALLY_UNACKNOWLEDGED);
		return;
	}
	bench->tally->repeats_sent++;
	if (bytes->text)
		link_send_bytes(bench->link, bytes->text, bytes->size);
	flight_arm(bench->flights, flight, FLIGHT_CALLEE, wait, bench->now_ns);
}
