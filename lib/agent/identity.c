/* SPDX-License-Identifier: MIT */
#include "agent/identity.h"

#include "agent/message.h"
#include "model/number.h"

#include <string.h>
#include <strings.h>

const char *identity_user(struct arena *arena, const url_t *url)
{
	char *user;

	if (!url->url_user || !*url->url_user)
		return "";
	user = arena_strndup(arena, url->url_user, strcspn(url->url_user, ";"));
	url_unescape(user, user);
	return user;
}

const char *identity_quote(struct arena *arena, const char *text)
{
	char *quoted = arena_alloc(arena, 2 * strlen(text) + 3), *to = quoted;

	*to++ = '"';
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x20 || c == 0x7f)
			continue;
		if (c == '"' || c == '\\')
			*to++ = '\\';
		*to++ = (char)c;
	}
	*to = '"';
	return quoted;
}

const char *identity_unquote(struct arena *arena, const char *display)
{
	char *plain, *to;

	if (!display || *display != '"')
		return arena_strdup(arena, display ? display : "");
	plain = to = arena_alloc(arena, strlen(display));
	for (display++; *display && *display != '"'; display++) {
		if (*display == '\\' && display[1])
			display++;
		*to++ = *display;
	}
	*to = '\0';
	return plain;
}

const char *identity_escape(struct arena *arena, const char *user)
{
	/* "+15550100" and "%2B15550100" are not the same URI (RFC 3261 section 19.1.4). */
	static const char reserved[] = ",;?/";
	size_t length = (size_t)url_esclen(user, reserved);
	char *escaped = arena_alloc(arena, length + 1);

	url_escape(escaped, user, reserved);
	return escaped;
}

static struct party party_of(struct arena *arena, const url_t *url, const char *display)
{
	return (struct party){
		.user = identity_user(arena, url),
		.host = arena_strdup(arena, url->url_host ? url->url_host : ""),
		.display = identity_unquote(arena, display),
	};
}

/* The first identity of the first P-Asserted-Identity that can be read (RFC 3325). */
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

/* A parameter of the Request-URI or of To's (protocol.md section 2); NULL = neither has it. */
static const char *read_parameter(const sip_t *sip, struct arena *arena, const char *name)
{
	const url_t *urls[] = { sip->sip_request->rq_url, sip->sip_to->a_url };

	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		char value[128], *text;

		if (!message_param(urls[i]->url_params, name, value, sizeof value))
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

/* Whether the caller wants his identity kept from those he calls (RFC 3323, RFC 3325). */
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

/* Whether who calls is to be withheld from the party the INVITE goes to. */
static bool withholds_identity(const struct half_call *half, const sip_t *sip)
{
	const struct verdict *verdict = &half->in.verdict;
	bool is_outside = half->call.at ? half->call.at->is_outside : verdict->is_outside;

	return half->in.agent->settings->respects_privacy && is_outside &&
	       !verdict->is_emergency && asks_privacy(sip);
}

/* Besides what is asserted, what the telephone said of itself or an older proxy did. */
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

static int write_asserted(struct half_call *half, msg_t *msg)
{
	const struct station *station = half->in.served;
	struct arena *arena = &half->in.arena;

	message_remove_named(msg, "P-Asserted-Identity");
	return message_add(
		msg, "P-Asserted-Identity",
		arena_printf(arena, "%s%s<sip:%s@%s>",
			     *station->name ? identity_quote(arena, station->name) : "",
			     *station->name ? " " : "",
			     identity_escape(arena, station->extension),
			     half->in.agent->settings->domain));
}

static int write_alert_info(struct half_call *half, msg_t *msg)
{
	const char *kind = half->in.verdict.is_internal ? "internal" : "external";
	sip_unknown_t *header = message_find(sip_object(msg), "Alert-Info"), *next;

	/* What a CM before us said about this call is ours to say; all else stays. */
	for (; header; header = next) {
		next = message_find_next(header);
		if (header->un_value && strstr(header->un_value, "avaya-cm-alert-type"))
			sip_header_remove(msg, sip_object(msg), (sip_header_t *)header);
	}
	return message_add(msg, "Alert-Info",
			   arena_printf(&half->in.arena,
					"<cid:%s@%s>;avaya-cm-alert-type=%s", kind,
					half->in.agent->settings->domain, kind));
}

/* Adds "id" to what the caller wants kept private (RFC 3323, RFC 3325 section 9.3). */
static int write_privacy(struct half_call *half, msg_t *msg)
{
	sip_privacy_t *privacy = sip_object(msg)->sip_privacy;
	const char *wishes = "id";

	for (const msg_param_t *value = privacy ? privacy->priv_values : NULL;
	     value && *value; value++)
		if (strcasecmp(*value, "id") != 0 && strcasecmp(*value, "none") != 0)
			wishes = arena_printf(&half->in.arena, "%s;%s", wishes, *value);
	message_remove_all(msg, (sip_header_t *)privacy);
	return message_insert(msg,
			      (sip_header_t *)sip_privacy_make(msg_home(msg), wishes));
}

int identity_write(struct half_call *half, msg_t *msg)
{
	const struct agent_settings *settings = half->in.agent->settings;
	int err = message_append_product(msg, settings->product);

	if (!err && half->in.verdict.hides_caller)
		err = write_privacy(half, msg);
	if (withholds_identity(half, sip_object(msg)))
		withhold(msg);
	else if (!err && settings->writes_asserted && half->in.facts.half == HALF_ORIG &&
		 half->in.served)
		err = write_asserted(half, msg);
	if (!err && settings->writes_alert_info)
		err = write_alert_info(half, msg);
	return err;
}
