/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Explains what would happen to a call and why: the halves that the proxy would send,
 * each with the rows read, the rules applied and the verdict.  It runs the same code that
 * decides calls, and sends nothing.
 */
#include "ctl/answer.h"
#include "ctl/request.h"
#include "server/subject.h"

void explain_call(const struct subject *subject, const struct request *request,
		  struct answer *answer);
