/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What stands behind the wire's handles: Sofia's nta and tport, with our structs as the contexts of
 * their callbacks.  For the .c files of this room alone.
 */
struct uac;
struct uas;
struct wire;

#define NTA_AGENT_MAGIC_T struct wire
#define NTA_INCOMING_MAGIC_T struct uas
#define NTA_OUTGOING_MAGIC_T struct uac
#define NTA_RELIABLE_MAGIC_T struct uas

#include "base/arena.h"
#include "base/list.h"
#include "wire/sofia.h"
#include "wire/wire.h"

#include <sofia-sip/nta.h>
#include <sofia-sip/nta_stateless.h>
#include <sofia-sip/nta_tag.h>
#include <sofia-sip/nta_tport.h>
#include <sofia-sip/su_time.h>
#include <sofia-sip/su_wait.h>
#include <sofia-sip/tport.h>
#include <sofia-sip/tport_tag.h>

struct listener {
	char ident[32];			/* Sofia's name for the transport */
	const char *host;		/* as in a URI: IPv6 in brackets */
	unsigned port;
	const char *transport;		/* "udp", "tcp" */
	const char *address;		/* "host:port;transport=udp" */
	bool is_ipv6;
};

struct peer {
	const char *name;
	su_sockaddr_t address;		/* the port is not compared */
	url_t *url;			/* sip:host:port;transport=x;lr */
};

struct wire {
	struct loop *loop;		/* borrowed */
	su_root_t *root;		/* the loop's */
	nta_agent_t *nta;
	const struct wire_settings *settings;
	const struct wire_events *events;
	void *context;
	struct arena arena;		/* what lives as long as the wire */
	struct listener *listeners;	/* settings->listen_count of them */
	struct peer *peers;		/* settings->peer_count of them */
	const char *addresses;
	struct list asks;		/* requests of wire/ask.h that are out */
	void (*end_asks)(struct wire *wire);	/* gives them up; NULL = there never were any */
};

/** For this room's stateless and stateful answers; borrowed. */
nta_incoming_t *uas_server(const struct uas *uas);
