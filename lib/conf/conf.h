/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * halfcalld.conf(5) as a struct.  One table describes every setting: path, type, default,
 * limits, help.  Data flows from the file to the struct, never back; the only room that
 * uses libconfig.
 */
#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum conf_transport { TRANSPORT_UDP, TRANSPORT_TCP, TRANSPORT_TLS };
enum conf_model { MODEL_B2BUA, MODEL_PROXY };
enum conf_server { SERVER_FEATURE, SERVER_EVOLUTION };
enum conf_untagged { UNTAGGED_REJECT, UNTAGGED_ROUTE };
enum conf_forward_phase { FORWARD_TERMDONE, FORWARD_ORIGDONE };

/** A SIP address with a numeric host: sip:192.0.2.10:5062;transport=tcp, sips:[fe80::1%eth0] */
struct conf_address {
	const char *uri;		/* as written */
	const char *host;		/* numeric and canonical (inet_ntop); no brackets; with
					 * %zone where it is link-local */
	unsigned port;			/* 5060 (5061 for TLS) when not written; 0 only in listen */
	enum conf_transport transport;	/* when not written, udp, or tls of sips: */
	bool is_ipv6;
};

struct conf_proxy {
	const char *name;
	struct conf_address address;
	const char *tls_name;		/* its certificate's, NULL = none asked for */
	bool survivable;
};

enum conf_feature {
	FEATURE_CALL_FWD_ALL,
	FEATURE_CALL_FWD_BUSY,
	FEATURE_CALL_FWD_NO_ANSWER,
	FEATURE_SEND_ALL_CALLS,
};

/** A name of a feature in feature name URIs. */
struct conf_feature_name {
	const char *name;
	enum conf_feature feature;
};

/** All text is in `arena`; conf_clear() frees all. */
struct conf {
	struct arena arena;
	struct conf_address *listen;
	size_t listen_count;		/* at least 1 */
	const char *domain;
	const char *database;
	const char *control;
	struct conf_proxy *proxies;
	size_t proxy_count;		/* at least 1 */
	struct conf_feature_name *feature_names;
	size_t feature_name_count;
	struct {
		const char *certificate, *key;	/* files; both or neither (NULL) */
		const char *ca;		/* file; NULL = the authorities of the system */
		bool mutual;
		const char *at;		/* no setting: where the group stands, "FILE:LINE";
					 * NULL = nowhere */
	} tls;
	struct {
		unsigned message_bytes;
		unsigned header_lines;
		unsigned connections;
		unsigned reserved_connections;	/* 0 = a quarter of them */
		unsigned address_connections;
		unsigned incomplete_ms, connect_ms, handshake_ms;
		unsigned idle_s, silent_s, drain_s;
		unsigned queue_bytes;
	} limits;
	struct {
		enum conf_model model;
		enum conf_server server;
		enum conf_untagged untagged;
		enum conf_forward_phase forward_phase;
		unsigned no_answer_s;		/* call.no_answer, 1 ... 300 */
		unsigned forward_hops;		/* 0 ... 20 */
		bool chained;
		bool diversion;
		unsigned trunk_members;	/* half calls in progress; 0 = unlimited */
	} call;
	struct {
		unsigned delay_ms;	/* 0 = no call is refused for waiting */
		unsigned retry_after_s;	/* 0 = not written */
		unsigned calls;		/* half calls and reservations; 0 = unlimited */
		unsigned reserve;	/* of these, for emergencies alone */
		unsigned emergencies;	/* a second, 1 ... 10000 */
		unsigned transactions;	/* 0 = unlimited */
	} admission;
	struct {
		bool asserted;		/* P-Asserted-Identity from the station record */
		bool privacy;		/* Privacy withholds P-Asserted-Identity from outside */
		bool alert_info;
		bool history_info;
		const char *product;	/* appended to User-Agent, "" = nothing */
	} identity;
	struct {
		unsigned reservation_s;	/* 30 ... 240 */
		bool reliable;
	} line;
	struct {
		bool enabled;
		unsigned expires_s;
		unsigned linger_s;
		const char *state;	/* NULL = beside the database */
	} publish;
	struct {
		unsigned interval_s;	/* 0 = none */
		bool alive;
	} monitor;
	struct {
		int restricted, unknown, reservation_timeout;	/* 400 ... 699 */
	} denial;
	struct {
		bool refuse;		/* peers.unknown = "refuse" (403) or "ignore" */
	} peers;
	struct {
		const char *file;	/* NULL = ring only, "-" = stderr */
		unsigned ring;
	} journal;
	struct {
		int level;		/* enum log_level of base/log.h */
	} log;
};

/**
 * Reads FILE.  0 and a filled CONF, to be cleared by the caller; or the number of faults,
 * each written to FAULTS as one line `file:line: sentence`, and CONF is cleared.
 */
int conf_read(struct conf *conf, const char *file, FILE *faults);

void conf_clear(struct conf *conf);

/**
 * Writes the effective configuration, defaults included, as a file conf_read() accepts.
 */
void conf_print(const struct conf *conf, FILE *out);

/**
 * Calls VISIT for each setting that differs between A and B, in the order of the table: PATH
 * is that of a whole list where an entry of it differs, NEEDS_RESTART whether a change of it
 * counts from the next start only.  Two spellings of one address are the same.
 */
void conf_compare(const struct conf *a, const struct conf *b,
		  void (*visit)(void *context, const char *path, bool needs_restart),
		  void *context);
