/* SPDX-License-Identifier: MIT */
#include "run/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

/* Blocks of 1,024 addresses from 127.16.0.0 on; port LOCK_PORT of the first is the lock. */
enum { BLOCKS = 12000, FIRST = 16 << 16, SIZE = 1024, LOCK_PORT = 5999 };

static uint32_t host_of(const struct net *net, unsigned n)
{
	return 127u << 24 | (FIRST + net->block * SIZE + n);
}

static int lock(const struct net *net)
{
	struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_port = htons(LOCK_PORT),
		.sin_addr = { htonl(host_of(net, 1)) },
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&in, sizeof in) == 0 &&
	    listen(fd, 1) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

int net_take(struct net *net, struct fault *fault)
{
	static unsigned next;
	unsigned first = (unsigned)getpid() * 7 % BLOCKS;

	for (unsigned i = 0; i < BLOCKS; i++) {
		net->block = (first + next++) % BLOCKS;
		net->lock = lock(net);
		if (net->lock >= 0)
			return 0;
	}
	return fault_say(fault, EADDRINUSE, "no address of 127.0.0.0/8 is free");
}

void net_release(struct net *net)
{
	if (net->lock >= 0)
		close(net->lock);
	net->lock = -1;
}

void net_address(const struct net *net, unsigned n, char text[static NET_TEXT])
{
	struct in_addr in = { htonl(host_of(net, n)) };

	inet_ntop(AF_INET, &in, text, NET_TEXT);
}
