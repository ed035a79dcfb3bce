/* SPDX-License-Identifier: MIT */
#pragma once
/* The times of RFC 3261 (appendix A) and of those that mend it, in milliseconds. */
enum {
	TIMING_T1 = 500,
	TIMING_T2 = 4000,
	TIMING_T4 = 5000,
	TIMING_64T1 = 64 * TIMING_T1,	/* B, F, H, J, L, M; D over datagrams */
	TIMING_C = 181 * 1000,		/* more than 3 minutes (section 16.6) */
	TIMING_TRYING = 150,		/* below the 200 of section 17.2.1 */
	TIMING_LATE = 3500,		/* until timer E is T2: RFC 4320 section 4.1 */
	TIMING_PROGRESS = 60 * 1000,	/* section 13.3.1.1 */
};
