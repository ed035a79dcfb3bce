/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The SIP side: listens, tells its proxies from strangers, turns an INVITE into facts, asks
 * its owner what to do with them and plays the call.  The only room of the daemon that
 * speaks Sofia-SIP (nta; see shared facts in sofia.md).  Everything runs on one thread.
 */
#include "base/arena.h"
#include "base/fault.h"
#include "model/event.h"
#include "model/facts.h"
#include "model/presence.h"
#include "model/verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct agent;
struct loop;

/** One address we listen on or send to; all text is borrowed for the agent's life. */
struct agent_address {
	const char *host;		/* numeric, IPv6 without brackets */
	unsigned port;			/* 0 in a listen address picks a free one */
	const char *transport;		/* "udp" or "tcp" */
};

struct agent_proxy {
	const char *name;
	struct agent_address address;
};

/** Settings; borrowed for the agent's life. */
struct agent_settings {
	const struct agent_address *listen;
	size_t listen_count;
	const struct agent_proxy *proxies;
	size_t proxy_count;
	const char *domain;
	const char *product;		/* appended to User-Agent; "" = nothing */
	bool is_proxy_model;		/* call.model = "proxy" */
	bool is_evolution;		/* call.server = "evolution" */
	bool routes_untagged;		/* call.untagged = "route" */
	bool forwards_as_origdone;	/* call.forward_phase = "origdone" */
	bool writes_diversion;		/* call.diversion */
	bool writes_asserted, writes_alert_info, writes_history_info;
	bool respects_privacy;		/* identity.privacy */
	unsigned trunk_members;		/* call.trunk_members: 0 = unlimited */
	bool ignores_strangers;		/* silence instead of 403 */
	bool plays_dead;		/* OPTIONS are answered 503 */
	unsigned reservation_s;		/* line.reservation */
	bool reserves_reliably;		/* line.reliable */
	int reservation_timeout_status;	/* denial.reservation_timeout */
};

/** One PUBLISH of dialog events (RFC 3903); text is borrowed during the call. */
struct agent_publish {
	const char *extension;		/* to sip:EXTENSION@domain */
	const char *if_match;		/* NULL = none */
	unsigned expires_s;
	const char *body;		/* application/dialog-info+xml; NULL = none */
	size_t body_length;
};

struct agent_published {
	int status;			/* 408 = nothing came back */
	const char *etag;		/* SIP-ETag, NULL = none */
	unsigned expires_s;		/* 0 = not said */
	unsigned min_expires_s;		/* 0 = not said */
	unsigned retry_after_s;		/* 0 = not said */
};

/** What the agent asks its owner; CONTEXT comes back as given to agent_new(). */
struct agent_hooks {
	/**
	 * Decides a half call.  0 with *SERVED (the station on whose behalf, or NULL) and
	 * *VERDICT filled, text in ARENA; or -errno with a sentence: the caller hears 500.
	 */
	int (*decide)(void *context, const struct facts *facts, struct arena *arena,
		      const struct station **served, struct verdict *verdict,
		      struct fault *fault);
	/**
	 * Does what VERDICT, of kind VERDICT_FEATURE, says to the features of SERVED.  0; or
	 * -errno with a sentence, and nothing is done: -EPERM when it may not be.
	 */
	int (*act)(void *context, const struct station *served,
		   const struct verdict *verdict, struct fault *fault);
	/** Something for the journal. */
	void (*note)(void *context, const struct event *event);
	/** What a station's telephone shows of a dialog has changed; NULL = nobody asks. */
	void (*show)(void *context, const struct shown_dialog *dialog);
	/** The answer to an agent_publish(); RESPONSE's text is borrowed. */
	void (*published)(void *context, void *ticket,
			  const struct agent_published *response);
	/** Draining, and the last call is over. */
	void (*idle)(void *context);
};

/** Counters since the start, and how much is alive now. */
struct agent_statistics {
	uint64_t calls;			/* half calls begun */
	size_t halves;			/* half calls alive */
	size_t reservations;		/* line reservations alive */
	size_t lines;			/* line appearances in use */
	size_t server_transactions, client_transactions, dialogs;	/* alive in nta */
};

/**
 * Binds every listen address.  On success *AGENT is owned by the caller; else -errno and a
 * sentence that names the address.  LOOP is borrowed and must outlive the agent.
 */
int agent_new(struct loop *loop, const struct agent_settings *settings,
	      const struct agent_hooks *hooks, void *context, struct agent **agent,
	      struct fault *fault);

/** Ends every call at once and frees; NULL is fine. */
void agent_free(struct agent *agent);

/** "sip:127.0.0.1:41234;transport=udp ...", every address bound, in the order of listen. */
const char *agent_addresses(const struct agent *agent);

/**
 * Sends a PUBLISH to the first proxy; hooks.published follows with TICKET, never from
 * inside.  0, or -errno when it could not be sent.
 */
int agent_publish(struct agent *agent, const struct agent_publish *publish, void *ticket);

/** Refuses new calls (503); hooks.idle is called once no call is left. */
void agent_drain(struct agent *agent);

void agent_statistics(const struct agent *agent, struct agent_statistics *statistics);
