/* SPDX-License-Identifier: MIT */
#include "wire/merge.h"

#include "wire/core.h"
#include "wire/origin.h"
#include "wire/reply.h"
#include "wire/uri.h"

#include <string.h>

/* The parameter of the topmost Route that tells the halves of one call apart. */
static const char phase_param[] = "phase";

static void add_text(struct digest *digest, const char *text)
{
	digest_add_lower(digest, text, strlen(text));
	digest_add_number(digest, 0);
}

/* It stands inside the <> or outside. */
static void add_phase(struct digest *digest, const sip_route_t *route)
{
	char value[32] = "";
	const char *outside;

	if (!route)
		return;
	outside = msg_header_find_param(route->r_common, phase_param);
	if (uri_param(route->r_url->url_params, phase_param, value, sizeof value))
		add_text(digest, value);
	else if (outside)
		add_text(digest, outside + (*outside == '='));
}

static void read_merge(const struct wire *wire, const struct finder_key *key,
		       const sip_t *sip, struct origin *origin)
{
	const char *tag = sip->sip_from->a_tag;
	struct digest digest;

	digest_init(&digest, &wire->secret);
	digest_add(&digest, &key->ids, sizeof key->ids);
	digest_add(&digest, &key->uri, sizeof key->uri);
	add_text(&digest, tag ? tag : "");
	add_phase(&digest, sip->sip_route);
	digest_end(&digest, origin->merge);
	origin->has_merge = true;
}

bool merge_refuses(struct wire *wire, const struct finder_key *key, msg_t *msg)
{
	const sip_t *sip = sip_object(msg);
	struct origin *origin = origin_of(msg);

	if (wire->settings->is_proxy || sip->sip_to->a_tag ||
	    sip->sip_request->rq_method != sip_method_invite)
		return false;
	read_merge(wire, key, sip, origin);
	if (!finder_find(&wire->merges, origin->merge, NULL))
		return false;
	reply_refuse_stateless(wire, msg, &(struct refusal){ .status = 482 });
	return true;
}
