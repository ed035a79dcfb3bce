/* SPDX-License-Identifier: MIT */
#include "wire/dialog.h"

#include "base/memory.h"
#include "wire/message.h"

#include <strings.h>

struct dialog {
	su_home_t *home;		/* borrowed; all below is in it */
	const char *call_id;
	const char *local_tag, *remote_tag;	/* the peer's: NULL = not known yet */
	sip_route_t *route;		/* NULL = none */
	sip_contact_t *target;		/* NULL = not known yet */
	uint32_t cseq;			/* of our last request in it */
	uint32_t remote_cseq;		/* of the peer's last one */
};

static bool is_tag(const char *known, const char *said)
{
	return known && said && strcasecmp(known, said) == 0;
}

static void set_target(struct dialog *dialog, const url_t *url)
{
	sip_contact_t one[1];

	sip_contact_init(one);
	*one->m_url = *url;
	one->m_url->url_headers = NULL;
	su_free(dialog->home, dialog->target);
	dialog->target = memory_checked(sip_contact_dup(dialog->home, one));
}

/* A copy of RECORDED alone, a Route; one written without <> has its URI's parameters outside. */
static sip_route_t *route_of(su_home_t *home, const sip_record_route_t *recorded)
{
	const msg_param_t *params = recorded->r_params;
	sip_route_t route[1];

	sip_route_init(route);
	*route->r_url = *recorded->r_url;
	route->r_params = params;
	if (!route->r_url->url_params && params && params[0] &&
	    (strcasecmp(params[0], "lr") == 0 || strncasecmp(params[0], "lr=", 3) == 0)) {
		route->r_url->url_params = params[0];
		route->r_params = params + 1;
	}
	return memory_checked(sip_route_dup(home, route));
}

sip_route_t *dialog_route_set(su_home_t *home, const sip_record_route_t *recorded,
			      bool is_reversed)
{
	sip_route_t *set = NULL, **end = &set;

	for (; recorded; recorded = recorded->r_next) {
		sip_route_t *route = route_of(home, recorded);

		if (is_reversed) {
			route->r_next = set;
			set = route;
		} else {
			*end = route;
			end = &route->r_next;
		}
	}
	return set;
}

/* RFC 3261 section 8.1.1.5 forbids 2^31 and more: hardly a number could come after it, so it is
 * taken but not remembered. */
static bool is_counted(uint32_t cseq)
{
	return cseq <= INT32_MAX;
}

static struct dialog *new_dialog(su_home_t *home, const char *call_id, const char *tag)
{
	struct dialog *dialog = memory_checked(su_zalloc(home, sizeof *dialog));

	dialog->home = home;
	dialog->call_id = memory_checked(su_strdup(home, call_id));
	dialog->local_tag = memory_checked(su_strdup(home, tag));
	return dialog;
}

struct dialog *dialog_as_uas(su_home_t *home, const sip_t *request, const char *tag)
{
	struct dialog *dialog = new_dialog(home, request->sip_call_id->i_id, tag);
	const char *remote = request->sip_from->a_tag ? request->sip_from->a_tag : "";

	dialog->remote_tag = memory_checked(su_strdup(home, remote));
	if (is_counted(request->sip_cseq->cs_seq))
		dialog->remote_cseq = request->sip_cseq->cs_seq;
	dialog->route = dialog_route_set(home, request->sip_record_route, false);
	set_target(dialog, request->sip_contact ? request->sip_contact->m_url
						: request->sip_from->a_url);
	return dialog;
}

struct dialog *dialog_as_uac(su_home_t *home, const char *call_id, const char *tag)
{
	struct dialog *dialog = new_dialog(home, call_id, tag);

	dialog->cseq = 1;
	return dialog;
}

void dialog_open(const struct dialog *dialog, msg_t *msg)
{
	message_set_call_id(msg, dialog->call_id);
	message_set_from_tag(msg, dialog->local_tag);
	message_set_to_tag(msg, NULL);
	message_set_cseq(msg, dialog->cseq);
}

void dialog_learn(struct dialog *dialog, const sip_t *response)
{
	const char *tag = response->sip_to->a_tag;
	bool is_answer = response->sip_status->st_status >= 200;

	if (!tag)
		return;
	if (dialog->remote_tag && !is_tag(dialog->remote_tag, tag) && !is_answer)
		return;
	if (!is_tag(dialog->remote_tag, tag))
		dialog->remote_tag = memory_checked(su_strdup(dialog->home, tag));
	if (response->sip_record_route && (is_answer || !dialog->route))
		dialog->route =
			dialog_route_set(dialog->home, response->sip_record_route, true);
	if (response->sip_contact)
		set_target(dialog, response->sip_contact->m_url);
}

void dialog_refresh(struct dialog *dialog, const sip_t *sip)
{
	if (sip->sip_contact)
		set_target(dialog, sip->sip_contact->m_url);
}

bool dialog_is_of(const struct dialog *dialog, const sip_t *request)
{
	return is_tag(dialog->local_tag, request->sip_to->a_tag) &&
	       is_tag(dialog->remote_tag, request->sip_from->a_tag);
}

bool dialog_is_in_order(struct dialog *dialog, const sip_t *request)
{
	uint32_t cseq = request->sip_cseq->cs_seq;

	if (cseq < dialog->remote_cseq)
		return false;
	if (is_counted(cseq))
		dialog->remote_cseq = cseq;
	return true;
}

uint32_t dialog_next_cseq(struct dialog *dialog)
{
	return ++dialog->cseq;
}

uint32_t dialog_cseq(const struct dialog *dialog)
{
	return dialog->cseq;
}

void dialog_address(const struct dialog *dialog, msg_t *msg, uint32_t seq)
{
	message_strip_hops(msg);
	message_set_call_id(msg, dialog->call_id);
	message_set_from_tag(msg, dialog->local_tag);
	message_set_to_tag(msg, dialog->remote_tag);
	message_set_cseq(msg, seq);
	message_set_route(msg, dialog->route);
	message_count_hop(msg);
	if (dialog->target)
		message_set_uri(msg, dialog->target->m_url);
}

msg_t *dialog_request(struct wire *wire, const sip_from_t *from, const sip_to_t *to,
		      sip_method_t method, const char *name)
{
	msg_t *msg = wire_message(wire);
	su_home_t *home = msg_home(msg);

	if (sip_add_tl(msg, sip_object(msg), SIPTAG_FROM(from), SIPTAG_TO(to),
		       TAG_END()) < 0)
		memory_out();
	message_insert(msg, (sip_header_t *)sip_call_id_create(home, NULL));
	message_insert(msg, (sip_header_t *)sip_cseq_create(home, 1, method, name));
	message_insert(
		msg, (sip_header_t *)sip_request_create(
			     home, method, name, (const url_string_t *)to->a_url, NULL));
	return msg;
}

const char *dialog_call_id(const struct dialog *dialog)
{
	return dialog->call_id;
}

const char *dialog_local_tag(const struct dialog *dialog)
{
	return dialog->local_tag;
}

const char *dialog_remote_tag(const struct dialog *dialog)
{
	return dialog->remote_tag;
}
