/* SPDX-License-Identifier: MIT */
#include "server/events.h"

#include "base/log.h"
#include "publish/publish.h"
#include "server/faults.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct events {
	struct loop *loop;
	struct agent *agent;
	struct journal *journal;
	struct faults *faults;		/* NULL = none */
	const char *domain, *database;
	struct publisher *publisher;	/* NULL = publish.enabled was never on */
};

static int send_request(void *context, struct publication *publication,
			const struct publish_request *request)
{
	struct events *events = context;
	const struct agent_publish publish = {
		.extension = request->extension,
		.if_match = request->if_match,
		.expires_s = request->expires_s,
		.body = request->body,
		.body_length = request->body_length,
	};

	return agent_publish(events->agent, &publish, publication);
}

static void timer_fired(void *context)
{
	publisher_expired(context);
}

static void arm(void *context, struct publication *publication, unsigned milliseconds)
{
	struct events *events = context;
	struct loop_timer *timer = publication_context(publication);

	if (!timer) {
		timer = loop_timer_new(events->loop, timer_fired, publication);
		publication_set_context(publication, timer);
	}
	if (timer && events->faults)
		milliseconds = faults_hurry(
			events->faults, publication_extension(publication), milliseconds);
	if (timer)
		loop_timer_set(timer, milliseconds);
	else
		log_error("extension=%s cannot set a timer",
			  publication_extension(publication));
}

static void note(void *context, const char *extension, const char *event, int status,
		 const char *reason)
{
	struct events *events = context;
	const struct event line = {
		.event = event,
		.extension = extension,
		.status = status,
		.reason = reason,
	};

	journal_note(events->journal, &line);
	if (status || reason)
		log_warning("%s extension=%s status=%d %s", event,
			    extension ? extension : "-", status, reason ? reason : "");
}

static void released(void *context, struct publication *publication)
{
	(void)context;
	loop_timer_free(publication_context(publication));
	publication_set_context(publication, NULL);
}

static const struct publish_port port = {
	.send = send_request,
	.arm = arm,
	.note = note,
	.released = released,
};

int events_new(struct loop *loop, struct agent *agent, struct journal *journal,
	       const struct conf *conf, struct events **result, struct fault *fault)
{
	struct events *events = calloc(1, sizeof *events);
	int err;

	if (!events)
		return fault_say(fault, ENOMEM, "out of memory");
	events->loop = loop;
	events->agent = agent;
	events->journal = journal;
	events->domain = conf->domain;
	events->database = conf->database;
	err = events_change(events, conf, fault);
	if (err < 0) {
		events_free(events);
		return err;
	}
	*result = events;
	return 0;
}

void events_hurry(struct events *events, struct faults *faults)
{
	events->faults = faults;
}

/* The path of the state file; the caller frees it. */
static char *state_file_of(const struct events *events, const struct conf *conf)
{
	char *file;

	if (conf->publish.state)
		return strdup(conf->publish.state);
	return asprintf(&file, "%s.publications", events->database) < 0 ? NULL : file;
}

int events_change(struct events *events, const struct conf *conf, struct fault *fault)
{
	struct publish_settings settings = {
		.domain = events->domain,
		.expires_s = conf->publish.expires_s,
		.linger_s = conf->publish.linger_s,
	};
	char *state_file;
	int err = 0;

	if (!conf->publish.enabled) {
		if (events->publisher)
			publisher_withdraw(events->publisher);
		return 0;
	}
	settings.state_file = state_file = state_file_of(events, conf);
	if (!state_file)
		return fault_say(fault, ENOMEM, "out of memory");
	if (events->publisher)
		publisher_change(events->publisher, &settings);
	else
		err = publisher_new(&settings, &port, events, &events->publisher, fault);
	free(state_file);
	return err;
}

void events_free(struct events *events)
{
	if (!events)
		return;
	publisher_free(events->publisher);
	free(events);
}

void events_show(struct events *events, const struct shown_dialog *dialog)
{
	if (events && events->publisher)
		publisher_show(events->publisher, dialog);
}

void events_published(void *ticket, const struct agent_published *answer)
{
	const struct publish_response response = {
		.status = answer->status,
		.etag = answer->etag,
		.expires_s = answer->expires_s,
		.min_expires_s = answer->min_expires_s,
		.retry_after_s = answer->retry_after_s,
	};

	publisher_answered(ticket, &response);
}

size_t events_count(const struct events *events, size_t *in_flight)
{
	*in_flight = 0;
	return events && events->publisher ? publisher_count(events->publisher, in_flight)
					   : 0;
}
