/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Compares wire/scan.h with Sofia's parser: whatever the scan reports as certain, the
 * parser must report too.
 */
#include <stddef.h>

/** NULL, or a sentence of how the two differ over the LENGTH bytes at BYTES (followed by a NUL);
 *  borrowed until the next call. */
const char *wire_peer_differ(const char *bytes, size_t length);
