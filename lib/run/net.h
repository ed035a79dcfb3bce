/* SPDX-License-Identifier: MIT */
#pragma once
/* A block of 127.0.0.0/8 that no other run on this machine uses. */
#include "base/fault.h"

struct net {
	unsigned block;			/* 127.B.B.0 */
	int lock;			/* the socket that holds it */
};

enum { NET_TEXT = 16 };

int net_take(struct net *net, struct fault *fault);
void net_release(struct net *net);

/** Writes the N-th address of the block, from 1. */
void net_address(const struct net *net, unsigned n, char text[static NET_TEXT]);
