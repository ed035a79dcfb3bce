/* SPDX-License-Identifier: MIT */
#include "half/half.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "half/fork.h"
#include "half/refuse.h"
#include "half/shown.h"
#include "wire/loop.h"

#include <errno.h>
#include <stdlib.h>

struct half_call *half_find(struct stock *stock, const char *sip_call_id, uint64_t handle)
{
	struct index_entry *entry = NULL;

	while ((entry = index_find(&stock->half_index, sip_call_id, entry))) {
		struct half_call *half =
			container_of(entry, struct half_call, by_call_id);

		if (!handle || half->handle == handle)
			return half;
	}
	return NULL;
}

static void half_free(struct life *life)
{
	struct half_call *half = container_of(life, struct half_call, life);
	struct stock *stock = half->stock;

	while (!list_is_empty(&half->reliables)) {
		struct reliable *reliable =
			container_of(half->reliables.next, struct reliable, node);

		list_remove(&reliable->node);
		free(reliable);
	}
	while (!list_is_empty(&half->exchanges))
		exchange_free(
			container_of(half->exchanges.next, struct exchange, life.node));
	exchange_drop_server(&half->invite);
	exchange_drop_client(&half->invite);
	fork_leave(half);
	leg_close(stock, &half->leg[SIDE_CALLER]);
	leg_close(stock, &half->leg[SIDE_CALLEE]);
	su_home_deinit(half->home);
	loop_timer_free(half->timer);
	msg_destroy(half->confirmation);
	shown_release(half);
	stock->member_count -= half->is_member;
	index_remove(&half->by_call_id);
	list_remove(&half->life.node);
	stock->half_count--;
	arrival_free(half->in);
	free(half);
}

static void open_leg(struct half_call *half, enum call_side side)
{
	half->leg[side].half = half;
	half->leg[side].side = side;
}

struct half_call *half_new(struct stock *stock, struct uas *server, struct arrival *in)
{
	struct half_call *half = memory_new(sizeof *half);

	half->stock = stock;
	half->in = in;
	su_home_init(half->home);
	open_leg(half, SIDE_CALLER);
	open_leg(half, SIDE_CALLEE);
	half->invite.stock = stock;
	half->invite.half = half;
	half->invite.server = server;
	half->invite.from = SIDE_CALLER;
	half->invite.is_invite = true;
	list_init(&half->invite.life.node);
	list_init(&half->exchanges);
	list_init(&half->reliables);
	half->life.free = half_free;
	list_init(&half->life.node);
	list_append(&stock->halves, &half->life.node);
	index_insert(&stock->half_index, &half->by_call_id, in->sip_call_id);
	do
		su_randmem(&half->handle, sizeof half->handle);
	while (!half->handle);
	stock->half_count++;
	stock->calls++;
	return half;
}

void half_raise(struct half_call *half, enum call_on on, int status, enum call_side from,
		struct exchange *message)
{
	struct call_event event = {
		.on = on, .status = status, .from = from, .message = message
	};

	call_handle(&half->call, &event);
	shown_update(half);
}

int half_refuse(struct half_call *half, int status, const struct verdict *why)
{
	const struct verdict unheard = { .sentence = half->silence };

	return refuse_invite(half->in, &half->invite.server, status,
			     why || !half->silence ? why : &unheard);
}

bool half_has_told(const struct half_call *half)
{
	const struct uas *server = half->invite.server;

	return half->answered_ms && !half->is_untold &&
	       (!server || uas_is_answered(server));
}

int half_break(struct half_call *half, int err)
{
	half->broken_errno = -err;
	return err;
}

int half_way(struct half_call *half, msg_t *msg, struct way *way)
{
	int err = way_find(half->stock->wire, half->in->peer, sip_object(msg),
			   half->in->listener, way, &half->broken);

	return err < 0 ? half_break(half, err) : 0;
}

int half_cannot_send(struct half_call *half, const struct way *way)
{
	char to[96];

	return half_break(half, fault_say(&half->broken, EIO, "cannot send to %s",
					  way_text(way, to)));
}

void half_abandon_invite(struct half_call *half)
{
	struct uac *client = half->invite.client;

	if (client && uac_status(client) < 200)
		uac_free(client);
	half->invite.client = NULL;
}

static void timer_fired(void *context)
{
	half_raise(context, ON_TIMEOUT, 0, SIDE_CALLER, NULL);
}

void half_arm(struct call *call, unsigned seconds)
{
	struct half_call *half = half_of(call);

	if (!half->timer && seconds)
		half->timer = alive_timer(half->stock, timer_fired, half);
	if (half->timer)
		loop_timer_set(half->timer, seconds * 1000u);
}

/* The rule that the journal shows when an action failed with ERR (errno). */
static const char *broken_rule(int err)
{
	switch (err) {
	case EADDRNOTAVAIL:
		return "broken:no-listener";
	case EPROTONOSUPPORT:
		return "broken:unknown-transport";
	case EDESTADDRREQ:
		return "broken:no-address";
	case ELOOP:
		return "broken:loop";
	case EIO:
		return "broken:cannot-send";
	case ENOTCONN:
		return "broken:no-dialog";
	case ETIMEDOUT:
		return "broken:no-prack";
	case EMLINK:
		return "broken:too-many-forks";
	default:
		return "broken:internal";
	}
}

void half_note(struct call *call, enum call_note what, int status, const char *rule,
	       const char *to)
{
	struct half_call *half = half_of(call);
	const struct verdict *verdict = call->verdict;
	struct arrival_note note = {
		.event = call_note_name(what),
		.status = status,
		.rule = rule,
		.to = to,
		.reason = call->why ? call->why : half->silence,
		.phase_out = half->phase_out,
	};

	if (verdict->kind == VERDICT_REJECT && !note.reason)
		note.reason = verdict->sentence;
	if (what == NOTE_BROKEN) {
		note.rule = broken_rule(half->broken_errno);
		note.reason = *half->broken.text ? half->broken.text
						 : "a message could not be made or sent";
		log_warning("call=%s %s: %s", half->in->id, note.rule, note.reason);
	}
	shown_remember(half, what, status);
	arrival_note(half->in, &note);
	half->broken_errno = 0;
	half->broken.text[0] = '\0';
}

void half_ended(struct call *call)
{
	struct half_call *half = half_of(call);
	const struct arrival *in = half->in;
	int64_t now = clock_mono_ms();
	double talked = half->answered_ms ? (double)(now - half->answered_ms) / 1000 : 0;
	const char *rule = call->verdict->rule;

	log_info("call=%s half=%s from=%s to=%s status=%d rule=%s total=%.3f talked=%.3f",
		 in->id, half_name(in->facts.half), in->facts.caller.user, in->called,
		 call->status, rule && *rule ? rule : "-",
		 (double)(now - in->begun_ms) / 1000, talked);
	shown_release(half);
	half->stock->member_count -= half->is_member;
	half->is_member = false;
	alive_bury(half->stock, &half->life);
}
