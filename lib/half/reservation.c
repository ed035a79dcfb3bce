/* SPDX-License-Identifier: MIT */
#include "half/reservation.h"

#include "base/log.h"
#include "base/memory.h"
#include "half/refuse.h"
#include "wire/listener.h"
#include "wire/loop.h"
#include "wire/uri.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static struct reservation *reservation_of(struct line *line)
{
	return container_of(line, struct reservation, line);
}

static int port_seize(struct line *line)
{
	struct reservation *reservation = reservation_of(line);
	const struct station *station = reservation->in->served;
	int taken = board_seize(reservation->stock->board, station->extension,
				station->appearances, reservation->in->facts.appearance);

	if (taken < 0)
		return -EBUSY;
	reservation->appearance = (unsigned)taken;
	return 0;
}

static void port_release(struct line *line)
{
	struct reservation *reservation = reservation_of(line);

	if (reservation->appearance)
		board_release(reservation->stock->board,
			      reservation->in->served->extension,
			      reservation->appearance);
	reservation->appearance = 0;
}

/* The appearance stays seized: reservation_dialled() has moved it to the call. */
static void port_hand_over(struct line *line)
{
	reservation_of(line)->appearance = 0;
}

static int port_progress(struct line *line)
{
	struct reservation *reservation = reservation_of(line);
	const sip_supported_t *supported =
		sip_object(reservation->in->request)->sip_supported;
	sip_contact_t *contact = sip_contact_format(
		NULL, "<sip:%s@%s>",
		uri_escape(reservation->in->arena, reservation->in->facts.called.user),
		listener_address(reservation->in->listener));
	bool is_reliable = reservation->stock->settings.reserves_reliably && supported &&
			   sip_has_feature(supported, "100rel");
	/* If the telephone requires 100rel, uas_reply() too sends it reliably (RFC 3262). */
	int err = is_reliable ? uas_reply_reliably(reservation->server, 183, contact)
			      : uas_reply(reservation->server, 183, contact);

	su_free(NULL, contact);
	return err;
}

static int port_reject(struct line *line, int status, const struct verdict *why)
{
	struct reservation *reservation = reservation_of(line);

	return refuse_invite(reservation->in, &reservation->server, status, why);
}

static void port_show(struct line *line, bool is_over, int event, int code)
{
	struct reservation *reservation = reservation_of(line);
	const struct arrival *in = reservation->in;
	const struct shown_dialog dialog = {
		.extension = in->served->extension,
		.id = reservation->shown_id,
		.call_id = in->sip_call_id,
		.local_tag = in->caller_tag,
		.is_initiator = true,
		.state = is_over ? SHOWN_TERMINATED : SHOWN_TRYING,
		.event = (enum shown_event)event,
		.code = code,
		.appearance = reservation->appearance ? reservation->appearance
						      : in->facts.appearance,
		.local_name = in->served->name,
	};

	alive_show(reservation->stock, &dialog);
}

static void timer_fired(void *context)
{
	struct reservation *reservation = context;

	line_handle(&reservation->line, LINE_ON_TIMEOUT);
}

static void port_arm(struct line *line, unsigned seconds)
{
	struct reservation *reservation = reservation_of(line);

	if (!reservation->timer && seconds)
		reservation->timer =
			alive_timer(reservation->stock, timer_fired, reservation);
	if (reservation->timer)
		loop_timer_set(reservation->timer, seconds * 1000u);
}

static void port_note(struct line *line, const char *event, int status, const char *rule)
{
	arrival_note(
		reservation_of(line)->in,
		&(struct arrival_note){ .event = event, .status = status, .rule = rule });
}

static void port_ended(struct line *line)
{
	struct reservation *reservation = reservation_of(line);

	log_info("call=%s half=line from=%s status=%d", reservation->in->id,
		 reservation->in->facts.caller.user, line->status);
	index_remove(&reservation->by_call_id);
	alive_bury(reservation->stock, &reservation->life);
}

static const struct line_port port = {
	.seize = port_seize,
	.release = port_release,
	.hand_over = port_hand_over,
	.progress = port_progress,
	.reject = port_reject,
	.show = port_show,
	.arm = port_arm,
	.note = port_note,
	.ended = port_ended,
};

static unsigned wanted_s(const sip_t *sip)
{
	return sip->sip_expires ? (unsigned)sip->sip_expires->ex_delta : 0;
}

static void on_cancel(void *context, msg_t *cancel)
{
	struct reservation *reservation = context;

	(void)cancel;
	line_handle(&reservation->line, LINE_ON_CANCEL);
}

static void on_lost(void *context, enum uas_loss why)
{
	struct reservation *reservation = context;

	if (why == UAS_NO_PRACK)
		line_handle(&reservation->line, LINE_ON_BROKEN);
}

static void reservation_free(struct life *life)
{
	struct reservation *reservation = container_of(life, struct reservation, life);

	port_release(&reservation->line);
	loop_timer_free(reservation->timer);
	uas_free(reservation->server);
	index_remove(&reservation->by_call_id);
	list_remove(&reservation->life.node);
	arrival_free(reservation->in);
	reservation->stock->reservation_count--;
	free(reservation);
}

void reservation_begin(struct stock *stock, struct arrival *in, struct uas *server)
{
	static const struct uas_events events = { .cancel = on_cancel, .lost = on_lost };
	struct reservation *reservation = memory_new(sizeof *reservation);

	reservation->stock = stock;
	reservation->in = in;
	reservation->server = server;
	reservation->shown_id = alive_shown_id(in->arena);
	reservation->life.free = reservation_free;
	uas_bind(server, &events, reservation);
	list_init(&reservation->life.node);
	list_append(&stock->reservations, &reservation->life.node);
	index_insert(&stock->line_index, &reservation->by_call_id, in->sip_call_id);
	stock->reservation_count++;

	arrival_decide(in);
	line_init(&reservation->line, &port, &in->verdict,
		  line_reservation_s(wanted_s(sip_object(in->request)),
				     stock->settings.reservation_s),
		  stock->settings.reservation_timeout_status);
	line_handle(&reservation->line, LINE_ON_OFF_HOOK);
}

struct reservation *reservation_find(struct stock *stock, const char *sip_call_id,
				     const char *caller_tag)
{
	struct index_entry *entry = NULL;

	while ((entry = index_find(&stock->line_index, sip_call_id, entry))) {
		struct reservation *reservation =
			container_of(entry, struct reservation, by_call_id);

		if (strcasecmp(reservation->in->caller_tag,
			       caller_tag ? caller_tag : "") == 0)
			return reservation;
	}
	return NULL;
}

bool reservation_has_tag(const struct reservation *reservation, const char *tag)
{
	return reservation->server && tag &&
	       strcasecmp(uas_tag(reservation->server), tag) == 0;
}

void reservation_dialled(struct reservation *reservation, struct arena *arena,
			 struct held *held)
{
	held->appearance = reservation->appearance;
	held->extension = arena_strdup(arena, reservation->in->served->extension);
	held->shown_id = arena_strdup(arena, reservation->shown_id);
	line_handle(&reservation->line, LINE_ON_DIALLED);
}
