/* SPDX-License-Identifier: MIT */
/* The stage: the agent under test, its hooks and the clock. */
#include "agent_peer.h"

#include "base/fault.h"
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The hooks. */

static struct verdict refusal(int status, const char *rule, const char *sentence)
{
	return (struct verdict){ .kind = VERDICT_REJECT,
				 .status = status,
				 .rule = rule,
				 .sentence = sentence };
}

/* Returns the test's verdict, unless the facts demand a refusal as in lib/feature. */
static void decide(void *context, const struct facts *facts, struct arena *arena,
		   const struct station **served, struct verdict *verdict)
{
	struct stage *stage = context;
	enum verdict_kind kind = stage->verdict.kind;
	bool is_call = kind == VERDICT_PASS && !stage->verdict.is_emergency &&
		       !stage->verdict.is_shortcut;

	stage->visited = facts->visited_count;
	stage->redirections = facts->redirections;
	stage->decisions++;
	snprintf(stage->way_back, sizeof stage->way_back, "%s",
		 facts->senseless_way_back ? facts->senseless_way_back : "");
	*verdict = stage->verdict;
	if (stage->is_unreadable) {
		*verdict = refusal(500, "database", "the users cannot be read");
		return;
	}
	*served = stage->is_unserved ? NULL : &stage->station;
	if (kind == VERDICT_FEATURE && facts->unsupported) {
		*verdict = refusal(
			420, "require",
			arena_printf(arena, "not known here: %s", facts->unsupported));
		verdict->unsupported = facts->unsupported;
	}
	if (is_call && stage->members && facts->members >= stage->members)
		*verdict = refusal(503, "trunk-members",
				   arena_printf(arena, "all %u trunk members are in use",
						stage->members));
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
	snprintf(stage->rule, sizeof stage->rule, "%s", event->rule ? event->rule : "");
	snprintf(stage->reason, sizeof stage->reason, "%s",
		 event->reason ? event->reason : "");
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

	if (!end)
		return 0;
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
	phone_open(stage, &stage->caller, "caller", "127.0.0.1");
	phone_open(stage, &stage->callee, "callee", "127.0.0.1");
	stage->listen[0] = (struct wire_address){ "127.0.0.1", 0, "udp" };
	stage->listen[1] = (struct wire_address){ "127.0.0.1", 0, "tcp" };
	stage->proxies[0] =
		(struct wire_peer){ "sm-a", { "127.0.0.1", stage->callee.port, "udp" } };
	stage->settings = (struct agent_settings){
		.wire = {
			.listen = stage->listen,
			.listen_count = 2,
			.peers = stage->proxies,
			.peer_count = 1,
			.domain = "example.com",
		},
		.invite = {
			.product = "halfcall/1",
			.writes_asserted = true,
			.writes_alert_info = true,
			.writes_history_info = true,
		},
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
	stage->settings.wire.is_proxy = true;
}

void stage_open_model(struct stage *stage, int model)
{
	stage_open(stage, model ? as_proxy : NULL);
}

void stage_reload(struct stage *stage)
{
	agent_reload(stage->agent, &stage->settings);
}

void stage_run(struct stage *stage)
{
	for (unsigned i = 0; i < 6; i++)
		loop_step(stage->loop, 0);
}

void stage_skip(struct stage *stage, unsigned ms)
{
	stage_run(stage);
	loop_skip(ms);
	stage_run(stage);
	loop_skip(2);	/* the agent frees ended calls from a timer of 1 ms */
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
	ck_assert_uint_eq(now.stock.halves, halves);
}

void stage_assert_empty(struct stage *stage)
{
	struct agent_statistics now;

	agent_statistics(stage->agent, &now);
	ck_assert_uint_eq(now.stock.halves, 0);
	ck_assert_uint_eq(now.stock.dialogs, 0);
	ck_assert_uint_eq(now.wire.server_transactions, 0);
	ck_assert_uint_eq(now.wire.client_transactions, 0);
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
