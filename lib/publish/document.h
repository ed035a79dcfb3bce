/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A full-state dialog-info document (RFC 4235 section 4) in the form that telephones
 * expect (halfcall-protocol(7), DIALOG EVENTS).  Any text can be put into it: invalid
 * UTF-8 becomes U+FFFD, characters that XML 1.0 forbids are left out.
 */
#include "model/presence.h"

#include <stddef.h>
#include <stdint.h>

struct document_head {
	const char *extension, *domain;	/* the entity is sip:EXTENSION@DOMAIN */
	uint32_t version;
};

/** The document, terminated and owned by the caller (free()); *LENGTH is its bytes. */
char *document_write(const struct document_head *head,
		     const struct shown_dialog *const *dialogs, size_t count,
		     size_t *length);
