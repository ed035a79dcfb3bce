/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The raw scan against Sofia's parse: what the scan is sure of, the parse says too.
 */
#include <stddef.h>

/** NULL, or a sentence of how the two differ over the LENGTH bytes at BYTES (followed by a NUL);
 *  borrowed until the next call. */
const char *wire_peer_differ(const char *bytes, size_t length);
