/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A half call on the wire: the call's table with the transactions, dialogs and texts its
 * port needs.
 */
#include "agent/arrival.h"
#include "agent/answers.h"
#include "agent/sofia.h"
#include "call/call.h"

/** A request on its way from one side to the other: server and client transaction. */
struct exchange {
	struct list node;		/* in the half's, or the agent's stray, exchanges */
	struct agent *agent;
	struct half_call *half;		/* NULL = stray */
	struct reservation *reservation;	/* whose off-hook INVITE it is, or NULL */
	void *ticket;			/* of an agent_publish() */
	enum call_side from;		/* who sent the request */
	nta_incoming_t *server;		/* owned; NULL = a request of our own */
	nta_outgoing_t *client;		/* owned; NULL = not sent (yet), or done */
	msg_t *request;			/* the server's, a reference of ours; NULL = our own */
	msg_t *sent;			/* the client's INVITE as sent, a reference of ours */
	msg_t *second;			/* while one is handled: the ACK or CANCEL; borrowed */
	uint32_t cseq;			/* of the client's request, for the ACK of an INVITE */
	uint32_t rack_rseq, rack_cseq;	/* a PRACK's, as the callee numbers them; 0 = no PRACK */
	const struct fork *fork;	/* a PRACK's: who sent the response */
	bool is_invite;
	bool is_bye;
	bool has_provisional;		/* the client heard any 1xx, so it may be cancelled */
	bool is_cancelled;
};

/** A reliable provisional response we passed to the caller (RFC 3262). */
struct reliable {
	struct list node;
	nta_reliable_t *response;	/* Sofia's */
	const struct fork *fork;	/* who sent it */
	uint32_t rseq, cseq;		/* as the callee numbered it */
};

/** What one telephone shows of a half call, and the line appearance the call has there. */
struct showing {
	const char *extension;		/* whose telephone; NULL = nobody's */
	const char *name;		/* of the station */
	const char *id;			/* of the dialog shown; unique for ever */
	const struct redirect *at;	/* the station is called while call.at is this */
	unsigned appearance;		/* ours while not 0 */
	unsigned shown_appearance;	/* the same, also when it has been given back */
	bool is_shown;			/* in this state ... */
	enum shown_state state;
	enum shown_event over;		/* why it will be terminated */
	int over_code;
};

struct half_call {
	struct call call;
	struct arrival in;		/* the caller's INVITE, read and decided */
	su_home_t home[1];		/* what Sofia makes for the call's life */
	struct list node;		/* in agent->halves, later in agent->graves */
	struct index_entry by_call_id;	/* in agent->half_index */
	enum phase phase_out;		/* of the last INVITE we sent */
	uint64_t handle;		/* of this half: names it in our Record-Route */
	struct dialog dialog[2];	/* by enum call_side; b2bua only */
	struct answers answers;		/* of the callees; proxy only */
	struct exchange invite;		/* the caller's INVITE and the one we sent */
	struct list exchanges;		/* of requests inside the dialog */
	struct list reliables;
	struct fork *forks;		/* of the INVITE that is out; b2bua only */
	su_timer_t *timer;		/* the state's; created when first needed */
	int64_t answered_ms;		/* clock_mono_ms(); 0 = not */
	msg_t *confirmation;		/* our 200 to a feature, a reference of ours */
	su_timer_t *resender;		/* sends it again; created when needed */
	unsigned resend_ms;		/* until the next time */
	bool is_member;			/* in progress: counts against call.trunk_members */
	struct showing showing[2];	/* by enum call_side: at the served station, and at the
					 * one called the short way */
};

/** The port for each model. */
extern const struct call_port b2bua_port, proxy_port;

/**
 * A half call for the INVITE of SERVER, which it owns from here on, as read in IN, which it
 * takes over.  Never NULL.  Nothing has been decided yet.
 */
struct half_call *half_new(struct agent *agent, nta_incoming_t *server,
			   struct arrival *in);

/** Decides and begins. */
void half_begin(struct half_call *half);

/** Tells the table. MESSAGE as struct call_event. */
void half_raise(struct half_call *half, enum call_on on, int status, enum call_side from,
		void *message);

/** The half call whose caller used this Call-ID, and of this handle unless HANDLE is 0; or
 *  NULL. */
struct half_call *half_find(struct agent *agent, const char *sip_call_id,
			    uint64_t handle);

/** Frees at once, with all its transactions. */
void half_free(struct half_call *half);

/** Answers the caller's INVITE with a refusal of our own and lets its transaction go. */
int half_refuse(struct half_call *half, int status, const struct verdict *why);

/** The phase an INVITE to TARGET carries. */
enum phase half_phase_out(const struct half_call *half, const struct target *target);

/** Writes all that both models change in an INVITE on its way to TARGET. */
int half_write_invite(struct half_call *half, msg_t *msg, const struct target *target);

/** The listener requests towards URL leave from; NULL = none fits. */
const struct listener *half_listener(const struct half_call *half, const url_t *url);

/* Parts of a port both models share. */
void half_arm(struct call *call, unsigned seconds);
void half_note(struct call *call, enum call_note what, int status, const char *rule,
	       const char *to);
void half_ended(struct call *call);

static inline struct half_call *half_of(struct call *call)
{
	return container_of(call, struct half_call, call);
}

/** An exchange for SERVER's request (NULL = a request of our own) in HALF (NULL = stray). */
struct exchange *exchange_new(struct agent *agent, struct half_call *half,
			      nta_incoming_t *server, enum call_side from);

/** Ends both transactions (an unanswered request gets 500) and frees. */
void exchange_free(struct exchange *exchange);

/** Drops the transactions of an exchange that is part of something else. */
void exchange_drop(struct exchange *exchange);
