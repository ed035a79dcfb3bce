/* SPDX-License-Identifier: MIT */
#include "server/findings.h"

#include "base/memory.h"
#include "model/call_id.h"
#include "watch/watch.h"
#include "wire/endpoint.h"
#include "wire/loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LOOK_MS = 100,			/* how exactly is told what did not come in time */
	STRANGERS_PER_S = 5,		/* findings about addresses of no proxy */
};

struct findings {
	struct sight *sight;
	struct sight_looker looker;
	struct loop *loop;
	struct journal *journal;
	const struct conf *fixed;
	struct sockaddr_storage *proxies;	/* by their places in fixed->proxies */
	struct watch_settings settings;
	struct watch *watch;		/* NULL = switched off */
	struct loop_timer *timer;	/* runs while something is waited for */
	bool is_waiting;
	int64_t strangers_since_us;
	unsigned strangers;
};

/* The name of the proxy at FAR_END, or NULL. */
static const char *proxy_at(const struct findings *findings,
			    const struct sockaddr_storage *far_end)
{
	for (size_t i = 0; i < findings->fixed->proxy_count; i++)
		if (endpoint_is_same_host(&findings->proxies[i], far_end))
			return findings->fixed->proxies[i].name;
	return NULL;
}

static bool is_proxy(void *context, const struct sockaddr_storage *far_end)
{
	return proxy_at(context, far_end) != NULL;
}

/* Whoever sends from anywhere must not fill the journal. */
static bool is_too_many(struct findings *findings, int64_t at_us)
{
	if (at_us - findings->strangers_since_us >= 1000000) {
		findings->strangers_since_us = at_us;
		findings->strangers = 0;
	}
	return findings->strangers++ >= STRANGERS_PER_S;
}

static void told(void *context, const struct watch_finding *finding)
{
	struct findings *findings = context;
	const char *proxy = proxy_at(findings, finding->far_end);
	struct arena arena = { 0 };
	char reason[256];
	const struct event event = {
		.event = "finding",
		.call = call_id_of(&arena, finding->call_id),
		.half = HALF_NONE,
		.rule = finding->name,
		.reason = reason,
		.proxy = proxy,
		.sip_call_id = finding->call_id,
	};

	if (proxy || !is_too_many(findings, finding->at_us)) {
		snprintf(reason, sizeof reason, "%s (%s)", finding->sentence,
			 finding->clause);
		journal_note(findings->journal, &event);
	}
	arena_clear(&arena);
}

static void wait(struct findings *findings)
{
	if (!findings->is_waiting)
		loop_timer_set(findings->timer, LOOK_MS);
	findings->is_waiting = true;
}

static void look(void *context)
{
	struct findings *findings = context;

	findings->is_waiting = false;
	if (findings->watch &&
	    watch_until(findings->watch, loop_now_us(findings->loop)) > 0)
		wait(findings);
}

static void seen(void *context, const struct wire_frame *frame)
{
	struct findings *findings = context;

	watch_see(findings->watch, WATCH_CM, frame);
	wait(findings);
}

static void stop(struct findings *findings)
{
	if (!findings->watch)
		return;
	sight_leave(findings->sight, &findings->looker);
	watch_free(findings->watch);
	findings->watch = NULL;
}

static void start(struct findings *findings)
{
	findings->watch = watch_new(&findings->settings, told, findings);
	sight_join(findings->sight, &findings->looker);
}

void findings_change(struct findings *findings, const struct conf *conf)
{
	const struct watch_settings settings = {
		.memory = (size_t)conf->findings.memory_kib * 1024,
		.takes_untagged = conf->call.untagged == UNTAGGED_ROUTE,
		.is_proxy = is_proxy,
	};
	bool is_same = settings.memory == findings->settings.memory &&
		       settings.takes_untagged == findings->settings.takes_untagged;

	if (conf->findings.enabled == (findings->watch != NULL) && is_same)
		return;
	stop(findings);
	findings->settings = settings;
	if (conf->findings.enabled)
		start(findings);
}

struct findings *findings_new(struct sight *sight, struct loop *loop,
			      struct journal *journal, const struct conf *conf)
{
	struct findings *findings = memory_new(sizeof *findings);

	findings->sight = sight;
	findings->looker.seen = seen;
	findings->looker.context = findings;
	findings->loop = loop;
	findings->journal = journal;
	findings->fixed = conf;
	findings->proxies =
		memory_new((conf->proxy_count + 1) * sizeof *findings->proxies);
	for (size_t i = 0; i < conf->proxy_count; i++)
		endpoint_read(conf->proxies[i].address.host,
			      conf->proxies[i].address.port, &findings->proxies[i]);
	findings->timer = memory_checked(loop_timer_new(loop, look, findings));
	findings_change(findings, conf);
	return findings;
}

void findings_free(struct findings *findings)
{
	if (!findings)
		return;
	stop(findings);
	loop_timer_free(findings->timer);
	free(findings->proxies);
	free(findings);
}

void findings_reused(struct findings *findings, const struct wire_frame *frame)
{
	if (findings->watch)
		watch_reused(findings->watch, WATCH_CM, frame);
}
