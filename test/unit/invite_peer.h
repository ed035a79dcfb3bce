/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A desk for the tests of lib/invite: INVITEs are text, read and written without sending any.
 * A wire is open on loopback, because Routes name its address; nothing arrives at it.
 */
#include "invite/arrival.h"
#include "invite/invite.h"
#include "invite/read.h"

#include <check.h>

/** Where the wire listens: $HERE in texts given to office_read() becomes its "host:port". */
struct office {
	struct loop *loop;
	struct wire *wire;
	struct desk *desk;
	struct wire_peer proxy;		/* "sm-a" at 127.0.0.9:5070, by UDP */
	struct invite_settings settings;
	struct station station;		/* 2001 "Bob"; served if is_served */
	bool is_served;
	struct verdict verdict;		/* what the hook decide() answers */
	unsigned decisions;		/* how often it was asked */
	unsigned notes;			/* events noted */
	char noted[512];		/* the last one, as note() of invite_peer.c writes it */
};

/** Opens the office with every setting false and no product; settings are applied by
 *  office_apply(). */
void office_open(struct office *office);
void office_close(struct office *office);

/** Makes a new desk of office->settings. */
void office_apply(struct office *office);

/**
 * Makes an INVITE of the Request-URI URI, the header lines HEADERS and the usual ones,
 * and reads it. Lines end in "\n". A usual header that stands in HEADERS is left out. The
 * caller frees the arrival.
 */
struct arrival *office_read(struct office *office, const char *uri, const char *headers);

/** The INVITE that leaves for TARGET, as text; valid until the next call. */
const char *office_written(const struct arrival *in, const struct target *target);

/** Values of all headers NAME in TEXT, joined by " | "; "" = none.  Valid until the fourth call
 *  after this one. */
const char *header_of(const char *text, const char *name);
