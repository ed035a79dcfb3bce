/* SPDX-License-Identifier: MIT */
#include "wire/ack.h"

#include "wire/pen.h"

static void write_line(struct pen *pen, const char *name, struct glance_text value)
{
	pen_add(pen, name);
	pen_add(pen, ": ");
	pen_write(pen, value.at, value.length);
	pen_add(pen, "\r\n");
}

static struct glance_text to_of(struct glance_text message)
{
	const char *at = message.at, *end = at + message.length;
	struct glance_field field;

	for (bool is_first = true; glance_next(&at, end, is_first, &field);
	     is_first = false)
		if (glance_is(&field, "To", 't'))
			return field.value;
	return (struct glance_text){ 0 };
}

/* Writes the header lines that a METHOD has in common with the INVITE; TO, unless empty,
 * replaces the INVITE's To. */
static void write_common(struct pen *pen, const struct ack_invite *invite,
			 const char *method, struct glance_text to)
{
	const char *at = invite->bytes, *end = at + invite->length;
	struct glance_field field;
	struct glance raw;

	if (!glance_read_start(&raw, invite->bytes, invite->length)) {
		pen->is_broken = true;
		return;
	}
	pen_add(pen, method);
	pen_add(pen, " ");
	pen_write(pen, raw.uri.at, raw.uri.length);
	pen_add(pen, " SIP/2.0\r\n");
	pen_write(pen, invite->via.at, invite->via.length);
	pen_add(pen, "Max-Forwards: 70\r\n");
	for (bool is_first = true; glance_next(&at, end, is_first, &field);
	     is_first = false) {
		if (glance_is(&field, "Route", '\0') || glance_is(&field, "From", 'f') ||
		    glance_is(&field, "Call-ID", 'i')) {
			pen_write(pen, field.whole.at, field.whole.length);
		} else if (glance_is(&field, "To", 't')) {
			write_line(pen, "To", to.length ? to : field.value);
		} else if (glance_is(&field, "CSeq", '\0')) {
			pen_add(pen, "CSeq: ");
			for (size_t i = 0;
			     i < field.value.length && field.value.at[i] >= '0' &&
			     field.value.at[i] <= '9';
			     i++)
				pen_write(pen, field.value.at + i, 1);
			pen_format(pen, " %s\r\n", method);
		}
	}
}

char *ack_write(const struct ack_invite *invite, struct glance_text response,
		size_t *length)
{
	struct glance_text to = to_of(response);
	struct pen pen = { 0 };

	if (!to.length)
		return NULL;
	write_common(&pen, invite, "ACK", to);
	pen_add(&pen, "Content-Length: 0\r\n\r\n");
	return pen_end(&pen, length);
}

char *ack_write_cancel(const struct ack_invite *invite, const char *reason,
		       size_t *length)
{
	struct pen pen = { 0 };

	write_common(&pen, invite, "CANCEL", (struct glance_text){ 0 });
	pen_add(&pen, reason);
	pen_add(&pen, "Content-Length: 0\r\n\r\n");
	return pen_end(&pen, length);
}
