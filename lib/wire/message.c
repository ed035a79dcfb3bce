/* SPDX-License-Identifier: MIT */
#include "wire/message.h"

#include "base/memory.h"
#include "wire/listener.h"
#include "wire/uri.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/*
 * A header that may come once but came more often is kept by the parser as an error; a copy
 * has all of them in one place, which Sofia refuses to print (assert).  The first one stays.
 */
static void drop_repeated(msg_t *msg)
{
	msg_pub_t *pub = (msg_pub_t *)sip_object(msg);
	msg_header_t **slot = &pub->msg_request;
	msg_header_t **end = (msg_header_t **)(void *)((char *)pub + pub->msg_size);

	for (; slot < end; slot++)
		if (*slot && (*slot)->sh_class->hc_kind == msg_kind_single)
			while ((*slot)->sh_next)
				msg_header_remove(msg, pub, (*slot)->sh_next);
}

msg_t *message_copy(msg_t *original)
{
	msg_t *msg = memory_checked(msg_copy(original));

	drop_repeated(msg);
	return msg;
}

void message_insert(msg_t *msg, sip_header_t *header)
{
	memory_checked(header);
	if (sip_header_insert(msg, sip_object(msg), header) < 0)
		memory_out();
}

void message_remove_all(msg_t *msg, sip_header_t *list)
{
	while (list) {
		sip_header_t *next = list->sh_next;

		sip_header_remove(msg, sip_object(msg), list);
		list = next;
	}
}

void message_strip_hops(msg_t *msg)
{
	sip_t *sip = sip_object(msg);

	message_remove_all(msg, (sip_header_t *)sip->sip_via);
	message_remove_all(msg, (sip_header_t *)sip->sip_route);
	message_remove_all(msg, (sip_header_t *)sip->sip_record_route);
	message_remove_all(msg, (sip_header_t *)sip->sip_proxy_authorization);
}

static sip_unknown_t *find_from(sip_unknown_t *header, const char *name)
{
	for (; header; header = header->un_next)
		if (header->un_name && strcasecmp(header->un_name, name) == 0)
			return header;
	return NULL;
}

sip_unknown_t *message_find(const sip_t *sip, const char *name)
{
	return find_from(sip->sip_unknown, name);
}

sip_unknown_t *message_find_next(const sip_unknown_t *header)
{
	return find_from(header->un_next, header->un_name);
}

void message_set_value(msg_t *msg, sip_unknown_t *header, const char *value)
{
	header->un_value = memory_checked(su_strdup(msg_home(msg), value));
	sip_fragment_clear(header->un_common);
}

void message_remove_named(msg_t *msg, const char *name)
{
	sip_t *sip = sip_object(msg);
	sip_unknown_t *header;

	while ((header = message_find(sip, name)))
		sip_header_remove(msg, sip, (sip_header_t *)header);
}

void message_add(msg_t *msg, const char *name, const char *value)
{
	su_home_t *home = msg_home(msg);
	sip_unknown_t *header =
		memory_checked(msg_header_alloc(home, sip_unknown_class, 0));

	header->un_name = memory_checked(su_strdup(home, name));
	header->un_value = memory_checked(su_strdup(home, value));
	message_insert(msg, (sip_header_t *)header);
}

/* From and To are of one structure. */
static void set_tag(msg_t *msg, sip_addr_t *addr, const char *tag)
{
	su_home_t *home = msg_home(msg);

	msg_header_remove_param(addr->a_common, "tag");
	addr->a_tag = NULL;
	sip_fragment_clear(addr->a_common);
	if (tag &&
	    msg_header_replace_param(home, addr->a_common,
				     memory_checked(su_strcat(home, "tag=", tag))) < 0)
		memory_out();
}

void message_set_from_tag(msg_t *msg, const char *tag)
{
	set_tag(msg, sip_object(msg)->sip_from, tag);
}

void message_set_to_tag(msg_t *msg, const char *tag)
{
	set_tag(msg, sip_object(msg)->sip_to, tag);
}

void message_set_call_id(msg_t *msg, const char *call_id)
{
	sip_call_id_t *mine = sip_object(msg)->sip_call_id;

	mine->i_id = memory_checked(su_strdup(msg_home(msg), call_id));
	mine->i_hash = (uint32_t)msg_hash_string(call_id);
	sip_fragment_clear(mine->i_common);
}

void message_set_cseq(msg_t *msg, uint32_t seq)
{
	sip_cseq_t *cseq = sip_object(msg)->sip_cseq;

	cseq->cs_seq = seq;
	sip_fragment_clear(cseq->cs_common);
}

void message_set_uri(msg_t *msg, const url_t *uri)
{
	sip_request_t *line = sip_object(msg)->sip_request;
	const url_t *copy = memory_checked(url_hdup(msg_home(msg), uri));

	*line->rq_url = *copy;
	sip_fragment_clear(line->rq_common);
}

void message_set_route(msg_t *msg, const sip_route_t *route)
{
	message_remove_all(msg, (sip_header_t *)sip_object(msg)->sip_route);
	if (route)
		message_insert(msg, (sip_header_t *)sip_route_dup(msg_home(msg), route));
}

void message_set_contact(msg_t *msg, const char *user, const struct listener *listener)
{
	static const char *const parameters[] = { "transport=udp", "transport=tcp",
						  "transport=tls" };
	struct arena arena = { 0 };
	sip_contact_t contact, *copy;
	char port[8];

	/* Built, not printed and parsed: each call needs several. */
	sip_contact_init(&contact);
	url_init(contact.m_url, url_sip);
	snprintf(port, sizeof port, "%u", listener_port(listener));
	contact.m_url->url_user = *user ? uri_escape(&arena, user) : NULL;
	contact.m_url->url_host = listener_host(listener);
	contact.m_url->url_port = port;
	contact.m_url->url_params = parameters[listener_transport(listener)];
	copy = sip_contact_dup(msg_home(msg), &contact);
	arena_clear(&arena);
	message_remove_all(msg, (sip_header_t *)sip_object(msg)->sip_contact);
	message_insert(msg, (sip_header_t *)copy);
}

void message_count_hop(msg_t *msg)
{
	sip_max_forwards_t *hops = sip_object(msg)->sip_max_forwards;

	if (!hops) {
		hops = sip_max_forwards_make(msg_home(msg), "70");
		message_insert(msg, (sip_header_t *)hops);
		return;
	}
	hops->mf_count -= hops->mf_count > 0;
	sip_fragment_clear(hops->mf_common);
}

void message_append_product(msg_t *msg, const char *product)
{
	su_home_t *home = msg_home(msg);
	sip_user_agent_t *chain = sip_object(msg)->sip_user_agent;

	if (!*product)
		return;
	if (!chain) {
		chain = sip_user_agent_make(home, product);
		message_insert(msg, (sip_header_t *)chain);
		return;
	}
	chain->g_string = memory_checked(su_sprintf(
		home, "%s %s", chain->g_string ? chain->g_string : "", product));
	sip_fragment_clear(chain->g_common);
}

void message_strip_reliable(msg_t *msg)
{
	sip_t *sip = sip_object(msg);
	sip_require_t *require = sip->sip_require;

	if (require) {
		msg_header_remove_param(require->k_common, "100rel");
		sip_fragment_clear(require->k_common);
		if (!require->k_items || !*require->k_items)
			sip_header_remove(msg, sip, (sip_header_t *)require);
	}
	message_remove_all(msg, (sip_header_t *)sip->sip_rseq);
}
