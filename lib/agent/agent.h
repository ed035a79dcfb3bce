/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The face of the SIP side: starts and stops it, and sorts what comes in.  It tells proxies from
 * strangers, answers what is about no call, and hands the rest to lib/half.  The owner decides and
 * keeps the journal through hooks.  Everything runs on one thread.
 */
#include "half/stock.h"
#include "wire/wire.h"

struct agent;
struct loop;

struct agent_settings {
	struct wire_settings wire;	/* borrowed for the agent's life, the call model among
					 * them: cannot be reloaded */
	struct invite_settings invite;
	struct half_settings half;
	bool ignores_strangers;		/* silence instead of 403 */
	bool plays_dead;		/* OPTIONS are answered 503 */
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
	/** As in struct desk_hooks. */
	void (*decide)(void *context, const struct facts *facts, struct arena *arena,
		       const struct station **served, struct verdict *verdict);
	void (*note)(void *context, const struct event *event);
	/** As in struct stock_hooks. */
	int (*act)(void *context, const struct station *served,
		   const struct verdict *verdict, struct fault *fault);
	void (*show)(void *context, const struct shown_dialog *dialog);
	/** The answer to an agent_publish(); RESPONSE's text is borrowed. */
	void (*published)(void *context, void *ticket,
			  const struct agent_published *response);
	/** Draining, and the last call is over. */
	void (*idle)(void *context);
};

/** Counters since the start, and how much is alive now. */
struct agent_statistics {
	struct stock_statistics stock;
	struct wire_statistics wire;
};

/**
 * Binds every listen address.  On success *AGENT is owned by the caller; else -errno and a
 * sentence that names the address.  LOOP and HOOKS are borrowed and must outlive the agent.
 */
int agent_new(struct loop *loop, const struct agent_settings *settings,
	      const struct agent_hooks *hooks, void *context, struct agent **agent,
	      struct fault *fault);

/** From the next request on these settings count, but for those of the wire; calls
 *  keep the settings they arrived with. */
void agent_reload(struct agent *agent, const struct agent_settings *settings);

/** Ends every call at once and frees; NULL is fine. */
void agent_free(struct agent *agent);

/** "sip:127.0.0.1:41234;transport=udp ...", every address bound, in the order of listen. */
const char *agent_addresses(const struct agent *agent);

/** What is alive, for half/visit.h and half/stock.h; borrowed. */
const struct stock *agent_stock(const struct agent *agent);

/**
 * Sends a PUBLISH to the first proxy; hooks.published follows with TICKET, never from
 * inside.  0, or -errno when it could not be sent.
 */
int agent_publish(struct agent *agent, const struct agent_publish *publish, void *ticket);

/** Refuses new calls (503); hooks.idle is called once no call is left. */
void agent_drain(struct agent *agent);

void agent_statistics(const struct agent *agent, struct agent_statistics *statistics);
