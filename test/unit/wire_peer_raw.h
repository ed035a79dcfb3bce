/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A transport on loopback and far ends made of bare sockets: what the tests of the lower floor
 * of lib/wire share.  Every wait is bounded.
 */
#include "wire/transport.h"

#include "base/fault.h"

enum { RAW_PACKETS = 4096, RAW_FAILURES = 256 };

struct raw_packet {
	char bytes[200];		/* the start */
	size_t length;
	struct sockaddr_storage from;
	enum way_transport transport;
	uint64_t connection;
	const struct wire_peer *peer;
};

/** The transport under test and what it told. */
struct raw {
	struct loop *loop;
	struct transport *transport;
	struct wire_settings settings;
	struct wire_address listen[4];
	struct wire_peer peers[2];
	struct raw_packet packets[RAW_PACKETS];
	size_t packet_count;
	uint64_t failed[RAW_FAILURES];
	int errors[RAW_FAILURES];
	size_t failed_count;
	unsigned drained_count, stranger_count, refused_count, seen_in, seen_out;
	int refused_status;
	char unshaken[256];		/* which peer, and why: the last */
	void (*on_packet)(struct raw *raw, const struct transport_packet *packet);
	struct fault fault;
};

/** The real clock; the loop's stands still but for loop_advance(). */
int64_t raw_now_ms(void);

/** Opens udp, tcp and tls (if settings.tls is set) on HOST with free ports; fails the test if it
 *  cannot. */
void raw_open(struct raw *raw, const char *host);

void raw_close(struct raw *raw);

/** Listener I's port. */
unsigned raw_port(const struct raw *raw, size_t i);

/** Makes the kernel keep as little for datagram listener I as it does where nothing is granted
 *  (212,992 bytes). */
void raw_shrink(const struct raw *raw, size_t i);

/** A far end's socket of TYPE, bound to HOST and a free port (*PORT, may be NULL). */
int raw_socket(int type, const char *host, unsigned *port);

/** Runs the loop until COUNT packets have been told, 2 s at most; whether they have. */
bool raw_wait(struct raw *raw, size_t count);

/** The same for failures. */
bool raw_wait_failed(struct raw *raw, size_t count);

/** Runs the loop for what is ready now. */
void raw_run(struct raw *raw);

/** A blocking TCP connection to listener I. */
int raw_connect(struct raw *raw, size_t i);

/** Sends TEXT to listener I by the datagram socket FD. */
void raw_sendto(struct raw *raw, int fd, size_t i, const void *bytes, size_t length);

/** Reads what comes to FD, running the loop meanwhile, until WANTED bytes or 2 s; how many.
 *  BYTES is terminated. */
size_t raw_read(struct raw *raw, int fd, char *bytes, size_t wanted);

/** Whether the far end has closed FD, running the loop for 2 s at most. */
bool raw_is_closed(struct raw *raw, int fd);

/** An OPTIONS with BODY_LENGTH bytes of body and Content-Length, in TEXT; its length. */
size_t raw_options(char *text, size_t size, unsigned cseq, size_t body_length);
