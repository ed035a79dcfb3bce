/* SPDX-License-Identifier: MIT */
#pragma once
/* Bytes to messages and back, by Sofia's parser and printer. */
#include "wire/wire.h"

/**
 * Parses a copy of LENGTH bytes; NULL if Sofia cannot parse them at all. *STATUS is 0, or
 * the status to answer a request with: 400 (PHRASE names the bad header) or 505.
 */
msg_t *codec_read(const char *bytes, size_t length, int *status, char phrase[static 64]);

/** MSG as bytes that are the caller's to free, terminated; *LENGTH of them.  LINES, whole header
 *  lines, are put on top of its headers, "" = none; *LINES_AT (may be NULL) says where.  NULL =
 *  out of memory. */
char *codec_write(msg_t *msg, const char *lines, size_t *length, size_t *lines_at);
