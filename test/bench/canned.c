/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "canned.h"
#include "link.h"
#include "mould.h"

static struct canned_setting canned_setting;
static struct mould canned_mould_invite, canned_mould_cancel, canned_mould_ack;
/* The Record-Route of the proxy between the halves, and the Routes into the second. */
static struct mould canned_mould_recorded, canned_mould_way_on;
static char canned_contact[128];
static char canned_delivery[128];	/* the Record-Route of the last hop */

static const char canned_sdp[] = "v=0\r\n"
				 "o=- 3880000000 1 IN IP4 192.0.2.44\r\n"
				 "s=-\r\n"
				 "c=IN IP4 192.0.2.44\r\n"
				 "t=0 0\r\n"
				 "m=audio 30000 RTP/AVP 0 8 18 101\r\n"
				 "a=rtpmap:0 PCMU/8000\r\n"
				 "a=rtpmap:8 PCMA/8000\r\n"
				 "a=rtpmap:18 G729/8000\r\n"
				 "a=rtpmap:101 telephone-event/8000\r\n"
				 "a=sendrecv\r\n";

static size_t canned_fill(char *out, const struct mould *mould, struct ident ident)
{
	uint32_t n = ident.serial % canned_setting.callers;

	return mould_fill(out, mould,
			  &(struct mould_filling){
				  .ident = ident,
				  .caller = canned_setting.caller_base + n,
				  .called = canned_setting.called_base + n,
			  });
}

/* The lines that the INVITE, its CANCEL and the ACK of its refusal have in common. */
static void canned_head(char *out, size_t size, const char *method)
{
	const struct canned_setting *s = &canned_setting;

	snprintf(out, size,
		 "%s sip:" MOULD_CALLED "@%s SIP/2.0\r\n"
		 "Via: SIP/2.0/%s %s;branch=z9hG4bKi" MOULD_ID "\r\n"
		 "Route: <sip:%s;transport=%s;lr;phase=%s;seq=explicit>\r\n"
		 "Route: <sip:%s;transport=%s;lr;odi=o" MOULD_ID ";hop=%d>\r\n"
		 "Max-Forwards: 69\r\n"
		 "From: \"Caller\" <sip:" MOULD_CALLER "@%s>;tag=a" MOULD_ID "\r\n"
		 "Call-ID: c" MOULD_ID "@%s\r\n"
		 "CSeq: 1 %s\r\n",
		 method, s->domain, "UDP", s->own, s->system, s->transport, s->phase,
		 s->own, s->transport, s->is_whole ? 1 : 2, s->domain, s->domain, method);
}

static int canned_prepare_invite(void)
{
	const struct canned_setting *s = &canned_setting;
	char text[LINK_MESSAGE], head[1024], pad[LINK_MESSAGE] = "";

	canned_head(head, sizeof head, "INVITE");
	for (int round = 0; round < 2; round++) {
		int size = snprintf(
			text, sizeof text,
			"%s"
			"To: <sip:" MOULD_CALLED "@%s>\r\n"
			"Record-Route: <sip:%s;transport=%s;lr;hop=0>\r\n"
			"Contact: <sip:" MOULD_CALLER "@%s;transport=%s>\r\n"
			"Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE\r\n"
			"Supported: replaces\r\n"
			"User-Agent: Phone/1 SM/2\r\n"
			"%s"
			"Content-Type: application/sdp\r\n"
			"Content-Length: %zu\r\n\r\n%s",
			head, s->domain, s->own, s->transport, s->own, s->transport, pad,
			sizeof canned_sdp - 1, canned_sdp);
		if (size < 0 || (size_t)size >= sizeof text ||
		    mould_lay_out(&canned_mould_invite, text))
			return -EINVAL;
		if (canned_mould_invite.size == s->invite_bytes)
			return 0;
		size_t fill = s->invite_bytes - canned_mould_invite.size;
		if (s->invite_bytes < canned_mould_invite.size ||
		    fill < sizeof "Subject: \r\n" || fill >= sizeof pad)
			return -EINVAL;
		snprintf(pad, sizeof pad, "Subject: %0*d\r\n",
			 (int)(fill - sizeof "Subject: \r\n" + 1), 0);
	}
	return -EINVAL;
}

int canned_prepare(const struct canned_setting *setting)
{
	const struct canned_setting *s = &canned_setting;
	char head[1024], text[2048];

	canned_setting = *setting;
	snprintf(canned_contact, sizeof canned_contact,
		 "Contact: <sip:callee@%s;transport=%s>\r\n", s->own, s->transport);
	snprintf(canned_delivery, sizeof canned_delivery,
		 "Record-Route: <sip:%s;transport=%s;lr;hop=2>\r\n", s->own,
		 s->transport);
	snprintf(text, sizeof text,
		 "Record-Route: <sip:%s;transport=%s;lr;hop=1;id=m" MOULD_ID ">\r\n",
		 s->own, s->transport);
	int err = mould_lay_out(&canned_mould_recorded, text);
	if (err)
		return err;
	snprintf(text, sizeof text,
		 "Route: <sip:%s;transport=%s;lr;phase=imsterm;seq=explicit>\r\n"
		 "Route: <sip:%s;transport=%s;lr;odi=o" MOULD_ID ";hop=2>\r\n",
		 s->system, s->transport, s->own, s->transport);
	err = mould_lay_out(&canned_mould_way_on, text);
	if (err)
		return err;
	canned_head(head, sizeof head, "CANCEL");
	snprintf(text, sizeof text,
		 "%sTo: <sip:" MOULD_CALLED "@%s>\r\nContent-Length: 0\r\n\r\n", head,
		 s->domain);
	err = mould_lay_out(&canned_mould_cancel, text);
	if (err)
		return err;
	canned_head(head, sizeof head, "ACK");
	err = mould_lay_out(&canned_mould_ack, head);
	return err ? err : canned_prepare_invite();
}

/* Writes a message piece by piece; if a piece does not fit, the final size is 0. */
struct canned_writer {
	char *at, *end;
};

static void canned_put(struct canned_writer *writer, const char *text, size_t size)
{
	if ((size_t)(writer->end - writer->at) < size) {
		writer->end = writer->at;
		return;
	}
	memcpy(writer->at, text, size);
	writer->at += size;
}

static void canned_put_text(struct canned_writer *writer, const char *text)
{
	canned_put(writer, text, strlen(text));
}

static void canned_put_span(struct canned_writer *writer, struct span span)
{
	canned_put(writer, span.text, span.size);
}

static void canned_put_lines(struct canned_writer *writer, const struct peek_list *list)
{
	for (unsigned i = 0; i < list->count; i++)
		canned_put_span(writer, list->line[i]);
}

static void canned_put_ident(struct canned_writer *writer, struct ident ident)
{
	char digits[IDENT_DIGITS];

	mould_write_ident(digits, ident);
	canned_put(writer, digits, sizeof digits);
}

static void canned_put_mould(struct canned_writer *writer, const struct mould *mould,
			     struct ident ident)
{
	if ((size_t)(writer->end - writer->at) < mould->size)
		writer->end = writer->at;
	else
		writer->at += canned_fill(writer->at, mould, ident);
}

static size_t canned_size(const struct canned_writer *writer, const char *out)
{
	return writer->at == writer->end ? 0 : (size_t)(writer->at - out);
}

static void canned_put_via(struct canned_writer *writer, char letter, struct ident ident)
{
	char mark[] = ";branch=z9hG4bK?";

	mark[sizeof mark - 2] = letter;
	canned_put_text(writer, "Via: SIP/2.0/UDP ");
	canned_put_text(writer, canned_setting.own);
	canned_put_text(writer, mark);
	canned_put_ident(writer, ident);
	canned_put_text(writer, "\r\n");
}

size_t canned_invite(char *out, struct ident ident)
{
	return canned_fill(out, &canned_mould_invite, ident);
}

size_t canned_cancel(char *out, struct ident ident)
{
	return canned_fill(out, &canned_mould_cancel, ident);
}

size_t canned_refused_ack(char *out, struct ident ident, const struct peek *refusal)
{
	struct canned_writer writer = { out, out + LINK_MESSAGE };

	canned_put_mould(&writer, &canned_mould_ack, ident);
	canned_put_span(&writer, refusal->to);
	canned_put_text(&writer, "Content-Length: 0\r\n\r\n");
	return canned_size(&writer, out);
}

/*
 * Writes the caller's Routes: the Record-Routes of the answer in reverse order, without
 * the proxy's own (hop 0), because the request has passed that one when it reaches the
 * system.
 */
static void canned_put_routes(struct canned_writer *writer,
			      const struct peek_list *recorded)
{
	struct span value[PEEK_LINES];
	unsigned count = 0;

	for (unsigned i = 0; i < recorded->count; i++) {
		struct span rest = recorded->line[i];
		while (count < PEEK_LINES && peek_next(&rest, &value[count]))
			count++;
	}
	while (count--) {
		struct span behind;
		if (peek_behind(value[count], ";hop=0", &behind))
			continue;
		canned_put_text(writer, "Route: ");
		canned_put_span(writer, value[count]);
		canned_put_text(writer, "\r\n");
	}
}

/* Writes a request of the caller inside the dialog that ANSWER established. */
static size_t canned_in_dialog(char *out, struct ident ident, const struct peek *answer,
			       const char *method, const char *cseq)
{
	struct canned_writer writer = { out, out + LINK_MESSAGE };
	struct span rest = answer->contact;
	struct span contact;

	if (!rest.size || !peek_behind(rest, ":", &rest) || !peek_next(&rest, &contact))
		return 0;
	canned_put_text(&writer, method);
	canned_put_text(&writer, " ");
	canned_put_span(&writer, peek_uri(contact));
	canned_put_text(&writer, " SIP/2.0\r\n");
	canned_put_via(&writer, *method == 'A' ? 'a' : 'b', ident);
	canned_put_routes(&writer, &answer->record_route);
	canned_put_text(&writer, "Max-Forwards: 69\r\n");
	canned_put_span(&writer, answer->from);
	canned_put_span(&writer, answer->to);
	canned_put_span(&writer, answer->call_id);
	canned_put_text(&writer, cseq);
	canned_put_text(&writer, "Content-Length: 0\r\n\r\n");
	return canned_size(&writer, out);
}

size_t canned_ack(char *out, struct ident ident, const struct peek *answer)
{
	return canned_in_dialog(out, ident, answer, "ACK", "CSeq: 1 ACK\r\n");
}

size_t canned_bye(char *out, struct ident ident, const struct peek *answer)
{
	return canned_in_dialog(out, ident, answer, "BYE", "CSeq: 2 BYE\r\n");
}

static void canned_put_to(struct canned_writer *writer, struct span to, struct ident tag)
{
	struct span behind;

	if (peek_behind(to, ";tag=", &behind)) {
		canned_put_span(writer, to);
		return;
	}
	while (to.size && (to.text[to.size - 1] == '\n' || to.text[to.size - 1] == '\r'))
		to.size--;
	canned_put_span(writer, to);
	canned_put_text(writer, ";tag=b");
	canned_put_ident(writer, tag);
	canned_put_text(writer, "\r\n");
}

size_t canned_answer(char *out, const struct peek *request,
		     const struct canned_answer *answer)
{
	struct canned_writer writer = { out, out + LINK_MESSAGE };
	char start[64];

	snprintf(start, sizeof start, "SIP/2.0 %d %s\r\n", answer->status,
		 answer->reason);
	canned_put_text(&writer, start);
	canned_put_lines(&writer, &request->via);
	if (answer->is_invite) {
		canned_put_text(&writer, canned_delivery);
		canned_put_lines(&writer, &request->record_route);
		canned_put_text(&writer, canned_contact);
	}
	canned_put_span(&writer, request->from);
	canned_put_to(&writer, request->to, answer->tag);
	canned_put_span(&writer, request->call_id);
	canned_put_span(&writer, request->cseq);
	if (answer->is_invite && answer->status == 200) {
		char length[64];
		snprintf(length, sizeof length,
			 "Content-Type: application/sdp\r\nContent-Length: %zu\r\n\r\n",
			 sizeof canned_sdp - 1);
		canned_put_text(&writer, length);
		canned_put(&writer, canned_sdp, sizeof canned_sdp - 1);
	} else {
		canned_put_text(&writer, "Content-Length: 0\r\n\r\n");
	}
	return canned_size(&writer, out);
}

/* Writes the values of LINE except the first. */
static void canned_put_others(struct canned_writer *writer, struct span line,
			      const char *name)
{
	struct span rest = line;
	struct span value;

	if (!peek_next(&rest, &value))
		return;
	while (peek_next(&rest, &value)) {
		canned_put_text(writer, name);
		canned_put_span(writer, value);
		canned_put_text(writer, "\r\n");
	}
}

/* Writes the part of LEFT before LINE, and sets LEFT to the part behind it. */
static void canned_put_up_to(struct canned_writer *writer, struct span *left,
			     struct span line)
{
	size_t before = (size_t)(line.text - left->text);

	canned_put(writer, left->text, before);
	left->text = line.text + line.size;
	left->size -= before + line.size;
}

size_t canned_pass_invite(char *out, struct ident ident, const struct peek *request)
{
	struct canned_writer writer = { out, out + LINK_MESSAGE };
	struct span left = request->rest;

	canned_put_span(&writer, request->start);
	canned_put_via(&writer, 'm', ident);
	if (request->method == PEEK_INVITE)
		canned_put_mould(&writer, &canned_mould_recorded, ident);
	canned_put_mould(&writer, &canned_mould_way_on, ident);
	for (unsigned i = 0; i < request->route.count; i++)
		canned_put_up_to(&writer, &left, request->route.line[i]);
	canned_put_span(&writer, left);
	return canned_size(&writer, out);
}

size_t canned_pass_request(char *out, struct ident ident, const struct peek *request)
{
	struct canned_writer writer = { out, out + LINK_MESSAGE };
	struct span left = request->rest;

	canned_put_span(&writer, request->start);
	canned_put_via(&writer, request->method == PEEK_ACK ? 'n' : 'o', ident);
	canned_put_up_to(&writer, &left, request->route.line[0]);
	canned_put_others(&writer, request->route.line[0], "Route: ");
	canned_put_span(&writer, left);
	return canned_size(&writer, out);
}

size_t canned_pass_response(char *out, const struct peek *response)
{
	struct canned_writer writer = { out, out + LINK_MESSAGE };
	struct span left = response->rest;

	canned_put_span(&writer, response->start);
	canned_put_up_to(&writer, &left, response->via.line[0]);
	canned_put_others(&writer, response->via.line[0], "Via: ");
	canned_put_span(&writer, left);
	return canned_size(&writer, out);
}
