/* SPDX-License-Identifier: MIT */
#pragma once
/* The loop's other face, for the files of this room. */
#include <sofia-sip/su_wait.h>

struct loop;

/** Borrowed for the loop's life. */
su_root_t *loop_root(struct loop *loop);
