/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Messages on their way through us.  A copy keeps every header we do not own as it came, in
 * order, repeated and unknown ones included; the functions here change just what is ours.
 * All of them answer 0 or -ENOMEM, so calls can be chained with `||`.
 */
#include "agent/sofia.h"

/** A copy to change; NULL when out of memory.  It keeps ORIGINAL alive. */
msg_t *message_copy(msg_t *original);

/** Takes off all of Via, Route, Record-Route and Proxy-Authorization. */
void message_strip_hops(msg_t *msg);

/** Adds HEADER, one just made (NULL = its making failed). */
int message_insert(msg_t *msg, sip_header_t *header);

/** Takes off every header at LIST (sip->sip_contact, say) and all that follow it. */
void message_remove_all(msg_t *msg, sip_header_t *list);

/** The first header called NAME that Sofia has no type for, or NULL. */
sip_unknown_t *message_find(const sip_t *sip, const char *name);

/** The next one of the same name after HEADER, or NULL. */
sip_unknown_t *message_find_next(const sip_unknown_t *header);

/** Sets the value of an unknown header; VALUE is copied. */
int message_set_value(msg_t *msg, sip_unknown_t *header, const char *value);

/** Takes off every unknown header called NAME. */
void message_remove_named(msg_t *msg, const char *name);

/** Adds the header NAME: VALUE, which Sofia has no type for. */
int message_add(msg_t *msg, const char *name, const char *value);

/** Replaces or sets; NULL tag removes it. */
int message_set_from_tag(msg_t *msg, const char *tag);
int message_set_to_tag(msg_t *msg, const char *tag);
int message_set_call_id(msg_t *msg, const sip_call_id_t *call_id);
int message_set_cseq(msg_t *msg, uint32_t seq);
int message_set_uri(msg_t *msg, const url_t *uri);

/** The route set, NULL = none; copied. */
int message_set_route(msg_t *msg, const sip_route_t *route);

/** Contact with our address; USER as identity_user() gives it, "" = none. */
int message_set_contact(msg_t *msg, const char *user, const struct listener *listener);

/** Takes one from Max-Forwards (70 when there is none). */
int message_count_hop(msg_t *msg);

/** Appends PRODUCT to User-Agent (protocol.md section 1); "" changes nothing. */
int message_append_product(msg_t *msg, const char *product);

/** Takes REQUIRE: 100rel and RSeq off a response that we will number anew. */
void message_strip_reliable(msg_t *msg);

/**
 * Whether the URI parameters PARAMS (NULL = none) have NAME; its value, "" without one, is
 * copied into VALUE, cut to SIZE.  In place of Sofia's url_param(), which reads past the end
 * where the last parameter only begins with NAME, and leaves VALUE alone where it is long.
 */
bool message_param(const char *params, const char *name, char *value, size_t size);
