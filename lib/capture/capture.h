/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The newest messages that passed, every copy of them, in a ring of so many bytes: the oldest make
 * room for the next.  Taking one is a copy into memory that is there already.
 */
#include "capture/sighting.h"

struct capture;

/** It takes nothing and has no memory yet.  Never NULL. */
struct capture *capture_new(void);

/** NULL is fine. */
void capture_free(struct capture *capture);

/** Takes messages from now on, into BYTES of memory, at least CAPTURE_LEAST.  What is remembered
 *  stays unless BYTES differ from those before.  0, or -ENOMEM and nothing has changed. */
enum { CAPTURE_LEAST = 256 * 1024 };	/* three of the longest messages, and more */
int capture_start(struct capture *capture, size_t bytes);

/** Takes no more; what is remembered stays. */
void capture_stop(struct capture *capture);

bool capture_is_on(const struct capture *capture);

/** Takes FRAME if capture_is_on(); one of more than a third of the memory is left out. */
void capture_take(struct capture *capture, const struct wire_frame *frame);

/** How many were taken since the start: the number of the newest. */
uint64_t capture_count(const struct capture *capture);

/** How many of them were forgotten: the oldest remembered is the one after it. */
uint64_t capture_lost(const struct capture *capture);

/** The first remembered one after number AFTER (0 = the oldest), as it passed; bytes are borrowed
 *  until the next capture_take().  False: there is none. */
bool capture_next(struct capture *capture, uint64_t after, struct sighting *sighting);
