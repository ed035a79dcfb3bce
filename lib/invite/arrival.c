/* SPDX-License-Identifier: MIT */
#include "invite/arrival.h"

#include "base/clock.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "model/call_id.h"
#include "wire/peer.h"

#include <stdlib.h>
#include <string.h>

/* The arrival together with the arena it points to. */
struct owned_arrival {
	struct arrival arrival;
	struct arena arena;
};

struct arrival *arrival_new(struct desk *desk, msg_t *request, const struct peer *peer,
			    const struct listener *listener)
{
	struct owned_arrival *owned = memory_new(sizeof *owned);
	struct arrival *in = &owned->arrival;
	const sip_t *sip = sip_object(request);
	const char *tag = sip->sip_from->a_tag;

	in->arena = &owned->arena;
	in->desk = desk_ref(desk);
	in->peer = peer;
	in->listener = listener;
	in->request = msg_ref_create(request);
	in->sip_call_id = arena_strdup(in->arena, sip->sip_call_id->i_id);
	in->id = call_id_of(in->arena, in->sip_call_id);
	in->caller_tag = arena_strdup(in->arena, tag ? tag : "");
	in->begun_ms = clock_mono_ms();
	return in;
}

void arrival_decide(struct arrival *in)
{
	if (in->is_decided)
		return;
	in->is_decided = true;
	desk_decide(in->desk, &in->facts, in->arena, &in->served, &in->verdict);
	if (in->verdict.is_unread)
		log_warning("call=%s %s", in->id, in->verdict.sentence);
	if (in->verdict.number)
		in->called = in->verdict.number;
	if (in->facts.asks_shortcut && in->verdict.is_outside)
		arrival_note(in, &(struct arrival_note){
					 .event = "shortcut",
					 .rule = "shortcut:no-station",
				 });
}

void arrival_note(const struct arrival *in, const struct arrival_note *note)
{
	struct event line = {
		.event = note->event,
		.call = in->id,
		.half = in->facts.half,
		.extension = in->served ? in->served->extension : NULL,
		.from = in->facts.caller.user,
		.to = note->to ? note->to : in->called,
		.phase_in = in->facts.tag.phase,
		.phase_out = note->phase_out,
		.rule = note->rule && *note->rule ? note->rule : NULL,
		.status = note->status,
		.reason = note->reason,
		.proxy = peer_name(in->peer),
		.sip_call_id = in->sip_call_id,
	};

	if (in->verdict.kind == VERDICT_REJECT && !line.reason)
		line.reason = in->verdict.sentence;
	desk_note(in->desk, &line);
}

void arrival_free(struct arrival *in)
{
	struct owned_arrival *owned;

	if (!in)
		return;
	owned = container_of(in, struct owned_arrival, arrival);
	msg_destroy(in->request);
	desk_unref(in->desk);
	arena_clear(&owned->arena);
	free(owned);
}
