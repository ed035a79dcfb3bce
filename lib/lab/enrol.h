/* SPDX-License-Identifier: MIT */
#pragma once
/* A telephone's registration (RFC 3261 section 10), with each of its proxies. */
#include "lab/extra.h"
#include "lab/phone.h"

struct enrolment {
	bool is_all;			/* Contact: * */
	bool has_expires;
	unsigned expires_s;		/* else 3600 */
	const char *password;		/* NULL = its own */
};

/** Done at the last proxy's final answer, which is the errand's unless one before was a failure. */
struct errand *enrol(struct phone *phone, const struct enrolment *how,
		     const struct extra *extra, struct fault *fault);

/** Whether its last registration was accepted with Expires above 0. */
bool enrol_is_enrolled(const struct phone *phone);
