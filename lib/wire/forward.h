/* SPDX-License-Identifier: MIT */
#pragma once
/* The changes that every proxy makes to a request it forwards (RFC 3261 section 16.6). */
#include "wire/way.h"

/** Takes the Routes that name this wire and Proxy-Authorization off MSG and counts the hop. */
void forward_prepare(const struct wire *wire, msg_t *msg);

/** Puts LISTENER's address as Record-Route on MSG, with ";lr" and PARAM ("hc=17"; NULL = none). */
void forward_record(msg_t *msg, const struct listener *listener, const char *param);

/**
 * Sends REQUEST without a transaction (section 16.11): an ACK, or what a stateless proxy passes.
 * BRANCH of its Via, NULL = one of its own.  Takes REQUEST over.  0 or -errno.
 */
int forward_request(struct wire *wire, const struct way *way, msg_t *request,
		    const char *branch);

/** Removes the first Via of RESPONSE and sends it to the address of the next one; takes
 *  it over. */
void forward_response(struct wire *wire, msg_t *response);
