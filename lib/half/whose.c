/* SPDX-License-Identifier: MIT */
#include "half/whose.h"

#include "half/half_call.h"
#include "invite/read.h"

#include <string.h>
#include <strings.h>

static bool visit_half(const struct half_call *half, whose_f *visit, void *context)
{
	const struct station *served = half->in->served;

	return served && visit(context, served->extension, half->in->facts.half);
}

/* Every half call that began by this Call-ID. */
static void visit_all(struct stock *stock, const char *sip_call_id, enum phase phase,
		      whose_f *visit, void *context)
{
	struct index_entry *entry = NULL;

	while ((entry = index_find(&stock->half_index, sip_call_id, entry))) {
		const struct half_call *half =
			container_of(entry, struct half_call, by_call_id);

		if ((phase == PHASE_NONE || phase == half->phase_out) &&
		    visit_half(half, visit, context))
			return;
	}
}

/* As the INVITE names the parties; it is read once more when it is taken up. */
static void visit_invite(struct stock *stock, const struct peer *peer,
			 const struct listener *listener, msg_t *msg, whose_f *visit,
			 void *context)
{
	const struct read_scene scene = { 0 };
	struct arrival *in = read_invite(stock->desk, msg, peer, listener, &scene);
	const struct facts *facts = &in->facts;

	visit(context, facts->half == HALF_TERM ? facts->called.user : facts->caller.user,
	      facts->half);
	arrival_free(in);
}

void whose_came(struct stock *stock, const struct peer *peer,
		const struct listener *listener, msg_t *msg, whose_f *visit,
		void *context)
{
	const sip_t *sip = sip_object(msg);
	const struct leg *leg = sip->sip_to->a_tag ? leg_find(stock, sip) : NULL;

	if (leg)
		visit_half(leg->half, visit, context);
	else if (sip->sip_to->a_tag)
		visit_all(stock, sip->sip_call_id->i_id, PHASE_NONE, visit, context);
	else if (sip->sip_request->rq_method == sip_method_invite)
		visit_invite(stock, peer, listener, msg, visit, context);
}

void whose_sent(struct stock *stock, const char *sip_call_id, const char *from_tag,
		enum phase phase, whose_f *visit, void *context)
{
	struct index_entry *entry = NULL;
	bool has_leg = false;

	while ((entry = index_find(&stock->leg_index, sip_call_id, entry))) {
		const struct leg *leg = container_of(entry, struct leg, by_call_id);

		has_leg = true;
		if (strcasecmp(dialog_local_tag(leg->dialog), from_tag) == 0 &&
		    visit_half(leg->half, visit, context))
			return;
	}
	if (!has_leg)
		visit_all(stock, sip_call_id, phase, visit, context);
}
