/* SPDX-License-Identifier: MIT */
#include "invite_peer.h"

#include "base/fault.h"
#include "base/log.h"
#include "wire/codec.h"
#include "wire/loop.h"
#include "wire/message.h"
#include "wire/peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void decide(void *context, const struct facts *facts, struct arena *arena,
		   const struct station **served, struct verdict *verdict)
{
	struct office *office = context;

	(void)facts, (void)arena;
	office->decisions++;
	*served = office->is_served ? &office->station : NULL;
	*verdict = office->verdict;
}

static const char *or_dash(const char *text)
{
	return text ? text : "-";
}

static void note(void *context, const struct event *event)
{
	struct office *office = context;

	office->notes++;
	snprintf(office->noted, sizeof office->noted,
		 "%s call=%s half=%d extension=%s from=%s to=%s %d/%d rule=%s status=%d "
		 "reason=%s proxy=%s id=%s",
		 event->event, event->call, event->half, or_dash(event->extension),
		 event->from, event->to, event->phase_in, event->phase_out,
		 or_dash(event->rule), event->status, or_dash(event->reason),
		 event->proxy, event->sip_call_id);
}

static const struct desk_hooks hooks = { .decide = decide, .note = note };

void office_apply(struct office *office)
{
	desk_unref(office->desk);
	office->desk = desk_new(office->wire, &office->settings, &hooks, office);
}

static void request(void *context, const struct peer *peer,
		    const struct listener *listener, msg_t *msg)
{
	(void)context, (void)peer, (void)listener;
	msg_destroy(msg);
}

static void response(void *context, msg_t *msg)
{
	(void)context;
	msg_destroy(msg);
}

void office_open(struct office *office)
{
	static const struct wire_events events = { .request = request,
						   .response = response };
	static const struct wire_address here = { "127.0.0.1", 0, "udp" };
	static struct wire_settings settings;
	struct fault fault = { "" };

	*office = (struct office){
		.proxy = { "sm-a", { "127.0.0.9", 5070, "udp" } },
		.settings = { .product = "" },
		.station = { .extension = "2001", .name = "Bob" },
		.verdict = { .rule = "" },
	};
	settings = (struct wire_settings){ .listen = &here,
					   .listen_count = 1,
					   .peers = &office->proxy,
					   .peer_count = 1,
					   .domain = "example.com" };
	log_set_level(LOG_ERROR);
	office->loop = loop_new();
	ck_assert_ptr_nonnull(office->loop);
	ck_assert_msg(wire_open(office->loop, &settings, &events, NULL, &office->wire,
				&fault) == 0,
		      "%s", fault.text);
	office_apply(office);
}

void office_close(struct office *office)
{
	desk_unref(office->desk);
	wire_close(office->wire);
	loop_free(office->loop);
}

/* Appends LINES to OUT, each "\n" as CRLF and $HERE as the address of the wire. */
static void append(const struct office *office, char *out, const char *lines)
{
	const char *here = wire_addresses(office->wire) + strlen("sip:");

	for (out += strlen(out); *lines; lines++) {
		if (strncmp(lines, "$HERE", 5) == 0) {
			out += sprintf(out, "%.*s", (int)strcspn(here, ";"), here);
			lines += 4;
		} else {
			out += sprintf(out, *lines == '\n' ? "\r\n" : "%c", *lines);
		}
	}
}

static bool has_line(const char *headers, const char *name)
{
	const char *at = strstr(headers, name);

	return at && (at == headers || at[-1] == '\n');
}

struct arrival *office_read(struct office *office, const char *uri, const char *headers)
{
	static const struct {
		const char *name, *line;
	} usual[] = {
		{ "Via:", "Via: SIP/2.0/UDP 127.0.0.9:5070;branch=z9hG4bK1\n" },
		{ "From:", "From: \"Alice\" <sip:1001@example.com>;tag=a\n" },
		{ "To:", "To: <sip:2001@example.com>\n" },
		{ "Call-ID:", "Call-ID: c1\n" },
		{ "CSeq:", "CSeq: 1 INVITE\n" },
		{ "Max-Forwards:", "Max-Forwards: 70\n" },
		{ "Contact:", "Contact: <sip:1001@127.0.0.7>\n" },
	};
	static char text[20000];
	char phrase[64];
	int status;
	msg_t *msg;
	struct arrival *in;

	sprintf(text, "INVITE %s SIP/2.0\r\n", uri);
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		if (!has_line(headers, usual[i].name))
			append(office, text, usual[i].line);
	append(office, text, headers);
	append(office, text, "Content-Length: 0\n\n");
	msg = codec_read(text, strlen(text), &status, phrase);
	ck_assert_msg(msg && status == 0, "%d %s: %s", status, phrase, text);
	in = read_invite(office->desk, msg, peer_first(office->wire), NULL,
			 &(struct read_scene){ .members = 7, .is_overtaken = true });
	msg_destroy(msg);
	return in;
}

const char *office_written(const struct arrival *in, const struct target *target)
{
	static char text[20000];
	msg_t *msg = message_copy(in->request);
	size_t length;
	char *bytes;

	invite_write(in, msg, target);
	bytes = codec_write(msg, "", &length, NULL);
	ck_assert(bytes && length < sizeof text);
	strcpy(text, bytes);
	free(bytes);
	msg_destroy(msg);
	return text;
}

const char *header_of(const char *text, const char *name)
{
	static char all[4][8000];
	static unsigned next;
	char *values = all[next++ % 4], *end = values;
	size_t length = strlen(name);

	*values = '\0';
	for (; (text = strstr(text, "\r\n")) && strncmp(text, "\r\n\r\n", 4) != 0;) {
		text += 2;
		if (strncasecmp(text, name, length) != 0 || text[length] != ':')
			continue;
		text += length + 1;
		text += strspn(text, " ");
		end += sprintf(end, "%s%.*s", end == values ? "" : " | ",
			       (int)strcspn(text, "\r"), text);
	}
	return values;
}
