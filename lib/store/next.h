/* SPDX-License-Identifier: MIT */
#pragma once
/* The targets that calls to a station may go to: call_forwarding and coverage_point. */
#include "store/loader.h"

/** The active forwardings of the called station, and those of their targets. */
int next_load_forwardings(const struct loader *loader, struct profile *profile);

/** The stations in History-Info that the call has been with, by any of their numbers. */
int next_load_visited(const struct loader *loader, const struct facts *facts,
		      struct profile *profile);

/** The coverage points of the called station. */
int next_load_coverage(const struct loader *loader, struct profile *profile);
