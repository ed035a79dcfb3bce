/* SPDX-License-Identifier: MIT */
#include "agent/message.h"

#include "agent/identity.h"

#include <errno.h>
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
	msg_t *msg = msg_copy(original);

	if (msg)
		drop_repeated(msg);
	return msg;
}

int message_insert(msg_t *msg, sip_header_t *header)
{
	if (!header || sip_header_insert(msg, sip_object(msg), header) < 0)
		return -ENOMEM;
	return 0;
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

int message_set_value(msg_t *msg, sip_unknown_t *header, const char *value)
{
	char *copy = su_strdup(msg_home(msg), value);

	if (!copy)
		return -ENOMEM;
	header->un_value = copy;
	sip_fragment_clear(header->un_common);
	return 0;
}

void message_remove_named(msg_t *msg, const char *name)
{
	sip_t *sip = sip_object(msg);
	sip_unknown_t *header;

	while ((header = message_find(sip, name)))
		sip_header_remove(msg, sip, (sip_header_t *)header);
}

int message_add(msg_t *msg, const char *name, const char *value)
{
	su_home_t *home = msg_home(msg);
	sip_unknown_t *header =
		(sip_unknown_t *)msg_header_alloc(home, sip_unknown_class, 0);

	if (!header)
		return -ENOMEM;
	header->un_name = su_strdup(home, name);
	header->un_value = su_strdup(home, value);
	if (!header->un_name || !header->un_value)
		return -ENOMEM;
	return message_insert(msg, (sip_header_t *)header);
}

/* From and To are of one structure. */
static int set_tag(msg_t *msg, sip_addr_t *addr, const char *tag)
{
	su_home_t *home = msg_home(msg);
	const char *param;

	msg_header_remove_param(addr->a_common, "tag");
	addr->a_tag = NULL;
	sip_fragment_clear(addr->a_common);
	if (!tag)
		return 0;
	param = su_sprintf(home, "tag=%s", tag);
	if (!param || msg_header_replace_param(home, addr->a_common, param) < 0)
		return -ENOMEM;
	return 0;
}

int message_set_from_tag(msg_t *msg, const char *tag)
{
	return set_tag(msg, sip_object(msg)->sip_from, tag);
}

int message_set_to_tag(msg_t *msg, const char *tag)
{
	return set_tag(msg, sip_object(msg)->sip_to, tag);
}

int message_set_call_id(msg_t *msg, const sip_call_id_t *call_id)
{
	sip_call_id_t *mine = sip_object(msg)->sip_call_id;

	mine->i_id = su_strdup(msg_home(msg), call_id->i_id);
	mine->i_hash = call_id->i_hash;
	sip_fragment_clear(mine->i_common);
	return mine->i_id ? 0 : -ENOMEM;
}

int message_set_cseq(msg_t *msg, uint32_t seq)
{
	sip_cseq_t *cseq = sip_object(msg)->sip_cseq;

	cseq->cs_seq = seq;
	sip_fragment_clear(cseq->cs_common);
	return 0;
}

int message_set_uri(msg_t *msg, const url_t *uri)
{
	sip_request_t *line = sip_object(msg)->sip_request;
	url_t *copy = url_hdup(msg_home(msg), uri);

	if (!copy)
		return -ENOMEM;
	*line->rq_url = *copy;
	sip_fragment_clear(line->rq_common);
	return 0;
}

int message_set_route(msg_t *msg, const sip_route_t *route)
{
	sip_t *sip = sip_object(msg);
	sip_route_t *copy;

	message_remove_all(msg, (sip_header_t *)sip->sip_route);
	if (!route)
		return 0;
	copy = sip_route_dup(msg_home(msg), route);
	return message_insert(msg, (sip_header_t *)copy);
}

int message_set_contact(msg_t *msg, const char *user, const struct listener *listener)
{
	sip_t *sip = sip_object(msg);
	su_home_t *home = msg_home(msg);
	struct arena arena = { 0 };
	sip_contact_t *contact;

	contact = sip_contact_format(home, "<sip:%s%s%s:%u;transport=%s>",
				     identity_escape(&arena, user), *user ? "@" : "",
				     listener->host, listener->port, listener->transport);
	arena_clear(&arena);
	if (!contact)
		return -ENOMEM;
	message_remove_all(msg, (sip_header_t *)sip->sip_contact);
	return message_insert(msg, (sip_header_t *)contact);
}

int message_count_hop(msg_t *msg)
{
	sip_t *sip = sip_object(msg);
	sip_max_forwards_t *hops = sip->sip_max_forwards;

	if (hops) {
		hops->mf_count -= hops->mf_count > 0;
		sip_fragment_clear(hops->mf_common);
		return 0;
	}
	hops = sip_max_forwards_make(msg_home(msg), "70");
	return message_insert(msg, (sip_header_t *)hops);
}

int message_append_product(msg_t *msg, const char *product)
{
	sip_t *sip = sip_object(msg);
	su_home_t *home = msg_home(msg);
	sip_user_agent_t *chain = sip->sip_user_agent;

	if (!*product)
		return 0;
	if (!chain) {
		chain = sip_user_agent_make(home, product);
		return message_insert(msg, (sip_header_t *)chain);
	}
	chain->g_string = su_sprintf(home, "%s %s",
				     chain->g_string ? chain->g_string : "", product);
	sip_fragment_clear(chain->g_common);
	return chain->g_string ? 0 : -ENOMEM;
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

bool message_param(const char *params, const char *name, char *value, size_t size)
{
	size_t wanted = strlen(name), length;

	for (; params && *params; params += length + (params[length] == ';')) {
		length = strcspn(params, ";");
		if (length < wanted || strncasecmp(params, name, wanted) != 0)
			continue;
		if (length == wanted)
			snprintf(value, size, "%s", "");
		else if (params[wanted] == '=')
			snprintf(value, size, "%.*s", (int)(length - wanted - 1),
				 params + wanted + 1);
		else
			continue;
		return true;
	}
	return false;
}
