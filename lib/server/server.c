/* SPDX-License-Identifier: MIT */
#include "server/server.h"

#include "agent/agent.h"
#include "base/log.h"
#include "feature/feature.h"
#include "journal/journal.h"
#include "server/control.h"
#include "server/events.h"
#include "server/notify.h"
#include "server/rescue.h"
#include "server/settings.h"
#include "store/store.h"
#include "wire/loop.h"
#include "wire/tls.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

struct server {
	struct conf fixed;		/* as at the start: settings that need a restart */
	struct conf changed;		/* as last reloaded; valid when is_reloaded */
	bool is_reloaded;
	const char *file;
	struct arena arena;
	struct agent_settings settings;
	struct policy policy;
	struct journal *journal;
	struct store *store;
	struct rescue *rescue;
	struct loop *loop;
	struct agent *agent;
	struct events *events;
	struct control *control;	/* NULL = the control socket cannot be had */
	int signals;			/* signalfd */
	bool is_draining;
	struct loop_timer *patience;	/* while publications go out at the end */
	unsigned waited_ms;
	struct loop_timer *limit;	/* of draining */
};

static void decide(void *context, const struct facts *facts, struct arena *arena,
		   const struct station **served, struct verdict *verdict)
{
	struct server *server = context;
	struct profile profile = { 0 };
	struct fault fault;

	if (feature_screen(facts, &server->policy, arena, verdict))
		return;
	if (store_load_profile(server->store, facts, arena, &profile, &fault) < 0) {
		*verdict = feature_refuse_unread(fault.text, arena);
		return;
	}
	rescue_refresh(server->rescue, false);
	if (facts->half == HALF_LINE && profile.caller)
		profile.busy_lines = stock_busy_lines(agent_stock(server->agent),
						      profile.caller->extension);
	*served = facts->half == HALF_TERM ? profile.called : profile.caller;
	*verdict = feature_decide(facts, &profile, &server->policy, arena);
}

static int act(void *context, const struct station *served, const struct verdict *verdict,
	       struct fault *fault)
{
	struct server *server = context;
	const struct store_act wanted = {
		.extension = served->extension,
		.action = verdict->action,
		.number = verdict->argument,
	};

	return store_act(server->store, &wanted, fault);
}

static bool is_emergency(void *context, const char *number)
{
	const struct server *server = context;

	return rescue_is_emergency(server->rescue, number);
}

static void note(void *context, const struct event *event)
{
	struct server *server = context;

	journal_note(server->journal, event);
}

static void show(void *context, const struct shown_dialog *dialog)
{
	struct server *server = context;

	events_show(server->events, dialog);
}

static void published(void *context, void *ticket, const struct agent_published *response)
{
	(void)context;
	events_published(ticket, response);
}

/*
 * The last call is over; its last dialog states are still published, for a limited time.
 */
static void idle(void *context)
{
	enum { STEP_MS = 100, PATIENCE_MS = 3000 };
	struct server *server = context;
	size_t in_flight;

	events_count(server->events, &in_flight);
	if (in_flight && server->waited_ms < PATIENCE_MS && server->patience) {
		server->waited_ms += STEP_MS;
		loop_timer_set(server->patience, STEP_MS);
		return;
	}
	loop_stop(server->loop);
}

static const struct agent_hooks hooks = {
	.decide = decide,
	.act = act,
	.note = note,
	.show = show,
	.published = published,
	.is_emergency = is_emergency,
	.idle = idle,
};

/* Logs a sentence and writes it to TOLD, the client that asked for the reload, if any. */
static void tell(FILE *told, enum log_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void tell(FILE *told, enum log_level level, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	log_line(level, "%s", text);
	if (told != stderr)
		fprintf(told, "%s\n", text);
}

/* Sets the policy of the features, and how far the store follows forwardings. */
static void take_policy(struct server *server, const struct conf *conf)
{
	server->policy = settings_policy(conf);
	store_follow(server->store, conf->call.chained ? conf->call.forward_hops : 0);
}

struct told {
	const char *file;
	FILE *told;
};

static void tell_change(void *context, const char *path, bool needs_restart)
{
	const struct told *told = context;

	if (needs_restart)
		tell(told->told, LOG_WARNING, "%s: a change of %s needs a restart",
		     told->file, path);
}

static bool server_refuse(const struct server *server, FILE *told)
{
	tell(told, LOG_ERROR,
	     "%s is not taken over: the configuration before it stays in force",
	     server->file);
	return false;
}

int server_check(const struct conf *conf, struct fault *fault)
{
	struct wire_tls files = settings_tls(conf);
	struct fault why;
	int err;

	if (!files.certificate)
		return 0;
	err = tls_check(&files, &why);
	return err < 0 ? fault_say(fault, -err, "%s: %s", conf->tls.at, why.text) : 0;
}

/* New certificates; where the daemon began without TLS, listen needs a restart, too. */
static int take_certificates(struct server *server, const struct conf *fresh,
			     struct fault *fault)
{
	struct wire_tls files = settings_tls(fresh);

	return files.certificate ? agent_reload_tls(server->agent, &files, fault) : 0;
}

/* Applies the settings of FRESH that can change; nothing borrows from the old ones after that. */
static void take_fresh(struct server *server, const struct conf *fresh)
{
	settings_refresh(&server->settings, fresh);
	agent_reload(server->agent, &server->settings);
	take_policy(server, fresh);
	rescue_refresh(server->rescue, true);
	log_set_level((enum log_level)fresh->log.level);
	if (server->is_reloaded)
		conf_clear(&server->changed);
	server->changed = *fresh;
	server->is_reloaded = true;
}

/* Whether the configuration was taken over; its faults go to TOLD.  What may fail comes
 * first, so that it is taken over whole or not at all. */
static bool reload(struct server *server, FILE *told)
{
	struct told context = { server->file, told };
	struct conf fresh;
	struct fault fault;

	if (journal_reopen(server->journal, &fault) < 0)
		tell(told, LOG_ERROR, "%s", fault.text);
	if (conf_read(&fresh, server->file, told) > 0)
		return server_refuse(server, told);
	if (server_check(&fresh, &fault) < 0 ||
	    journal_change(server->journal, fresh.journal.file, fresh.journal.ring,
			   &fault) < 0 ||
	    events_change(server->events, &fresh, &fault) < 0) {
		tell(told, LOG_ERROR, "%s", fault.text);
		conf_clear(&fresh);
		return server_refuse(server, told);
	}
	if (take_certificates(server, &fresh, &fault) < 0)
		tell(told, LOG_ERROR, "%s; the certificates before stay in use",
		     fault.text);
	conf_compare(&server->fixed, &fresh, tell_change, &context);
	take_fresh(server, &fresh);
	tell(told, LOG_INFO, "reloaded %s", server->file);
	return true;
}

static bool reload_asked(void *context, FILE *told)
{
	return reload(context, told);
}

/* A call whose end got lost, or that goes on and on, keeps no one waiting. */
static void drained_long(void *context)
{
	struct server *server = context;
	struct agent_statistics now;

	agent_statistics(server->agent, &now);
	log_warning("stopping after limits.drain_s calls=%zu", now.stock.halves);
	loop_stop(server->loop);
}

static void drain(struct server *server)
{
	const struct conf *conf = server->is_reloaded ? &server->changed : &server->fixed;
	struct agent_statistics now;

	if (server->is_draining) {
		log_info("stopping at once");
		loop_stop(server->loop);
		return;
	}
	server->is_draining = true;
	agent_statistics(server->agent, &now);
	log_info("draining calls=%zu", now.stock.halves);
	notify_send("STOPPING=1");
	server->limit = loop_timer_new(server->loop, drained_long, server);
	if (server->limit)
		loop_timer_set(server->limit, 1000 * conf->limits.drain_s);
	agent_drain(server->agent);
}

static void on_signal(void *context, int fd)
{
	struct server *server = context;
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof info) != (ssize_t)sizeof info)
		return;
	if (info.ssi_signo == SIGHUP)
		reload(server, stderr);
	else
		drain(server);
}

static int watch_signals(struct server *server, struct fault *fault)
{
	sigset_t set;
	int err;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0 ||
	    (server->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC)) < 0)
		return fault_say(fault, errno, "cannot watch signals: %s",
				 strerror(errno));
	err = loop_watch(server->loop, server->signals, on_signal, server);
	return err < 0 ? fault_say(fault, -err, "cannot watch signals") : 0;
}

/* Without a control socket the server still handles calls. */
static void open_control(struct server *server)
{
	const struct subject subject = {
		.loop = server->loop,
		.agent = server->agent,
		.store = server->store,
		.journal = server->journal,
		.conf = &server->fixed,
		.settings = &server->settings,
		.policy = &server->policy,
		.is_draining = &server->is_draining,
		.reload = reload_asked,
		.context = server,
	};
	struct fault fault;

	if (control_open(&subject, &server->control, &fault) < 0)
		log_warning("halfcall(1) cannot reach this process: %s", fault.text);
}

static int start(struct server *server, struct fault *fault)
{
	const struct conf *conf = &server->fixed;
	int err;

	err = server_check(conf, fault);
	if (err < 0)
		return err;
	settings_fill(&server->settings, conf, &server->arena);
	err = journal_open(conf->journal.file, conf->journal.ring, &server->journal,
			   fault);
	if (err < 0)
		return err;
	err = store_open(conf->database, &server->store, fault);
	if (err < 0)
		return err;
	take_policy(server, conf);
	server->rescue = rescue_new(server->store);
	server->loop = loop_new();
	if (!server->loop)
		return fault_say(fault, ENOMEM, "cannot start the event loop");
	err = watch_signals(server, fault);
	if (err < 0)
		return err;
	server->patience = loop_timer_new(server->loop, idle, server);
	err = agent_new(server->loop, &server->settings, &hooks, server, &server->agent,
			fault);
	if (err < 0)
		return err;
	err = events_new(server->loop, server->agent, server->journal, conf,
			 &server->events, fault);
	if (err < 0)
		return err;
	open_control(server);
	return 0;
}

int server_new(struct conf *conf, const char *file, struct server **result,
	       struct fault *fault)
{
	struct server *server = calloc(1, sizeof *server);
	int err;

	if (!server) {
		conf_clear(conf);
		return fault_say(fault, ENOMEM, "out of memory");
	}
	server->fixed = *conf;
	server->file = file;
	server->signals = -1;
	err = start(server, fault);
	if (err < 0) {
		server_free(server);
		return err;
	}
	*result = server;
	return 0;
}

void server_run(struct server *server)
{
	struct agent_statistics left;

	dprintf(STDERR_FILENO, "ready %s\n", agent_addresses(server->agent));
	notify_send("READY=1");
	loop_run(server->loop);

	agent_statistics(server->agent, &left);
	log_info("stopped calls=%" PRIu64 " left=%zu server_transactions=%zu "
		 "client_transactions=%zu dialogs=%zu journal_lost=%" PRIu64,
		 left.stock.calls, left.stock.halves, left.wire.server_transactions,
		 left.wire.client_transactions, left.stock.dialogs,
		 journal_lost(server->journal));
}

void server_free(struct server *server)
{
	if (!server)
		return;
	control_close(server->control);
	agent_free(server->agent);
	events_free(server->events);
	loop_timer_free(server->patience);
	loop_timer_free(server->limit);
	loop_free(server->loop);
	if (server->signals >= 0)
		close(server->signals);
	rescue_free(server->rescue);
	store_close(server->store);
	journal_close(server->journal);
	if (server->is_reloaded)
		conf_clear(&server->changed);
	conf_clear(&server->fixed);
	arena_clear(&server->arena);
	free(server);
}
