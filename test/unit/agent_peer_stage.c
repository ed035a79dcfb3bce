/* SPDX-License-Identifier: MIT */
/* The stage: the agent under test, its hooks and Sofia's clock. */
#include "agent_peer.h"

#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sofia-sip/su_time.h>

/* Sofia calls this with what the clock says. */
extern void (*_su_time)(su_time_t *now);

static uint64_t skipped_ms;

static void skip(su_time_t *now)
{
	uint64_t us = now->tv_usec + skipped_ms % 1000 * 1000;

	now->tv_sec += skipped_ms / 1000 + us / 1000000;
	now->tv_usec = (unsigned long)(us % 1000000);
}

/* The hooks. */

static int decide(void *context, const struct facts *facts, struct arena *arena,
		  const struct station **served, struct verdict *verdict,
		  struct fault *fault)
{
	struct stage *stage = context;

	(void)arena;
	stage->visited = facts->visited_count;
	stage->redirections = facts->redirections;
	if (stage->decide_error)
		return fault_say(fault, stage->decide_error, "the users cannot be read");
	*served = stage->is_unserved ? NULL : &stage->station;
	*verdict = stage->verdict;
	return 0;
}

static int act(void *context, const struct station *served, const struct verdict *verdict,
	       struct fault *fault)
{
	struct stage *stage = context;

	ck_assert_str_eq(served->extension, stage->station.extension);
	ck_assert_int_eq(verdict->action, stage->verdict.action);
	stage->acts++;
	return stage->act_error ? fault_say(fault, stage->act_error,
					    "it cannot be done: act failed")
				: 0;
}

static void note(void *context, const struct event *event)
{
	struct stage *stage = context;
	size_t used = strlen(stage->notes);

	if (used + strlen(event->event) + 2 > sizeof stage->notes)
		used = 0;
	sprintf(stage->notes + used, "%s ", event->event);
}

/* "2001 recipient early; ", with /EVENT and /CODE where there is one. */
static void show(void *context, const struct shown_dialog *dialog)
{
	static const char *const states[] = { "trying", "proceeding", "early",
					      "confirmed", "terminated" };
	static const char *const events[] = { "",	   "/cancelled", "/rejected",
					      "/replaced", "/local-bye", "/remote-bye",
					      "/error",	   "/timeout" };
	struct stage *stage = context;
	size_t used = strlen(stage->shows);
	char code[16] = "";

	if (dialog->code)
		snprintf(code, sizeof code, "/%d", dialog->code);
	ck_assert_str_ne(dialog->id, "");
	if (used + 80 > sizeof stage->shows)
		used = 0;
	snprintf(stage->shows + used, sizeof stage->shows - used, "%s %s %s%s%s; ",
		 dialog->extension, dialog->is_initiator ? "initiator" : "recipient",
		 states[dialog->state], events[dialog->event], code);
}

static void idle(void *context)
{
	struct stage *stage = context;

	stage->idles++;
}

static const struct agent_hooks hooks = {
	.decide = decide, .act = act, .note = note, .show = show, .idle = idle
};

/* The stage. */

static unsigned port_after(const char *addresses, const char *transport)
{
	const char *end = strstr(addresses, transport);

	ck_assert_ptr_nonnull(end);
	while (end > addresses && end[-1] != ':')
		end--;
	return (unsigned)strtoul(end, NULL, 10);
}

void stage_open(struct stage *stage, void (*setup)(struct stage *stage))
{
	struct fault fault = { "" };

	*stage = (struct stage){
		.phase = "imsterm",
		.station = { .extension = "2001",
			     .name = "Bob",
			     .appearances = 3,
			     .in_service = true },
		.verdict = { .kind = VERDICT_PASS, .rule = "", .is_internal = true },
	};
	log_set_level(LOG_ERROR);
	_su_time = skip;
	phone_open(stage, &stage->caller, "caller", "127.0.0.1");
	phone_open(stage, &stage->callee, "callee", "127.0.0.1");
	stage->listen[0] = (struct agent_address){ "127.0.0.1", 0, "udp" };
	stage->listen[1] = (struct agent_address){ "127.0.0.1", 0, "tcp" };
	stage->proxies[0] =
		(struct agent_proxy){ "sm-a",
				      { "127.0.0.1", stage->callee.port, "udp" } };
	stage->settings = (struct agent_settings){
		.listen = stage->listen,
		.listen_count = 2,
		.proxies = stage->proxies,
		.proxy_count = 1,
		.domain = "example.com",
		.product = "halfcall/1",
		.writes_asserted = true,
		.writes_alert_info = true,
		.writes_history_info = true,
	};
	if (setup)
		setup(stage);
	stage->loop = loop_new();
	ck_assert_ptr_nonnull(stage->loop);
	ck_assert_msg(agent_new(stage->loop, &stage->settings, &hooks, stage,
				&stage->agent, &fault) == 0,
		      "%s", fault.text);
	stage->udp = port_after(agent_addresses(stage->agent), ";transport=udp");
	stage->tcp = port_after(agent_addresses(stage->agent), ";transport=tcp");
}

static void as_proxy(struct stage *stage)
{
	stage->settings.is_proxy_model = true;
}

void stage_open_model(struct stage *stage, int model)
{
	stage_open(stage, model ? as_proxy : NULL);
}

void stage_run(struct stage *stage)
{
	for (unsigned i = 0; i < 6; i++)
		loop_step(stage->loop, 0);
}

void stage_skip(struct stage *stage, unsigned ms)
{
	stage_run(stage);
	skipped_ms += ms;
	stage_run(stage);
	skipped_ms += 2;	/* what the agent puts off till after its callbacks */
	stage_run(stage);
}

void stage_settle(struct stage *stage)
{
	for (unsigned i = 0; i < 24; i++) {
		stage_skip(stage, 8000);
		phone_forget(&stage->caller);
		phone_forget(&stage->callee);
	}
}

void stage_assert_halves(struct stage *stage, size_t halves)
{
	struct agent_statistics now;

	agent_statistics(stage->agent, &now);
	ck_assert_uint_eq(now.halves, halves);
}

void stage_assert_empty(struct stage *stage)
{
	struct agent_statistics now;

	agent_statistics(stage->agent, &now);
	ck_assert_uint_eq(now.halves, 0);
	ck_assert_uint_eq(now.dialogs, 0);
	ck_assert_uint_eq(now.server_transactions, 0);
	ck_assert_uint_eq(now.client_transactions, 0);
}

void stage_close(struct stage *stage)
{
	stage_settle(stage);
	stage_assert_empty(stage);
	agent_free(stage->agent);
	loop_free(stage->loop);
	phone_close(&stage->caller);
	phone_close(&stage->callee);
}

void stage_talk(struct stage *stage)
{
	phone_invite(&stage->caller, "", "");
	phone_hear(&stage->callee, "INVITE");
	phone_answer(&stage->callee, 180, "", "");
	phone_hear(&stage->caller, "180 INVITE");
	phone_answer(&stage->callee, 200, "", "");
	phone_hear(&stage->caller, "200 INVITE");
	phone_ack(&stage->caller);
	phone_hear(&stage->callee, "ACK");
}

void stage_hang_up(struct stage *stage, struct phone *phone)
{
	struct phone *other = phone == &stage->caller ? &stage->callee : &stage->caller;

	phone_ask(phone, "BYE", "", "");
	phone_await(other, "BYE");
	phone_answer(other, 200, "", "");
	phone_await(phone, "200 BYE");
}

/* Sockets. */
