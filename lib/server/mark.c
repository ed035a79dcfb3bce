/* SPDX-License-Identifier: MIT */
#include "server/mark.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

struct mark mark_now(const struct subject *subject)
{
	return (struct mark){
		.events = journal_count(subject->journal),
		.messages = capture_count(recorder_capture(subject->recorder)),
		.switches = recorder_switches(subject->recorder),
		.daemon = (uint64_t)subject->begun_us,
	};
}

int mark_read(const char *text, const struct subject *subject, struct mark *mark,
	      struct fault *fault)
{
	int length = 0;
	struct mark now = mark_now(subject);

	if (sscanf(text, "%" SCNu64 "-%" SCNu64 "-%" SCNu64 "-%" SCNx64 "%n",
		   &mark->events, &mark->messages, &mark->switches, &mark->daemon,
		   &length) != 4 ||
	    text[length])
		return fault_say(fault, EINVAL,
				 "\"%.100s\" is not what halfcall journal mark printed",
				 text);
	if (mark->daemon != now.daemon)
		return fault_say(fault, ESTALE,
				 "halfcalld has been started again since that mark");
	if (mark->events > now.events || mark->messages > now.messages)
		return fault_say(fault, EINVAL, "the mark %.100s is yet to come", text);
	return 0;
}

void mark_answer(const struct subject *subject, const struct mark *since,
		 struct answer *answer)
{
	const struct capture *capture = recorder_capture(subject->recorder);
	struct mark now = mark_now(subject);
	struct mark begin = { .events = journal_cleared(subject->journal),
			      .switches = now.switches };
	char text[96];

	if (since)
		begin = *since;
	snprintf(text, sizeof text, "%" PRIu64 "-%" PRIu64 "-%" PRIu64 "-%" PRIx64,
		 now.events, now.messages, now.switches, now.daemon);
	answer_row_begin(answer);
	answer_text(answer, "mark", text);
	answer_number(answer, "events", (int64_t)now.events);
	answer_number(answer, "messages", (int64_t)now.messages);
	answer_number(answer, "events_after", (int64_t)begin.events);
	answer_number(answer, "messages_after", (int64_t)begin.messages);
	answer_flag(answer, "events_lost",
		    journal_forgotten(subject->journal) > begin.events);
	answer_flag(answer, "messages_lost",
		    !capture_is_on(capture) || begin.switches != now.switches ||
			    capture_lost(capture) > begin.messages);
	answer_row_end(answer);
}
