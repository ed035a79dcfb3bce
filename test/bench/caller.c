/* SPDX-License-Identifier: MIT */
#include "bench.h"
#include "canned.h"

static void caller_arm(struct bench *bench, struct flight *flight, uint32_t delay_ms)
{
	flight_arm(bench->flights, flight, FLIGHT_CALLER, delay_ms, bench->now_ns);
}

static void caller_enter(struct flight *flight, enum flight_state state)
{
	flight->end[FLIGHT_CALLER].state = state;
	flight->end[FLIGHT_CALLER].step = 0;
}

static void caller_invite(struct bench *bench, struct flight *flight)
{
	link_send(bench->link,
		  canned_invite(link_room(bench->link), flight_ident(flight)));
}

static void caller_send_kept(struct bench *bench, struct flight *flight)
{
	const struct flight_bytes *bytes = &flight->end[FLIGHT_CALLER].bytes;

	if (bytes->text)
		link_send_bytes(bench->link, bytes->text, bytes->size);
}

static void caller_hang_up(struct bench *bench, struct flight *flight)
{
	caller_enter(flight, FLIGHT_HANGING_UP);
	caller_send_kept(bench, flight);
	caller_arm(bench, flight, bench_request_wait(bench, 0));
}

bool caller_begin(struct bench *bench, uint32_t serial, uint64_t due_ns)
{
	struct flight *flight = flight_begin(bench->flights, serial, due_ns);

	if (!flight)
		return false;
	bench->tally->begun++;
	caller_enter(flight, FLIGHT_INVITING);
	caller_invite(bench, flight);
	caller_arm(bench, flight, bench_invite_wait(bench, 0));
	return true;
}

static bool caller_awaits_answer(const struct flight *flight)
{
	return flight->end[FLIGHT_CALLER].state == FLIGHT_INVITING ||
	       flight->end[FLIGHT_CALLER].state == FLIGHT_RINGING;
}

static void caller_rings(struct bench *bench, const struct peek *peek,
			 struct flight *flight)
{
	if (!flight || !caller_awaits_answer(flight))
		return;
	if (flight->end[FLIGHT_CALLER].state == FLIGHT_INVITING) {
		caller_enter(flight, FLIGHT_RINGING);
		caller_arm(bench, flight, bench->give_up_ms);
	}
	if (peek->status == 180 && !flight->has_rung) {
		flight->has_rung = true;
		bench->tally->rung++;
	}
}

/* Handles a 2xx: every copy of it is acknowledged. */
static void caller_answered(struct bench *bench, const struct peek *peek,
			    struct ident ident, struct flight *flight)
{
	link_send(bench->link, canned_ack(link_room(bench->link), ident, peek));
	if (!flight) {
		/* The call was given up before this answer came, so a BYE ends it at
		 * once. */
		bench->tally->late++;
		link_send(bench->link, canned_bye(link_room(bench->link), ident, peek));
		return;
	}
	if (!caller_awaits_answer(flight)) {
		bench->tally->repeats_heard++;
		return;
	}
	tally_answered(bench->tally, flight->begun_ns, bench->now_ns);
	char bye[LINK_MESSAGE];
	size_t size = canned_bye(bye, ident, peek);
	flight_keep(flight, FLIGHT_CALLER, bye, size);
	caller_enter(flight, FLIGHT_TALKING);
	if (bench->hold_ms)
		caller_arm(bench, flight, bench->hold_ms);
	else
		caller_hang_up(bench, flight);
}

static void caller_refused(struct bench *bench, const struct peek *peek,
			   struct ident ident, struct flight *flight)
{
	link_send(bench->link, canned_refused_ack(link_room(bench->link), ident, peek));
	if (!flight || !caller_awaits_answer(flight))
		return;
	bench->tally->refused[peek->status]++;
	bench_fail(bench, flight, TALLY_REFUSED);
}

static void caller_hung_up(struct bench *bench, const struct peek *peek,
			   struct flight *flight)
{
	if (!flight || flight->end[FLIGHT_CALLER].state != FLIGHT_HANGING_UP ||
	    peek->status < 200)
		return;
	if (peek->status >= 300) {
		bench_fail(bench, flight, TALLY_BYE_REFUSED);
		return;
	}
	caller_enter(flight, FLIGHT_OVER);
	caller_arm(bench, flight, 0);
	bench_settle(bench, flight);
}

void caller_hear(struct bench *bench, const struct peek *peek, char letter,
		 struct ident ident)
{
	struct flight *flight = flight_find(bench->flights, ident);
	struct span behind;

	if (letter == 'b')
		caller_hung_up(bench, peek, flight);
	else if (letter != 'i' || peek_behind(peek->cseq, "CANCEL", &behind))
		return;
	else if (peek->status < 200)
		caller_rings(bench, peek, flight);
	else if (peek->status < 300)
		caller_answered(bench, peek, ident, flight);
	else
		caller_refused(bench, peek, ident, flight);
}

void caller_asked(struct bench *bench, const struct peek *peek, struct ident ident)
{
	struct flight *flight = flight_find(bench->flights, ident);
	struct canned_answer answer = { .status = 200, .reason = "OK", .tag = ident };

	if (peek->method == PEEK_ACK)
		return;
	link_send(bench->link, canned_answer(link_room(bench->link), peek, &answer));
	if (flight && peek->method == PEEK_BYE &&
	    flight->end[FLIGHT_CALLER].state < FLIGHT_HANGING_UP)
		bench_fail(bench, flight, TALLY_HUNG_UP);
}

void caller_due(struct bench *bench, struct flight *flight)
{
	unsigned step = ++flight->end[FLIGHT_CALLER].step;
	uint32_t wait;

	switch (flight->end[FLIGHT_CALLER].state) {
	case FLIGHT_INVITING:
		wait = bench_invite_wait(bench, step);
		if (!wait) {
			bench_fail(bench, flight, TALLY_UNANSWERED);
			return;
		}
		bench->tally->repeats_sent++;
		caller_invite(bench, flight);
		caller_arm(bench, flight, wait);
		break;
	case FLIGHT_RINGING:
		link_send(bench->link,
			  canned_cancel(link_room(bench->link), flight_ident(flight)));
		bench_fail(bench, flight, TALLY_UNANSWERED);
		break;
	case FLIGHT_TALKING:
		caller_hang_up(bench, flight);
		break;
	case FLIGHT_HANGING_UP:
		wait = bench_request_wait(bench, step);
		if (!wait) {
			bench_fail(bench, flight, TALLY_BYE_UNANSWERED);
			return;
		}
		bench->tally->repeats_sent++;
		caller_send_kept(bench, flight);
		caller_arm(bench, flight, wait);
		break;
	case FLIGHT_OVER:
		bench_fail(bench, flight, TALLY_BYE_UNHEARD);
		break;
	case FLIGHT_NOTHING:
	case FLIGHT_ANSWERING:
		break;
	}
}
