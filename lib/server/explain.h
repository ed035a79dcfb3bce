/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What would happen to a call, and why: the halves the proxy would send, each with the
 * rows that were read, the rules that were applied and the verdict.  It runs the code
 * that decides calls, and sends nothing.
 */
#include "ctl/answer.h"
#include "ctl/request.h"
#include "server/subject.h"

void explain_call(const struct subject *subject, const struct request *request,
		  struct answer *answer);
