/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What would become of a call, and why: the halves the proxy would have us run, each with
 * the rows that were read, the rules that were asked and the verdict.  It asks the very
 * code that decides calls, and sends nothing.
 */
#include "ctl/answer.h"
#include "ctl/request.h"
#include "server/subject.h"

void explain_call(const struct subject *subject, const struct request *request,
		  struct answer *answer);
