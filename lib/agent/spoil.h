/* SPDX-License-Identifier: MIT */
#pragma once
/* Requests with something wrong in them, written from the bytes of good ones. */
#include "model/mishap.h"

#include <stddef.h>

/** The request as MISHAP spoils it, to be freed; NULL = MISHAP changes no bytes. */
char *spoil_request(const struct mishap *mishap, const char *bytes, size_t length,
		    size_t *written);

/** The CANCEL of an INVITE (RFC 3261 section 9.1), to be freed. */
char *spoil_cancel(const char *invite, size_t length, size_t *written);
