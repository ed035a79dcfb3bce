/* SPDX-License-Identifier: MIT */
#pragma once
/* The draft of a script for a call: its messages, what the journal says of it, and which of the
 * numbers in it are stations. */
#include "base/fault.h"
#include "halfcall/message.h"

#include <stdio.h>

/** Asks the daemon at PATH for the rest and writes the script to OUT.  An exit status, and a
 *  sentence unless it is 0. */
int sketch_print(const char *path, const struct message_list *list, FILE *out,
		 struct fault *fault);
