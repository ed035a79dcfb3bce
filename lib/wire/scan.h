/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What tells one message from another, read from its bytes before anything is parsed: the start
 * line, the top Via, who, which call, which request, how long.  What is certain here Sofia's
 * parse says too, and in the same way; what is written in a way that could be read differently
 * makes the message unsure, to be left to the parse.  Nothing is written to and nothing is
 * allocated.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Bytes of the message; AT = NULL: it has none such. */
struct scan_text {
	const char *at;
	size_t length;
};

struct scan {
	const char *bytes;		/* the message, borrowed */
	size_t length;
	size_t head_length;		/* start line, headers and the empty line */
	unsigned lines;			/* header lines, a folded one counts once */
	bool is_sure;			/* all below stands in the message once and plainly */
	bool is_request;		/* else a response; neither when HAS_START is false */
	bool has_start;			/* a start line, of whatever version */
	bool has_zero;			/* a NUL byte in the head */
	bool has_end;			/* the empty line was found */
	bool is_version_2;		/* "SIP/2.0", in any case */
	bool is_plain_line;		/* of a request: a token, a URI and any version of SIP, with
					 * single spaces between */
	struct scan_text method, uri;	/* of a request */
	int status;			/* of a response */
	bool has_via;			/* a Via line; what follows is of the topmost, if it is plain */
	struct scan_text via;		/* its value, without those behind a comma */
	struct scan_text protocol;	/* "UDP" */
	struct scan_text host;		/* sent-by, IPv6 with brackets */
	unsigned port;			/* sent-by, 0 = none given */
	struct scan_text branch;
	bool has_rport, has_received;
	bool has_more_vias;		/* below the topmost */
	struct scan_text call_id, from_tag, to_tag;
	uint32_t cseq;
	struct scan_text cseq_method;
	bool has_length;		/* a Content-Length */
	bool is_length_bad;		/* it is no number, or two differ */
	size_t content_length;		/* 0 without one */
};

/** Reads the LENGTH bytes at BYTES, which must be followed by a NUL, up to MAX_LINES header lines
 *  (LINES is then MAX_LINES + 1 and nothing is sure). */
void scan_read(struct scan *scan, const char *bytes, size_t length, unsigned max_lines);

/** A header line, folds included, its end left out. */
struct scan_line {
	struct scan_text name, value;	/* value without blanks around */
	bool is_folded;
	const char *next;		/* the line after it */
};

/** The line at AT, a byte after the start line's; false at the empty line or at END. */
bool scan_line(const char *at, const char *end, struct scan_line *line);

/** Where the first header line of the head begins. */
const char *scan_first_line(const struct scan *scan);

/** Whether NAME, or SHORT_NAME if that is no NUL, is what LINE is called. */
bool scan_is_named(const struct scan_line *line, const char *name, char short_name);

/** Whether TEXT is WORD, in any case. */
bool scan_is(const struct scan_text *text, const char *word);
