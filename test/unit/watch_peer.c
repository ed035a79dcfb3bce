/* SPDX-License-Identifier: MIT */
#include "watch_peer.h"

#include "unit.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

char watch_peer_said[512];

static char told[512];

static void note(void *context, const struct watch_finding *finding)
{
	size_t length = strlen(told);

	(void)context;
	snprintf(watch_peer_said, sizeof watch_peer_said, "%s (%s)", finding->sentence,
		 finding->clause);
	snprintf(told + length, sizeof told - length, "%s%s", length ? " " : "",
		 finding->name);
	ck_assert_ptr_nonnull(finding->far_end);
	ck_assert(*finding->call_id);
	ck_assert(*finding->sentence);
}

static bool is_proxy(void *context, const struct sockaddr_storage *far_end)
{
	const struct sockaddr_in *address = (const void *)far_end;

	(void)context;
	return address->sin_addr.s_addr != inet_addr("192.0.2.66");
}

/* TEXT with OLD changed to WITH, and CR before each LF. */
static size_t write_message(const struct scene_line *line, const struct change *change,
			    char bytes[static 4096])
{
	char text[4096];
	const char *at = change && change->old ? strstr(line->text, change->old) : NULL;
	size_t length = 0;

	if (at)
		snprintf(text, sizeof text, "%.*s%s%s", (int)(at - line->text),
			 line->text, change->with, at + strlen(change->old));
	else
		snprintf(text, sizeof text, "%s", line->text);
	if (change && change->old)
		ck_assert_msg(at != NULL, "%s is not in the message", change->old);
	for (const char *c = text; *c; c++) {
		if (*c == '\n')
			bytes[length++] = '\r';
		bytes[length++] = *c;
	}
	bytes[length] = '\0';
	return length;
}

static void show(struct watch *watch, const struct scene_line *line,
		 const struct change *change, int at_ms)
{
	struct sockaddr_storage far_end = { 0 };
	struct sockaddr_in *address = (struct sockaddr_in *)&far_end;
	char bytes[4096];
	size_t length = write_message(line, change, bytes);
	bool is_stranger = strstr(bytes, "X-Stranger") != NULL;

	address->sin_family = AF_INET;
	address->sin_addr.s_addr = inet_addr(is_stranger ? "192.0.2.66" : "192.0.2.5");
	watch_until(watch, at_ms * INT64_C(1000));
	watch_see(watch, line->seat,
		  &(struct wire_frame){ .bytes = bytes,
					.length = length,
					.far_end = &far_end,
					.transport = "UDP",
					.at_us = at_ms * INT64_C(1000),
					.is_out = line->is_out });
}

const char *watch_peer_play(const struct scene *scene, const struct change *change,
			    const struct watch_settings *settings)
{
	const struct watch_settings usual = { .memory = 1 << 20, .is_proxy = is_proxy };
	struct watch *watch = watch_new(settings ? settings : &usual, note, NULL);
	const struct scene_line *later = NULL;
	int at_ms = 0, later_ms = 0;

	*told = '\0';
	for (size_t i = 0; i < scene->count; i++) {
		const struct scene_line *line = &scene->lines[i];
		const struct change *here = change && change->line == i ? change : NULL;

		if (change && change->end && i >= change->end)
			break;
		if (later && later_ms <= line->at_ms) {
			show(watch, later, NULL, later_ms);
			later = NULL;
		}
		at_ms = line->at_ms;
		if (here && (here->copy_ms || here->late_ms)) {
			later = line;
			later_ms = at_ms + here->copy_ms + here->late_ms;
		}
		if (!here || here->old || here->copy_ms)
			show(watch, line, here && here->old ? here : NULL, at_ms);
	}
	if (later)
		show(watch, later, NULL, at_ms = later_ms);
	ck_assert_int_eq(watch_until(watch, (at_ms + 60000) * INT64_C(1000)), 0);
	watch_free(watch);
	return told;
}
