/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer's way into lib/capture: any bytes are messages, divided by NULs, which come in and go
 * out in turn.  The ladder keeps to its width and to plain characters; the draft is a script
 * without faults.  See test/fuzz/draft.
 */
#include "capture/draft.h"
#include "capture/ladder.h"
#include "capture/reading.h"
#include "capture/savefile.h"
#include "capture/thread.h"
#include "script/faults.h"
#include "script/script.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MESSAGES = 32, WIDTH = 80 };

static const char *station(void *context, const char *number)
{
	(void)context;
	return strlen(number) % 3 ? number : NULL;
}

static void check_ladder(const struct sighting *messages, size_t count)
{
	const struct ladder_style style = { WIDTH, false };
	char *text;
	size_t length, used = 0;
	FILE *out = open_memstream(&text, &length);

	ladder_print(messages, count, &style, out);
	fclose(out);
	for (const char *at = count ? strchr(text, '\n') + 1 : ""; *at; at++) {
		used = *at == '\n' ? 0 : used + 1;
		if (used > WIDTH || (*at != '\n' && (*at < 0x20 || *at > 0x7e)))
			abort();
	}
	free(text);
}

static void check_draft(const struct sighting *messages, size_t count)
{
	const struct dossier_event event = { messages->method, messages->uri,
					     messages->from, messages->to };
	const struct dossier call = { messages, count, &event, 1, station, NULL };
	struct faults *faults = faults_new();
	struct script script = { 0 };
	char *text;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	bool is_written = draft_write(&call, out);

	fclose(out);
	if (is_written &&
	    (script_read_text(&script, "draft.call", text, length, faults) ||
	     script_complete(&script, faults))) {
		faults_print(faults, stderr);
		fwrite(text, length, 1, stderr);
		abort();
	}
	script_clear(&script);
	faults_free(faults);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct thread *thread = thread_new(&arena);
	struct sighting messages[MESSAGES] = { 0 };
	FILE *out = fopen("/dev/null", "w");
	struct savefile *savefile = savefile_begin(out, &arena);
	char *copy = arena_alloc(&arena, size + 1);
	size_t count = 0;

	memcpy(copy, data, size);
	for (const char *at = copy; at < copy + size && count < MESSAGES;
	     at += strlen(at) + 1) {
		struct sighting *message = &messages[count++];

		*message = (struct sighting){
			.seq = count,
			.bytes = at,
			.length = strlen(at),
			.is_out = count % 2,
		};
		reading_fill(message, &arena);
		thread_follow(thread, message);
		savefile_add(savefile, message);
	}
	check_ladder(messages, count);
	if (count)
		check_draft(messages, count);
	fclose(out);
	arena_clear(&arena);
	return 0;
}
