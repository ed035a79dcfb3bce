/* SPDX-License-Identifier: MIT */
#include "invite/read.h"

#include "invite/history.h"
#include "invite/identity.h"
#include "invite/shortcut.h"
#include "invite/tag.h"
#include "wire/option.h"
#include "wire/uri.h"

#include <limits.h>
#include <stdlib.h>
#include <strings.h>

/* An off-hook INVITE begins no call, but reserves a line
 * (halfcall-protocol(7), LINE RESERVATION). */
static enum half half_of_facts(const struct facts *facts)
{
	if (facts->tag.phase != PHASE_IMSORIG)
		return HALF_TERM;
	return facts->fnu && strcasecmp(facts->fnu, "off-hook") == 0 ? HALF_LINE
								     : HALF_ORIG;
}

/* Line appearance from +avaya-cm-line; unparsable gives UINT_MAX, which no station has. */
static unsigned appearance_of(const sip_t *sip)
{
	const char *value =
		sip->sip_contact && sip->sip_contact->m_params
			? msg_params_find(sip->sip_contact->m_params, "+avaya-cm-line=")
			: NULL;
	char *end;
	unsigned long number;

	if (!value)
		return 0;
	value += *value == '"';
	number = strtoul(value, &end, 10);
	return end == value || number == 0 || number > UINT_MAX ? UINT_MAX
								: (unsigned)number;
}

static void read_facts(struct arrival *in, const sip_t *sip)
{
	bool is_evolution = desk_settings(in->desk)->is_evolution;
	struct facts *facts = &in->facts;

	facts->domain = wire_domain(desk_wire(in->desk));
	tag_read(desk_wire(in->desk), sip, in->arena, facts);
	identity_read(sip, in->arena, facts);
	history_read(sip, in->arena, facts);
	facts->half = half_of_facts(facts);
	facts->appearance = appearance_of(sip);
	facts->unsupported = option_unknown(in->arena, sip, OPTION_ANSWERED);
	if (!wire_is_proxy(desk_wire(in->desk)))
		facts->unsupported_passed = option_unknown(in->arena, sip, OPTION_PASSED);
	facts->has_other_scheme = !uri_is_reachable(sip->sip_request->rq_url);
	facts->is_full_call = is_evolution && facts->half == HALF_ORIG;
	facts->asks_shortcut = is_evolution && facts->tag.phase == PHASE_IMSTERM &&
			       shortcut_is_asked(sip);
}

struct arrival *read_invite(struct desk *desk, msg_t *request, const struct peer *peer,
			    const struct listener *listener,
			    const struct read_scene *scene)
{
	struct arrival *in = arrival_new(desk, request, peer, listener);

	read_facts(in, sip_object(request));
	in->facts.members = scene->members;
	in->facts.is_overtaken = scene->is_overtaken;
	in->called = in->facts.called.user;
	return in;
}
