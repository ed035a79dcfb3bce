/* SPDX-License-Identifier: MIT */
#include "run/step.h"

#include "run/view.h"

#include <stdarg.h>
#include <stdio.h>

enum step_outcome step_misfit(struct play *play, struct step *step,
			      const struct script_place *at, const char *format, ...)
{
	char text[900];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	step->at = at;
	step->why = arena_strdup(&play->arena, text);
	return STEP_MISFIT;
}

const char *step_mail_text(struct play *play, const struct mail *mail)
{
	struct view view;

	if (mail->status < 0)
		return arena_printf(&play->scratch, "nothing (%s)",
				    mail->why ? mail->why : "no answer came");
	if (!mail->status)
		return mail->method;
	view_read(&view, mail->bytes, mail->length, &play->scratch);
	return arena_printf(&play->scratch, "%d %s to %s", mail->status, view.phrase,
			    mail->method);
}

const char *step_message_text(struct play *play, const struct script_message *message)
{
	if (!message->code)
		return message->method;
	return message->method ? arena_printf(&play->scratch, "%u %s", message->code,
					      message->method)
			       : arena_printf(&play->scratch, "%u", message->code);
}

bool step_is_quiet(const struct play *play, unsigned ms)
{
	int64_t now_us = play_now_us(play);

	return now_us - lab_last_us(play->lab) >= (int64_t)ms * 1000;
}
