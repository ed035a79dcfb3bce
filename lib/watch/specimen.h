/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A message as the rules look at it: its bytes with the places of its header lines.  Nothing is
 * copied.  Compact header names stand for the long ones; values are compared element by element,
 * runs of blanks as one, so that folding and how elements are spread over lines does not matter.
 */
#include "wire/scan.h"

enum { SPECIMEN_LINES = 128, SPECIMEN_VIAS = 8 };

struct specimen {
	const char *bytes, *body;
	size_t length, body_length;
	bool is_request;
	struct scan_text method;	/* of a response: as in its CSeq */
	struct scan_text uri;		/* of a request */
	int status;			/* of a response, else 0 */
	struct scan_text call_id;
	uint32_t cseq;
	struct scan_text cseq_method;
	struct scan_text from_tag, to_tag;
	unsigned line_count;
	uint16_t keys[SPECIMEN_LINES];	/* of the names: length and first letter, to tell most
					 * names apart at once */
	struct scan_line lines[SPECIMEN_LINES];
};

/** False: it is no SIP message with Call-ID and CSeq, or it has too many lines. */
bool specimen_read(struct specimen *specimen, const char *bytes, size_t length);

/** The value of the first header line NAME; AT = NULL: none.  A one-letter name is never asked. */
struct scan_text specimen_value(const struct specimen *specimen, const char *name);

bool specimen_has(const struct specimen *specimen, const char *name);

/** The name of LINE; a compact one is spelled out. */
struct scan_text specimen_name(const struct scan_line *line);

/** Walks over the elements (RFC 3261 section 7.3.1) of all lines of a header; all zero at first. */
struct specimen_walk {
	unsigned line;
	const char *at;			/* in it; NULL = at its start */
};

/** The next element of NAME; false: no more. */
bool specimen_next(const struct specimen *specimen, struct specimen_walk *walk,
		   struct scan_text name, struct scan_text *element);

unsigned specimen_count(const struct specimen *specimen, const char *name);

/** Element N, from 0, of NAME; AT = NULL: there are fewer. */
struct scan_text specimen_element(const struct specimen *specimen, const char *name,
				  unsigned n);

/** The parameter NAME of an element or URI, inside <> or behind it, not in quotes; false: none.
 *  VALUE without =: length 0. */
bool specimen_param(struct scan_text element, const char *name, struct scan_text *value);

/** How often NAME is a parameter there. */
unsigned specimen_param_count(struct scan_text element, const char *name);

/** What is between < and >, or all of it up to the first ;. */
struct scan_text specimen_uri(struct scan_text element);

/** The user part of a URI; AT = NULL: none. */
struct scan_text specimen_user(struct scan_text uri);

/** Whether all elements of NAME are the same in both, in their order. */
bool specimen_is_same(const struct specimen *one, const struct specimen *other,
		      struct scan_text name);

/** Whether those of PART are among those of WHOLE, in their order. */
bool specimen_is_among(const struct specimen *part, const struct specimen *whole,
		       struct scan_text name);

/** Whether line LINE of PART stands in WHOLE as it is, its name apart: what proxies do with nearly
 *  all.  *FROM, 0 at first, is where the one before was found. */
bool specimen_has_line(const struct specimen *whole, const struct specimen *part,
		       unsigned line, unsigned *from);

/** Equal but for runs of blanks. */
bool specimen_equals(struct scan_text one, struct scan_text other);

/** Equal, every byte. */
bool specimen_is_text(struct scan_text one, struct scan_text other);

struct scan_text specimen_text(const char *text);

uint64_t specimen_hash(struct scan_text text);
