/* SPDX-License-Identifier: MIT */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "link.h"

enum {
	LINK_BATCH = 64,	/* messages per system call */
	LINK_BATCHES = 4,	/* batches read before other work is done */
	LINK_BUFFER = 16 << 20,	/* bytes of a socket buffer; large, so that the generator loses nothing */
};

struct link {
	int fd, epoll;
	uint16_t own_port, system_port;
	char own[INET_ADDRSTRLEN + sizeof ":65535"];
	unsigned queued;
	uint64_t refused;
	struct mmsghdr out[LINK_BATCH], in[LINK_BATCH];
	struct iovec out_part[LINK_BATCH], in_part[LINK_BATCH];
	char out_bytes[LINK_BATCH][LINK_MESSAGE], in_bytes[LINK_BATCH][LINK_MESSAGE];
};

/* HOST or HOST:PORT; false if it is neither. */
static int link_address(const char *text, struct sockaddr_in *address)
{
	char host[INET_ADDRSTRLEN];
	size_t size = strcspn(text, ":");
	unsigned long port = 0;

	if (size >= sizeof host)
		return -EINVAL;
	memcpy(host, text, size);
	host[size] = '\0';
	if (text[size] == ':') {
		char *end;
		port = strtoul(text + size + 1, &end, 10);
		if (*end || end == text + size + 1 || port > UINT16_MAX)
			return -EINVAL;
	}
	*address = (struct sockaddr_in){ .sin_family = AF_INET,
					 .sin_port = htons((uint16_t)port) };
	return inet_pton(AF_INET, host, &address->sin_addr) == 1 ? 0 : -EINVAL;
}

static void link_set_buffer(int fd, int forced, int plain)
{
	int size = LINK_BUFFER;

	if (setsockopt(fd, SOL_SOCKET, forced, &size, sizeof size))
		setsockopt(fd, SOL_SOCKET, plain, &size, sizeof size);
}

static int link_connect(struct link *link, const char *own, const char *system)
{
	struct sockaddr_in ours, theirs;
	socklen_t size = sizeof ours;
	struct epoll_event event = { .events = EPOLLIN };
	char host[INET_ADDRSTRLEN];

	errno = EINVAL;
	if (link_address(own, &ours) || link_address(system, &theirs) || !theirs.sin_port)
		return -1;
	link->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	link->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (link->fd < 0 || link->epoll < 0)
		return -1;
	link_set_buffer(link->fd, SO_RCVBUFFORCE, SO_RCVBUF);
	link_set_buffer(link->fd, SO_SNDBUFFORCE, SO_SNDBUF);
	if (bind(link->fd, (struct sockaddr *)&ours, sizeof ours) ||
	    connect(link->fd, (struct sockaddr *)&theirs, sizeof theirs) ||
	    getsockname(link->fd, (struct sockaddr *)&ours, &size) ||
	    epoll_ctl(link->epoll, EPOLL_CTL_ADD, link->fd, &event))
		return -1;
	link->own_port = ntohs(ours.sin_port);
	link->system_port = ntohs(theirs.sin_port);
	inet_ntop(AF_INET, &ours.sin_addr, host, sizeof host);
	snprintf(link->own, sizeof link->own, "%s:%u", host, link->own_port);
	return 0;
}

struct link *link_open(const char *own, const char *system)
{
	struct link *link = calloc(1, sizeof *link);

	if (!link)
		return NULL;
	link->fd = link->epoll = -1;
	for (unsigned i = 0; i < LINK_BATCH; i++) {
		link->out_part[i].iov_base = link->out_bytes[i];
		link->in_part[i].iov_base = link->in_bytes[i];
		link->in_part[i].iov_len = LINK_MESSAGE;
		link->out[i].msg_hdr.msg_iov = &link->out_part[i];
		link->in[i].msg_hdr.msg_iov = &link->in_part[i];
		link->out[i].msg_hdr.msg_iovlen = link->in[i].msg_hdr.msg_iovlen = 1;
	}
	if (link_connect(link, own, system)) {
		int err = errno;
		link_close(link);
		errno = err;
		return NULL;
	}
	return link;
}

void link_close(struct link *link)
{
	if (!link)
		return;
	if (link->fd >= 0)
		close(link->fd);
	if (link->epoll >= 0)
		close(link->epoll);
	free(link);
}

const char *link_own(const struct link *link)
{
	return link->own;
}

uint16_t link_own_port(const struct link *link)
{
	return link->own_port;
}

uint16_t link_system_port(const struct link *link)
{
	return link->system_port;
}

char *link_room(struct link *link)
{
	return link->out_bytes[link->queued];
}

void link_send(struct link *link, size_t size)
{
	if (!size)
		return;
	link->out_part[link->queued++].iov_len = size;
	if (link->queued == LINK_BATCH)
		link_flush(link);
}

void link_send_bytes(struct link *link, const char *text, size_t size)
{
	memcpy(link_room(link), text, size);
	link_send(link, size);
}

void link_flush(struct link *link)
{
	unsigned sent = 0;
	unsigned tries = 0;

	while (sent < link->queued) {
		int n = sendmmsg(link->fd, link->out + sent, link->queued - sent, 0);
		if (n < 0 && errno == ECONNREFUSED)
			link->refused++;
		if (n > 0) {
			sent += (unsigned)n;
			tries = 0;
		} else if (errno == EAGAIN || errno == ENOBUFS) {
			struct pollfd room = { .fd = link->fd, .events = POLLOUT };
			poll(&room, 1, 10);
		} else if (errno != EINTR && ++tries == 3) {
			/* Up to two errors reported here may belong to earlier datagrams;
			 * the third is this one's. */
			sent++;
			tries = 0;
		}
	}
	link->queued = 0;
}

unsigned link_wait(struct link *link, uint64_t timeout_ns, link_hear *hear, void *context)
{
	struct epoll_event event;
	struct timespec timeout = { .tv_sec = (time_t)(timeout_ns / 1000000000),
				    .tv_nsec = (long)(timeout_ns % 1000000000) };
	unsigned heard = 0;

	if (epoll_pwait2(link->epoll, &event, 1, &timeout, NULL) <= 0)
		return 0;
	for (unsigned batch = 0; batch < LINK_BATCHES; batch++) {
		int n = recvmmsg(link->fd, link->in, LINK_BATCH, 0, NULL);
		if (n < 0 && errno == ECONNREFUSED)
			link->refused++;
		if (n <= 0)
			break;
		link->refused = 0;
		for (int i = 0; i < n; i++)
			hear(context, link->in_bytes[i], link->in[i].msg_len);
		heard += (unsigned)n;
		if (n < LINK_BATCH)
			break;
	}
	return heard;
}

uint64_t link_refused(const struct link *link)
{
	return link->refused;
}
