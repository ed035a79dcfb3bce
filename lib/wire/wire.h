/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * SIP without calls: sockets and transactions.  This room knows messages, dialogs and how they
 * travel (RFC 3261 sections 12 and 16 to 18); what a call is it does not know, so daemon,
 * telephones and proxies of a test can be built of it.  Several wires run on one loop.
 *
 * Data goes one way: a datagram becomes a message, which is given to the transaction that waits
 * for it (wire/uas.h, wire/uac.h), or else to the events below.  What the user of a wire sends goes
 * through a transaction, by one way (wire/way.h), to a socket.  Everything runs on the loop's
 * thread, and nothing is shared by two wires.
 *
 * Sofia-SIP's parser reads and writes messages, URIs and SDP here; sockets, transactions, timers
 * and the choice of the way are this room's.  On Sofia's nta and tport a finished call kept 46 kB for
 * 32 s and cost 0.55 of Kamailio's CPU, and at four times the best rate 0.04 of it was answered; here
 * it is 2.8 kB, 0.22, and 0.8 or more (test/bench/README.md).  And no copy of a message could be
 * seen, repeated or distorted there.
 */
#include "wire/sofia.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fault;
struct listener;
struct loop;
struct peer;
struct wire;

/** What carries a message. */
enum way_transport { WAY_UDP, WAY_TCP, WAY_TLS };

/** One address to listen on or to send to. */
struct wire_address {
	const char *host;		/* numeric, IPv6 without brackets */
	unsigned port;			/* 0 in a listen address picks a free one */
	const char *transport;		/* "udp", "tcp" or "tls" */
};

/** A configured neighbour: told apart by its IP address alone. */
struct wire_peer {
	const char *name;		/* for journal and log */
	struct wire_address address;
	const char *tls_name;		/* its certificate's name, NULL = none asked for */
};

/** Files of TLS, PEM. */
struct wire_tls {
	const char *certificate;	/* with its chain */
	const char *key;
	const char *authorities;	/* who may sign the far end's; NULL = those of the system */
	bool is_mutual;			/* who connects must show a certificate, too */
};

/** Limits for what comes from outside; 0 = the default, which is given behind each. */
struct wire_limits {
	unsigned message_bytes;		/* of one message: 65,535 */
	unsigned header_lines;		/* of one message: 200 */
	unsigned connections;		/* in all: 1,000, less where descriptors are scarce */
	unsigned reserved_connections;	/* of them kept back for peers: a quarter */
	unsigned address_connections;	/* of one address that is no peer's: 16 */
	unsigned incomplete_ms;		/* from a message's first byte to its last: 5,000 */
	unsigned connect_ms;		/* 2,000 */
	unsigned handshake_ms;		/* of TLS: 5,000 */
	unsigned idle_ms;		/* nothing received on a connection: 180,000 */
	unsigned silent_ms;		/* no message yet from an address that is no peer's: 10,000 */
	unsigned queue_bytes;		/* to be sent on one connection: 262,144 */
};

/** How messages from addresses that are no peer's are treated. */
enum wire_strangers {
	WIRE_STRANGERS_PASS,		/* passed to wire_events with peer NULL */
	WIRE_STRANGERS_REFUSE,		/* 403 from the raw bytes, at a bounded rate */
	WIRE_STRANGERS_IGNORE,		/* silence */
};

/** Borrowed for the wire's life, text included. */
struct wire_settings {
	const struct wire_address *listen;
	size_t listen_count;		/* at least 1 */
	const struct wire_peer *peers;
	size_t peer_count;
	const char *domain;		/* names this wire in a Route, like a listen
					 * address; also the host of the Warning header */
	const struct wire_tls *tls;	/* needed to listen on or send by tls; NULL = none */
	struct wire_limits limits;
	enum wire_strangers strangers;
	bool is_proxy;			/* it forwards INVITEs; a 2xx that it forwards is repeated
					 * by the callee, not by this wire */
};

/** One copy of a message on its way; all of it is borrowed during the call. */
struct wire_frame {
	const char *bytes;
	size_t length;
	const struct listener *listener;	/* where it came in or leaves from */
	const struct sockaddr_storage *far_end;
	const char *transport;		/* "UDP", "TCP", "TLS" */
	int64_t at_us;			/* monotonic: when it was read or sent */
	bool is_out;
};

/** How one outgoing message is changed. */
struct wire_distortion {
	bool is_dropped;
	unsigned delay_ms;
	unsigned repeat;		/* number of additional copies */
	const char *bytes;		/* sent instead; NULL = unchanged */
	size_t length;
};

/** A request from an address that is no peer's, which was not read any further. */
struct wire_stranger {
	const char *address;		/* "192.0.2.9:5060" */
	const char *uri, *call_id;	/* as far as they are plain, cut at 127 bytes, else "" */
	int status;			/* of the answer, 0 = none */
};

/**
 * What arrives outside any transaction.  CONTEXT is the one given to wire_open(); the wire does not
 * use the message after the call.
 */
struct wire_events {
	/** A request that no transaction waits for, also the ACK of a 2xx.  PEER: who sent it,
	 *  NULL = an address that is no configured peer's.  LISTENER: where it came in.  MSG is
	 *  the receiver's; it ends in uas_new(), reply_refuse() or msg_destroy(). */
	void (*request)(void *context, const struct peer *peer,
			const struct listener *listener, msg_t *msg);
	/** A response that no transaction waits for.  MSG is the receiver's, who passes it to
	 *  forward_response() or msg_destroy(). */
	void (*response)(void *context, msg_t *msg);
	/** Every copy of every message, as it comes in or goes out, refused and distorted ones
	 *  too.  NULL = not wanted, which costs nothing; see also wire_show(). */
	void (*seen)(void *context, const struct wire_frame *frame);
	/** Called before a message is sent: returns how it is changed, borrowed until the
	 *  next call, or NULL = not at all.  The function may be NULL. */
	const struct wire_distortion *(*distort)(void *context,
						 const struct wire_frame *frame);
	/** The TLS handshake with PEER at ADDRESS ("192.0.2.5:5061") failed, whichever
	 *  side connected; WHY is the end of a sentence.  May be NULL. */
	void (*unshaken)(void *context, const struct peer *peer, const char *address,
			 const char *why);
	/** A stranger's request was refused or ignored; never told of with WIRE_STRANGERS_PASS.
	 *  Borrowed during the call.  May be NULL. */
	void (*stranger)(void *context, const struct wire_stranger *stranger);
	/** A branch that was used before came with another request; FRAME is what came.  May be
	 *  NULL. */
	void (*branch_reused)(void *context, const struct wire_frame *frame);
	/** Asked by the admission of wire_admit() alone; each may be NULL.
	 *
	 *  Whether REQUEST_URI, as written, may be that of an emergency call; yes when unsure.  NULL =
	 *  there are none. */
	bool (*is_urgent)(void *context, const char *request_uri);
	/** Whether an INVITE with CALL_ID belongs to a call that lives here, or its Call-ID was made
	 *  here: the other half, the INVITE that was dialled after off-hook.  NULL = never. */
	bool (*is_known)(void *context, const char *call_id);
	/** How many more calls may begin, in all or, with IS_URGENT, emergency calls.  NULL = any
	 *  number. */
	size_t (*room)(void *context, bool is_urgent);
	/** REFUSED new calls were refused for load within the last second; one more would have waited
	 *  for DELAY_MS. */
	void (*overloaded)(void *context, unsigned refused, unsigned delay_ms);
};

/** When new calls are refused; see wire_admit(). */
struct wire_admission {
	unsigned delay_ms;		/* of work that may wait, measured; 0 = however much */
	unsigned retry_after_s;		/* written into a refusal; 0 = not */
	unsigned urgent_rate;		/* emergency calls per second that nothing
					 * delays */
	size_t transactions;		/* transactions at which no new call begins,
					 * including those that linger after their end;
					 * 0 = any number */
};

/** Numbers of transactions that exist now, and how new calls fare. */
struct wire_statistics {
	size_t server_transactions, client_transactions;
	/* Of admission; all 0 without. */
	uint64_t refused;		/* new calls, for load, since the start */
	size_t waiting;			/* new calls that wait to be served */
	unsigned delay_ms;		/* how long one more would wait */
};

/**
 * Binds every listen address.  On success *WIRE is the caller's, else -errno and a sentence
 * that names the address.  LOOP is borrowed and must outlive the wire.
 */
int wire_open(struct loop *loop, const struct wire_settings *settings,
	      const struct wire_events *events, void *context, struct wire **wire,
	      struct fault *fault);

/**
 * Loads the certificates in FILES (borrowed during the call) for connections that begin from now
 * on; those that exist keep theirs, and is_mutual stays that of the settings.  Without TLS in the
 * settings nothing is done.  0, or -errno with a sentence, and the old ones stay.
 */
int wire_reload_tls(struct wire *wire, const struct wire_tls *files, struct fault *fault);

/** What becomes of strangers' messages from now on; at the start it is as in the settings. */
void wire_set_strangers(struct wire *wire, enum wire_strangers strangers);

/** Every uas and uac must have been freed.  NULL is fine. */
void wire_close(struct wire *wire);

/** Whether events.seen() is called from now on, as it is from the start. */
void wire_show(struct wire *wire, bool shows);

/** Sends LENGTH bytes from LISTENER to TO, by its transport, as they stand: no transaction, no
 *  Via, no distortion.  0 or -errno. */
int wire_say(struct wire *wire, const struct listener *listener,
	     const struct sockaddr_storage *to, const char *bytes, size_t length);

/** "sip:127.0.0.1:41234;transport=udp ...": each address bound, in the order of listen. */
const char *wire_addresses(const struct wire *wire);

/**
 * From here on new calls wait for the work that ends older ones, and those that would wait longer
 * than ADMISSION says are answered `503 Service Unavailable (overload)` from their bytes, before
 * they are parsed.  New is an INVITE without To tag whose Call-ID is_known() does not know.  May be
 * called again, with other settings.  A wire for which it was never called serves everything at
 * once.  0 or -ENOMEM.
 */
int wire_admit(struct wire *wire, const struct wire_admission *admission);

void wire_statistics(const struct wire *wire, struct wire_statistics *statistics);

/** The loop it runs on, borrowed. */
struct loop *wire_loop(const struct wire *wire);

/** As in the settings. */
const char *wire_domain(const struct wire *wire);
bool wire_is_proxy(const struct wire *wire);

/** Whether URL is the address of one of the listeners (sip:host:port; no names). */
bool wire_is_listener(const struct wire *wire, const url_t *url);

/** Whether URL names this wire: one of the listeners or the domain. */
bool wire_is_here(const struct wire *wire, const url_t *url);

/** An empty message to build a request in; aborts when out of memory. */
msg_t *wire_message(struct wire *wire);
