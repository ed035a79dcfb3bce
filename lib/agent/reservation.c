/* SPDX-License-Identifier: MIT */
#include "agent/reservation.h"

#include "agent/half.h"
#include "agent/identity.h"
#include "agent/receive.h"
#include "base/log.h"

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
	const struct station *station = reservation->in.served;
	int taken = board_seize(reservation->in.agent->board, station->extension,
				station->appearances, reservation->in.appearance);

	if (taken == BOARD_NO_SUCH_LINE)
		return 404;
	if (taken == BOARD_BUSY)
		return 486;
	reservation->appearance = (unsigned)taken;
	return 0;
}

static void port_release(struct line *line)
{
	struct reservation *reservation = reservation_of(line);

	if (reservation->appearance)
		board_release(reservation->in.agent->board,
			      reservation->in.served->extension, reservation->appearance);
	reservation->appearance = 0;
}

/* reservation_dialled() has taken the appearance along. */
static void port_hand_over(struct line *line)
{
	reservation_of(line)->appearance = 0;
}

static int port_progress(struct line *line)
{
	struct reservation *reservation = reservation_of(line);
	struct agent *agent = reservation->in.agent;
	nta_incoming_t *server = reservation->invite->server;
	const struct listener *listener = reservation->in.listener;
	const sip_t *invite = sip_object(reservation->in.request);
	sip_contact_t *contact;
	bool is_sent;

	contact = sip_contact_format(NULL, "<sip:%s@%s:%u;transport=%s>",
				     identity_escape(&reservation->in.arena,
						     reservation->in.facts.called.user),
				     listener->host, listener->port, listener->transport);
	/* Required by the telephone, Sofia makes it reliable by itself (RFC 3262). */
	if (agent->settings->reserves_reliably && invite->sip_supported &&
	    sip_has_feature(invite->sip_supported, "100rel"))
		is_sent =
			nta_reliable_treply(server, NULL, NULL, SIP_183_SESSION_PROGRESS,
					    SIPTAG_CONTACT(contact), TAG_END()) != NULL;
	else
		is_sent = nta_incoming_treply(server, SIP_183_SESSION_PROGRESS,
					      SIPTAG_CONTACT(contact), TAG_END()) >= 0;
	su_free(NULL, contact);
	return is_sent ? 0 : -EIO;
}

static int port_reject(struct line *line, int status, const struct verdict *why)
{
	struct reservation *reservation = reservation_of(line);

	return arrival_refuse(&reservation->in, &reservation->invite->server, status,
			      why);
}

static void port_show(struct line *line, bool is_over, int event, int code)
{
	struct reservation *reservation = reservation_of(line);
	const struct arrival *in = &reservation->in;
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
						      : in->appearance,
		.local_name = in->served->name,
	};

	agent_show(in->agent, &dialog);
}

static void timer_fired(su_root_magic_t *magic, su_timer_t *timer, su_timer_arg_t *arg)
{
	struct reservation *reservation = arg;

	(void)magic;
	(void)timer;
	line_handle(&reservation->line, LINE_ON_TIMEOUT);
}

static void port_arm(struct line *line, unsigned seconds)
{
	struct reservation *reservation = reservation_of(line);

	if (!reservation->timer && seconds)
		reservation->timer =
			su_timer_create(su_root_task(reservation->in.agent->root), 0);
	if (!reservation->timer)
		return;
	su_timer_reset(reservation->timer);
	if (seconds)
		su_timer_set_interval(reservation->timer, timer_fired, reservation,
				      seconds * 1000u);
}

static void port_note(struct line *line, const char *event, int status, const char *rule)
{
	arrival_note(&reservation_of(line)->in, event, status, rule, NULL, PHASE_NONE);
}

static void port_ended(struct line *line)
{
	struct reservation *reservation = reservation_of(line);
	struct agent *agent = reservation->in.agent;

	log_info("call=%s half=line from=%s status=%d", reservation->in.id,
		 reservation->in.facts.caller.user, line->status);
	index_remove(&reservation->by_call_id);
	list_remove(&reservation->node);
	list_append(&agent->line_graves, &reservation->node);
	agent_reap_soon(agent);
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

void reservation_begin(struct arrival *in, nta_incoming_t *server)
{
	struct agent *agent = in->agent;
	struct reservation *reservation = calloc(1, sizeof *reservation);
	unsigned seconds;

	if (!reservation ||
	    !(reservation->invite = exchange_new(agent, NULL, server, SIDE_CALLER))) {
		log_error("out of memory");
		abort();
	}
	reservation->in = *in;
	reservation->invite->reservation = reservation;
	reservation->shown_id = arrival_shown_id(&reservation->in);
	nta_incoming_bind(server, receive_ack_cancel, reservation->invite);
	list_init(&reservation->node);
	list_append(&agent->reservations, &reservation->node);
	index_insert(&agent->line_index, &reservation->by_call_id,
		     reservation->in.sip_call_id);
	agent->reservation_count++;

	arrival_decide(&reservation->in);
	seconds = line_reservation_s(wanted_s(sip_object(reservation->in.request)),
				     agent->settings->reservation_s);
	line_init(&reservation->line, &port, &reservation->in.verdict, seconds,
		  agent->settings->reservation_timeout_status);
	line_handle(&reservation->line, LINE_ON_OFF_HOOK);
}

struct reservation *reservation_find(struct agent *agent, const char *sip_call_id,
				     const char *caller_tag)
{
	struct index_entry *entry = NULL;

	while ((entry = index_find(&agent->line_index, sip_call_id, entry))) {
		struct reservation *reservation =
			container_of(entry, struct reservation, by_call_id);

		if (strcasecmp(reservation->in.caller_tag,
			       caller_tag ? caller_tag : "") == 0)
			return reservation;
	}
	return NULL;
}

bool reservation_has_tag(const struct reservation *reservation, const char *tag)
{
	nta_incoming_t *server = reservation->invite->server;
	const char *ours = server ? nta_incoming_gettag(server) : NULL;

	return ours && tag && strcasecmp(ours, tag) == 0;
}

void reservation_dialled(struct reservation *reservation, struct arrival *call)
{
	call->held_appearance = reservation->appearance;
	call->held_extension =
		arena_strdup(&call->arena, reservation->in.served->extension);
	call->shown_id = arena_strdup(&call->arena, reservation->shown_id);
	line_handle(&reservation->line, LINE_ON_DIALLED);
}

void reservation_cancelled(struct reservation *reservation)
{
	line_handle(&reservation->line, LINE_ON_CANCEL);
}

void reservation_free(struct reservation *reservation)
{
	struct agent *agent = reservation->in.agent;

	port_release(&reservation->line);
	su_timer_destroy(reservation->timer);
	exchange_free(reservation->invite);
	index_remove(&reservation->by_call_id);
	list_remove(&reservation->node);
	arrival_clear(&reservation->in);
	agent->reservation_count--;
	free(reservation);
}
