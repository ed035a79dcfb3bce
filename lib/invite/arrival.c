/* SPDX-License-Identifier: MIT */
#include "invite/arrival.h"

#include "base/clock.h"
#include "base/index.h"
#include "base/log.h"
#include "base/memory.h"
#include "wire/peer.h"

#include <stdlib.h>
#include <string.h>

/* The arrival together with the arena it points to. */
struct owned_arrival {
	struct arrival arrival;
	struct arena arena;
};

enum { ID = 16 };			/* characters of a call's id */

bool arrival_is_made_here(const char *sip_call_id)
{
	return strncmp(sip_call_id, "hc-", 3) == 0 &&
	       strspn(sip_call_id + 3, "0123456789abcdef") == ID &&
	       sip_call_id[3 + ID] == '-';
}

/*
 * The id of a call, the same in both halves.  A Call-ID that this program made contains it
 * (hc-ID-...): if the proxy keeps that Call-ID, the second half has the same id as the first.
 * Any other Call-ID is hashed; the off-hook INVITE and the dialled INVITE of one telephone call
 * have the same Call-ID and so the same id.
 */
static const char *call_id_of(struct arena *arena, const char *sip_call_id)
{
	if (arrival_is_made_here(sip_call_id))
		return arena_strndup(arena, sip_call_id + 3, ID);
	return arena_printf(arena, "%016llx", index_hash(sip_call_id));
}

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
