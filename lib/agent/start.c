/* SPDX-License-Identifier: MIT */
#include "agent/dispatch.h"
#include "agent/face.h"
#include "agent/load.h"
#include "base/log.h"
#include "base/memory.h"
#include "wire/loop.h"
#include "wire/peer.h"

#include <stdlib.h>

static void log_unshaken(void *context, const struct peer *peer, const char *address,
			 const char *why)
{
	(void)context;
	log_warning("no TLS with %s at %s: %s", peer_name(peer), address, why);
}

static const struct wire_events wire_events = {
	.request = dispatch_request,
	.response = dispatch_response,
	.is_urgent = load_is_urgent,
	.is_known = load_is_known,
	.room = load_room,
	.overloaded = load_note,
	.unshaken = log_unshaken,
	.stranger = dispatch_stranger,
};

/* The hooks of lib/invite and lib/half; each calls the owner's hook of the same name. */

static void decide(void *context, const struct facts *facts, struct arena *arena,
		   const struct station **served, struct verdict *verdict)
{
	struct agent *agent = context;

	agent->hooks->decide(agent->context, facts, arena, served, verdict);
}

static void note(void *context, const struct event *event)
{
	struct agent *agent = context;

	agent->hooks->note(agent->context, event);
}

static int act(void *context, const struct station *served, const struct verdict *verdict,
	       struct fault *fault)
{
	struct agent *agent = context;

	return agent->hooks->act(agent->context, served, verdict, fault);
}

static void show(void *context, const struct shown_dialog *dialog)
{
	struct agent *agent = context;

	if (agent->hooks->show)
		agent->hooks->show(agent->context, dialog);
}

static void emptied(void *context)
{
	struct agent *agent = context;

	if (agent->is_draining)
		agent->hooks->idle(agent->context);
}

static const struct desk_hooks desk_hooks = { .decide = decide, .note = note };
static const struct stock_hooks stock_hooks = { .act = act,
						.show = show,
						.emptied = emptied };

void agent_reload(struct agent *agent, const struct agent_settings *settings)
{
	struct desk *desk = desk_new(agent->wire, &settings->invite, &desk_hooks, agent);

	stock_settle(agent->stock, desk, &settings->half);
	desk_unref(desk);
	if (wire_admit(agent->wire, &settings->admission) < 0)
		memory_out();
	agent->calls = settings->calls;
	agent->reserved_calls = settings->reserved_calls;
	wire_set_strangers(agent->wire, settings->ignores_strangers
						? WIRE_STRANGERS_IGNORE
						: WIRE_STRANGERS_REFUSE);
	agent->plays_dead = settings->plays_dead;
}

int agent_reload_tls(struct agent *agent, const struct wire_tls *files,
		     struct fault *fault)
{
	return wire_reload_tls(agent->wire, files, fault);
}

int agent_new(struct loop *loop, const struct agent_settings *settings,
	      const struct agent_hooks *hooks, void *context, struct agent **result,
	      struct fault *fault)
{
	struct agent *agent = memory_new(sizeof *agent);
	int err;

	agent->hooks = hooks;
	agent->context = context;
	list_init(&agent->publishings);
	dispatch_know_strangers(agent, loop_now_us(loop));
	agent->product = arena_strdup(&agent->arena, settings->invite.product);
	err = wire_open(loop, &settings->wire, &wire_events, agent, &agent->wire, fault);
	if (err < 0) {
		agent_free(agent);
		return err;
	}
	agent->stock = stock_new(agent->wire, &stock_hooks, agent);
	agent_reload(agent, settings);
	*result = agent;
	return 0;
}

void agent_free(struct agent *agent)
{
	if (!agent)
		return;
	stock_free(agent->stock);
	wire_close(agent->wire);
	publication_forget_all(agent);
	arena_clear(&agent->arena);
	free(agent);
}

const char *agent_addresses(const struct agent *agent)
{
	return wire_addresses(agent->wire);
}

const struct stock *agent_stock(const struct agent *agent)
{
	return agent->stock;
}

void agent_drain(struct agent *agent)
{
	agent->is_draining = true;
	if (stock_is_empty(agent->stock))
		agent->hooks->idle(agent->context);
}

void agent_statistics(const struct agent *agent, struct agent_statistics *statistics)
{
	stock_statistics(agent->stock, &statistics->stock);
	wire_statistics(agent->wire, &statistics->wire);
}
