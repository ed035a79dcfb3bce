/* SPDX-License-Identifier: MIT */
#pragma once
/* Where calls to a station may be sent on to: call_forwarding and coverage_point. */
#include "store/loader.h"

/** The active forwardings of the called station, and of whom they lead to. */
int next_load_forwardings(const struct loader *loader, struct profile *profile);

/** The stations the call has been with, under whatever number. */
int next_load_visited(const struct loader *loader, const struct facts *facts,
		      struct profile *profile);

/** The coverage points of the called station. */
int next_load_coverage(const struct loader *loader, struct profile *profile);
