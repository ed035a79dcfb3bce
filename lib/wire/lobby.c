/* SPDX-License-Identifier: MIT */
#include "wire/lobby.h"

#include "wire/admission.h"
#include "wire/bounce.h"
#include "wire/codec.h"
#include "wire/origin.h"
#include "wire/pen.h"
#include "wire/response.h"
#include "wire/retort.h"
#include "wire/scan.h"
#include "wire/timing.h"
#include "wire/uas.h"

#include <stdlib.h>
#include <string.h>

enum {
	WAITING_MAX = 65536,		/* whatever they take */
	LATE_MS = 4 * TIMING_T1,	/* refused, if others wait behind it */
	TURN_US = 500,			/* of serving, before the sockets are looked at again */
	BUSY = 32,			/* packets in one turn: more may lie in the sockets */
	TELL_MS = 1000,			/* between two reports of refusals */
	RETORT_MAX = 8192,
};

/* A new INVITE that waits. */
struct waiter {
	struct finder_entry by_call_id;	/* in lobby->waiting; the digest of its Call-ID */
	struct admission_ticket ticket;
	struct finder_key key;
	struct transport_packet packet;	/* its bytes are those below; without scan */
	unsigned lines;			/* of its header */
	bool is_told;			/* 100 Trying is out */
	char bytes[];
};

struct lobby {
	struct wire *wire;
	void (*serve)(struct wire *wire, const struct transport_packet *packet);
	struct wire_admission settings;
	struct admission admission;
	struct finder_table waiting;
	struct loop_hook hook;
	struct timer tell;		/* runs while the rest is not 0 */
	unsigned untold;		/* refusals that are not told yet */
	int64_t untold_delay_us;	/* the longest delay at any of these */
};

/* Keeps the loop awake. */
static bool has_more(struct loop_hook *hook)
{
	struct lobby *lobby = container_of(hook, struct lobby, hook);

	return !admission_is_empty(&lobby->admission);
}

static void tell_due(struct timer *timer)
{
	struct lobby *lobby = container_of(timer, struct lobby, tell);
	unsigned refused = lobby->untold, delay_ms;

	delay_ms = (unsigned)(lobby->untold_delay_us / 1000);
	lobby->untold = 0;
	lobby->untold_delay_us = 0;
	if (lobby->wire->events->overloaded)
		lobby->wire->events->overloaded(lobby->wire->context, refused, delay_ms);
}

struct lobby *lobby_new(struct wire *wire,
			void (*serve)(struct wire *wire,
				      const struct transport_packet *packet))
{
	struct lobby *lobby = calloc(1, sizeof *lobby);

	if (!lobby)
		return NULL;
	lobby->wire = wire;
	lobby->serve = serve;
	lobby->hook.run = has_more;
	admission_init(&lobby->admission, &(struct admission_settings){ 0, 1 },
		       loop_now_us(wire->loop));
	timer_init(&lobby->tell, tell_due);
	loop_before_sleep(wire->loop, &lobby->hook);
	return lobby;
}

static struct waiter *waiter_of(struct finder_entry *entry)
{
	return container_of(entry, struct waiter, by_call_id);
}

static void leave(struct lobby *lobby, struct waiter *waiter)
{
	admission_withdraw(&lobby->admission, &waiter->ticket);
	finder_remove(&lobby->waiting, &waiter->by_call_id);
}

void lobby_free(struct lobby *lobby)
{
	struct finder_entry *entry;
	size_t at = 0;

	if (!lobby)
		return;
	while ((entry = finder_any(&lobby->waiting, &at))) {
		leave(lobby, waiter_of(entry));
		free(waiter_of(entry));
	}
	finder_clear(&lobby->waiting);
	admission_clear(&lobby->admission);
	loop_cancel(lobby->wire->loop, &lobby->tell);
	loop_hook_remove(&lobby->hook);
	free(lobby);
}

void lobby_settle(struct lobby *lobby, const struct wire_admission *settings)
{
	lobby->settings = *settings;
	admission_settle(
		&lobby->admission,
		&(struct admission_settings){ settings->delay_ms, settings->urgent_rate },
		loop_now_us(lobby->wire->loop));
}

void lobby_statistics(struct lobby *lobby, struct wire_statistics *statistics)
{
	const struct admission *admission = &lobby->admission;

	statistics->refused = admission->refused_count;
	statistics->waiting = admission->waiting_count + admission->urgent_count;
	statistics->delay_ms =
		(unsigned)(admission_delay(admission, loop_now_us(lobby->wire->loop)) /
			   1000);
}

/* Whoever waits and has CALL_ID and the branch of KEY; of another of that call *IS_JOINED says. */
static struct waiter *find(struct lobby *lobby, uint64_t by_call_id[static 2],
			   const struct finder_key *key, bool *is_joined)
{
	struct finder_entry *entry = NULL;

	*is_joined = false;
	while ((entry = finder_find(&lobby->waiting, by_call_id, entry))) {
		const struct finder_key *found = &waiter_of(entry)->key;

		if (found->key[0] == key->key[0] && found->key[1] == key->key[1] &&
		    found->ids == key->ids)
			return waiter_of(entry);
		*is_joined = true;
	}
	return NULL;
}

static void digest_call_id(const struct lobby *lobby, struct glance_text call_id,
			   uint64_t result[static 2])
{
	struct digest digest;

	digest_init(&digest, &lobby->wire->secret);
	digest_add(&digest, call_id.at, call_id.length);
	digest_end(&digest, result);
}

/* Refusing --------------------------------------------------------------------------- */

static void answer_503(struct lobby *lobby, const struct transport_packet *packet)
{
	struct wire *wire = lobby->wire;
	char text[RETORT_MAX], tag[RETORT_TAG];
	struct retort retort = {
		.status = 503,
		.phrase = "Service Unavailable (overload)",
		.tag = retort_tag(packet->scan, wire->secret.words[0], tag),
		.retry_after_s = lobby->settings.retry_after_s,
		.from = &packet->from,
	};
	struct sockaddr_storage to = retort_target(packet->scan, &packet->from);
	struct emit_target back = {
		.listener = packet->listener,
		.connection = packet->connection,
		.transport = (uint8_t)packet->transport,
	};
	size_t length = retort_write(packet->scan, &retort, text, sizeof text);

	emit_set_to(&back, &to);
	if (length)
		emit(wire, &back, text, length, 0);
}

static void refuse(struct lobby *lobby, const struct transport_packet *packet,
		   const struct finder_key *key)
{
	int64_t now_us = loop_now_us(lobby->wire->loop);
	int64_t delay_us = admission_delay(&lobby->admission, now_us);

	admission_refuse(&lobby->admission, admission_key(key), now_us);
	answer_503(lobby, packet);
	if (!lobby->untold++)
		loop_start(lobby->wire->loop, &lobby->tell, TELL_MS);
	if (delay_us > lobby->untold_delay_us)
		lobby->untold_delay_us = delay_us;
}

/* Waiting ---------------------------------------------------------------------------- */

/* WAITER's bytes as a message; NULL if they are none.  Who serves it will say why. */
static msg_t *parse(struct lobby *lobby, const struct waiter *waiter)
{
	char phrase[64];
	int status = 0;
	msg_t *msg = codec_read(waiter->bytes, waiter->packet.length, &status, phrase);

	if (msg && !status && origin_attach(lobby->wire, msg, &waiter->packet) == 0) {
		origin_of(msg)->key = waiter->key;
		return msg;
	}
	msg_destroy(msg);
	return NULL;
}

/* RFC 3261 section 17.2.1: the caller is told within 200 ms. */
static void say_trying(struct lobby *lobby, struct waiter *waiter)
{
	msg_t *msg = parse(lobby, waiter);
	struct response_parts parts = { .status = 100 };
	struct response_head head = { 0 };
	char *lines, *bytes = NULL;
	struct pen pen = { 0 };
	size_t length;

	waiter->is_told = true;
	if (!msg)
		return;
	/* RFC 3261 section 8.2.6.1 */
	pen_header(&pen, sip_object(msg)->sip_timestamp);
	parts.lines = lines = pen_end(&pen, &length);
	if (lines && response_head_make(&head, sip_object(msg)) == 0)
		bytes = response_write(&head, &parts, &length);
	if (bytes)
		emit(lobby->wire, &origin_of(msg)->back, bytes, length, 0);
	free(bytes);
	free(lines);
	response_head_clear(&head);
	msg_destroy(msg);
}

static void say_trying_late(struct lobby *lobby, struct list *waiting)
{
	int64_t since_us = loop_now_us(lobby->wire->loop) - 1000 * TIMING_TRYING;

	for (struct list *node = waiting->next; node != waiting; node = node->next) {
		struct waiter *waiter = container_of(node, struct waiter, ticket.node);

		if (waiter->ticket.came_us > since_us)
			break;
		if (!waiter->is_told)
			say_trying(lobby, waiter);
	}
}

static struct waiter *waiter_new(const struct lobby_request *request)
{
	const struct transport_packet *packet = request->packet;
	struct waiter *waiter = malloc(sizeof *waiter + packet->length + 1);

	if (!waiter)
		return NULL;
	*waiter = (struct waiter){
		.key = *request->key,
		.packet = *packet,
		.lines = packet->scan->lines,
	};
	waiter->packet.scan = NULL;
	waiter->packet.bytes = waiter->bytes;
	memcpy(waiter->bytes, packet->bytes, packet->length);
	waiter->bytes[packet->length] = '\0';
	return waiter;
}

/* What ABOUT says to TEXT; false if there is no such function. */
static bool ask(const struct wire *wire, bool (*about)(void *context, const char *text),
		struct glance_text text)
{
	char *copy;
	bool result;

	if (!about)
		return false;
	copy = strndup(text.at, text.length);
	result = copy && about(wire->context, copy);
	free(copy);
	return result;
}

/* The Request-URI: parsed or not, it stands in the bytes; without one, it is unsure. */
static bool is_urgent(const struct lobby *lobby, const struct lobby_request *request)
{
	const struct wire *wire = lobby->wire;
	const struct scan_text *uri = &request->packet->scan->uri;

	if (!wire->events->is_urgent)
		return false;
	return !uri->at || ask(wire, wire->events->is_urgent,
			       (struct glance_text){ uri->at, uri->length });
}

static size_t room_for(const struct wire *wire, bool is_for_urgent)
{
	return wire->events->room ? wire->events->room(wire->context, is_for_urgent)
				  : SIZE_MAX;
}

static bool is_full(const struct lobby *lobby)
{
	const struct wire *wire = lobby->wire;
	size_t bound = lobby->settings.transactions, waiting = lobby->waiting.count;

	return waiting >= WAITING_MAX || room_for(wire, false) <= waiting ||
	       (bound && wire->inbounds.count + wire->outbounds.count >= bound);
}

static enum admission_kind kind_of(struct lobby *lobby,
				   const struct lobby_request *request, bool is_joined)
{
	struct admission *admission = &lobby->admission;

	admission->is_full = is_full(lobby);
	if (is_joined && lobby->waiting.count < WAITING_MAX)
		return ADMISSION_JOINED;
	/* As long as there is no load, it does not matter. */
	if ((admission_is_empty(admission) && !admission->is_full) ||
	    !is_urgent(lobby, request))
		return ADMISSION_NEW;
	admission->is_full_for_urgent =
		room_for(lobby->wire, true) <= admission->urgent_count;
	return ADMISSION_URGENT;
}

/* Whether it was queued or refused; false when there is no memory to queue it in. */
static bool offer(struct lobby *lobby, const struct lobby_request *request,
		  const uint64_t by_call_id[static 2], bool is_joined)
{
	struct admission *admission = &lobby->admission;
	enum admission_place place =
		admission_offer(admission, kind_of(lobby, request, is_joined),
				loop_look(lobby->wire->loop));
	struct waiter *waiter;

	if (place == ADMISSION_REFUSED) {
		refuse(lobby, request->packet, request->key);
		return true;
	}
	waiter = waiter_new(request);
	if (!waiter)
		return false;
	waiter->by_call_id.key[0] = by_call_id[0];
	waiter->by_call_id.key[1] = by_call_id[1];
	if (finder_insert(&lobby->waiting, &waiter->by_call_id) < 0) {
		free(waiter);
		return false;
	}
	admission_queue(admission, &waiter->ticket, place, request->packet->came_us);
	return true;
}

static bool takes_invite(struct lobby *lobby, const struct lobby_request *request)
{
	struct wire *wire = lobby->wire;
	struct waiter *waiter;
	uint64_t by_call_id[2];
	bool is_joined;

	digest_call_id(lobby, request->parts->call_id, by_call_id);
	waiter = find(lobby, by_call_id, request->key, &is_joined);
	if (waiter) {
		say_trying(lobby, waiter);
		return true;
	}
	if (admission_was_refused(&lobby->admission, admission_key(request->key),
				  loop_now_us(wire->loop))) {
		answer_503(lobby, request->packet);
		return true;
	}
	if (ask(wire, wire->events->is_known, request->parts->call_id))
		return false;
	return offer(lobby, request, by_call_id, is_joined);
}

/* WAITER is not to be served: its INVITE is answered 487, and CANCEL, which it takes over, 200. */
static void cancel(struct lobby *lobby, struct waiter *waiter, msg_t *request)
{
	msg_t *invite = parse(lobby, waiter);
	struct uas *uas = invite ? uas_new(lobby->wire, invite) : NULL;

	leave(lobby, waiter);
	free(waiter);
	uas_take_cancel(lobby->wire, uas, request);
	if (uas)
		uas_reply(uas, 487, NULL);
	uas_free(uas);
}

static bool takes_cancel(struct lobby *lobby, const struct lobby_request *request)
{
	struct finder_parts parts = *request->parts;
	struct wire *wire = lobby->wire;
	uint64_t by_call_id[2];
	struct finder_key key;
	struct waiter *waiter;
	char phrase[64];
	int status = 0;
	bool is_joined;
	msg_t *msg;

	if (!finder_has_cookie(parts.branch))
		return false;
	parts.method = (struct glance_text){ "INVITE", sizeof "INVITE" - 1 };
	finder_of(&wire->secret, &parts, &key);
	if (admission_was_refused(&lobby->admission, admission_key(&key),
				  loop_now_us(wire->loop))) {
		bounce(wire, request->packet, 481, NULL);
		return true;
	}
	digest_call_id(lobby, parts.call_id, by_call_id);
	waiter = find(lobby, by_call_id, &key, &is_joined);
	if (!waiter)
		return false;
	msg = codec_read(request->packet->bytes, request->packet->length, &status,
			 phrase);
	if (!msg || status || origin_attach(wire, msg, request->packet) < 0) {
		msg_destroy(msg);
		return false;
	}
	origin_of(msg)->key = *request->key;
	cancel(lobby, waiter, msg);
	return true;
}

/* The ACK of a refusal has the tag that we gave it, now or ten minutes ago. */
static bool takes_ack(const struct lobby *lobby, const struct lobby_request *request)
{
	const struct scan *scan = request->packet->scan;
	char tag[RETORT_TAG];

	if (!scan->is_sure || scan->to_tag.length != RETORT_TAG - 1)
		return false;
	retort_tag(scan, lobby->wire->secret.words[0], tag);
	return memcmp(scan->to_tag.at, tag, RETORT_TAG - 1) == 0;
}

bool lobby_takes(struct lobby *lobby, const struct lobby_request *request)
{
	struct glance_text method = request->parts->method;

	if (glance_equals(method, "INVITE"))
		return !request->has_tag && takes_invite(lobby, request);
	if (glance_equals(method, "ACK"))
		return takes_ack(lobby, request);
	return glance_equals(method, "CANCEL") && takes_cancel(lobby, request);
}

/* Serving ---------------------------------------------------------------------------- */

/* IS_LATE: it would only hold up those behind it. */
static void serve(struct lobby *lobby, struct waiter *waiter, bool is_late)
{
	struct scan scan;

	leave(lobby, waiter);
	scan_read(&scan, waiter->bytes, waiter->packet.length, waiter->lines);
	waiter->packet.scan = &scan;
	if (is_late) {
		lobby->admission.refused_count++;
		lobby->admission.admitted_count--;
		refuse(lobby, &waiter->packet, &waiter->key);
	} else {
		lobby->serve(lobby->wire, &waiter->packet);
	}
	free(waiter);
}

void lobby_serve(struct lobby *lobby)
{
	struct admission *admission = &lobby->admission;
	struct loop *loop = lobby->wire->loop;
	bool is_busy = lobby->wire->handed_in >= BUSY, is_first = true;
	struct admission_ticket *ticket;
	int64_t began_us, now_us;

	lobby->wire->handed_in = 0;
	if (admission_is_empty(admission))
		return;
	began_us = now_us = loop_look(loop);
	say_trying_late(lobby, &admission->urgent);
	say_trying_late(lobby, &admission->waiting);
	/* One at least, so that a flood of what is no new call does not keep them all out. */
	while ((is_first || (!is_busy && now_us - began_us < TURN_US)) &&
	       (ticket = admission_take(admission, now_us))) {
		bool is_late = !ticket->is_urgent && !admission_is_empty(admission) &&
			       now_us - ticket->came_us > 1000 * LATE_MS;

		serve(lobby, container_of(ticket, struct waiter, ticket), is_late);
		is_first = false;
		now_us = loop_look(loop);
	}
}
