/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A full-state dialog-info document (RFC 4235 section 4), in the shape telephones of the
 * original know (protocol.md section 3).  Any text is made fit for XML: what is no UTF-8
 * becomes U+FFFD, what XML 1.0 forbids is left out.
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
