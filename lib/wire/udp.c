/* SPDX-License-Identifier: MIT */
#include "wire/udp.h"

#include "base/fault.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <linux/sock_diag.h>
#include <netinet/ip.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
	DATAGRAM_MAX = 65535,
	/* Slots are no multiple of a page apart: their first lines would share one set of the
	 * cache. */
	SLOT_STRIDE = DATAGRAM_MAX + 1 + 64 * 21,
	SLOTS_A_CHUNK = 32,
	CHUNKS_MAX = 16,
	BATCH = 32,			/* datagrams a system call */
	WORK_BATCH = 16,		/* handed out before the sockets are read again */
	ROUND_MAX = 512,		/* handed out in one round of the loop */
	KERNEL_BUFFER = 8 << 20,	/* asked for; told when less is granted */
	QUEUE_MAX = 1024,
	QUEUE_BYTES_MAX = 4 << 20,
	SENT_REMEMBERED = 4096,		/* a power of 2 */
	SENT_PREFIX = 256,		/* bytes that tell one datagram from another */
	ERRORS_A_READ = 64,
};

/** A datagram in its listener's queue; its bytes are at OFFSET of the listener's. */
struct udp_record {
	struct sockaddr_in6 to;		/* room enough for IPv4 */
	uint32_t offset, length;
	uint64_t token;
};

struct slot {
	struct slot *next;
	struct listener *listener;
	struct sockaddr_storage from;
	size_t length;
	int64_t came_us;
	char *bytes;
};

/* What may still be refused by ICMP. */
struct sent {
	uint64_t key, token;
};

struct datagrams {
	struct slot *idle;		/* last used first: still in the cache */
	struct slot *first, **last;	/* read and not yet handed out */
	struct slot slots[SLOTS_A_CHUNK * CHUNKS_MAX];
	char *chunks[CHUNKS_MAX];	/* owned */
	unsigned chunk_count;
	struct sent sent[SENT_REMEMBERED];
};

static bool add_chunk(struct datagrams *datagrams)
{
	char *chunk;

	if (datagrams->chunk_count == CHUNKS_MAX)
		return false;
	chunk = malloc((size_t)SLOTS_A_CHUNK * SLOT_STRIDE);
	if (!chunk)
		return false;
	for (size_t i = SLOTS_A_CHUNK; i--;) {
		struct slot *slot =
			&datagrams->slots[datagrams->chunk_count * SLOTS_A_CHUNK + i];

		slot->bytes = chunk + i * SLOT_STRIDE;
		slot->next = datagrams->idle;
		datagrams->idle = slot;
	}
	datagrams->chunks[datagrams->chunk_count++] = chunk;
	return true;
}

static int prepare(struct transport *transport)
{
	struct datagrams *datagrams = transport->datagrams;

	if (datagrams)
		return 0;
	datagrams = calloc(1, sizeof *datagrams);
	if (!datagrams)
		return -ENOMEM;
	datagrams->last = &datagrams->first;
	transport->datagrams = datagrams;
	return add_chunk(datagrams) ? 0 : -ENOMEM;
}

void udp_end(struct transport *transport)
{
	struct datagrams *datagrams = transport->datagrams;

	if (!datagrams)
		return;
	for (unsigned i = 0; i < datagrams->chunk_count; i++)
		free(datagrams->chunks[i]);
	free(datagrams);
	transport->datagrams = NULL;
}

/* Never 0, which an unused entry has. */
static uint64_t key_of(const struct sockaddr_storage *to, const char *bytes,
		       size_t length)
{
	uint64_t key = endpoint_hash(to) + endpoint_port(to), word;

	for (; length >= sizeof word; bytes += sizeof word, length -= sizeof word) {
		memcpy(&word, bytes, sizeof word);
		key = (key ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		key ^= key >> 32;
	}
	return key | 1;
}

static void remember(struct listener *listener, const struct udp_record *record,
		     const char *bytes)
{
	struct sockaddr_storage to = { 0 };
	size_t length = record->length < SENT_PREFIX ? record->length : SENT_PREFIX;
	uint64_t key;

	if (!record->token)
		return;
	memcpy(&to, &record->to, sizeof record->to);
	key = key_of(&to, bytes, length);
	listener->transport->datagrams->sent[key / 2 % SENT_REMEMBERED] =
		(struct sent){ key, record->token };
}

/* ICMP quotes the datagram it is about: mostly all of it up to 576 bytes, but some routers only
 * its header, and then it is only counted. */
static void refused(struct listener *listener, struct sockaddr_storage *to,
		    const char *bytes, size_t length, int err)
{
	struct sent *sent;
	uint64_t key;

	endpoint_unmap(to);
	key = key_of(to, bytes, length < SENT_PREFIX ? length : SENT_PREFIX);
	sent = &listener->transport->datagrams->sent[key / 2 % SENT_REMEMBERED];
	if (sent->key != key)
		return;
	sockets_fail(listener->transport, sent->token, err);
	sent->key = 0;
}

/* Reads the queue of errors; how many there were. */
static unsigned read_errors(struct listener *listener)
{
	char bytes[SENT_PREFIX], control[512];
	struct sockaddr_storage to;
	unsigned count;

	for (count = 0; count < ERRORS_A_READ; count++) {
		struct iovec part = { bytes, sizeof bytes };
		struct msghdr header = { .msg_name = &to,
					 .msg_namelen = sizeof to,
					 .msg_iov = &part,
					 .msg_iovlen = 1,
					 .msg_control = control,
					 .msg_controllen = sizeof control };
		ssize_t length = recvmsg(listener->socket.fd, &header,
					 MSG_ERRQUEUE | MSG_DONTWAIT);
		struct cmsghdr *item;

		if (length < 0)
			break;
		listener->transport->counts.send_errors++;
		for (item = CMSG_FIRSTHDR(&header); item;
		     item = CMSG_NXTHDR(&header, item)) {
			struct sock_extended_err error;

			if (!(item->cmsg_level == IPPROTO_IP &&
			      item->cmsg_type == IP_RECVERR) &&
			    !(item->cmsg_level == IPPROTO_IPV6 &&
			      item->cmsg_type == IPV6_RECVERR))
				continue;
			memcpy(&error, CMSG_DATA(item), sizeof error);
			if (error.ee_errno && header.msg_namelen)
				refused(listener, &to, bytes, (size_t)length,
					(int)error.ee_errno);
		}
	}
	return count;
}

/* Reads one batch; how many datagrams it was, or -1 when the socket has no more. */
static int read_batch(struct listener *listener)
{
	struct datagrams *datagrams = listener->transport->datagrams;
	struct mmsghdr headers[BATCH];
	struct iovec parts[BATCH];
	struct slot *slot = datagrams->idle;
	unsigned room = 0;
	int64_t now_us;
	int count;

	if (!slot && add_chunk(datagrams))
		slot = datagrams->idle;
	for (; slot && room < BATCH; slot = slot->next, room++) {
		parts[room] = (struct iovec){ slot->bytes, DATAGRAM_MAX };
		headers[room] = (struct mmsghdr){
			.msg_hdr = { .msg_name = &slot->from,
				     .msg_namelen = sizeof slot->from,
				     .msg_iov = &parts[room],
				     .msg_iovlen = 1 },
		};
	}
	if (!room)
		return 0;
	count = recvmmsg(listener->socket.fd, headers, room, MSG_DONTWAIT, NULL);
	if (count < 0)
		/* An error of something sent; what there is to read is read next time. */
		return errno == EAGAIN || errno == EINTR || !read_errors(listener) ? -1
										   : 0;
	now_us = loop_look(listener->transport->loop);
	for (int i = 0; i < count; i++) {
		slot = datagrams->idle;
		datagrams->idle = slot->next;
		slot->next = NULL;
		slot->listener = listener;
		slot->length = headers[i].msg_len;
		slot->came_us = now_us;
		*datagrams->last = slot;
		datagrams->last = &slot->next;
	}
	return (unsigned)count < room ? -1 : count;
}

/* Empties the socket as far as there is room. */
static void read_all(struct listener *listener)
{
	int count, tries = 0;

	do
		count = read_batch(listener);
	while (count > 0 || (count == 0 && listener->transport->datagrams->idle &&
			     ++tries < ERRORS_A_READ));
}

static void ready(struct loop_socket *socket, uint32_t events)
{
	struct listener *listener = container_of(socket, struct listener, socket);

	if (events & EPOLLERR)
		read_errors(listener);
	if (events & EPOLLIN)
		read_all(listener);
	if (events & EPOLLOUT && listener->is_blocked) {
		listener->is_blocked = false;
		loop_socket_want(listener->transport->loop, socket, EPOLLIN);
	}
}

/* RFC 5626's keep-alives, four zero bytes, STUN (its first byte is 0 or 1), nothing at all. */
static bool is_ignored(const char *bytes, size_t length)
{
	size_t i = 0;

	if (length && (unsigned char)*bytes <= 1)
		return true;
	while (i < length && (bytes[i] == '\r' || bytes[i] == '\n'))
		i++;
	return i == length;
}

static void hand_out(struct transport *transport, struct slot *slot)
{
	struct transport_packet packet = {
		.bytes = slot->bytes,
		.length = slot->length,
		.from = slot->from,
		.listener = slot->listener,
		.transport = WAY_UDP,
		.came_us = slot->came_us,
	};

	if (is_ignored(slot->bytes, slot->length)) {
		transport->counts.ignored++;
		return;
	}
	slot->bytes[slot->length] = '\0';
	endpoint_unmap(&packet.from);
	transport->up->packet(transport, &packet);
}

bool udp_hand_out(struct transport *transport)
{
	struct datagrams *datagrams = transport->datagrams;
	unsigned count = 0;

	while (datagrams && datagrams->first && count < ROUND_MAX) {
		struct slot *slot = datagrams->first;

		datagrams->first = slot->next;
		if (!datagrams->first)
			datagrams->last = &datagrams->first;
		hand_out(transport, slot);
		slot->next = datagrams->idle;
		datagrams->idle = slot;
		if (++count % WORK_BATCH == 0)
			for (size_t i = 0; i < transport->listener_count; i++)
				if (transport->listeners[i].kind == WAY_UDP)
					read_all(&transport->listeners[i]);
	}
	return datagrams && datagrams->first;
}

static int grow(struct listener *listener, size_t length)
{
	if (listener->record_count == listener->record_room) {
		size_t room = listener->record_room ? 2 * listener->record_room : 16;
		struct udp_record *records =
			realloc(listener->records, room * sizeof *records);

		if (!records)
			return -ENOMEM;
		listener->records = records;
		listener->record_room = room;
	}
	if (listener->bytes_used + length > listener->bytes_room) {
		size_t room = listener->bytes_room ? 2 * listener->bytes_room : 16384;
		char *bytes;

		while (room < listener->bytes_used + length)
			room *= 2;
		bytes = realloc(listener->bytes, room);
		if (!bytes)
			return -ENOMEM;
		listener->bytes = bytes;
		listener->bytes_room = room;
	}
	return 0;
}

/* Takes the first COUNT off the queue. */
static void drop_records(struct listener *listener, size_t count)
{
	listener->record_count -= count;
	if (!listener->record_count) {
		listener->bytes_used = 0;
		list_remove(&listener->dirty);
		return;
	}
	memmove(listener->records, listener->records + count,
		listener->record_count * sizeof *listener->records);
}

/* Moves the bytes of what is left to the start of the buffer. */
static void compact(struct listener *listener)
{
	uint32_t start = listener->record_count ? listener->records[0].offset : 0;

	if (!start)
		return;
	memmove(listener->bytes, listener->bytes + start, listener->bytes_used - start);
	listener->bytes_used -= start;
	for (size_t i = 0; i < listener->record_count; i++)
		listener->records[i].offset -= start;
}

/* Sends up to a batch from record FIRST on; how many left, or -errno. */
static int send_batch(struct listener *listener, size_t first)
{
	struct mmsghdr headers[BATCH];
	struct iovec parts[BATCH];
	unsigned count = 0;
	int sent;

	for (; count < BATCH && first + count < listener->record_count; count++) {
		struct udp_record *record = &listener->records[first + count];

		parts[count] = (struct iovec){ listener->bytes + record->offset,
					       record->length };
		headers[count] = (struct mmsghdr){
			.msg_hdr = { .msg_name = &record->to,
				     .msg_namelen = record->to.sin6_family == AF_INET
							    ? sizeof(struct sockaddr_in)
							    : sizeof(struct sockaddr_in6),
				     .msg_iov = &parts[count],
				     .msg_iovlen = 1 },
		};
	}
	sent = sendmmsg(listener->socket.fd, headers, count, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (sent < 0)
		return -errno;
	for (int i = 0; i < sent; i++)
		remember(listener, &listener->records[first + (size_t)i],
			 parts[i].iov_base);
	return sent;
}

/* A socket with an error of an earlier datagram says so when the next is sent: that one is tried
 * again, only its own error counts. */
static bool is_of_another(struct listener *listener, int err)
{
	return (err == -ECONNREFUSED || err == -EHOSTUNREACH || err == -ENETUNREACH ||
		err == -EMSGSIZE || err == -EPROTO || err == -EOPNOTSUPP ||
		err == -ENOPROTOOPT || err == -EACCES || err == -EHOSTDOWN) &&
	       read_errors(listener) > 0;
}

static void flush(struct listener *listener)
{
	struct transport *transport = listener->transport;
	size_t done = 0;
	int tries = 0;

	while (done < listener->record_count && !listener->is_blocked) {
		int sent = send_batch(listener, done);

		if (sent > 0) {
			done += (size_t)sent;
			transport->counts.sent += (uint64_t)sent;
			tries = 0;
		} else if (sent == -EAGAIN) {
			listener->is_blocked = true;
			loop_socket_want(transport->loop, &listener->socket,
					 EPOLLIN | EPOLLOUT);
		} else if (sent != -EINTR &&
			   !(is_of_another(listener, sent) && ++tries < ERRORS_A_READ)) {
			transport->counts.send_errors++;
			sockets_fail(transport, listener->records[done].token, -sent);
			done++;
			tries = 0;
		}
	}
	drop_records(listener, done);
	compact(listener);
}

void udp_flush(struct transport *transport)
{
	struct list *node = transport->dirty_listeners.next;

	while (node != &transport->dirty_listeners) {
		struct listener *listener = container_of(node, struct listener, dirty);

		node = node->next;
		flush(listener);
	}
}

int udp_send(struct listener *listener, const struct sockaddr_storage *to,
	     const char *bytes, size_t length, uint64_t token)
{
	struct udp_record *record;

	if (to->ss_family != listener->local.ss_family)
		return -EAFNOSUPPORT;
	if (length > DATAGRAM_MAX)
		return -EMSGSIZE;
	if (listener->record_count >= BATCH && !listener->is_blocked)
		flush(listener);
	if (listener->record_count >= QUEUE_MAX ||
	    listener->bytes_used + length > QUEUE_BYTES_MAX ||
	    grow(listener, length) < 0) {
		listener->transport->counts.send_drops++;
		return -ENOBUFS;
	}
	record = &listener->records[listener->record_count++];
	memcpy(&record->to, to, sizeof record->to);
	record->offset = (uint32_t)listener->bytes_used;
	record->length = (uint32_t)length;
	record->token = token;
	memcpy(listener->bytes + record->offset, bytes, length);
	listener->bytes_used += length;
	if (list_is_empty(&listener->dirty))
		list_append(&listener->transport->dirty_listeners, &listener->dirty);
	return 0;
}

/* Large buffers, errors of ICMP, fragments where a datagram needs them. */
static void set_options(const struct listener *listener, int fd)
{
	const int size = KERNEL_BUFFER, on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) < 0)
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
	if (listener->local.ss_family == AF_INET) {
		const int may_fragment = IP_PMTUDISC_DONT;

		setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
		setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &may_fragment,
			   sizeof may_fragment);
	} else {
		const int may_fragment = IPV6_PMTUDISC_DONT;

		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
		setsockopt(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &may_fragment,
			   sizeof may_fragment);
	}
}

int udp_open(struct listener *listener, struct fault *fault)
{
	const struct sockaddr *local = (const struct sockaddr *)&listener->local;
	char text[ENDPOINT_TEXT];
	int err = prepare(listener->transport), fd;

	if (err < 0)
		return fault_say(fault, -err, "out of memory");
	fd = socket(local->sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fault_say(fault, errno, "cannot listen on %s;transport=udp: %s",
				 endpoint_text(&listener->local, text), strerror(errno));
	set_options(listener, fd);
	listener->socket.ready = ready;
	if (bind(fd, local, endpoint_size(&listener->local)) < 0)
		err = -errno;
	else
		err = loop_socket_add(listener->transport->loop, &listener->socket, fd,
				      EPOLLIN);
	if (err < 0) {
		close(fd);
		return fault_say(fault, -err, "cannot listen on %s;transport=udp: %s",
				 endpoint_text(&listener->local, text), strerror(-err));
	}
	return 0;
}

void udp_close(struct listener *listener)
{
	int fd = listener->socket.fd;

	free(listener->records);
	free(listener->bytes);
	list_remove(&listener->dirty);
	loop_socket_remove(listener->transport->loop, &listener->socket);
	if (fd >= 0)
		close(fd);
}

uint64_t udp_kernel_drops(const struct listener *listener, size_t *receive_buffer)
{
	uint32_t memory[SK_MEMINFO_VARS] = { 0 };
	socklen_t size = sizeof memory;

	if (getsockopt(listener->socket.fd, SOL_SOCKET, SO_MEMINFO, memory, &size) < 0)
		return 0;
	*receive_buffer = memory[SK_MEMINFO_RCVBUF];
	return memory[SK_MEMINFO_DROPS];
}
