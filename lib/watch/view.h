/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What a rule is given: one message that passes, what passed before under its Call-ID, and what it
 * was made from.  A rule looks and tells; it keeps nothing itself.
 */
#include "watch/trail.h"

struct view;
struct watch;

/** A rule.  A copy of a message that passed already is shown only to `copied`. */
struct rule {
	const char *name, *clause;
	enum watch_severity severity;
	void (*see)(const struct view *view);		/* a message; may be NULL */
	void (*copied)(const struct view *view);	/* one that passed before, which is
							 * view->twin; may be NULL */
	/** The time that was waited for after KEPT is over; NULL where nothing is waited for. */
	void (*due)(const struct view *view, const struct kept *kept);
	unsigned after_ms;
};

enum { VIEW_FAR_ENDS = 64 };

/** When a far end was heard last. */
struct view_heard {
	uint64_t hash;
	int64_t at_us;
};

struct view {
	struct watch *watch;			/* not for rules, like the next three */
	void (*tell)(const struct view *view, const char *sentence);
	void (*await)(const struct view *view);
	const struct view_heard *heard;		/* by far end, VIEW_FAR_ENDS of them */
	const struct watch_settings *settings;
	const struct rule *rule;		/* the one that looks */
	const struct specimen *now;		/* the message; in `due` that of KEPT */
	struct trail *trail;			/* what passed before; may be empty */
	int64_t at_us;				/* of the message; in `due` when time was up */
	const struct sockaddr_storage *far_end;
	uint64_t vias[SPECIMEN_VIAS];		/* branch hashes of the message */
	unsigned via_count;
	bool is_out, is_from_proxy;		/* the latter: its address is a proxy's */
	enum watch_seat seat;
	const struct kept *twin;		/* of which it is another copy */
	const struct kept *source;		/* came in: what the proxy made it from, or NULL */
	const struct specimen *origin;		/* the text of source, or NULL */
	const struct kept *asked;		/* of a response: the request it answers, or NULL */
};

/** The rule looks wrong on what VIEW shows; once for each Call-ID. */
void view_tell(const struct view *view, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** The rule's `due` is called `after_ms` later. */
void view_await(const struct view *view);

bool view_is(const struct view *view, const char *method);

/** A request that came from a proxy. */
bool view_is_request_in(const struct view *view, const char *method);

/** One outside a dialog: no To tag. */
bool view_is_initial(const struct view *view);

/** Whether anything came from the far end of KEPT after it: it is no dead one. */
bool view_is_alive(const struct view *view, const struct kept *kept);

/** The first answer, of a status from LOWEST on, that came in to REQUEST, which went out (or, if
 *  that came in, that went out); NULL = none. */
const struct kept *view_answer(const struct view *view, const struct kept *request,
			       int lowest);

/** The phase that the topmost Route says, AT = NULL: none. */
struct scan_text view_phase(const struct specimen *specimen);

bool view_is_phase(struct scan_text phase, const char *name);

/** For printf's "%.*s", printable. */
#define VIEW_TEXT(text) \
	(int)((text).length < 80 ? (text).length : 80), (text).at ? (text).at : ""

extern const struct rule route_lost_rule, phase_order_rule, phase_lost_rule,
	phase_leaked_rule, seq_lost_rule, wrong_half_rule, max_forwards_rule, vias_rule,
	record_route_rule, header_lost_rule, header_changed_rule, body_changed_rule,
	history_shortened_rule, identity_changed_rule, credentials_passed_rule,
	tag_changed_rule, contact_changed_rule, cseq_rule, trying_missing_rule,
	retransmission_rule, cancel_ignored_rule, ack_lost_rule, prack_lost_rule,
	success_lost_rule, publish_refused_rule, notify_late_rule, notify_order_rule,
	shortcut_ignored_rule, unknown_peer_rule;
