/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Sofia-SIP's messages: what this room's headers speak of (msg_t, sip_t, url_t, su_home_t).
 * Transactions and transports of Sofia are seen by the .c files of this room alone.
 */
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/msg_header.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_parser.h>
#include <sofia-sip/sip_protos.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/su_alloc.h>
#include <sofia-sip/su_tagarg.h>
#include <sofia-sip/su_uniqueid.h>
#include <sofia-sip/url.h>
