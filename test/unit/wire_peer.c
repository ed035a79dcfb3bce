/* SPDX-License-Identifier: MIT */
#include "wire_peer.h"

#include "base/clock.h"
#include "base/fault.h"
#include "wire/ask.h"
#include "wire/listener.h"
#include "wire/way.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

/* Far ends. */

static int socket_at(int type, const char *host, unsigned port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0), on = 1;

	inet_pton(AF_INET, host, &address.sin_addr);
	if (type == SOCK_STREAM)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	close(fd);
	return -1;
}

static unsigned port_of(int fd)
{
	struct sockaddr_in address;
	socklen_t length = sizeof address;

	getsockname(fd, (struct sockaddr *)&address, &length);
	return ntohs(address.sin_port);
}

void far_open(struct stage *stage, struct far *far, const char *host)
{
	memset(far, 0, sizeof *far);
	far->stage = stage;
	/* Both transports at one port, so that a request may change from one to the other. */
	do {
		far->fd = socket_at(SOCK_DGRAM, host, 0);
		ck_assert_int_ge(far->fd, 0);
		far->port = port_of(far->fd);
		far->listener = socket_at(SOCK_STREAM, host, far->port);
		if (far->listener < 0)
			close(far->fd);
	} while (far->listener < 0);
	ck_assert_int_eq(listen(far->listener, 8), 0);
}

void far_hang_up(struct far *far)
{
	if (far->fd >= 0)
		close(far->fd);
	far->fd = -1;
	far->pending_length = 0;
	stage_run(far->stage);
}

void far_close(struct far *far)
{
	if (far->fd >= 0)
		close(far->fd);
	if (far->listener >= 0)
		close(far->listener);
}

/* What is sent is there at once, however small. */
static void do_not_delay(int fd)
{
	const int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void connect_to(struct far *far, unsigned port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	close(far->fd);
	far->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	far->is_stream = true;
	do_not_delay(far->fd);
	ck_assert_int_eq(connect(far->fd, (struct sockaddr *)&address, sizeof address),
			 0);
}

void far_send(struct far *far, const char *text)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)far->stage->udp),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	size_t length = strlen(text);
	ssize_t sent = far->is_stream
			       ? send(far->fd, text, length, MSG_NOSIGNAL)
			       : sendto(far->fd, text, length, 0,
					(struct sockaddr *)&address, sizeof address);

	ck_assert_msg(sent == (ssize_t)length, "send: %s", strerror(errno));
	stage_run(far->stage);
}

static bool take_from_stream(struct far *far)
{
	char *end = strstr(far->pending, "\r\n\r\n");
	size_t length;

	if (!end)
		return false;
	length = (size_t)(end + 4 - far->pending) +
		 strtoul(far_header(far->pending, "Content-Length", 0), NULL, 10);
	if (far->pending_length < length)
		return false;
	memcpy(far->heard, far->pending, length);
	far->heard[length] = '\0';
	far->pending_length -= length;
	memmove(far->pending, far->pending + length, far->pending_length + 1);
	return true;
}

static bool receive(struct far *far)
{
	ssize_t length;

	if (!far->is_stream) {
		length = recv(far->fd, far->heard, sizeof far->heard - 1, MSG_DONTWAIT);
		far->heard[length > 0 ? length : 0] = '\0';
		return length > 0;
	}
	if (take_from_stream(far))
		return true;
	if (far->fd < 0) {
		struct pollfd ready = { .fd = far->listener, .events = POLLIN };

		if (poll(&ready, 1, 0) == 1)
			far->fd = accept4(far->listener, NULL, NULL, SOCK_CLOEXEC);
		do_not_delay(far->fd);
		stage_run(far->stage);
	}
	if (far->fd < 0)
		return false;
	length = recv(far->fd, far->pending + far->pending_length,
		      sizeof far->pending - 1 - far->pending_length, MSG_DONTWAIT);
	far->pending_length += length > 0 ? (size_t)length : 0;
	far->pending[far->pending_length] = '\0';
	return take_from_stream(far);
}

void far_hear(struct far *far, const char *start)
{
	bool is_here = false;

	/* A stream may take a moment of real time. */
	for (unsigned i = 0; i < 200 && !is_here; i++) {
		stage_run(far->stage);
		is_here = receive(far);
		if (!is_here)
			loop_step(far->stage->loop, far->is_stream ? 5 : 0);
	}
	ck_assert_msg(is_here, "nothing came, not even %s", start);
	ck_assert_msg(strncmp(far->heard, start, strlen(start)) == 0,
		      "%s was to come, not %s", start, far->heard);
}

void far_hear_nothing(struct far *far)
{
	stage_run(far->stage);
	ck_assert_msg(!receive(far), "came: %s", far->heard);
}

void far_hear_after(struct far *far, unsigned ms, const char *start)
{
	stage_skip(far->stage, ms - 1);
	far_hear_nothing(far);
	stage_skip(far->stage, 1);
	far_hear(far, start);
}

/* Text. */

static const char *next_line(const char *line)
{
	const char *end = strstr(line, "\r\n");

	return end ? end + 2 : line + strlen(line);
}

const char *far_header(const char *text, const char *name, unsigned n)
{
	static char values[6][8192];
	static unsigned next;
	char *value = values[next++ % 6];
	size_t length = strlen(name);
	const char *line = next_line(text);

	value[0] = '\0';
	for (; *line && *line != '\r'; line = next_line(line)) {
		if (strncasecmp(line, name, length) != 0 || line[length] != ':' ||
		    n-- > 0)
			continue;
		line += length + 1;
		line += strspn(line, " ");
		snprintf(value, sizeof values[0], "%.*s", (int)strcspn(line, "\r"), line);
		break;
	}
	return value;
}

void far_has(struct far *far, const char *name, const char *part)
{
	const char *value = far_header(far->heard, name, 0);

	ck_assert_msg(strstr(value, part) && *value, "%s: %s lacks %s", name, value,
		      part);
}

void far_lacks(struct far *far, const char *name, const char *part)
{
	const char *value = far_header(far->heard, name, 0);

	ck_assert_msg(!*value || !strstr(value, part), "%s: %s has %s", name, value,
		      part);
}

void far_request(struct far *far, const char *method, const char *branch,
		 const char *headers, const char *body)
{
	static char text[FAR_TEXT];

	ck_assert_int_lt(snprintf(text, sizeof text,
				  "%s sip:2001@127.0.0.1 SIP/2.0\r\n"
				  "Via: SIP/2.0/%s 127.0.0.1:%u;branch=z9hG4bK%s\r\n"
				  "From: <sip:1001@example.com>;tag=a1\r\n"
				  "To: <sip:2001@example.com>\r\n"
				  "Call-ID: call-1@far\r\n"
				  "CSeq: 7 %s\r\n"
				  "Max-Forwards: 70\r\n"
				  "%s"
				  "Content-Length: %zu\r\n\r\n%s",
				  method, far->is_stream ? "TCP" : "UDP", far->port,
				  branch ? branch : "1", method, headers, strlen(body),
				  body),
			 (int)sizeof text);
	far_send(far, text);
}

void far_answer_to(struct far *far, const char *request, const char *status,
		   const char *tag, const char *headers)
{
	static char text[FAR_TEXT];
	size_t used = (size_t)snprintf(text, sizeof text, "SIP/2.0 %s\r\n", status);

	for (unsigned n = 0; *far_header(request, "Via", n); n++)
		used += (size_t)snprintf(text + used, sizeof text - used, "Via: %s\r\n",
					 far_header(request, "Via", n));
	snprintf(text + used, sizeof text - used,
		 "From: %s\r\nTo: %s%s%s\r\nCall-ID: %s\r\nCSeq: %s\r\n%s"
		 "Content-Length: 0\r\n\r\n",
		 far_header(request, "From", 0), far_header(request, "To", 0),
		 *tag ? ";tag=" : "", tag, far_header(request, "Call-ID", 0),
		 far_header(request, "CSeq", 0), headers);
	far_send(far, text);
}

void far_answer(struct far *far, const char *status, const char *tag, const char *headers)
{
	static char request[FAR_TEXT];

	snprintf(request, sizeof request, "%s", far->heard);
	far_answer_to(far, request, status, tag, headers);
}

/* The stage. */

void stage_note(struct stage *stage, const char *format, ...)
{
	size_t used = strlen(stage->notes);
	va_list args;

	va_start(args, format);
	vsnprintf(stage->notes + used, sizeof stage->notes - used, format, args);
	va_end(args);
	used = strlen(stage->notes);
	snprintf(stage->notes + used, sizeof stage->notes - used, " ");
}

void stage_noted(struct stage *stage, const char *notes)
{
	stage_run(stage);
	ck_assert_str_eq(stage->notes, notes);
	stage->notes[0] = '\0';
}

static void on_ack(void *context, msg_t *ack)
{
	(void)ack;
	stage_note(context, "ack");
}

static void on_cancel(void *context, msg_t *cancel)
{
	(void)cancel;
	stage_note(context, "cancel");
}

static void on_prack(void *context, struct uas *prack, uint32_t rseq)
{
	stage_note(context, "prack:%u", rseq);
	uas_reply(prack, 200, NULL);
	uas_free(prack);
}

static void on_lost(void *context, enum uas_loss why)
{
	static const char *const names[] = { "no-ack", "no-prack", "transport" };

	stage_note(context, "lost:%s", names[why]);
}

static void on_request(void *context, const struct peer *peer,
		       const struct listener *listener, msg_t *msg)
{
	struct stage *stage = context;
	const sip_t *sip = sip_object(msg);

	(void)listener;
	stage_note(stage, "%s%s",
		   peer ? "" : "stranger:", sip->sip_request->rq_method_name);
	if (!stage->takes || sip->sip_request->rq_method == sip_method_ack) {
		msg_destroy(stage->request);
		stage->request = msg;
		return;
	}
	uas_free(stage->uas);
	stage->uas = uas_new(stage->wire, msg);
	if (stage->uas)
		uas_bind(stage->uas, &stage->uas_events, stage);
}

static void on_response(void *context, msg_t *msg)
{
	stage_note(context, "stray:%d", sip_object(msg)->sip_status->st_status);
	msg_destroy(msg);
}

static const char *address_text(struct stage *stage, size_t i)
{
	static char text[2][64];
	const char *at = wire_addresses(stage->wire);

	for (; i > 0; i--)
		at = strchr(at, ' ') + 1;
	snprintf(text[0], sizeof text[0], "%.*s", (int)strcspn(at, " "), at);
	return text[0];
}

static unsigned port_at(struct stage *stage, size_t i)
{
	const char *text = address_text(stage, i);

	return (unsigned)strtoul(strrchr(text, ':') + 1, NULL, 10);
}

static void open_wire(struct stage *stage, void (*setup)(struct stage *stage),
		      const char *transport)
{
	struct fault fault = { "" };

	far_open(stage, &stage->far, "127.0.0.1");
	stage->listen[0] = (struct wire_address){ "127.0.0.1", 0, "udp" };
	stage->listen[1] = (struct wire_address){ "127.0.0.1", 0, "tcp" };
	stage->peers[0] = (struct wire_peer){
		.name = "far", .address = { "127.0.0.1", stage->far.port, transport }
	};
	stage->settings = (struct wire_settings){
		.listen = stage->listen,
		.listen_count = 2,
		.peers = stage->peers,
		.peer_count = 1,
		.domain = "example.com",
	};
	stage->events =
		(struct wire_events){ .request = on_request, .response = on_response };
	stage->uas_events = (struct uas_events){
		.ack = on_ack, .cancel = on_cancel, .prack = on_prack, .lost = on_lost
	};
	if (setup)
		setup(stage);
	ck_assert_msg(wire_open(stage->loop, &stage->settings, &stage->events, stage,
				&stage->wire, &fault) == 0,
		      "%s", fault.text);
	stage->udp = port_at(stage, 0);
	stage->tcp = port_at(stage, 1);
}

static void begin(struct stage *stage)
{
	memset(stage, 0, sizeof *stage);
	clock_set(1795253400000000, 1000000);
	stage->loop = loop_new();
	stage->takes = true;
}

void stage_open(struct stage *stage, void (*setup)(struct stage *stage))
{
	begin(stage);
	open_wire(stage, setup, "udp");
}

void stage_open_tcp(struct stage *stage, void (*setup)(struct stage *stage))
{
	begin(stage);
	open_wire(stage, setup, "tcp");
	connect_to(&stage->far, stage->tcp);
	stage_run(stage);
}

void stage_run(struct stage *stage)
{
	for (unsigned i = 0; i < 4; i++)
		loop_step(stage->loop, stage->far.is_stream && i < 2 ? 1 : 0);
}

void stage_skip(struct stage *stage, unsigned ms)
{
	stage_run(stage);
	loop_advance(stage->loop, ms);
}

void stage_close(struct stage *stage)
{
	uas_free(stage->uas);
	uac_free(stage->uac);
	msg_destroy(stage->request);
	wire_close(stage->wire);
	far_close(&stage->far);
	loop_free(stage->loop);
	clock_set(-1, -1);
}

void stage_counts(struct stage *stage, size_t servers, size_t clients)
{
	struct wire_statistics statistics;

	stage_run(stage);
	wire_statistics(stage->wire, &statistics);
	ck_assert_uint_eq(statistics.server_transactions, servers);
	ck_assert_uint_eq(statistics.client_transactions, clients);
}

void stage_end(struct stage *stage)
{
	uas_free(stage->uas);
	stage->uas = NULL;
	uac_free(stage->uac);
	stage->uac = NULL;
	for (unsigned i = 0; i < 8; i++)
		stage_skip(stage, 33000);
	stage_counts(stage, 0, 0);
	stage_close(stage);
}

/* What the wire asks. */

void stage_heard(void *context, struct uac *uac, int status, msg_t *response)
{
	struct stage *stage = context;

	stage_note(stage, "%s%d", response ? "" : "made-up:", status);
	if (!stage->frees_on_heard)
		return;
	ck_assert_ptr_eq(uac, stage->uac);
	stage->uac = NULL;
	uac_free(uac);
}

static msg_t *request_of(struct stage *stage, sip_method_t method, const char *name,
			 const char *tag)
{
	char uri[64];
	msg_t *msg;

	snprintf(uri, sizeof uri, "sip:2001@127.0.0.1:%u;transport=%s", stage->far.port,
		 stage->far.is_stream ? "tcp" : "udp");
	msg = ask_request(stage->wire, &(struct ask){
					       .method = method,
					       .method_name = name,
					       .uri = uri,
					       .from = "<sip:1001@example.com>",
					       .to = "<sip:2001@example.com>",
					       .from_tag = "ours",
					       .call_id = "made@wire",
				       });
	ck_assert_ptr_nonnull(msg);
	if (tag)
		msg_header_replace_param(msg_home(msg), sip_object(msg)->sip_to->a_common,
					 tag);
	return msg;
}

msg_t *stage_request(struct stage *stage, sip_method_t method, const char *name)
{
	return request_of(stage, method, name, NULL);
}

struct way stage_way(struct stage *stage)
{
	struct way way;
	msg_t *msg = request_of(stage, SIP_METHOD_OPTIONS, NULL);
	struct fault fault = { "" };

	ck_assert_msg(way_find(stage->wire, NULL, sip_object(msg), NULL, &way, &fault) ==
			      0,
		      "%s", fault.text);
	msg_destroy(msg);
	return way;
}

void stage_ask(struct stage *stage, sip_method_t method, const char *name)
{
	struct way way = stage_way(stage);

	stage->uac = uac_send(stage->wire, &way, request_of(stage, method, name, NULL),
			      stage_heard, stage);
	ck_assert_ptr_nonnull(stage->uac);
}

void stage_ack(struct stage *stage, const char *tag)
{
	struct way way = stage_way(stage);
	char param[64];
	msg_t *ack;

	snprintf(param, sizeof param, "tag=%s", tag);
	ack = request_of(stage, SIP_METHOD_ACK, param);
	ck_assert_int_eq(uac_ack(stage->uac, &way, ack), 0);
}
