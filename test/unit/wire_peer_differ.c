/* SPDX-License-Identifier: MIT */
#include "wire_peer_differ.h"

#include "wire/scan.h"
#include "wire/sofia.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char said[600];

static bool same(const struct scan_text *text, const char *parsed, const char *what)
{
	if (!text->at && !parsed)
		return true;
	if (text->at && parsed && strlen(parsed) == text->length &&
	    memcmp(text->at, parsed, text->length) == 0)
		return true;
	snprintf(said, sizeof said, "%s: the scan says '%.*s', the parse '%.200s'", what,
		 text->at ? (int)(text->length < 200 ? text->length : 200) : 4,
		 text->at ? text->at : "none", parsed ? parsed : "none");
	return false;
}

static bool equal(size_t scanned, size_t parsed, const char *what)
{
	if (scanned == parsed)
		return true;
	snprintf(said, sizeof said, "%s: the scan says %zu, the parse %zu", what, scanned,
		 parsed);
	return false;
}

static bool is_same_start(const struct scan *scan, const sip_t *sip)
{
	if (!equal(scan->is_request, sip->sip_request != NULL, "request"))
		return false;
	if (sip->sip_request)
		return same(&scan->method, sip->sip_request->rq_method_name, "method") &&
		       equal(scan->is_version_2,
			     strcasecmp(sip->sip_request->rq_version, "SIP/2.0") == 0,
			     "version");
	return equal((size_t)scan->status, (size_t)sip->sip_status->st_status, "status");
}

static bool is_same_via(const struct scan *scan, const sip_via_t *via)
{
	size_t port = via->v_port ? strtoul(via->v_port, NULL, 10) : 0;
	const char *slash = strrchr(via->v_protocol, '/');

	/* The parser replaces the protocols it knows by constants of its own. */
	return equal(0, !slash || !scan_is(&scan->protocol, slash + 1), "protocol") &&
	       same(&scan->host, via->v_host, "host") &&
	       equal(scan->port, port, "port") &&
	       same(&scan->branch, via->v_branch, "branch") &&
	       equal(scan->has_rport, via->v_rport != NULL, "rport") &&
	       equal(scan->has_received, via->v_received != NULL, "received") &&
	       (scan->has_more_vias || equal(0, via->v_next != NULL, "more Vias"));
}

static bool is_same_rest(const struct scan *scan, const sip_t *sip)
{
	size_t rest = scan->length - scan->head_length;
	size_t body = scan->has_length ? scan->content_length : rest;

	return same(&scan->call_id, sip->sip_call_id->i_id, "Call-ID") &&
	       equal(scan->cseq, sip->sip_cseq->cs_seq, "CSeq") &&
	       same(&scan->cseq_method, sip->sip_cseq->cs_method_name,
		    "method of CSeq") &&
	       same(&scan->from_tag, sip->sip_from->a_tag, "From tag") &&
	       same(&scan->to_tag, sip->sip_to->a_tag, "To tag") &&
	       equal(scan->has_length, sip->sip_content_length != NULL,
		     "Content-Length") &&
	       /* A body that is too short is refused by wire/door.h; the parser may
	        * accept it. */
	       (body > rest ||
		equal(body, sip->sip_payload ? sip->sip_payload->pl_len : 0, "body"));
}

/* Whether a header that every message needs is malformed; then the message is refused
 * whatever the scan reported. */
static bool is_broken(const msg_t *msg, const sip_t *sip)
{
	return sip->sip_flags & MSG_FLG_ERROR ||
	       msg_extract_errors(msg) & (sip_mask_request | sip_mask_response);
}

const char *wire_peer_differ(const char *bytes, size_t length)
{
	struct scan scan;
	msg_t *msg;
	sip_t *sip;
	bool is_same = true;

	scan_read(&scan, bytes, length, 1000);
	if (!scan.is_sure)
		return NULL;
	msg = msg_make(sip_default_mclass(), 0, bytes, (ssize_t)length);
	sip = sip_object(msg);
	if (sip && (sip->sip_request || sip->sip_status) && !is_broken(msg, sip)) {
		if (!sip->sip_via || !sip->sip_from || !sip->sip_to ||
		    !sip->sip_call_id || !sip->sip_cseq) {
			snprintf(said, sizeof said,
				 "the parse misses a header, and says no error");
			is_same = false;
		} else {
			is_same = is_same_start(&scan, sip) &&
				  is_same_via(&scan, sip->sip_via) &&
				  is_same_rest(&scan, sip);
		}
	}
	if (msg)
		msg_destroy(msg);
	return is_same ? NULL : said;
}
