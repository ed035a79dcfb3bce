/* SPDX-License-Identifier: MIT */
#pragma once
/* Whether and where messages are captured: the settings capture.*, and the switch at run time. */
#include "base/fault.h"
#include "capture/capture.h"
#include "conf/conf.h"
#include "server/sight.h"

struct recorder;

/** As the settings say; SIGHT is borrowed for its life.  0 and *RECORDER, owned; or -errno and a
 *  sentence. */
int recorder_new(struct sight *sight, const struct conf *conf, struct recorder **recorder,
		 struct fault *fault);

/** NULL is fine. */
void recorder_free(struct recorder *recorder);

/** CONF is in force from now on: capture.enabled counts if it is another than before, so that a
 *  reload for another reason leaves the switch alone.  0, or -errno, a sentence, and nothing has
 *  changed. */
int recorder_change(struct recorder *recorder, const struct conf *conf,
		    struct fault *fault);

/** On or off.  0, or -errno and a sentence. */
int recorder_switch(struct recorder *recorder, bool is_on, struct fault *fault);

struct capture *recorder_capture(struct recorder *recorder);

/** How often it was switched: messages between two equal numbers are complete. */
uint64_t recorder_switches(const struct recorder *recorder);
