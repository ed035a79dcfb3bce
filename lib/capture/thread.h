/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Which half of its call a message belongs to, from the messages before it: an INVITE by its phase,
 * what follows by transaction (branch), by dialog (Call-ID and tag, and which way it went: both
 * halves have the same between them), in the proxy model by the handle of the half in Record-Route.
 * Also whether the same bytes passed before.
 */
#include "base/arena.h"
#include "capture/sighting.h"

struct thread;

/** It lives in ARENA. */
struct thread *thread_new(struct arena *arena);

/** SIGHTING has been read, and comes after those given before. */
void thread_follow(struct thread *thread, struct sighting *sighting);
