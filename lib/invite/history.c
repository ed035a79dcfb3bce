/* SPDX-License-Identifier: MIT */
#include "invite/history.h"

#include "base/memory.h"
#include "wire/message.h"
#include "wire/uri.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char header_name[] = "History-Info";

/*
 * Entries have the grammar of a Route: a list of name-addr with parameters.  Sofia has no
 * History-Info of its own.  NULL when VALUE is malformed.
 */
static sip_route_t *entries_parse(su_home_t *home, const char *value)
{
	return value && *value ? sip_route_make(home, value) : NULL;
}

static const char *entry_index(const sip_route_t *entry)
{
	return entry->r_params ? msg_params_find(entry->r_params, "index=") : NULL;
}

/* Whether the URI of ENTRY has an embedded Reason: the call was redirected away from that party
 * (RFC 4244 section 4.1). */
static bool entry_has_reason(const sip_route_t *entry)
{
	const char *headers = entry->r_url->url_headers;

	return headers && strcasestr(headers, "Reason=") != NULL;
}

/* Length in bytes of the first entry of TEXT, without the comma behind it. */
static size_t entry_length(const char *text)
{
	bool is_quoted = false, is_uri = false;
	const char *end = text;

	for (; *end && (is_quoted || is_uri || *end != ','); end++) {
		if (is_quoted && *end == '\\' && end[1])
			end++;
		else if (*end == '"' && !is_uri)
			is_quoted = !is_quoted;
		else if (!is_quoted && (*end == '<' || *end == '>'))
			is_uri = *end == '<';
	}
	return (size_t)(end - text);
}

/* How many entries say that the call was redirected, counted for each of three notations. */
struct redirections {
	unsigned reasons;	/* RFC 4244, Reason: why the call left this party */
	unsigned causes;	/* RFC 4458, cause: why the call came to this party */
	unsigned mappings;	/* RFC 7044, mp: likewise */
};

static void count_redirection(struct redirections *count, const sip_route_t *entry)
{
	char cause[8];

	count->reasons += entry_has_reason(entry);
	count->causes +=
		uri_param(entry->r_url->url_params, "cause", cause, sizeof cause);
	count->mappings += entry->r_params && msg_params_find(entry->r_params, "mp=");
}

/* Not the sum: one redirection may be written in several notations at once. */
static unsigned redirections_max(const struct redirections *count)
{
	unsigned most = count->reasons;

	if (count->causes > most)
		most = count->causes;
	return count->mappings > most ? count->mappings : most;
}

static sip_route_t *last_of(sip_route_t *entry)
{
	while (entry->r_next)
		entry = entry->r_next;
	return entry;
}

void history_read(const sip_t *sip, struct arena *arena, struct facts *facts)
{
	/* Bounds the memory.  Entries beyond it still count towards call.forward_hops. */
	enum { VISITED_MAX = 64 };
	su_home_t home[1] = { SU_HOME_INIT(home) };
	const sip_unknown_t *header = message_find(sip, header_name);
	struct redirections count = { 0 };
	const char **visited;

	if (!header)
		return;
	visited = arena_alloc(arena, VISITED_MAX * sizeof *visited);
	su_home_init(home);
	for (; header; header = message_find_next(header)) {
		const char *text = header->un_value ? header->un_value : "";
		size_t length;

		/* Parsed one by one, so that a malformed entry does not hide the others. */
		for (; *text; text += length + (text[length] == ',')) {
			sip_route_t *entry;

			length = entry_length(text);
			entry = entries_parse(home, arena_strndup(arena, text, length));
			if (entry) {
				count_redirection(&count, entry);
				if (facts->visited_count < VISITED_MAX)
					visited[facts->visited_count++] =
						uri_user(arena, entry->r_url);
				su_free(home, entry);
			}
		}
	}
	su_home_deinit(home);
	facts->visited = visited;
	facts->redirections = redirections_max(&count);
}

/* Whether INDEX is numbers between dots (RFC 4244 section 4.1), each short enough to add one. */
static bool is_index(const char *index)
{
	enum { DIGITS = 9 };
	size_t digits;

	for (;; index += digits + 1) {
		digits = strspn(index, "0123456789");
		if (digits == 0 || digits > DIGITS)
			return false;
		if (index[digits] != '.')
			return index[digits] == '\0';
	}
}

/* "1.2" after "1.1", and "1.1" after "1" or a missing or malformed index
 * (halfcall-protocol(7), REDIRECTION HEADERS). */
static const char *index_after(struct arena *arena, const char *index)
{
	const char *dot;

	if (!index || !is_index(index))
		return "1.1";
	dot = strrchr(index, '.');
	if (!dot)
		return arena_printf(arena, "%s.1", index);
	return arena_printf(arena, "%.*s.%lu", (int)(dot - index), index,
			    strtoul(dot + 1, NULL, 10) + 1);
}

/* The SIP URI of USER at the host of the Request-URI; a tel: URI has none, then our domain. */
static const char *party_uri(const struct arrival *in, const char *user)
{
	const struct facts *facts = &in->facts;

	return arena_printf(in->arena, "sip:%s@%s", uri_escape(in->arena, user),
			    *facts->called.host ? facts->called.host : facts->domain);
}

/* The SIP URI of the called number. */
static const char *called_uri(const struct arrival *in)
{
	return party_uri(in, in->called);
}

static const char *called_display(const struct arrival *in)
{
	const char *name = in->served ? in->served->name : "";

	if (in->facts.half != HALF_TERM || !*name)
		name = in->called;
	return uri_quote(in->arena, name);
}

/* The headers embedded in the URI of a party that the call left because of WHY (RFC 4244
 * section 4.1). */
static const char *reason_headers(struct arena *arena, enum diversion why)
{
	const struct redirect_reason *reason = redirect_reason(why);
	const char *text = "", *cm_reason = "";

	for (const char *c = reason->text; *c; c++)
		text = arena_printf(arena, *c == ' ' ? "%s%%20" : "%s%c", text, *c);
	if (reason->cm_reason)
		cm_reason = arena_printf(arena, "%%3Bavaya-cm-reason%%3D%%22%s%%22",
					 reason->cm_reason);
	return arena_printf(arena,
			    "Reason=SIP%%3Bcause%%3D%d%%3Btext%%3D%%22%s%%22"
			    "&Reason=Redirection%%3Bcause%%3D%s%s",
			    reason->cause, text, reason->code, cm_reason);
}

/* Entries for the hops of TARGET.  INDEX is that of the called party's entry; theirs follow. */
static const char *onward_entries(const struct arrival *in, const struct target *target,
				  const char *index)
{
	struct arena *arena = in->arena;
	const char *entries = "";

	for (unsigned i = 0; i < target->hop_count; i++) {
		bool is_left = i + 1 < target->hop_count;

		index = index_after(arena, index);
		entries = arena_printf(
			arena, "%s%s<%s%s%s>;index=%s", entries, *entries ? "," : "",
			party_uri(in, target->hops[i].to), is_left ? "?" : "",
			is_left ? reason_headers(arena, target->hops[i + 1].why) : "",
			index);
	}
	return entries;
}

void history_write_plain(const struct arrival *in, msg_t *msg)
{
	const char *uri;

	if (message_find(sip_object(msg), header_name))
		return;
	uri = called_uri(in);
	message_add(msg, header_name,
		    arena_printf(in->arena, "<%s>;index=1,%s <%s>;index=1.1", uri,
				 called_display(in), uri));
}

/*
 * ENTRY as text, without the entries behind it.  sip_header_as_string() of Sofia is not used: it
 * omits the last parameter of a header of 128 characters or more.
 */
static const char *entry_text(struct arena *arena, const sip_route_t *entry)
{
	enum { SLACK = 16 };	/* bytes; the encoder needs more room than it returns */
	const sip_header_t *header = (const sip_header_t *)entry;
	issize_t length = sip_header_field_e(NULL, 0, header, 0);
	isize_t room = (isize_t)(length > 0 ? length : 0) + SLACK;
	char *text;

	text = arena_alloc(arena, room);
	if (length > 0)
		sip_header_field_e(text, room, header, 0);
	return text;
}

/* Where the last entry of TEXT begins. */
static size_t last_at(const char *text)
{
	size_t at = 0, length;

	while (length = entry_length(text + at), text[at + length])
		at += length + 1;
	return at;
}

/* Embeds REASON in the URI of LAST, the last entry of HEADER; those before stay as they are. */
static void annotate_last(struct arena *arena, msg_t *msg, sip_unknown_t *header,
			  sip_route_t *last, const char *reason)
{
	last->r_url->url_headers = reason;
	sip_fragment_clear(last->r_common);
	message_set_value(msg, header,
			  arena_printf(arena, "%.*s%s", (int)last_at(header->un_value),
				       header->un_value, entry_text(arena, last)));
}

void history_write_forward(const struct arrival *in, msg_t *msg,
			   const struct target *target)
{
	struct arena *arena = in->arena;
	const char *reason = reason_headers(arena, target->hops[0].why);
	sip_unknown_t *header = message_find(sip_object(msg), header_name),
		      *last = header;
	sip_route_t *entries;
	const char *index;

	for (; header; header = message_find_next(header))
		last = header;
	entries = last ? entries_parse(msg_home(msg), last->un_value) : NULL;

	if (!entries) {
		const char *uri = called_uri(in);

		message_add(msg, header_name,
			    arena_printf(arena, "<%s>;index=1,%s <%s?%s>;index=1.1,%s",
					 uri, called_display(in), uri, reason,
					 onward_entries(in, target, "1.1")));
		return;
	}
	index = entry_index(last_of(entries));
	if (strcmp(uri_user(arena, last_of(entries)->r_url), in->called) != 0 ||
	    entry_has_reason(last_of(entries))) {
		const char *left = index_after(arena, index);

		message_add(msg, header_name,
			    arena_printf(arena, "%s <%s?%s>;index=%s,%s",
					 called_display(in), called_uri(in), reason, left,
					 onward_entries(in, target, left)));
		return;
	}
	annotate_last(arena, msg, last, last_of(entries), reason);
	message_add(msg, header_name, onward_entries(in, target, index));
}

void history_write_diversion(const struct arrival *in, msg_t *msg,
			     const struct target *target)
{
	static const char *const reasons[DIVERSIONS] = {
		[DIVERSION_UNCONDITIONAL] = "unconditional",
		[DIVERSION_BUSY] = "user-busy",
		[DIVERSION_NO_ANSWER] = "no-answer",
		[DIVERSION_UNREACHABLE] = "unavailable",
		[DIVERSION_COVER_ALL] = "unconditional",
		[DIVERSION_COVER_BUSY] = "user-busy",
		[DIVERSION_COVER_NO_REPLY] = "no-answer",
		[DIVERSION_SEND_ALL_CALLS] = "do-not-disturb",
	};
	struct arena *arena = in->arena;
	sip_unknown_t *top = message_find(sip_object(msg), "Diversion");
	const char *value = top ? top->un_value : "";

	for (unsigned i = 0; i < target->hop_count; i++) {
		const char *name = i == 0 ? called_display(in) : "";
		const char *left = i == 0 ? in->called : target->hops[i - 1].to;

		value = arena_printf(arena, "%s%s<%s>;reason=%s;counter=1%s%s", name,
				     *name ? " " : "", party_uri(in, left),
				     reasons[target->hops[i].why], *value ? "," : "",
				     value);
	}
	if (top)
		message_set_value(msg, top, value);
	else
		message_add(msg, "Diversion", value);
}
