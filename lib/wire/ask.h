/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * New requests outside any dialog: PUBLISH, OPTIONS, REGISTER, or the INVITE of a telephone.
 * ask_send() sends one and calls a function with its final response, so that its user has no
 * transaction to keep.
 */
#include "wire/uac.h"

/** The contents of a new request; text is borrowed until ask_request() returns. */
struct ask {
	sip_method_t method;
	const char *method_name;	/* needed for sip_method_unknown */
	const char *uri;		/* Request-URI */
	const char *from, *to;		/* name-addr without tag */
	const char *call_id;		/* NULL = a new one */
	const char *from_tag;		/* NULL = a new one */
	uint32_t cseq;			/* 0 = 1 */
	const url_t *route;		/* the only Route, NULL = none */
};

/** A request with Max-Forwards 70, to which more may be added; NULL = a text is malformed. */
msg_t *ask_request(struct wire *wire, const struct ask *ask);

/** The final response, as for uac_heard_f; nothing is kept afterwards. */
typedef void ask_answered_f(void *context, int status, msg_t *response);

/** Sends REQUEST, which it takes over.  Returns 0, and ANSWERED is called later, never
 *  from inside this function; or -errno, and it is not called. */
int ask_send(struct wire *wire, const struct way *way, msg_t *request,
	     ask_answered_f *answered, void *context);
