/* SPDX-License-Identifier: MIT */
#include "server/events.h"

#include "base/log.h"
#include "publish/publish.h"

#include <errno.h>
#include <stdlib.h>

struct events {
	struct loop *loop;
	struct agent *agent;
	struct journal *journal;
	struct arena arena;
	struct publish_settings settings;
	struct publisher *publisher;
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
	struct events *events;
	int err;

	*result = NULL;
	if (!conf->publish.enabled)
		return 0;
	events = calloc(1, sizeof *events);
	if (!events)
		return fault_say(fault, ENOMEM, "out of memory");
	events->loop = loop;
	events->agent = agent;
	events->journal = journal;
	events->settings = (struct publish_settings){
		.domain = conf->domain,
		.expires_s = conf->publish.expires_s,
		.linger_s = conf->publish.linger_s,
		.state_file = conf->publish.state
				      ? conf->publish.state
				      : arena_printf(&events->arena, "%s.publications",
						     conf->database),
	};
	err = publisher_new(&events->settings, &port, events, &events->publisher, fault);
	if (err < 0) {
		events_free(events);
		return err;
	}
	*result = events;
	return 0;
}

void events_free(struct events *events)
{
	if (!events)
		return;
	publisher_free(events->publisher);
	arena_clear(&events->arena);
	free(events);
}

void events_show(struct events *events, const struct shown_dialog *dialog)
{
	if (events)
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
	return events ? publisher_count(events->publisher, in_flight) : 0;
}
