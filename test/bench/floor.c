/* SPDX-License-Identifier: MIT */
/*
 * floor HOST:PORT [N]: the least that a system under test could do.  It sends each
 * datagram back to where it came from, unread, with one recvfrom and one sendto. The load
 * generator plays both sides, so its calls succeed. With N, each Nth datagram is dropped.
 * Prints `ready HOST:PORT`; a signal ends it.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof address;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int room = 8 << 20;
	char host[INET_ADDRSTRLEN] = "";
	char *colon = argc == 2 || argc == 3 ? strchr(argv[1], ':') : NULL;
	unsigned long each = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;

	if (colon && colon - argv[1] < (long)sizeof host) {
		memcpy(host, argv[1], (size_t)(colon - argv[1]));
		address.sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
	}
	if (fd < 0 || inet_pton(AF_INET, host, &address.sin_addr) != 1) {
		fputs("usage: floor HOST:PORT [N], a numeric address\n", stderr);
		return 2;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
	if (bind(fd, (struct sockaddr *)&address, size) ||
	    getsockname(fd, (struct sockaddr *)&address, &size)) {
		fprintf(stderr, "floor: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	fprintf(stderr, "ready %s:%u\n", host, ntohs(address.sin_port));
	for (unsigned long heard = 1;; heard++) {
		static char datagram[65536];
		size = sizeof address;
		ssize_t n = recvfrom(fd, datagram, sizeof datagram, 0,
				     (struct sockaddr *)&address, &size);
		if (n > 0 && (!each || heard % each))
			sendto(fd, datagram, (size_t)n, 0, (struct sockaddr *)&address,
			       size);
	}
}
