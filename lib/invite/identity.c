/* SPDX-License-Identifier: MIT */
#include "invite/identity.h"

#include "model/number.h"
#include "wire/message.h"
#include "wire/uri.h"

#include <string.h>
#include <strings.h>

static struct party party_of(struct arena *arena, const url_t *url, const char *display)
{
	return (struct party){
		.user = uri_user(arena, url),
		.host = arena_strdup(arena, url->url_host ? url->url_host : ""),
		.display = uri_unquote(arena, display),
	};
}

/* Sets PARTY to the first identity of the first well-formed P-Asserted-Identity (RFC 3325);
 * false = there is none. */
static bool read_asserted(const sip_t *sip, struct arena *arena, struct party *party)
{
	const sip_unknown_t *header = message_find(sip, "P-Asserted-Identity");
	su_home_t home[1] = { SU_HOME_INIT(home) };
	bool is_read = false;

	if (!header)
		return false;
	su_home_init(home);
	for (; header && !is_read; header = message_find_next(header)) {
		const sip_contact_t *identity =
			header->un_value ? sip_contact_make(home, header->un_value)
					 : NULL;

		if (!identity)
			continue;
		*party = party_of(arena, identity->m_url, identity->m_display);
		is_read = *party->user != '\0';
	}
	su_home_deinit(home);
	return is_read;
}

/* The value of parameter NAME of the Request-URI, or else of To's URI; NULL = neither has it
 * (halfcall-protocol(7), LINE RESERVATION). */
static const char *read_parameter(const sip_t *sip, struct arena *arena, const char *name)
{
	const url_t *urls[] = { sip->sip_request->rq_url, sip->sip_to->a_url };

	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		char value[128], *text;

		if (!uri_param(urls[i]->url_params, name, value, sizeof value))
			continue;
		text = arena_strdup(arena, value);
		url_unescape(text, text);
		return text;
	}
	return NULL;
}

void identity_read(const sip_t *sip, struct arena *arena, struct facts *facts)
{
	if (!read_asserted(sip, arena, &facts->caller))
		facts->caller =
			party_of(arena, sip->sip_from->a_url, sip->sip_from->a_display);
	facts->called = party_of(arena, sip->sip_request->rq_url, NULL);
	if (!*facts->called.host)
		facts->called.host = facts->domain;	/* tel: */
	facts->fnu = read_parameter(sip, arena, "avaya-cm-fnu");
	facts->fnu_action = read_parameter(sip, arena, "avaya-cm-action");
	facts->fnu_destination = read_parameter(sip, arena, "avaya-cm-destination");
	if (facts->fnu_destination)
		facts->fnu_destination = number_plain(arena, facts->fnu_destination);
	facts->fnu_extension = read_parameter(sip, arena, "avaya-cm-extension");
}

/* Whether the caller asks that the called party does not learn the caller's identity (RFC 3323,
 * RFC 3325). */
static bool asks_privacy(const sip_t *sip)
{
	const sip_privacy_t *privacy = sip->sip_privacy;
	const msg_param_t *value = privacy ? privacy->priv_values : NULL;
	bool is_asked = false;

	for (; value && *value; value++) {
		if (strcasecmp(*value, "none") == 0)
			return false;
		is_asked |= strcasecmp(*value, "id") == 0 ||
			    strcasecmp(*value, "user") == 0 ||
			    strcasecmp(*value, "header") == 0;
	}
	return is_asked;
}

/* Whether the INVITE to TARGET must not contain the caller's identity. */
static bool withholds_identity(const struct arrival *in, const struct target *target,
			       const sip_t *sip)
{
	const struct verdict *verdict = &in->verdict;
	bool is_outside = target->destination ? target->is_outside : verdict->is_outside;

	return desk_settings(in->desk)->respects_privacy && is_outside &&
	       !verdict->is_emergency && asks_privacy(sip);
}

/* Removes the asserted identity, the one the telephone prefers, and that of older proxies. */
static void withhold(msg_t *msg)
{
	static const char *const names[] = {
		"P-Asserted-Identity",
		"P-Preferred-Identity",
		"Remote-Party-ID",
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		message_remove_named(msg, names[i]);
}

static void write_asserted(const struct arrival *in, msg_t *msg)
{
	const struct station *station = in->served;
	struct arena *arena = in->arena;

	message_remove_named(msg, "P-Asserted-Identity");
	message_add(msg, "P-Asserted-Identity",
		    arena_printf(arena, "%s%s<sip:%s@%s>",
				 *station->name ? uri_quote(arena, station->name) : "",
				 *station->name ? " " : "",
				 uri_escape(arena, station->extension),
				 in->facts.domain));
}

static void write_alert_info(const struct arrival *in, msg_t *msg)
{
	const char *kind = in->verdict.is_internal ? "internal" : "external";
	sip_unknown_t *header = message_find(sip_object(msg), "Alert-Info"), *next;

	/* Replaces the alert type that the other half wrote; other Alert-Info values stay. */
	for (; header; header = next) {
		next = message_find_next(header);
		if (header->un_value && strstr(header->un_value, "avaya-cm-alert-type"))
			sip_header_remove(msg, sip_object(msg), (sip_header_t *)header);
	}
	message_add(msg, "Alert-Info",
		    arena_printf(in->arena, "<cid:%s@%s>;avaya-cm-alert-type=%s", kind,
				 in->facts.domain, kind));
}

/* Adds "id" to the Privacy header and removes "none" (RFC 3323, RFC 3325 section 9.3). */
static void write_privacy(const struct arrival *in, msg_t *msg)
{
	sip_privacy_t *privacy = sip_object(msg)->sip_privacy;
	const char *wishes = "id";

	for (const msg_param_t *value = privacy ? privacy->priv_values : NULL;
	     value && *value; value++)
		if (strcasecmp(*value, "id") != 0 && strcasecmp(*value, "none") != 0)
			wishes = arena_printf(in->arena, "%s;%s", wishes, *value);
	message_remove_all(msg, (sip_header_t *)privacy);
	message_insert(msg, (sip_header_t *)sip_privacy_make(msg_home(msg), wishes));
}

void identity_write(const struct arrival *in, msg_t *msg, const struct target *target)
{
	const struct invite_settings *settings = desk_settings(in->desk);

	message_append_product(msg, settings->product);
	if (in->verdict.hides_caller)
		write_privacy(in, msg);
	if (withholds_identity(in, target, sip_object(msg)))
		withhold(msg);
	else if (settings->writes_asserted && in->facts.half == HALF_ORIG && in->served)
		write_asserted(in, msg);
	if (settings->writes_alert_info)
		write_alert_info(in, msg);
}
