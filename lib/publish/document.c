/* SPDX-License-Identifier: MIT */
#include "publish/document.h"

#include "base/arena.h"
#include "publish/memory.h"

#include <libxml/xmlwriter.h>
#include <string.h>

/*
 * Writing into memory can fail only when memory is out; the first failure is remembered.
 */
struct writer {
	xmlTextWriter *xml;
	struct arena arena;		/* cleaned text */
	bool is_failed;
};

/* libxml2's bytes; its BAD_CAST would cast the const away. */
static const xmlChar *bytes(const char *text)
{
	return (const xmlChar *)text;
}

static void begin(struct writer *writer, const char *element)
{
	if (xmlTextWriterStartElement(writer->xml, bytes(element)) < 0)
		writer->is_failed = true;
}

static void end(struct writer *writer)
{
	if (xmlTextWriterEndElement(writer->xml) < 0)
		writer->is_failed = true;
}

/*
 * The length of the UTF-8 sequence at TEXT (RFC 3629), 0 = none; *CODE is its character.
 */
static size_t utf8_length(const unsigned char *text, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length = text[0] < 0x80			    ? 1
			: text[0] >= 0xc2 && text[0] < 0xe0 ? 2
			: text[0] >= 0xe0 && text[0] < 0xf0 ? 3
			: text[0] >= 0xf0 && text[0] < 0xf5 ? 4
							    : 0;

	if (length < 2) {
		*code = text[0];
		return length;
	}
	*code = text[0] & (0x7fu >> length);
	for (size_t i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (text[i] & 0x3f);
	}
	if (*code < least[length] || *code > 0x10ffff ||
	    (*code >= 0xd800 && *code < 0xe000))
		return 0;
	return length;
}

/* Whether XML 1.0 section 2.2 allows this character. */
static bool is_xml(uint32_t code)
{
	return code == '\t' || code == '\n' || code == '\r' ||
	       (code >= 0x20 && code != 0xfffe && code != 0xffff);
}

static const char *clean(struct writer *writer, const char *text)
{
	static const char replacement[] = "\xef\xbf\xbd";
	const unsigned char *from = (const unsigned char *)text;
	char *clean_text = arena_alloc(&writer->arena, 3 * strlen(text) + 1);
	char *to = clean_text;
	uint32_t code;

	while (*from) {
		size_t length = utf8_length(from, &code);

		if (length == 0) {
			memcpy(to, replacement, 3);
			to += 3;
			from++;
			continue;
		}
		if (is_xml(code)) {
			memcpy(to, from, length);
			to += length;
		}
		from += length;
	}
	*to = '\0';
	return clean_text;
}

/* NULL = not written. */
static void attribute(struct writer *writer, const char *name, const char *value)
{
	if (value != NULL && xmlTextWriterWriteAttribute(writer->xml, bytes(name),
							 bytes(clean(writer, value))) < 0)
		writer->is_failed = true;
}

static void attribute_number(struct writer *writer, const char *name, unsigned value)
{
	attribute(writer, name, arena_printf(&writer->arena, "%u", value));
}

/* sip:USER@DOMAIN, with USER escaped as RFC 3261 section 25.1 wants. */
static const char *uri_of(struct writer *writer, const char *user, const char *domain)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-_.!~*'()&=+$,;?/";
	static const char digits[] = "0123456789ABCDEF";
	size_t size = sizeof "sip:@" + 3 * strlen(user) + strlen(domain);
	char *uri = arena_alloc(&writer->arena, size), *to = stpcpy(uri, "sip:");

	for (const unsigned char *from = (const unsigned char *)user; *from; from++) {
		if (strchr(plain, *from)) {
			*to++ = (char)*from;
			continue;
		}
		*to++ = '%';
		*to++ = digits[*from >> 4];
		*to++ = digits[*from & 15];
	}
	*to++ = '@';
	memcpy(to, domain, strlen(domain) + 1);
	return uri;
}

static const char *state_name(enum shown_state state)
{
	static const char *const names[] = { "trying", "proceeding", "early", "confirmed",
					     "terminated" };

	return names[state];
}

/* RFC 4235 section 4.1.3; NULL = none. */
static const char *event_name(enum shown_event event)
{
	static const char *const names[] = { NULL,	 "cancelled", "rejected",
					     "replaced", "local-bye", "remote-bye",
					     "error",	 "timeout" };

	return names[event];
}

static void write_state(struct writer *writer, const struct shown_dialog *dialog)
{
	begin(writer, "state");
	if (dialog->state == SHOWN_TERMINATED) {
		attribute(writer, "event", event_name(dialog->event));
		if (dialog->code >= 100 && dialog->code <= 699)
			attribute_number(writer, "code", (unsigned)dialog->code);
	}
	if (xmlTextWriterWriteString(writer->xml, bytes(state_name(dialog->state))) < 0)
		writer->is_failed = true;
	end(writer);
}

static void write_identity(struct writer *writer, const char *uri, const char *display)
{
	begin(writer, "identity");
	if (display != NULL && *display != '\0')
		attribute(writer, "display", display);
	if (xmlTextWriterWriteString(writer->xml, bytes(clean(writer, uri))) < 0)
		writer->is_failed = true;
	end(writer);
}

static void write_line(struct writer *writer, unsigned appearance)
{
	begin(writer, "param");
	attribute(writer, "pname", "+avaya-cm-line");
	attribute_number(writer, "pval", appearance);
	end(writer);
}

static void write_local(struct writer *writer, const char *entity,
			const struct shown_dialog *dialog)
{
	begin(writer, "local");
	write_identity(writer, entity, dialog->local_name);
	begin(writer, "target");
	attribute(writer, "uri", entity);
	if (dialog->appearance != 0)
		write_line(writer, dialog->appearance);
	end(writer);
	end(writer);
}

/* The order of elements is that of the schema (RFC 4235 section 4.4). */
static void write_dialog(struct writer *writer, const struct document_head *head,
			 const char *entity, const struct shown_dialog *dialog)
{
	begin(writer, "dialog");
	attribute(writer, "id", dialog->id);
	attribute(writer, "call-id", dialog->call_id);
	attribute(writer, "local-tag", dialog->local_tag);
	attribute(writer, "remote-tag", dialog->remote_tag);
	attribute(writer, "direction", dialog->is_initiator ? "initiator" : "recipient");
	write_state(writer, dialog);
	write_local(writer, entity, dialog);
	if (dialog->remote_user != NULL) {
		begin(writer, "remote");
		write_identity(writer, uri_of(writer, dialog->remote_user, head->domain),
			       dialog->remote_name);
		end(writer);
	}
	end(writer);
}

static void write_all(struct writer *writer, const struct document_head *head,
		      const struct shown_dialog *const *dialogs, size_t count)
{
	const char *entity = uri_of(writer, head->extension, head->domain);

	if (xmlTextWriterStartDocument(writer->xml, NULL, "UTF-8", NULL) < 0)
		writer->is_failed = true;
	begin(writer, "dialog-info");
	attribute(writer, "xmlns", "urn:ietf:params:xml:ns:dialog-info");
	attribute(writer, "xmlns:av", "urn:avaya:xml:ns:ext:dialog-info");
	attribute_number(writer, "version", head->version);
	attribute(writer, "state", "full");
	attribute(writer, "entity", entity);
	for (size_t i = 0; i < count; i++)
		write_dialog(writer, head, entity, dialogs[i]);
	end(writer);
	if (xmlTextWriterEndDocument(writer->xml) < 0)
		writer->is_failed = true;
}

char *document_write(const struct document_head *head,
		     const struct shown_dialog *const *dialogs, size_t count,
		     size_t *length)
{
	xmlBuffer *buffer = memory_need(xmlBufferCreateSize(512 + 512 * count));
	struct writer writer = { .xml = memory_need(xmlNewTextWriterMemory(buffer, 0)) };
	char *text;

	write_all(&writer, head, dialogs, count);
	xmlFreeTextWriter(writer.xml);	/* flushes */
	arena_clear(&writer.arena);
	if (writer.is_failed)
		memory_need(NULL);
	*length = (size_t)xmlBufferLength(buffer);
	text = memory_need(malloc(*length + 1));
	memcpy(text, xmlBufferContent(buffer), *length);
	text[*length] = '\0';
	xmlBufferFree(buffer);
	return text;
}
