/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The SIP side as its owner sees it: start, reload, drain and stop, and the PUBLISH requests.
 *
 * A request arrives from lib/wire.  This room refuses it if the sender's address is no configured
 * proxy, answers it if it belongs to no call (OPTIONS, an unknown method), and passes all others
 * to lib/half.  What is needed from outside is asked for through the hooks: the decision, the
 * journal, the change of a feature, the display of a dialog.  So this room knows lib/half and the
 * rooms below it, and neither database nor journal nor configuration file.  Everything runs on the
 * thread of the loop.
 */
#include "half/stock.h"
#include "wire/wire.h"

struct agent;
struct loop;

struct agent_settings {
	struct wire_settings wire;	/* borrowed for the agent's life; includes the call
					 * model; ignored by agent_reload() */
	struct invite_settings invite;
	struct half_settings half;
	struct wire_admission admission;
	size_t calls;			/* half calls and reservations at most; 0 = any number */
	size_t reserved_calls;		/* of them kept back for emergencies */
	bool ignores_strangers;		/* a request from no configured proxy gets no answer
					 * instead of 403 */
	bool plays_dead;		/* OPTIONS gets 503: monitor.alive is false */
};

/** One PUBLISH of dialog events (RFC 3903); text is borrowed until agent_publish() returns. */
struct agent_publish {
	const char *extension;		/* to sip:EXTENSION@domain */
	const char *if_match;		/* SIP-If-Match; NULL = no such header */
	unsigned expires_s;
	const char *body;		/* application/dialog-info+xml; NULL = none */
	size_t body_length;
};

/** The final response to a PUBLISH. */
struct agent_published {
	int status;			/* 408 = no response came */
	const char *etag;		/* SIP-ETag, NULL = none */
	unsigned expires_s;		/* 0 = no Expires header */
	unsigned min_expires_s;		/* 0 = no Min-Expires header */
	unsigned retry_after_s;		/* 0 = no Retry-After header */
};

/** What the agent asks its owner; CONTEXT is the one given to agent_new(). */
struct agent_hooks {
	/** This one and note(): see struct desk_hooks. */
	void (*decide)(void *context, const struct facts *facts, struct arena *arena,
		       const struct station **served, struct verdict *verdict);
	void (*note)(void *context, const struct event *event);
	/** This one and show(): see struct stock_hooks. */
	int (*act)(void *context, const struct station *served,
		   const struct verdict *verdict, struct fault *fault);
	void (*show)(void *context, const struct shown_dialog *dialog);
	/** The response to the agent_publish() that was given TICKET; RESPONSE is borrowed. */
	void (*published)(void *context, void *ticket,
			  const struct agent_published *response);
	/** Whether NUMBER, unescaped and without visual separators, may be an emergency number; yes
	 *  when unsure.  Asked while there is load, so it must not wait for anything.  NULL = there
	 *  are none. */
	bool (*is_emergency)(void *context, const char *number);
	/** agent_drain() was called and the last call is over. */
	void (*idle)(void *context);
};

/** Counters since the start, and numbers of what exists now. */
struct agent_statistics {
	struct stock_statistics stock;
	struct wire_statistics wire;
};

/**
 * Binds every listen address.  Returns 0, and *AGENT belongs to the caller, or -errno, and FAULT
 * names the address.  LOOP and HOOKS are borrowed and must outlive the agent.
 */
int agent_new(struct loop *loop, const struct agent_settings *settings,
	      const struct agent_hooks *hooks, void *context, struct agent **agent,
	      struct fault *fault);

/** Applies SETTINGS, except those of the wire, to requests that arrive from now on.  Calls that
 *  exist keep the settings they began with. */
void agent_reload(struct agent *agent, const struct agent_settings *settings);

/** See wire_reload_tls(). */
int agent_reload_tls(struct agent *agent, const struct wire_tls *files,
		     struct fault *fault);

/** Frees the agent and every call, without sending anything; NULL is fine. */
void agent_free(struct agent *agent);

/** "sip:127.0.0.1:41234;transport=udp ...": every address bound, in the order of the setting
 *  listen; borrowed. */
const char *agent_addresses(const struct agent *agent);

/** The calls and reservations, to be read by the functions of half/visit.h and half/stock.h;
 *  borrowed. */
const struct stock *agent_stock(const struct agent *agent);

/**
 * Sends a PUBLISH to the first proxy.  Returns 0, and hooks.published() is called later with
 * TICKET, never before this function returns; or -errno if it could not be sent.
 */
int agent_publish(struct agent *agent, const struct agent_publish *publish, void *ticket);

/** Answers new calls with 503 from now on; hooks.idle() is called as soon as no call is left. */
void agent_drain(struct agent *agent);

void agent_statistics(const struct agent *agent, struct agent_statistics *statistics);
