/* SPDX-License-Identifier: MIT */
#include "model/trace.h"

void trace_note(struct trace *trace, const struct trace_step *step)
{
	struct trace_step *noted = arena_alloc(trace->arena, sizeof *noted);

	*noted = *step;
	noted->next = NULL;
	noted->subject = arena_strdup(trace->arena, step->subject);
	noted->about = arena_strdup(trace->arena, step->about);
	noted->text = arena_strdup(trace->arena, step->text);
	if (trace->last)
		trace->last->next = noted;
	else
		trace->first = noted;
	trace->last = noted;
}
