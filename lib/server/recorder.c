/* SPDX-License-Identifier: MIT */
#include "server/recorder.h"

#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>

struct recorder {
	struct sight *sight;
	struct sight_looker looker;
	struct capture *capture;
	size_t bytes;			/* capture.memory */
	bool is_enabled;		/* capture.enabled */
	uint64_t switches;
};

static void seen(void *context, const struct wire_frame *frame)
{
	capture_take(context, frame);
}

static size_t bytes_of(const struct conf *conf)
{
	return (size_t)conf->capture.memory_kib * 1024;
}

static int start(struct recorder *recorder, size_t bytes, struct fault *fault)
{
	bool was_on = capture_is_on(recorder->capture);

	if (capture_start(recorder->capture, bytes) < 0)
		return fault_say(fault, ENOMEM, "no memory to capture messages: %zu KiB",
				 bytes / 1024);
	if (!was_on) {
		sight_join(recorder->sight, &recorder->looker);
		recorder->switches++;
	}
	return 0;
}

static void stop(struct recorder *recorder)
{
	if (!capture_is_on(recorder->capture))
		return;
	sight_leave(recorder->sight, &recorder->looker);
	capture_stop(recorder->capture);
	recorder->switches++;
}

int recorder_new(struct sight *sight, const struct conf *conf, struct recorder **result,
		 struct fault *fault)
{
	struct recorder *recorder = memory_new(sizeof *recorder);
	int err;

	recorder->sight = sight;
	recorder->looker.seen = seen;
	recorder->looker.context = recorder->capture = capture_new();
	err = recorder_change(recorder, conf, fault);
	if (err < 0)
		recorder_free(recorder);
	else
		*result = recorder;
	return err;
}

void recorder_free(struct recorder *recorder)
{
	if (!recorder)
		return;
	stop(recorder);
	capture_free(recorder->capture);
	free(recorder);
}

int recorder_change(struct recorder *recorder, const struct conf *conf,
		    struct fault *fault)
{
	bool wants = conf->capture.enabled == recorder->is_enabled
			     ? capture_is_on(recorder->capture)
			     : conf->capture.enabled;
	int err = wants ? start(recorder, bytes_of(conf), fault) : 0;

	if (err < 0)
		return err;
	if (!wants)
		stop(recorder);
	recorder->bytes = bytes_of(conf);
	recorder->is_enabled = conf->capture.enabled;
	return 0;
}

int recorder_switch(struct recorder *recorder, bool is_on, struct fault *fault)
{
	if (is_on)
		return start(recorder, recorder->bytes, fault);
	stop(recorder);
	return 0;
}

struct capture *recorder_capture(struct recorder *recorder)
{
	return recorder->capture;
}

uint64_t recorder_switches(const struct recorder *recorder)
{
	return recorder->switches;
}
