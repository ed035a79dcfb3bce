/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A player with calls: a telephone, a trunk, an application or a stranger.  It hears what comes to
 * its address, does the mechanics of a user agent, and queues what a script may wait for.
 */
#include "lab/mail.h"

#include <stdbool.h>

struct fault;
struct lab;
struct phone;

enum phone_role { PHONE_TELEPHONE, PHONE_TRUNK, PHONE_APP, PHONE_STRANGER };

enum { PHONE_PROXIES_MAX = 8 };

/** Copied, text included. */
struct phone_settings {
	enum phone_role role;
	const char *name;		/* "2001/desk", for reports */
	const char *user;		/* "2001": of its From and Contact */
	const char *password;
	const char *host;		/* its address, numeric */
	unsigned port;
	const char *transport;		/* "udp", "tcp": by which it speaks to its proxy */
	const char *supported;		/* for Supported */
	const char *const *proxies;	/* "sip:127.0.0.2:5060;transport=udp"; the first counts */
	size_t proxy_count;
	const char *cm;			/* the same of CM, for what goes past the proxy */
};

/** Binds its address.  *PHONE is the caller's; or -errno and a sentence. */
int phone_open(struct lab *lab, const struct phone_settings *settings,
	       struct phone **phone, struct fault *fault);

/** Its calls end without a message.  NULL is fine. */
void phone_free(struct phone *phone);

const char *phone_name(const struct phone *phone);
const char *phone_user(const struct phone *phone);
const char *phone_host(const struct phone *phone);
unsigned phone_port(const struct phone *phone);

/** The oldest message in its queue, of APPEARANCE (0 = of any); NULL = none. */
struct mail *phone_head(struct phone *phone, unsigned appearance);

/** Takes MAIL out of the queue. */
void phone_take(struct mail *mail);

/** Whether it has no call, no INVITE under way and no line reserved, on APPEARANCE (0 = any). */
bool phone_is_idle(const struct phone *phone, unsigned appearance);

/** What is left there, a sentence in the phone's memory; NULL = it is idle. */
const char *phone_what_is_left(struct phone *phone);

/** When what was last taken out of its queue, or by an errand, came; µs monotonic, 0 = never. */
int64_t phone_taken_us(const struct phone *phone);

/** Its socket is closed, and opened again.  The second: 0, or -errno and a sentence. */
void phone_die(struct phone *phone);
int phone_revive(struct phone *phone, struct fault *fault);

/** Drops its calls without a message. */
void phone_forget(struct phone *phone);

/** Whether A (on APPEARANCE_A, 0 = any) has a call with B: both confirmed, and each holds the
 *  session description the other sent. */
bool phone_is_talking(const struct phone *a, unsigned appearance_a, const struct phone *b,
		      unsigned appearance_b);

/** What is done once, in place of the mechanics, as soon as a message is heard. */
enum rule_deed {
	RULE_ANSWERS,
	RULE_REJECTS,
	RULE_CANCELS,
	RULE_HANGS_UP,
	RULE_PROGRESS,
	RULE_REDIRECTS,
	RULE_GOES_DEAD
};

struct rule {
	struct list node;
	int status;			/* of an answer; 0 = a request */
	const char *method;		/* NULL = whatever */
	enum rule_deed deed;
	int code;			/* of RULE_REJECTS and RULE_PROGRESS */
	const char *number;		/* of RULE_REDIRECTS */
	bool is_used;
};

/** Notes a copy of RULE; borrowed for the phone's life. */
const struct rule *phone_on(struct phone *phone, const struct rule *rule);
