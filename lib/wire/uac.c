/* SPDX-License-Identifier: MIT */
#include "wire/uac.h"

#include "wire/codec.h"
#include "wire/outbound.h"
#include "wire/pen.h"
#include "wire/via.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct uac {
	struct wire *wire;
	struct outbound *outbound;	/* never NULL */
	uac_heard_f *heard;		/* NULL = no one waits */
	void *context;
	int status;
	enum uac_failure failure;
	char *why;			/* owned; NULL = something came, or may still */
};

int uac_status(const struct uac *uac)
{
	return uac->status;
}

enum uac_failure uac_failure(const struct uac *uac)
{
	return uac->failure;
}

const char *uac_why(const struct uac *uac)
{
	return uac->why;
}

static enum uac_failure failure_of(int err)
{
	switch (err) {
	case ECONNREFUSED:
	case ECONNRESET:
	case ETIMEDOUT:
		return UAC_REFUSED;
	default:
		return UAC_UNREACHABLE;
	}
}

static const char *reason_of(int err)
{
	switch (err) {
	case ECONNREFUSED:
		return "connection refused";
	case ECONNRESET:
		return "connection reset";
	case ETIMEDOUT:
		return "no connection in time";
	case EPROTO:
		return "TLS failed";
	default:
		return strerror(err);
	}
}

/* Why nothing came, as a sentence. */
static void explain(struct uac *uac)
{
	const struct emit_target *target = &uac->outbound->to;
	struct way way = { .to = emit_to(target), .transport = target->transport };
	const char *reason = reason_of(uac->outbound->err);
	struct pen pen = { 0 };
	char text[96];
	size_t length;

	way_text(&way, text);
	if (uac->failure == UAC_TIMEOUT)
		pen_format(&pen, "%s did not answer in time", text);
	else if (uac->failure == UAC_REFUSED)
		pen_format(&pen, "no connection to %s: %s", text, reason);
	else
		pen_format(&pen, "%s cannot be reached: %s", text, reason);
	free(uac->why);
	uac->why = pen_end(&pen, &length);
}

static void tell_failure(struct uac *uac, enum outbound_told told)
{
	if (told == OUTBOUND_TIMEOUT) {
		uac->status = 408;
		uac->failure = UAC_TIMEOUT;
	} else {
		uac->status = 503;
		uac->failure = failure_of(uac->outbound->err);
	}
	explain(uac);
	if (uac->heard)
		uac->heard(uac->context, uac, uac->status, NULL);
}

static void on_told(void *user, enum outbound_told told,
		    const struct outbound_heard *heard)
{
	struct uac *uac = user;
	struct wire *wire = uac->wire;

	if (told != OUTBOUND_RESPONSE) {
		tell_failure(uac, told);
		return;
	}
	if (heard->status <= 100)
		return;
	uac->status = heard->status;
	if (!uac->heard)
		return;
	wire->heard = heard->msg;
	wire->heard_id = uac->outbound->by_branch.key[0];
	wire->heard_bytes = heard->bytes;
	wire->heard_length = heard->length;
	uac->heard(uac->context, uac, heard->status, heard->msg);
	wire->heard = NULL;
	wire->heard_bytes = NULL;
	wire->heard_id = 0;
}

struct uac *uac_send(struct wire *wire, const struct way *way, msg_t *request,
		     uac_heard_f *heard, void *context)
{
	struct uac *uac = calloc(1, sizeof *uac);

	if (!uac) {
		msg_destroy(request);
		return NULL;
	}
	uac->wire = wire;
	uac->heard = heard;
	uac->context = context;
	uac->outbound = outbound_new(wire, way, request);
	if (!uac->outbound) {
		free(uac);
		return NULL;
	}
	uac->outbound->tell = on_told;
	uac->outbound->user = uac;
	return uac;
}

void uac_want_status(struct uac *uac)
{
	uac->outbound->wants_status = true;
}

void uac_cancel(struct uac *uac, const sip_reason_t *reason)
{
	struct pen pen = { 0 };
	size_t length;
	char *line;

	pen_headers(&pen, reason);
	line = pen_end(&pen, &length);
	if (line)
		outbound_cancel(uac->outbound, line);
	free(line);
}

int uac_ack(struct uac *uac, const struct way *way, msg_t *ack)
{
	const char *tag = sip_object(ack)->sip_to ? sip_object(ack)->sip_to->a_tag : NULL;
	char branch[VIA_BRANCH], line[VIA_LINE];
	struct glance_text bytes;
	struct emit_target to;
	int err;

	emit_target_of(uac->wire, way, &to);
	via_line(line, &to, via_branch(branch, core_unique(uac->wire)), "");
	bytes.at = codec_write(ack, line, &bytes.length, NULL);
	if (!bytes.at) {
		msg_destroy(ack);
		return -ENOMEM;
	}
	err = outbound_acknowledge(uac->outbound, tag ? tag : "", &to, bytes);
	msg_destroy(ack);
	return err;
}

void uac_free(struct uac *uac)
{
	if (!uac)
		return;
	outbound_leave(uac->outbound);
	free(uac->why);
	free(uac);
}
