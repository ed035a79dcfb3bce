/* SPDX-License-Identifier: MIT */
#include "run/trace.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_repeated(const struct trace *trace, const struct lab_frame *frame)
{
	for (size_t i = trace->count; i > 0; i--) {
		const struct lab_frame *other = trace->messages[i - 1]->frame;

		if (other->is_out == frame->is_out && other->length == frame->length &&
		    memcmp(other->bytes, frame->bytes, frame->length) == 0)
			return true;
	}
	return false;
}

static const char *phase_of(const struct view *view, struct arena *arena)
{
	const char *route = view_field(view, "Route", 0), *to = view_field(view, "To", 0);

	if (view->status || strcmp(view->method, "INVITE") != 0 || !route ||
	    (to && view_part(to, "tag", 0, arena)))
		return NULL;
	return view_part(route, "phase", 0, arena);
}

static void add(struct trace *trace, const struct lab_frame *frame)
{
	struct trace_message *message = arena_alloc(trace->arena, sizeof *message);

	message->frame = frame;
	message->is_heard = frame->is_out;
	view_read(&message->view, frame->bytes, frame->length, trace->arena);
	message->phase = phase_of(&message->view, trace->arena);
	if (trace->count == trace->room) {
		trace->room = trace->room ? 2 * trace->room : 64;
		trace->messages = memory_checked(reallocarray(
			trace->messages, trace->room, sizeof(struct trace_message *)));
	}
	trace->messages[trace->count++] = message;
}

void trace_read(struct trace *trace)
{
	size_t count = lab_frame_count(trace->lab);

	for (; trace->read < count; trace->read++) {
		const struct lab_frame *frame = lab_frame(trace->lab, trace->read);

		if (lab_is_host(&frame->far_end, trace->cm_host) &&
		    !is_repeated(trace, frame)) {
			struct lab_frame *copy = arena_alloc(trace->arena, sizeof *copy);

			*copy = *frame;	/* the lab's array may move */
			add(trace, copy);
		}
	}
}

void trace_clear(struct trace *trace)
{
	free(trace->messages);
	trace->messages = NULL;
}
