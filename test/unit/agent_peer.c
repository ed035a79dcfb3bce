/* SPDX-License-Identifier: MIT */
#include "agent_peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WAIT_MS = 1000, AT_ONCE_MS = 10 };

static int socket_at(int type, const char *host, unsigned port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, type, 0), size = 4 << 20;

	inet_pton(AF_INET, host, &address.sin_addr);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	ck_assert_msg(bind(fd, (struct sockaddr *)&address, sizeof address) == 0,
		      "bind: %s", strerror(errno));
	return fd;
}

/* Whether TCP can use PORT: no connection of an earlier test occupies it. */
static bool is_free_for_tcp(const char *host, unsigned port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	bool is_free;

	inet_pton(AF_INET, host, &address.sin_addr);
	is_free = bind(fd, (struct sockaddr *)&address, sizeof address) == 0;
	close(fd);
	return is_free;
}

static void connect_to(struct phone *phone, unsigned port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	ck_assert_int_eq(connect(phone->fd, (struct sockaddr *)&address, sizeof address),
			 0);
}

void phone_open(struct stage *stage, struct phone *phone, const char *name,
		const char *host)
{
	struct sockaddr_in address;
	socklen_t length = sizeof address;

	memset(phone, 0, sizeof *phone);
	phone->stage = stage;
	phone->name = name;
	phone->listener = -1;
	for (;;) {
		phone->fd = socket_at(SOCK_DGRAM, host, 0);
		getsockname(phone->fd, (struct sockaddr *)&address, &length);
		phone->port = ntohs(address.sin_port);
		if (is_free_for_tcp(host, phone->port))
			break;
		close(phone->fd);
	}
	snprintf(phone->tag, sizeof phone->tag, "%s1", name);
	snprintf(phone->contact, sizeof phone->contact, "<sip:%s@127.0.0.1:%u>", name,
		 phone->port);
}

void phone_listen_tcp(struct phone *phone)
{
	phone->listener =
		socket_at(SOCK_STREAM | SOCK_NONBLOCK, "127.0.0.1", phone->port);
	ck_assert_int_eq(listen(phone->listener, 8), 0);
	close(phone->fd);
	phone->fd = -1;
	phone->is_stream = true;
	snprintf(phone->contact, sizeof phone->contact,
		 "<sip:%s@127.0.0.1:%u;transport=tcp>", phone->name, phone->port);
}

void phone_connect_tcp(struct phone *phone)
{
	close(phone->fd);
	phone->fd = socket_at(SOCK_STREAM, "127.0.0.1", phone->port);
	phone->is_stream = true;
	connect_to(phone, phone->stage->tcp);
	snprintf(phone->contact, sizeof phone->contact,
		 "<sip:%s@127.0.0.1:%u;transport=tcp>", phone->name, phone->port);
}

void phone_close(struct phone *phone)
{
	if (phone->fd >= 0)
		close(phone->fd);
	if (phone->listener >= 0)
		close(phone->listener);
}

void phone_send(struct phone *phone, const char *text, size_t length)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)phone->stage->udp),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	ssize_t sent = phone->is_stream
			       ? send(phone->fd, text, length, MSG_NOSIGNAL)
			       : sendto(phone->fd, text, length, 0,
					(struct sockaddr *)&address, sizeof address);

	ck_assert_msg(sent == (ssize_t)length, "%s sends: %s", phone->name,
		      strerror(errno));
}

/* Moves one complete message of a TCP stream from phone->pending to phone->heard. */
static bool take_from_stream(struct phone *phone)
{
	char *end = strstr(phone->pending, "\r\n\r\n");
	size_t length;

	if (!end)
		return false;
	length = (size_t)(end + 4 - phone->pending) +
		 strtoul(text_header(phone->pending, "Content-Length", 0), NULL, 10);
	if (phone->pending_length < length)
		return false;
	memcpy(phone->heard, phone->pending, length);
	phone->heard[length] = '\0';
	phone->pending_length -= length;
	memmove(phone->pending, phone->pending + length, phone->pending_length + 1);
	return true;
}

static bool receive(struct phone *phone)
{
	ssize_t length;

	if (!phone->is_stream) {
		length = recv(phone->fd, phone->heard, sizeof phone->heard - 1,
			      MSG_DONTWAIT);
		phone->heard[length > 0 ? length : 0] = '\0';
		return length > 0;
	}
	if (take_from_stream(phone))
		return true;
	if (phone->fd < 0)
		phone->fd = accept4(phone->listener, NULL, NULL, SOCK_NONBLOCK);
	if (phone->fd < 0)
		return false;
	length = recv(phone->fd, phone->pending + phone->pending_length,
		      sizeof phone->pending - 1 - phone->pending_length, MSG_DONTWAIT);
	phone->pending_length += length > 0 ? (size_t)length : 0;
	phone->pending[phone->pending_length] = '\0';
	return take_from_stream(phone);
}

/* Reading the text of messages. */

static const char *next_line(const char *line)
{
	const char *end = strstr(line, "\r\n");

	return end ? end + 2 : line + strlen(line);
}

static bool is_header(const char *line, const char *name)
{
	size_t length = strlen(name);

	return strncasecmp(line, name, length) == 0 &&
	       line[length + strspn(line + length, " ")] == ':';
}

const char *text_header(const char *text, const char *name, unsigned n)
{
	static char values[6][PHONE_TEXT];
	static unsigned next;
	char *value = values[next++ % 6];
	const char *line = next_line(text);

	value[0] = '\0';
	for (; *line && *line != '\r'; line = next_line(line)) {
		if (!is_header(line, name) || n-- > 0)
			continue;
		line = strchr(line, ':') + 1;
		line += strspn(line, " ");
		snprintf(value, PHONE_TEXT, "%.*s", (int)strcspn(line, "\r"), line);
		break;
	}
	return value;
}

const char *text_without(const char *text, const char *names)
{
	static char rest[PHONE_TEXT];
	char *to = rest;

	for (const char *line = next_line(text); *line && *line != '\r';
	     line = next_line(line)) {
		size_t name = strcspn(line, ":") + 1,
		       length = (size_t)(next_line(line) - line);
		const char *owned = names;

		while (*owned && strncasecmp(owned, line, name) != 0)
			owned += strcspn(owned, ":") + 1;
		if (!*owned)
			to = (char *)memcpy(to, line, length) + length;
	}
	*to = '\0';
	return rest;
}

const char *text_body(const char *text)
{
	const char *body = strstr(text, "\r\n\r\n");

	return body ? body + 4 : "";
}

static bool is_request(const char *text)
{
	return strncmp(text, "SIP/2.0", 7) != 0;
}

/* Whether the message heard is WHAT: a method, or status and method as in "200 INVITE". */
static bool is_what(const char *text, const char *what)
{
	size_t length;

	if (is_request(text)) {
		length = strcspn(text, " ");
		return strlen(what) == length && strncmp(text, what, length) == 0;
	}
	length = strcspn(what, " ");
	if (what[length] != ' ' || strncmp(text + 8, what, length) != 0)
		return false;
	text = text_header(text, "CSeq", 0);
	return strcmp(text + strcspn(text, " "), what + length) == 0;
}

/* Sending requests and responses. */

static void copy(char *to, size_t size, const char *from)
{
	ck_assert_msg(strlen(from) < size, "too long: %s", from);
	strcpy(to, from);
}

/* The address between < and >. */
static void copy_target(struct phone *phone, const char *contact)
{
	const char *from = strchr(contact, '<');

	if (from)
		snprintf(phone->target, sizeof phone->target, "%.*s",
			 (int)strcspn(from + 1, ">"), from + 1);
}

/* Makes Route lines of the Record-Route lines heard; the caller's are in reverse order. */
static void copy_routes(struct phone *phone, bool is_reversed)
{
	char lines[sizeof phone->route];
	const char *value;

	phone->route[0] = '\0';
	for (unsigned n = 0; *(value = text_header(phone->heard, "Record-Route", n));
	     n++) {
		snprintf(lines, sizeof lines, "%s", phone->route);
		ck_assert_int_lt(snprintf(phone->route, sizeof phone->route,
					  "%sRoute: %s\r\n%s", is_reversed ? "" : lines,
					  value, is_reversed ? lines : ""),
				 (int)sizeof phone->route);
	}
}

static const char *tag_of(const char *address)
{
	const char *tag = strstr(address, ";tag=");

	return tag ? tag + 5 : "";
}

/* Learns the dialog from the message just heard. */
static void learn(struct phone *phone)
{
	const char *text = phone->heard;

	if (is_request(text)) {
		copy(phone->request, sizeof phone->request, text);
		if (!is_what(text, "INVITE"))
			return;
		copy_target(phone, text_header(text, "Contact", 0));
		if (*tag_of(text_header(text, "To", 0)))
			return;
		copy(phone->call_id, sizeof phone->call_id,
		     text_header(text, "Call-ID", 0));
		copy(phone->remote, sizeof phone->remote, text_header(text, "From", 0));
		snprintf(phone->local, sizeof phone->local, "%s;tag=%s",
			 text_header(text, "To", 0), phone->tag);
		copy_routes(phone, false);
		phone->cseq = 100;
	} else if (strstr(text_header(text, "CSeq", 0), "INVITE") && text[8] < '3' &&
		   *tag_of(text_header(text, "To", 0))) {
		copy_target(phone, text_header(text, "Contact", 0));
		copy(phone->remote, sizeof phone->remote, text_header(text, "To", 0));
		if (!*phone->route)
			copy_routes(phone, true);
	}
}

static bool is_trying(const struct phone *phone, const char *what)
{
	return strncmp(phone->heard, "SIP/2.0 100", 11) == 0 &&
	       strncmp(what, "100", 3) != 0;
}

/* Messages over loopback arrive at once.  Later ones come from a timer, and the clock
 * moves only here and in stage_skip(). */
static bool next_message(struct phone *phone, unsigned wait_ms)
{
	for (unsigned i = 0; i <= wait_ms; i++) {
		if (receive(phone))
			return true;
		stage_run(phone->stage);
		if (i > 2 && (i < AT_ONCE_MS || phone->is_stream))
			poll(NULL, 0, 1);
		if (i >= AT_ONCE_MS)
			loop_skip(1);
	}
	return false;
}

static void hear(struct phone *phone, const char *what, bool is_strict)
{
	for (;;) {
		ck_assert_msg(next_message(phone, WAIT_MS), "%s hears nothing, not %s",
			      phone->name, what);
		if (is_trying(phone, what))
			continue;
		if (is_what(phone->heard, what))
			break;
		ck_assert_msg(!is_strict, "%s hears, not %s:\n%s", phone->name, what,
			      phone->heard);
	}
	learn(phone);
}

void phone_hear(struct phone *phone, const char *what)
{
	hear(phone, what, true);
}

void phone_await(struct phone *phone, const char *what)
{
	hear(phone, what, false);
}

void phone_hear_nothing(struct phone *phone)
{
	while (next_message(phone, 2))
		ck_assert_msg(is_trying(phone, ""), "%s hears:\n%s", phone->name,
			      phone->heard);
}

void phone_forget(struct phone *phone)
{
	while (receive(phone))
		continue;
}

static char sent[PHONE_TEXT];	/* the last request, for phone_resend() */

__attribute__((format(printf, 2, 3))) static void send_text(struct phone *phone,
							    const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(sent, sizeof sent, format, args);
	va_end(args);
	ck_assert_int_lt(length, (int)sizeof sent);
	phone_send(phone, sent, (size_t)length);
}

void phone_resend(struct phone *phone)
{
	phone_send(phone, sent, strlen(sent));
}

static void send_request(struct phone *phone, const char *method, unsigned cseq,
			 const char *headers, const char *body)
{
	send_text(
		phone,
		"%s %s SIP/2.0\r\n"
		"Via: SIP/2.0/%s 127.0.0.1:%u;branch=z9hG4bK%u-%u\r\n"
		"%sMax-Forwards: 70\r\nFrom: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %u %s\r\n"
		"Contact: %s\r\n%s%sContent-Length: %zu\r\n\r\n%s",
		method, phone->target, phone->is_stream ? "TCP" : "UDP", phone->port,
		phone->port, phone->branch, phone->route, phone->local, phone->remote,
		phone->call_id, cseq, method, phone->contact, headers,
		*body && !strcasestr(headers, "Content-Type:")
			? "Content-Type: application/sdp\r\n"
			: "",
		strlen(body), body);
}

void phone_invite_by(struct phone *phone, const char *routes, const char *headers,
		     const char *body)
{
	struct stage *stage = phone->stage;

	stage->calls++;
	snprintf(phone->call_id, sizeof phone->call_id, "call-%u-%u@127.0.0.1",
		 stage->calls, phone->port);
	snprintf(phone->local, sizeof phone->local,
		 "\"Alice\" <sip:1001@example.com>;tag=%s", phone->tag);
	copy(phone->remote, sizeof phone->remote, "<sip:2001@example.com>");
	copy(phone->target, sizeof phone->target, "sip:2001@example.com");
	copy(phone->route, sizeof phone->route, routes);
	phone->cseq = phone->invite_cseq = 1;
	phone->branch++;
	send_request(phone, "INVITE", 1, headers, body);
	phone->route[0] = '\0';
}

static void usual_routes(const struct stage *stage, char *routes, size_t size)
{
	const char *transport = stage->callee.is_stream ? ";transport=tcp" : "";

	snprintf(routes, size,
		 "Route: <sip:127.0.0.1:%u;lr;phase=%s;seq=explicit>\r\n"
		 "Route: <sip:127.0.0.1:%u%s;lr;odi=7f3a>\r\n",
		 stage->udp, stage->phase, stage->callee.port, transport);
}

void phone_invite(struct phone *phone, const char *headers, const char *body)
{
	char routes[512];

	usual_routes(phone->stage, routes, sizeof routes);
	phone_invite_by(phone, routes, headers, body);
}

void phone_ask(struct phone *phone, const char *method, const char *headers,
	       const char *body)
{
	phone->branch++;
	phone->cseq++;
	if (strcmp(method, "INVITE") == 0)
		phone->invite_cseq = phone->cseq;
	send_request(phone, method, phone->cseq, headers, body);
}

void phone_ack(struct phone *phone)
{
	phone->branch++;
	send_request(phone, "ACK", phone->invite_cseq, "", "");
}

/* Sends a request with the Via branch of the INVITE, which must be the last request sent. */
static void send_hop(struct phone *phone, const char *method, const char *remote,
		     const char *headers)
{
	char routes[512], saved[sizeof phone->route], target[sizeof phone->target];
	char to[sizeof phone->remote];
	bool is_initial = phone->cseq == 1;

	copy(saved, sizeof saved, phone->route);
	copy(target, sizeof target, phone->target);
	copy(to, sizeof to, phone->remote);
	if (is_initial) {
		usual_routes(phone->stage, routes, sizeof routes);
		copy(phone->route, sizeof phone->route, routes);
		copy(phone->target, sizeof phone->target, "sip:2001@example.com");
		copy(phone->remote, sizeof phone->remote, remote);
	}
	send_request(phone, method, phone->invite_cseq, headers, "");
	copy(phone->route, sizeof phone->route, saved);
	copy(phone->target, sizeof phone->target, target);
	copy(phone->remote, sizeof phone->remote, to);
}

void phone_ack_failure(struct phone *phone)
{
	char to[sizeof phone->remote];

	copy(to, sizeof to, text_header(phone->heard, "To", 0));
	send_hop(phone, "ACK", to, "");
}

void phone_cancel(struct phone *phone, const char *headers)
{
	send_hop(phone, "CANCEL", "<sip:2001@example.com>", headers);
}

void phone_answer_as(struct phone *phone, const char *tag, int status,
		     const char *headers, const char *body)
{
	const char *value, *to;
	char hops[4096] = "";
	size_t used = 0;

	for (unsigned n = 0; *(value = text_header(phone->request, "Via", n)); n++)
		used += (size_t)sprintf(hops + used, "Via: %s\r\n", value);
	for (unsigned n = 0; *(value = text_header(phone->request, "Record-Route", n));
	     n++)
		used += (size_t)sprintf(hops + used, "Record-Route: %s\r\n", value);
	to = text_header(phone->request, "To", 0);
	if (is_what(phone->request, "INVITE") && !*tag_of(to))
		snprintf(phone->local, sizeof phone->local, "%s;tag=%s", to, tag);
	send_text(phone,
		  "SIP/2.0 %d Said\r\n%sFrom: %s\r\nTo: %s%s%s\r\nCall-ID: %s\r\n"
		  "CSeq: %s\r\nContact: %s\r\n%sContent-Length: %zu\r\n\r\n%s",
		  status, hops, text_header(phone->request, "From", 0), to,
		  *tag_of(to) ? "" : ";tag=", *tag_of(to) ? "" : tag,
		  text_header(phone->request, "Call-ID", 0),
		  text_header(phone->request, "CSeq", 0), phone->contact, headers,
		  strlen(body), body);
}

void phone_answer(struct phone *phone, int status, const char *headers, const char *body)
{
	phone_answer_as(phone, phone->tag, status, headers, body);
}

void phone_answer_to(struct phone *phone, const char *request, int status)
{
	strcpy(phone->request, request);
	phone_answer(phone, status, "", "");
}

void phone_has(struct phone *phone, const char *name, const char *part)
{
	const char *value;

	for (unsigned n = 0; *(value = text_header(phone->heard, name, n)); n++)
		if (strstr(value, part))
			return;
	ck_abort_msg("%s: no %s with %s in:\n%s", phone->name, name, part, phone->heard);
}

void phone_lacks(struct phone *phone, const char *name, const char *part)
{
	const char *value;

	for (unsigned n = 0; *(value = text_header(phone->heard, name, n)); n++)
		ck_assert_msg(!strstr(value, part), "%s: %s with %s in:\n%s", phone->name,
			      name, part, phone->heard);
}
