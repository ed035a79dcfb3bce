/* SPDX-License-Identifier: MIT */
/*
 * The table.  SHOW has said what is new before its row runs, so where a request is in
 * flight, or we back off, nothing is left to do: the next document tells the newest state.
 * Answers where nothing is in flight do not reach the table.  A row missing in STOPPED is
 * missing on purpose, and so is CHANGED where no time for refreshing or lingering runs.
 */
#include "publish/table.h"

#include "base/clock.h"
#include "publish/deed.h"

#include <assert.h>

typedef bool guard_f(const struct publication *publication);
typedef int deed_f(struct publication *publication);

#define R(in_, on_, if_, do_, to_)                                                       \
	{                                                                                \
		.in = PUBLISH_##in_, .on = PUBLISH_ON_##on_, .go_to = PUBLISH_##to_,     \
		.guard = MACHINE_F(guard_f *, publication_if_##if_), .guard_name = #if_, \
		.deed = MACHINE_F(deed_f *, publication_do_##do_), .deed_name = #do_     \
	}

/* clang-format off */
static const struct machine_row rows[] = {
/*	in          on        if             do                go to */
	R(IDLE,       RESTORED, always,        nothing,          PUBLISHED ),
	R(IDLE,       SHOW,     always,        publish,          SENDING   ),
	R(IDLE,       STOP,     always,        let_go,           STOPPED   ),
	R(IDLE,       BROKEN,   always,        back_off,         WAITING   ),

	R(SENDING,    SHOW,     always,        nothing,          STAY      ),
	R(SENDING,    OK,       must_renew,    accept_remove,    REMOVING  ),
	R(SENDING,    OK,       has_news,      accept_publish,   SENDING   ),
	R(SENDING,    OK,       always,        accept,           PUBLISHED ),
	R(SENDING,    GONE,     has_etag,      forget_publish,   SENDING   ),
	/* 412 to a first PUBLISH */
	R(SENDING,    GONE,     always,        back_off,         WAITING   ),
	R(SENDING,    BRIEF,    may_lengthen,  lengthen_publish, SENDING   ),
	R(SENDING,    BRIEF,    always,        back_off,         WAITING   ),
	R(SENDING,    REFUSED,  always,        stop,             STOPPED   ),
	R(SENDING,    DENIED,   always,        deny,             WAITING   ),
	R(SENDING,    FAILED,   always,        back_off,         WAITING   ),
	R(SENDING,    STOP,     always,        let_go,           STOPPED   ),
	R(SENDING,    BROKEN,   always,        back_off,         WAITING   ),

	R(PUBLISHED,  SHOW,     must_renew,    remove,           REMOVING  ),
	R(PUBLISHED,  SHOW,     always,        publish,          SENDING   ),
	R(PUBLISHED,  TIMEOUT,  may_remove,    remove,           REMOVING  ),
	R(PUBLISHED,  TIMEOUT,  may_refresh,   refresh,          REFRESHING),
	/* without an ETag the full state is all that can be sent */
	R(PUBLISHED,  TIMEOUT,  has_dialogs,   publish,          SENDING   ),
	R(PUBLISHED,  TIMEOUT,  always,        forget,           IDLE      ),
	R(PUBLISHED,  CHANGED,  always,        nothing,          PUBLISHED ),
	R(PUBLISHED,  STOP,     always,        let_go,           STOPPED   ),
	R(PUBLISHED,  BROKEN,   always,        back_off,         WAITING   ),

	R(REFRESHING, SHOW,     always,        nothing,          STAY      ),
	R(REFRESHING, OK,       has_news,      accept_publish,   SENDING   ),
	R(REFRESHING, OK,       always,        accept,           PUBLISHED ),
	R(REFRESHING, GONE,     has_dialogs,   forget_publish,   SENDING   ),
	R(REFRESHING, GONE,     always,        forget,           IDLE      ),
	R(REFRESHING, BRIEF,    may_lengthen,  lengthen_refresh, REFRESHING),
	R(REFRESHING, BRIEF,    always,        back_off,         WAITING   ),
	R(REFRESHING, REFUSED,  always,        stop,             STOPPED   ),
	R(REFRESHING, DENIED,   always,        deny,             WAITING   ),
	R(REFRESHING, FAILED,   always,        back_off,         WAITING   ),
	R(REFRESHING, STOP,     always,        let_go,           STOPPED   ),
	R(REFRESHING, BROKEN,   always,        back_off,         WAITING   ),

	R(REMOVING,   SHOW,     always,        nothing,          STAY      ),
	R(REMOVING,   OK,       has_news,      forget_publish,   SENDING   ),
	R(REMOVING,   OK,       always,        forget,           IDLE      ),
	R(REMOVING,   GONE,     has_news,      forget_publish,   SENDING   ),
	R(REMOVING,   GONE,     always,        forget,           IDLE      ),
	R(REMOVING,   BRIEF,    always,        back_off,         WAITING   ),
	R(REMOVING,   REFUSED,  always,        stop,             STOPPED   ),
	R(REMOVING,   DENIED,   always,        deny,             WAITING   ),
	R(REMOVING,   FAILED,   always,        back_off,         WAITING   ),
	R(REMOVING,   STOP,     always,        let_go,           STOPPED   ),
	R(REMOVING,   BROKEN,   always,        back_off,         WAITING   ),

	R(WAITING,    SHOW,     always,        nothing,          STAY      ),
	/* the full state is right after any failure */
	R(WAITING,    TIMEOUT,  has_dialogs,   publish,          SENDING   ),
	R(WAITING,    TIMEOUT,  is_leftover,   remove,           REMOVING  ),
	R(WAITING,    TIMEOUT,  always,        forget,           IDLE      ),
	R(WAITING,    STOP,     always,        let_go,           STOPPED   ),
	R(WAITING,    BROKEN,   always,        back_off,         WAITING   ),
};
/* clang-format on */

const struct publish_table publish_table = {
	.rows = rows,
	.count = sizeof rows / sizeof rows[0],
	.timers = {
		[PUBLISH_PUBLISHED] = PUBLISH_TIMER_DUE,
		[PUBLISH_WAITING] = PUBLISH_TIMER_BACK_OFF,
	},
	.is_flying = {
		[PUBLISH_SENDING] = true,
		[PUBLISH_REFRESHING] = true,
		[PUBLISH_REMOVING] = true,
	},
};

static bool holds(machine_f *guard, const void *self)
{
	return ((guard_f *)guard)(self);
}

static int act(machine_f *deed, void *self)
{
	return ((deed_f *)deed)(self);
}

/* After a deed that failed there is no response to report. */
static void begin(void *self, unsigned on, const void *event)
{
	struct publication *publication = self;

	publication->response = on == PUBLISH_ON_BROKEN ? NULL : event;
}

static void finish(void *self)
{
	struct publication *publication = self;

	publication->response = NULL;
}

/* Milliseconds to the next refresh or the end of lingering, whichever is sooner. */
static int64_t due_ms(struct publication *publication)
{
	int64_t at_ms = publication->refresh_at_ms;

	publication->is_linger_due =
		publication->is_lingering && publication->linger_until_ms <= at_ms;
	if (publication->is_linger_due)
		at_ms = publication->linger_until_ms;
	at_ms -= clock_mono_ms();
	return at_ms > 0 ? at_ms : 1;
}

static unsigned limit_ms(struct publication *publication)
{
	switch (publish_table.timers[publication->life.state]) {
	case PUBLISH_TIMER_DUE:
		return (unsigned)due_ms(publication);
	case PUBLISH_TIMER_BACK_OFF:
		return publication->wait_ms;
	case PUBLISH_TIMER_NONE:
		break;
	}
	return 0;
}

static void arm(void *self)
{
	struct publication *publication = self;
	struct publisher *publisher = publication->publisher;
	unsigned ms = limit_ms(publication);

	if (ms != 0 || publication->is_armed)
		publisher->port->arm(publisher->context, publication, ms);
	publication->is_armed = ms != 0;
}

static const char *state_note(unsigned state)
{
	switch (publish_table.timers[state]) {
	case PUBLISH_TIMER_DUE:
		return "refresh or linger time";
	case PUBLISH_TIMER_BACK_OFF:
		return "back-off";
	case PUBLISH_TIMER_NONE:
		break;
	}
	return NULL;
}

/* Nothing is raised from inside a deed, and no publication ends before its publisher. */
const struct machine_kind publish_kind = {
	.name = "publication",
	.rows = rows,
	.count = sizeof rows / sizeof rows[0],
	.states = PUBLISH_STATES,
	.end = PUBLISH_STATES,
	.broken = PUBLISH_ON_BROKEN,
	.life = offsetof(struct publication, life),
	.always = MACHINE_F(guard_f *, publication_if_always),
	.holds = holds,
	.act = act,
	.begin = begin,
	.finish = finish,
	.arm = arm,
	.state_name = publish_state_name,
	.on_name = publish_on_name,
	.state_note = state_note,
};

void publication_handle(struct publication *publication, enum publish_on on,
			const struct publish_response *response)
{
	assert(publication->life.turn == NULL);
	machine_handle(&publish_kind, publication, on, response);
}
