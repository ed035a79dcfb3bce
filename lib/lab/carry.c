/* SPDX-License-Identifier: MIT */
#include "lab/carry.h"

#include "base/list.h"
#include "base/memory.h"
#include "wire/forward.h"
#include "wire/loop.h"
#include "wire/message.h"
#include "wire/reply.h"
#include "wire/uac.h"

#include <stdlib.h>
#include <string.h>

struct carrier {
	struct wire *wire;
	struct list carries;
	size_t count;
	const char *broken;		/* "" = nothing */
};

struct carry {
	struct list node;		/* in carrier->carries */
	struct carrier *carrier;
	struct uas *uas;		/* owned */
	struct list branches;
	size_t open;			/* branches without a final answer */
	bool is_complete, is_cancelled, is_answered;
	int best;			/* status of the best failure; 0 = none */
	msg_t *best_response;		/* owned; NULL = nothing came */
};

struct branch {
	struct list node;		/* in carry->branches */
	struct carry *carry;
	struct uac *uac;		/* NULL when it is over */
	struct loop_timer *silence;
	bool is_over, has_sign;
	const char *call_id;		/* in the carry's request */
};

struct carrier *carrier_new(struct wire *wire)
{
	struct carrier *carrier = memory_new(sizeof *carrier);

	carrier->wire = wire;
	carrier->broken = "";
	list_init(&carrier->carries);
	return carrier;
}

void carrier_break(struct carrier *carrier, const char *name)
{
	carrier->broken = name ? name : "";
}

static bool is_broken(const struct carry *carry, const char *name)
{
	return strcmp(carry->carrier->broken, name) == 0;
}

static void carry_free(struct carry *carry)
{
	while (!list_is_empty(&carry->branches)) {
		struct branch *branch =
			container_of(carry->branches.next, struct branch, node);

		list_remove(&branch->node);
		loop_timer_free(branch->silence);
		uac_free(branch->uac);
		free(branch);
	}
	list_remove(&carry->node);
	carry->carrier->count--;
	msg_destroy(carry->best_response);
	uas_free(carry->uas);
	free(carry);
}

void carrier_free(struct carrier *carrier)
{
	if (!carrier)
		return;
	while (!list_is_empty(&carrier->carries))
		carry_free(container_of(carrier->carries.next, struct carry, node));
	free(carrier);
}

size_t carrier_count(const struct carrier *carrier)
{
	return carrier->count;
}

static void cancel_others(struct carry *carry, const struct branch *but,
			  const char *reason)
{
	su_home_t home[1] = { SU_HOME_INIT(home) };
	sip_reason_t *why = reason ? sip_reason_make(home, reason) : NULL;

	for (struct list *at = carry->branches.next; at != &carry->branches;
	     at = at->next) {
		struct branch *branch = container_of(at, struct branch, node);

		if ((but && branch == but) || branch->is_over || !branch->uac)
			continue;
		uac_cancel(branch->uac, why);
		if (is_broken(carry, "cancel-first-branch"))
			break;
	}
	su_home_deinit(home);
}

static void on_cancel(void *context, msg_t *cancel)
{
	struct carry *carry = context;
	const sip_reason_t *reason = sip_object(cancel)->sip_reason;
	su_home_t home[1] = { SU_HOME_INIT(home) };

	carry->is_cancelled = true;
	if (is_broken(carry, "ignore-cancel"))
		return;
	cancel_others(carry, NULL,
		      reason ? sip_header_as_string(home, (const sip_header_t *)reason)
			     : NULL);
	su_home_deinit(home);
}

static const struct uas_events uas_events = { .cancel = on_cancel };

struct carry *carry_new(struct carrier *carrier, struct uas *uas)
{
	struct carry *carry = memory_new(sizeof *carry);

	carry->carrier = carrier;
	carry->uas = uas;
	list_init(&carry->branches);
	list_append(&carrier->carries, &carry->node);
	carrier->count++;
	uas_bind(uas, &uas_events, carry);
	return carry;
}

static void refuse(struct carry *carry, int status)
{
	carry->is_answered = true;
	reply_refuse(carry->carrier->wire, carry->uas,
		     &(struct refusal){ .status = status });
}

static void send_best(struct carry *carry)
{
	msg_t *copy;

	if (!is_broken(carry, "lose-retry-after") && !is_broken(carry, "lose-warning")) {
		uas_forward(carry->uas, carry->best_response);
		return;
	}
	copy = message_copy(carry->best_response);
	if (is_broken(carry, "lose-warning"))
		message_remove_all(copy, (sip_header_t *)sip_object(copy)->sip_warning);
	else
		message_remove_all(copy,
				   (sip_header_t *)sip_object(copy)->sip_retry_after);
	uas_forward(carry->uas, copy);
	msg_destroy(copy);
}

/* When nothing is left to wait for. */
static void settle(struct carry *carry)
{
	if (!carry->is_complete || carry->open)
		return;
	if (!carry->is_answered && carry->best_response)
		send_best(carry);
	else if (!carry->is_answered)
		refuse(carry, carry->best ? carry->best : 480);
	carry_free(carry);
}

/* RFC 3261 section 16.7 step 6. */
static bool is_better(int status, int best)
{
	if (!best || best / 100 == 6)
		return !best;
	if (status / 100 == 6)
		return true;
	if (status == 503 || best == 503)
		return best == 503 && status != 503;
	return status < best;
}

static void failed(struct carry *carry, int status, msg_t *response)
{
	if (!is_better(status, carry->best))
		return;
	carry->best = status;
	msg_destroy(carry->best_response);
	carry->best_response = response ? msg_ref_create(response) : NULL;
	if (status / 100 == 6)
		cancel_others(carry, NULL, NULL);
}

static void end_branch(struct branch *branch)
{
	branch->is_over = true;
	loop_timer_set(branch->silence, 0);
	branch->carry->open--;
	uac_free(branch->uac);
	branch->uac = NULL;
}

static void on_heard(void *context, struct uac *uac, int status, msg_t *response)
{
	struct branch *branch = context;
	struct carry *carry = branch->carry;

	(void)uac;
	branch->has_sign = true;
	if (status < 200) {
		if (!carry->is_answered)
			uas_forward(carry->uas, response);
		return;
	}
	if (status < 300 && !carry->is_answered) {
		carry->is_answered = true;
		uas_forward(carry->uas, response);
		cancel_others(carry, branch,
			      "SIP;cause=200;text=\"Call completed elsewhere\"");
	} else if (status >= 300) {
		failed(carry, status, response);
	}
	end_branch(branch);
	settle(carry);
}

static void on_silence(void *context)
{
	struct branch *branch = context;
	struct carry *carry = branch->carry;

	if (branch->is_over || branch->has_sign || uac_status(branch->uac))
		return;
	failed(carry, 408, NULL);
	end_branch(branch);
	settle(carry);
}

void carry_branch(struct carry *carry, const struct way *way, msg_t *request,
		  unsigned silent_ms)
{
	struct wire *wire = carry->carrier->wire;
	struct branch *branch = memory_new(sizeof *branch);

	branch->carry = carry;
	branch->call_id = sip_object(uas_request(carry->uas))->sip_call_id->i_id;
	branch->silence = loop_timer_new(wire_loop(wire), on_silence, branch);
	list_append(&carry->branches, &branch->node);
	branch->uac = uac_send(wire, way, request, on_heard, branch);
	if (!branch->uac) {
		branch->is_over = true;
		failed(carry, 503, NULL);
		return;
	}
	carry->open++;
	loop_timer_set(branch->silence, silent_ms);
}

void carry_go(struct carry *carry, int status)
{
	carry->is_complete = true;
	if (list_is_empty(&carry->branches))
		carry->best = status;
	settle(carry);
}

static void pass_ack(struct carrier *carrier, msg_t *msg)
{
	msg_t *copy = message_copy(msg);
	struct way way;

	forward_prepare(carrier->wire, copy);
	if (way_find(carrier->wire, NULL, sip_object(copy), NULL, &way, NULL) == 0)
		forward_request(carrier->wire, &way, copy, NULL);
	else
		msg_destroy(copy);
	msg_destroy(msg);
}

void carry_along(struct carrier *carrier, msg_t *msg)
{
	const sip_max_forwards_t *hops = sip_object(msg)->sip_max_forwards;
	bool is_over = hops && hops->mf_count == 0;
	struct carry *carry;
	struct uas *uas;
	struct way way;
	msg_t *copy;

	if (sip_object(msg)->sip_request->rq_method == sip_method_ack) {
		pass_ack(carrier, msg);
		return;
	}
	uas = uas_new(carrier->wire, msg);
	if (!uas)
		return;
	carry = carry_new(carrier, uas);
	copy = message_copy(uas_request(uas));
	forward_prepare(carrier->wire, copy);
	if (!is_over &&
	    way_find(carrier->wire, NULL, sip_object(copy), NULL, &way, NULL) == 0)
		carry_branch(carry, &way, copy, 0);
	else
		msg_destroy(copy);
	carry_go(carry, is_over ? 483 : 404);
}

void carry_see(struct carrier *carrier, const char *bytes, size_t length)
{
	if (length < 12 || memcmp(bytes, "SIP/2.0 100 ", 12) != 0)
		return;
	for (struct list *i = carrier->carries.next; i != &carrier->carries;
	     i = i->next) {
		struct carry *carry = container_of(i, struct carry, node);

		for (struct list *j = carry->branches.next; j != &carry->branches;
		     j = j->next) {
			struct branch *branch = container_of(j, struct branch, node);

			if (memmem(bytes, length, branch->call_id,
				   strlen(branch->call_id)))
				branch->has_sign = true;
		}
	}
}
