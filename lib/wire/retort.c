/* SPDX-License-Identifier: MIT */
#include "wire/retort.h"

#include "wire/endpoint.h"
#include "wire/ability.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Text that is written as long as it fits. */
struct sheet {
	char *text;
	size_t used, size;		/* used > size: it did not fit */
};

static void put(struct sheet *sheet, const char *bytes, size_t length)
{
	if (sheet->used + length <= sheet->size)
		memcpy(sheet->text + sheet->used, bytes, length);
	sheet->used += length;
}

__attribute__((format(printf, 2, 3))) static void say(struct sheet *sheet,
						      const char *format, ...)
{
	char text[256];
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	put(sheet, text,
	    length < 0			   ? 0
	    : (size_t)length < sizeof text ? (size_t)length
					   : sizeof text - 1);
}

/* A value as it stands, but on one line. */
static void put_value(struct sheet *sheet, const char *at, size_t length)
{
	size_t start = sheet->used;

	put(sheet, at, length);
	for (size_t i = start; sheet->used <= sheet->size && i < sheet->used; i++)
		if (sheet->text[i] == '\r' || sheet->text[i] == '\n')
			sheet->text[i] = ' ';
}

/* The top Via as received from FROM: where the answer goes, and proof of it for the sender. */
static void put_top_via(struct sheet *sheet, const struct scan *scan,
			const struct scan_text *value,
			const struct sockaddr_storage *from)
{
	const struct scan_text *via = &scan->via;
	const char *end = value->at + value->length;
	char host[ENDPOINT_TEXT];

	if (via->at != value->at) {	/* not plain: as it is */
		put_value(sheet, value->at, value->length);
		return;
	}
	for (size_t i = 0; i < via->length; i++) {
		static const char rport[] = ";rport";
		bool is_rport = scan->has_rport && via->length - i >= sizeof rport - 1 &&
				strncasecmp(via->at + i, rport, sizeof rport - 1) == 0;
		char next = i + sizeof rport - 1 < via->length
				    ? via->at[i + sizeof rport - 1]
				    : ';';

		if (is_rport && next == ';') {
			say(sheet, ";rport=%u", endpoint_port(from));
			i += sizeof rport - 2;
		} else {
			put_value(sheet, via->at + i, 1);
		}
	}
	endpoint_host(from, host);
	if (!scan->has_received && (scan->has_rport || !scan_is(&scan->host, host))) {
		if (*host == '[')	/* RFC 3261's grammar has no brackets here */
			say(sheet, ";received=%.*s", (int)strlen(host) - 2, host + 1);
		else
			say(sheet, ";received=%s", host);
	}
	put_value(sheet, via->at + via->length, (size_t)(end - via->at) - via->length);
}

/* Whether a To that is not plain may have a tag already. */
static bool may_have_tag(const struct scan_text *to)
{
	for (size_t i = 0; i + 3 < to->length; i++)
		if (strncasecmp(to->at + i, "tag", 3) == 0 && i &&
		    memchr(to->at, ';', i) != NULL)
			return true;
	return false;
}

enum { VIA, FROM, TO, CALL_ID, CSEQ, KINDS };

static const struct {
	const char *name;
	char short_name;
} copied[KINDS] = {
	[VIA] = { "Via", 'v' },	  [FROM] = { "From", 'f' },	  [TO] = { "To", 't' },
	[CALL_ID] = { "Call-ID", 'i' }, [CSEQ] = { "CSeq", '\0' },
};

static int kind_of(const struct scan_line *line)
{
	int kind = 0;

	while (kind < KINDS &&
	       !scan_is_named(line, copied[kind].name, copied[kind].short_name))
		kind++;
	return kind;
}

/* The kinds of headers found, each but Via copied once. */
static unsigned copy_headers(struct sheet *sheet, const struct scan *scan,
			     const struct retort *retort)
{
	const char *end = scan->bytes + scan->head_length;
	struct scan_line line;
	unsigned found = 0;

	for (const char *at = scan_first_line(scan); scan_line(at, end, &line);
	     at = line.next) {
		int kind = kind_of(&line);
		bool is_first = kind < KINDS && !(found & 1u << kind);

		if (kind == KINDS || !line.value.length || (kind != VIA && !is_first))
			continue;
		found |= 1u << kind;
		say(sheet, "%s: ", copied[kind].name);
		if (kind == VIA && is_first)
			put_top_via(sheet, scan, &line.value, retort->from);
		else
			put_value(sheet, line.value.at, line.value.length);
		if (kind == TO && !scan->to_tag.at &&
		    (scan->is_sure || !may_have_tag(&line.value)))
			say(sheet, ";tag=%s", retort->tag);
		put(sheet, "\r\n", 2);
	}
	return found;
}

size_t retort_write(const struct scan *scan, const struct retort *retort, char *text,
		    size_t size)
{
	struct sheet sheet = { .text = text, .size = size };

	if (!scan->is_request || scan_is(&scan->method, "ACK") ||
	    scan_is(&scan->cseq_method, "ACK"))
		return 0;
	say(&sheet, "SIP/2.0 %d %.200s\r\n", retort->status, retort->phrase);
	if (!(copy_headers(&sheet, scan, retort) & 1u << VIA))
		return 0;
	if (retort->status == 405)
		say(&sheet, "Allow: %s\r\n", ability_allow);
	if (retort->warning)
		say(&sheet, "Warning: 399 %s \"%s\"\r\n", retort->domain,
		    retort->warning);
	if (retort->retry_after_s)
		say(&sheet, "Retry-After: %u\r\n", retort->retry_after_s);
	say(&sheet, "Content-Length: 0\r\n\r\n");
	return sheet.used <= size ? sheet.used : 0;
}

struct sockaddr_storage retort_target(const struct scan *scan,
				      const struct sockaddr_storage *from)
{
	struct sockaddr_storage to = *from;
	unsigned port = scan->port ? scan->port : 5060;

	/* The port is at the same place in both families. */
	if (scan->via.at && !scan->has_rport)
		((struct sockaddr_in6 *)(void *)&to)->sin6_port = htons((uint16_t)port);
	return to;
}

/* Who guesses a tag gains nothing: an ACK that no one sent is absorbed. */
static uint64_t mix(uint64_t hash, const struct scan_text *text)
{
	for (size_t i = 0; i < text->length; i++) {
		hash = (hash ^ (unsigned char)text->at[i]) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 29;
	}
	return (hash ^ text->length ^ 0x5f) * UINT64_C(0xbf58476d1ce4e5b9);
}

const char *retort_tag(const struct scan *scan, uint64_t key, char tag[static RETORT_TAG])
{
	uint64_t hash =
		mix(mix(mix(key, &scan->branch), &scan->call_id), &scan->from_tag);

	hash = (hash ^ scan->cseq) * UINT64_C(0x94d049bb133111eb);
	hash ^= hash >> 31;
	snprintf(tag, RETORT_TAG, "%016llx", (unsigned long long)hash);
	return tag;
}
