/* SPDX-License-Identifier: MIT */
#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>

int fault_say(struct fault *fault, int err, const char *format, ...)
{
	va_list args;

	if (fault) {
		va_start(args, format);
		vsnprintf(fault->text, sizeof fault->text, format, args);
		va_end(args);
	}
	return -err;
}
