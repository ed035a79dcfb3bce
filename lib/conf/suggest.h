/* SPDX-License-Identifier: MIT */
#pragma once
/* Finds the setting that a mistyped name was probably meant to be. */
#include "base/arena.h"

/**
 * The path below PREFIX ("" = the file, "call", "proxies[]") whose name is nearest to
 * NAME, or else the path of a setting with exactly this name elsewhere; in ARENA.  NULL =
 * none is near.
 */
const char *suggest_path(const char *prefix, const char *name, struct arena *arena);
