/* SPDX-License-Identifier: MIT */
#include "wire_peer_raw.h"

#include "base/clock.h"
#include "wire/endpoint.h"
#include "wire/listener.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_MS = 2000 };

int64_t raw_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void packet(void *context, const struct transport_packet *packet)
{
	struct raw *raw = context;
	struct raw_packet *kept = &raw->packets[raw->packet_count % RAW_PACKETS];

	ck_assert_int_eq(packet->bytes[packet->length], '\0');
	kept->length = packet->length;
	snprintf(kept->bytes, sizeof kept->bytes, "%s", packet->bytes);
	kept->from = packet->from;
	kept->transport = packet->transport;
	kept->connection = packet->connection;
	kept->peer = packet->peer;
	raw->packet_count++;
	if (raw->on_packet)
		raw->on_packet(raw, packet);
}

static void failed(void *context, uint64_t token, int err)
{
	struct raw *raw = context;

	raw->failed[raw->failed_count % RAW_FAILURES] = token;
	raw->errors[raw->failed_count % RAW_FAILURES] = err;
	raw->failed_count++;
}

static void drained(void *context)
{
	struct raw *raw = context;

	raw->drained_count++;
}

static void stranger(void *context, const struct transport_packet *packet, int status)
{
	struct raw *raw = context;

	ck_assert_ptr_nonnull(packet->scan);
	raw->stranger_count++;
	if (status) {
		raw->refused_status = status;
		raw->refused_count++;
	}
}

static void seen(void *context, const struct transport_frame *frame)
{
	struct raw *raw = context;

	ck_assert_uint_gt(frame->length, 0);
	ck_assert_uint_ne(endpoint_port(&frame->remote), 0);
	if (frame->is_out)
		raw->seen_out++;
	else
		raw->seen_in++;
}

static void unshaken(void *context, const struct wire_peer *peer,
		     const struct sockaddr_storage *far_end, const char *why)
{
	struct raw *raw = context;

	ck_assert_uint_ne(endpoint_port(far_end), 0);
	snprintf(raw->unshaken, sizeof raw->unshaken, "%s: %s", peer->name, why);
}

static const struct transport_events events = { packet,	  failed,   drained,
						stranger, unshaken, seen };

void raw_open(struct raw *raw, const char *host)
{
	static const char *const transports[] = { "udp", "tcp", "tls" };
	size_t count = raw->settings.tls ? 3 : 2;

	for (size_t i = 0; i < count; i++)
		raw->listen[i] = (struct wire_address){ host, 0, transports[i] };
	raw->settings.listen = raw->listen;
	raw->settings.listen_count = count;
	raw->settings.peers = raw->peers;
	clock_set(clock_wall_us(), clock_mono_ms());
	raw->loop = loop_new();
	ck_assert_ptr_nonnull(raw->loop);
	ck_assert_msg(transport_open(raw->loop, &raw->settings, &events, raw,
				     &raw->transport, &raw->fault) == 0,
		      "%s", raw->fault.text);
}

void raw_close(struct raw *raw)
{
	transport_close(raw->transport);
	loop_free(raw->loop);
	clock_set(-1, -1);
}

unsigned raw_port(const struct raw *raw, size_t i)
{
	return listener_port(transport_listener(raw->transport, i));
}

void raw_shrink(const struct raw *raw, size_t i)
{
	const struct sockaddr_storage *local =
		listener_endpoint(transport_listener(raw->transport, i));
	const int size = 212992 / 2;	/* the kernel doubles it */

	for (int fd = 3; fd < 100; fd++) {
		struct sockaddr_storage name = { 0 };
		socklen_t name_size = sizeof name, type_size = sizeof(int);
		int type = 0;

		if (getsockname(fd, (struct sockaddr *)&name, &name_size) < 0 ||
		    getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &type_size) < 0 ||
		    type != SOCK_DGRAM || !endpoint_is_same(&name, local))
			continue;
		ck_assert_int_eq(
			setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size), 0);
		return;
	}
	ck_abort_msg("no descriptor is the listener's");
}

int raw_socket(int type, const char *host, unsigned *port)
{
	struct sockaddr_storage local;
	socklen_t size;
	int fd;

	ck_assert_int_eq(endpoint_read(host, 0, &local), 0);
	fd = socket(local.ss_family, type | SOCK_CLOEXEC, 0);
	size = endpoint_size(&local);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&local, size), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&local, &size), 0);
	if (port)
		*port = endpoint_port(&local);
	return fd;
}

bool raw_wait(struct raw *raw, size_t count)
{
	int64_t end_ms = raw_now_ms() + WAIT_MS;

	while (raw->packet_count < count && raw_now_ms() < end_ms)
		loop_step(raw->loop, 10);
	return raw->packet_count >= count;
}

bool raw_wait_failed(struct raw *raw, size_t count)
{
	int64_t end_ms = raw_now_ms() + WAIT_MS;

	while (raw->failed_count < count && raw_now_ms() < end_ms)
		loop_step(raw->loop, 10);
	return raw->failed_count >= count;
}

void raw_run(struct raw *raw)
{
	for (int i = 0; i < 5; i++)
		loop_step(raw->loop, 1);
}

int raw_connect(struct raw *raw, size_t i)
{
	const struct sockaddr_storage *to =
		listener_endpoint(transport_listener(raw->transport, i));
	int fd = socket(to->ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(connect(fd, (const struct sockaddr *)to, endpoint_size(to)), 0);
	return fd;
}

void raw_sendto(struct raw *raw, int fd, size_t i, const void *bytes, size_t length)
{
	const struct sockaddr_storage *to =
		listener_endpoint(transport_listener(raw->transport, i));

	ck_assert_int_eq(sendto(fd, bytes, length, 0, (const struct sockaddr *)to,
				endpoint_size(to)),
			 (ssize_t)length);
}

size_t raw_read(struct raw *raw, int fd, char *bytes, size_t wanted)
{
	int64_t end_ms = raw_now_ms() + WAIT_MS;
	size_t used = 0;

	while (used < wanted && raw_now_ms() < end_ms) {
		ssize_t count = recv(fd, bytes + used, wanted - used, MSG_DONTWAIT);

		if (count > 0)
			used += (size_t)count;
		else if (count == 0)
			break;
		loop_step(raw->loop, 1);
	}
	bytes[used] = '\0';
	return used;
}

bool raw_is_closed(struct raw *raw, int fd)
{
	int64_t end_ms = raw_now_ms() + WAIT_MS;
	char bytes[4096];

	while (raw_now_ms() < end_ms) {
		ssize_t count = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);

		if (count == 0 || (count < 0 && errno != EAGAIN))
			return true;
		loop_step(raw->loop, 1);
	}
	return false;
}

size_t raw_options(char *text, size_t size, unsigned cseq, size_t body_length)
{
	size_t used =
		(size_t)snprintf(text, size,
				 "OPTIONS sip:a@127.0.0.1 SIP/2.0\r\n"
				 "Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bK%u\r\n"
				 "From: <sip:b@127.0.0.1>;tag=1\r\n"
				 "To: <sip:a@127.0.0.1>\r\n"
				 "Call-ID: %u@127.0.0.1\r\n"
				 "CSeq: %u OPTIONS\r\n"
				 "Content-Length: %zu\r\n"
				 "\r\n",
				 cseq, cseq, cseq, body_length);

	ck_assert_uint_lt(used + body_length, size);
	memset(text + used, 'b', body_length);
	text[used + body_length] = '\0';
	return used + body_length;
}
