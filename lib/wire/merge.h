/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Merged requests (RFC 3261 section 8.2.2.2): one INVITE that has come by two ways.  Only a user
 * agent refuses the second: a proxy is asked for both halves of a call with the same ids.
 */
#include "wire/wire.h"

struct finder_key;

/**
 * Whether MSG, an INVITE without To tag and with KEY, has the ids, Request-URI and phase of one that
 * has no final answer yet; then it is answered 482 and gone.  Else its origin is given what a later
 * copy is known by.
 */
bool merge_refuses(struct wire *wire, const struct finder_key *key, msg_t *msg);
