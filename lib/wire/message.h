/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Changes messages that are passed on.  A copy keeps every header as it came, in order,
 * including repeated and unknown ones; the functions here change only what they name.
 */
#include "wire/sofia.h"

#include <stdbool.h>
#include <stdint.h>

struct listener;

/** A copy that can be changed, owned by the caller. It holds a reference of ORIGINAL. */
msg_t *message_copy(msg_t *original);

/** Takes off all of Via, Route, Record-Route and Proxy-Authorization. */
void message_strip_hops(msg_t *msg);

/** Adds HEADER, which was made in MSG's home. */
void message_insert(msg_t *msg, sip_header_t *header);

/** Takes off every header at LIST (sip->sip_contact, say) and all that follow it. */
void message_remove_all(msg_t *msg, sip_header_t *list);

/** The first header called NAME that Sofia has no type for, or NULL. */
sip_unknown_t *message_find(const sip_t *sip, const char *name);

/** The next one of the same name after HEADER, or NULL. */
sip_unknown_t *message_find_next(const sip_unknown_t *header);

/** Sets the value of an unknown header; VALUE is copied. */
void message_set_value(msg_t *msg, sip_unknown_t *header, const char *value);

/** Takes off every unknown header called NAME. */
void message_remove_named(msg_t *msg, const char *name);

/** Adds the header NAME: VALUE, which Sofia has no type for. */
void message_add(msg_t *msg, const char *name, const char *value);

/** Each sets the header or tag it names, in place of the present one; NULL removes the tag. */
void message_set_from_tag(msg_t *msg, const char *tag);
void message_set_to_tag(msg_t *msg, const char *tag);
void message_set_call_id(msg_t *msg, const char *call_id);
void message_set_cseq(msg_t *msg, uint32_t seq);
void message_set_uri(msg_t *msg, const url_t *uri);

/** The route set, NULL = none; copied. */
void message_set_route(msg_t *msg, const sip_route_t *route);

/** Contact with LISTENER's address; USER as uri_user() gives it, "" = none. */
void message_set_contact(msg_t *msg, const char *user, const struct listener *listener);

/** Decrements Max-Forwards; adds one of 70 if there is none. */
void message_count_hop(msg_t *msg);

/** Appends PRODUCT to User-Agent; "" changes nothing. */
void message_append_product(msg_t *msg, const char *product);

/** Removes Require: 100rel and RSeq from a response that gets an RSeq of this program. */
void message_strip_reliable(msg_t *msg);
