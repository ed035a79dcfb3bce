/* SPDX-License-Identifier: MIT */
#include "wire/reply.h"

#include "wire/stack.h"
#include "wire/uri.h"

#include <errno.h>

const char reply_allow[] =
	"INVITE, ACK, OPTIONS, BYE, CANCEL, SUBSCRIBE, NOTIFY, REFER, INFO, "
	"PRACK, PUBLISH, UPDATE";
const char reply_supported[] = "100rel, histinfo, join, replaces, sdp-anat, timer";

/* What telephones beside a Communication Manager may require of it as well. */
static const char telephones_require[] = ", eventlist, feature-ref, tdialog";

const char *reply_unsupported(struct arena *arena, const sip_t *request)
{
	su_home_t home[1] = { SU_HOME_INIT(home) };
	const char *known =
		arena_printf(arena, "%s%s", reply_supported, telephones_require);
	const sip_unsupported_t *unsupported = sip_has_unsupported(
		home, sip_supported_make(home, known), request->sip_require);
	const char *list = NULL;

	for (const msg_param_t *item = unsupported ? unsupported->k_items : NULL;
	     item && *item; item++)
		list = list ? arena_printf(arena, "%s, %s", list, *item)
			    : arena_strdup(arena, *item);
	su_home_deinit(home);
	return list;
}

/* Q.850 causes as Reason texts (halfcall-protocol(7), RESTRICTIONS). */
static const char *cause_text(int cause)
{
	switch (cause) {
	case 1:
		return "Unallocated (unassigned) number";
	case 21:
		return "Call rejected";
	case 28:
		return "Invalid number format";
	default:
		return "Normal, unspecified";
	}
}

/* The header values of a refusal; NULL = no such header. */
struct why_headers {
	const char *reason, *warning, *retry_after, *allow, *unsupported;
};

static struct why_headers headers_of(const struct wire *wire, struct arena *arena,
				     const struct refusal *why)
{
	struct why_headers headers = { 0 };

	if (why->cause)
		headers.reason = arena_printf(arena, "Q.850;cause=%d;text=\"%s\"",
					      why->cause, cause_text(why->cause));
	if (why->sentence)
		headers.warning = arena_printf(arena, "399 %s %s", wire->settings->domain,
					       uri_quote(arena, why->sentence));
	if (why->retry_after_s)
		headers.retry_after = arena_printf(arena, "%u", why->retry_after_s);
	if (why->status == 405)
		headers.allow = reply_allow;
	headers.unsupported = why->unsupported;
	return headers;
}

#define WHY_TAGS(h)                                                               \
	TAG_IF((h).reason, SIPTAG_REASON_STR((h).reason)),                        \
		TAG_IF((h).warning, SIPTAG_WARNING_STR((h).warning)),             \
		TAG_IF((h).retry_after, SIPTAG_RETRY_AFTER_STR((h).retry_after)), \
		TAG_IF((h).allow, SIPTAG_ALLOW_STR((h).allow)),                   \
		TAG_IF((h).unsupported, SIPTAG_UNSUPPORTED_STR((h).unsupported)), \
		TAG_END()

int reply_refuse(struct wire *wire, struct uas *uas, const struct refusal *why)
{
	struct arena arena = { 0 };
	struct why_headers headers = headers_of(wire, &arena, why);
	int err = nta_incoming_treply(uas_server(uas), why->status,
				      sip_status_phrase(why->status), WHY_TAGS(headers));

	arena_clear(&arena);
	return err < 0 ? -EIO : 0;
}

void reply_refuse_stateless(struct wire *wire, msg_t *msg, const struct refusal *why)
{
	struct arena arena = { 0 };
	struct why_headers headers = headers_of(wire, &arena, why);

	nta_msg_treply(wire->nta, msg, why->status, sip_status_phrase(why->status),
		       WHY_TAGS(headers));
	arena_clear(&arena);
}

void reply_options(struct wire *wire, msg_t *msg)
{
	nta_msg_treply(wire->nta, msg, SIP_200_OK, SIPTAG_ALLOW_STR(reply_allow),
		       SIPTAG_SUPPORTED_STR(reply_supported),
		       SIPTAG_ACCEPT_STR("application/sdp, multipart/mixed"), TAG_END());
}
