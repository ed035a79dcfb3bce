/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Sofia-SIP with our contexts as the types of its callbacks, and the agent itself, which
 * every file of this room may see.
 */
struct agent;
struct dialog;
struct exchange;
struct half_call;
struct reservation;

#define NTA_AGENT_MAGIC_T struct agent
#define NTA_INCOMING_MAGIC_T struct exchange
#define NTA_OUTGOING_MAGIC_T struct exchange
#define NTA_RELIABLE_MAGIC_T struct half_call

#include <sofia-sip/su_wait.h>
#include <sofia-sip/su_time.h>
#include <sofia-sip/su_log.h>
#include <sofia-sip/su_tagarg.h>
#include <sofia-sip/su_uniqueid.h>
#include <sofia-sip/msg_addr.h>
#include <sofia-sip/msg_header.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_parser.h>
#include <sofia-sip/sip_protos.h>
#include <sofia-sip/sip_status.h>
#include <sofia-sip/sip_tag.h>
#include <sofia-sip/sip_util.h>
#include <sofia-sip/nta.h>
#include <sofia-sip/nta_tag.h>
#include <sofia-sip/nta_stateless.h>
#include <sofia-sip/nta_tport.h>
#include <sofia-sip/tport.h>
#include <sofia-sip/tport_tag.h>
#include <sofia-sip/url.h>

#include "agent/agent.h"
#include "base/index.h"
#include "base/list.h"
#include "line/board.h"

/** One address as bound. */
struct listener {
	char ident[32];			/* Sofia's name for the transport */
	const char *host;		/* as in a URI: IPv6 in brackets */
	unsigned port;
	const char *transport;		/* "udp", "tcp" */
	bool is_ipv6;
};

/** One proxy as an address to compare and to send to. */
struct peer {
	const char *name;
	su_sockaddr_t address;
	url_t *url;			/* sip:host:port;transport=x;lr */
};

/** A dialog of ours towards one side of a half call (RFC 3261 section 12). */
struct dialog {
	struct index_entry by_call_id;	/* in agent->dialog_index while open */
	struct half_call *half;
	const char *call_id;		/* this and the tags are in the half's arena; NULL = none */
	const char *local_tag, *remote_tag;	/* the peer's: NULL = not known yet */
	sip_route_t *route;		/* route set and target: in the half's home */
	sip_contact_t *target;
	uint32_t cseq;			/* of our last request in it */
	uint32_t remote_cseq;		/* of the peer's last one */
};

struct agent {
	su_root_t *root;		/* borrowed from the loop */
	nta_agent_t *nta;
	const struct agent_settings *settings;
	const struct agent_hooks *hooks;
	void *context;
	struct arena arena;		/* what lives as long as the agent */
	struct listener *listeners;	/* settings->listen_count of them */
	struct peer *peers;		/* settings->proxy_count of them */
	const char *addresses;
	struct list halves;		/* every half call alive */
	struct index half_index;	/* the same by the caller's Call-ID */
	struct index dialog_index;	/* every dialog open, by Call-ID */
	struct list strays;		/* exchanges of calls we do not (or no longer) know */
	su_timer_t *reaper;		/* frees the ended, outside their callbacks */
	struct list graves;		/* half calls that ended */
	struct list reservations;	/* every line reservation alive */
	struct index line_index;	/* the same by Call-ID */
	struct list line_graves;	/* reservations that ended */
	struct board *board;		/* line appearances in use; owned */
	size_t half_count, reservation_count, dialog_count;
	size_t member_count;		/* half calls in progress */
	uint64_t calls;
	bool is_draining;
};

/** Tells the owner, if it wants to know. */
void agent_show(struct agent *agent, const struct shown_dialog *dialog);

/** Frees what ended as soon as the callback that ended it has returned. */
void agent_reap_soon(struct agent *agent);
