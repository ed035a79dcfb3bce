/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Datagrams: read in batches into memory before any is handed out, so that the kernel's buffer
 * is emptied while they are worked on; sent in batches before the loop sleeps.
 */
#include "wire/sockets.h"

/** Binds LISTENER's socket.  0 or -errno with a sentence. */
int udp_open(struct listener *listener, struct fault *fault);

void udp_close(struct listener *listener);

/** Frees what datagrams of all listeners share. */
void udp_end(struct transport *transport);

/** Hands out what was read, reading on meanwhile, up to a bound.  True = there is more. */
bool udp_hand_out(struct transport *transport);

/** Queues a datagram.  0 or -errno. */
int udp_send(struct listener *listener, const struct sockaddr_storage *to,
	     const char *bytes, size_t length, uint64_t token);

/** Sends what is queued, as far as the kernel takes it. */
void udp_flush(struct transport *transport);

/** Datagrams that LISTENER's socket has dropped for want of room, and its size in bytes. */
uint64_t udp_kernel_drops(const struct listener *listener, size_t *receive_buffer);
