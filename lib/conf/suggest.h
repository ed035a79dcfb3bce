/* SPDX-License-Identifier: MIT */
#pragma once
/* What somebody who mistyped the name of a setting may have meant. */
#include "base/arena.h"

/**
 * The path below PREFIX ("" = the file, "call", "proxies[]") whose name is nearest to NAME, or
 * else the path of a setting of just this name elsewhere; in ARENA.  NULL = no idea.
 */
const char *suggest_path(const char *prefix, const char *name, struct arena *arena);
