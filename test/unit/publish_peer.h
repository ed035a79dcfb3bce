/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Used by all tests of lib/publish: a port that records requests and timers, a clock that
 * the test moves, and a reader of documents that checks the rules of RFC 4235 section 4.
 */
#include "publish/publication.h"

#include <libxml/tree.h>

enum { PEER_STATIONS = 1024, PEER_ETAG = 32 };

/** The proxy's side of one station: the last request, and the timer. */
struct slot {
	struct publication *publication;
	bool is_in_flight;
	unsigned sent;			/* requests so far */
	unsigned armed_ms;		/* the timer, 0 = stopped */
	int64_t fires_at_ms;
	char if_match[PEER_ETAG];	/* of the last request, "" = none */
	unsigned expires_s;
	char *body;			/* owned; NULL = none */
	size_t length;
};

struct peer {
	struct publisher *publisher;
	struct publish_settings settings;	/* may be changed before peer_start() */
	struct slot slots[PEER_STATIONS];
	unsigned slot_count;
	int send_error;			/* send() fails with it */
	unsigned requests;		/* of all stations */
	char notes[4096];		/* a line each: EXTENSION EVENT STATUS */
};

extern struct peer peer;

/** Stops the clock and clears the peer; makes no publisher. */
void peer_set_up(void);
void peer_tear_down(void);

/** Makes a publisher with peer.settings. */
void peer_start(void);

/** Frees the publisher as halfcalld does at its end, and forgets its requests. */
void peer_stop(void);

/**
 * The slot of EXTENSION (NULL = of the only station); NULL = it has sent no request and
 * armed no timer.
 */
struct slot *peer_slot(const char *extension);

/** Fails the test unless a timer runs, and a request is in flight, exactly in the states
 *  in which they should. */
void peer_check(const struct slot *slot);

/** Reports that dialog ID of station 2001 is in STATE. */
void peer_show(const char *id, enum shown_state state);

/** Answers the request of 2001 in flight with STATUS, and ETAG if it is a 2xx. */
void peer_answer(int status, const char *etag);
void peer_answer_with(const struct publish_response *response);

/** The state of 2001's publication. */
const char *peer_state(void);

/** Moves the clock, firing timers in their order. */
void peer_run_ms(int64_t ms);
void peer_fire(struct slot *slot);
int64_t peer_now_ms(void);

/** The first rule of RFC 4235 section 4 the document breaks, or NULL. */
const char *document_fault(const char *body, size_t length);

/** Parses a document; fails the test when it breaks a rule.  To be freed by xmlFreeDoc(). */
xmlDoc *document_read(const char *body, size_t length);
uint32_t document_version(const xmlDoc *document);

/** The dialog element with this id, or NULL. */
xmlNode *document_dialog(const xmlDoc *document, const char *id);
size_t document_count(const xmlDoc *document);

/**
 * "confirmed", or with event and code "terminated rejected 486"; NULL = no such dialog.
 */
const char *document_state(const xmlDoc *document, const char *id);

/** document_state() of 2001's last request; fails the test if that has no body. */
const char *peer_told(const char *id);

/** An attribute's value in a static buffer, NULL = none. */
const char *node_value(const xmlNode *node, const char *attribute);
xmlNode *node_child(const xmlNode *node, const char *name);
