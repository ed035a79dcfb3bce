/* SPDX-License-Identifier: MIT */
#include "capture/savefile.h"

#include "wire/endpoint.h"

#include <arpa/inet.h>
#include <string.h>

/* Times in microseconds, and the order of bytes is this machine's. */
static const uint32_t magic = 0xa1b2c3d4;

enum {
	LINKTYPE_RAW = 101,		/* an IPv4 or IPv6 packet and nothing before it */
	SNAPLEN = 262144,
	SEGMENT = 16384,		/* bytes of a stream in one packet */
	HEADS = 40 + 20,		/* IPv6 and TCP */
	TTL = 64,
	TCP_FLAGS = 0x18,		/* PSH, ACK */
	TCP_WINDOW = 0xffff,
};

/* One direction of a TCP connection. */
struct savefile_flow {
	struct savefile_flow *next;
	struct sockaddr_storage from, to;
	uint32_t sent;			/* number of the next byte */
};

struct savefile {
	FILE *out;
	struct arena *arena;
	struct savefile_flow *flows;
};

/* A packet being made: heads and then the bytes of the message. */
struct packet {
	unsigned char heads[HEADS];
	size_t length;			/* of the heads */
	const char *bytes;
	size_t count;
	int64_t wall_us;
};

struct savefile *savefile_begin(FILE *out, struct arena *arena)
{
	const struct {
		uint32_t mark;
		uint16_t major, minor;
		uint32_t zone, accuracy, snaplen, linktype;
	} head = { magic, 2, 4, 0, 0, SNAPLEN, LINKTYPE_RAW };
	struct savefile *savefile = arena_alloc(arena, sizeof *savefile);

	savefile->out = out;
	savefile->arena = arena;
	fwrite(&head, sizeof head, 1, out);
	return savefile;
}

static struct savefile_flow *flow_of(struct savefile *savefile,
				     const struct sockaddr_storage *from,
				     const struct sockaddr_storage *to)
{
	struct savefile_flow *flow = savefile->flows;

	while (flow &&
	       !(endpoint_is_same(&flow->from, from) && endpoint_is_same(&flow->to, to)))
		flow = flow->next;
	if (flow)
		return flow;
	flow = arena_alloc(savefile->arena, sizeof *flow);
	flow->from = *from;
	flow->to = *to;
	flow->sent = 1;
	flow->next = savefile->flows;
	savefile->flows = flow;
	return flow;
}

/* Heads ----------------------------------------------------------------------------------- */

static void put16(unsigned char *at, size_t value)
{
	at[0] = (unsigned char)(value >> 8);
	at[1] = (unsigned char)value;
}

static void put32(unsigned char *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value & 0xffff);
}

static uint32_t sum_of(uint32_t sum, const void *bytes, size_t length)
{
	const unsigned char *at = bytes;

	for (; length > 1; length -= 2, at += 2) {
		sum += (uint32_t)at[0] << 8 | at[1];
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return length ? sum + ((uint32_t)at[0] << 8) : sum;
}

/* RFC 1071 */
static size_t checksum_of(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum & 0xffff;
}

/* The address's bytes: 4, or 16. */
static const void *host_of(const struct sockaddr_storage *endpoint)
{
	return endpoint->ss_family == AF_INET6
		       ? (const void *)&((const struct sockaddr_in6 *)endpoint)->sin6_addr
		       : (const void *)&((const struct sockaddr_in *)endpoint)->sin_addr;
}

/* RFC 791, RFC 8200; COUNT bytes follow.  The sum of the pseudo-head for what follows. */
static uint32_t put_ip(struct packet *packet, const struct savefile_flow *flow,
		       unsigned char protocol, size_t count)
{
	bool is_ipv6 = flow->from.ss_family == AF_INET6;
	size_t host = is_ipv6 ? 16 : 4;
	unsigned char *at = packet->heads;

	packet->length = is_ipv6 ? 40 : 20;
	memcpy(at + packet->length - 2 * host, host_of(&flow->from), host);
	memcpy(at + packet->length - host, host_of(&flow->to), host);
	if (is_ipv6) {
		at[0] = 0x60;
		put16(at + 4, count);
		at[6] = protocol;
		at[7] = TTL;
	} else {
		at[0] = 0x45;
		put16(at + 2, packet->length + count);
		put16(at + 6, 0x4000);		/* not to be fragmented */
		at[8] = TTL;
		at[9] = protocol;
		put16(at + 10, checksum_of(sum_of(0, at, packet->length)));
	}
	return sum_of((uint32_t)(protocol + count), at + packet->length - 2 * host,
		      2 * host);
}

static void put_udp(struct packet *packet, const struct savefile_flow *flow)
{
	size_t count = 8 + packet->count, checksum;
	uint32_t sum = put_ip(packet, flow, IPPROTO_UDP, count);
	unsigned char *at = packet->heads + packet->length;

	put16(at, endpoint_port(&flow->from));
	put16(at + 2, endpoint_port(&flow->to));
	put16(at + 4, count);
	checksum = checksum_of(
		sum_of(sum_of(sum, at, 8), packet->bytes, packet->count));
	put16(at + 6, checksum ? checksum : 0xffff);
	packet->length += 8;
}

static void put_tcp(struct packet *packet, const struct savefile_flow *flow,
		    uint32_t taken)
{
	uint32_t sum = put_ip(packet, flow, IPPROTO_TCP, 20 + packet->count);
	unsigned char *at = packet->heads + packet->length;

	put16(at, endpoint_port(&flow->from));
	put16(at + 2, endpoint_port(&flow->to));
	put32(at + 4, flow->sent);
	put32(at + 8, taken);
	at[12] = 5 << 4;
	at[13] = TCP_FLAGS;
	put16(at + 14, TCP_WINDOW);
	put16(at + 16,
	      checksum_of(sum_of(sum_of(sum, at, 20), packet->bytes, packet->count)));
	packet->length += 20;
}

static void write_packet(const struct savefile *savefile, const struct packet *packet)
{
	const uint32_t whole = (uint32_t)(packet->length + packet->count);
	const uint32_t head[] = { (uint32_t)(packet->wall_us / 1000000),
				  (uint32_t)(packet->wall_us % 1000000), whole, whole };

	fwrite(head, sizeof head, 1, savefile->out);
	fwrite(packet->heads, packet->length, 1, savefile->out);
	fwrite(packet->bytes, packet->count, 1, savefile->out);
}

void savefile_add(struct savefile *savefile, const struct sighting *sighting)
{
	const struct sockaddr_storage *from =
		sighting->is_out ? &sighting->near : &sighting->far;
	const struct sockaddr_storage *to =
		sighting->is_out ? &sighting->far : &sighting->near;
	struct savefile_flow *flow = flow_of(savefile, from, to);
	struct savefile_flow *back = flow_of(savefile, to, from);
	size_t left = sighting->length;

	while (left) {
		bool is_udp = sighting->transport == WAY_UDP;
		struct packet packet = {
			.bytes = sighting->bytes + sighting->length - left,
			.count = is_udp || left < SEGMENT ? left : SEGMENT,
			.wall_us = sighting->wall_us,
		};

		if (is_udp) {
			put_udp(&packet, flow);
		} else {
			put_tcp(&packet, flow, back->sent);
			flow->sent += (uint32_t)packet.count;
		}
		write_packet(savefile, &packet);
		left -= packet.count;
	}
}
