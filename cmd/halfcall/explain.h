/* SPDX-License-Identifier: MIT */
#pragma once
/* The answer to `halfcall explain` for people. */
#include "ctl/datum.h"

#include <stdio.h>

void explain_print(const struct datum *answer, FILE *out);
