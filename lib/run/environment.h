/* SPDX-License-Identifier: MIT */
#pragma once
/* What a program of a case is told in its environment (halfcall-run(5)). */
struct play;

/** "NAME=VALUE" each, NULL-terminated, in the case's arena; writes the files that some name. */
const char *const *environment_make(struct play *play);
