/* SPDX-License-Identifier: MIT */
#pragma once
/* Answers requests that cannot be parsed; reads only their bytes. */
#include "wire/core.h"

/** Sends STATUS with PHRASE (NULL or "" = the usual) to where PACKET came from; never to an ACK, to
 *  a response, or to what has no Via. */
void bounce(struct wire *wire, const struct transport_packet *packet, int status,
	    const char *phrase);
