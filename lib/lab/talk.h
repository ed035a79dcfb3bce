/* SPDX-License-Identifier: MIT */
#pragma once
/* What a script lets a telephone do about its calls.  Errands are borrowed for the phone's life;
 * NULL = it cannot be done, and FAULT says why. */
#include "lab/extra.h"
#include "lab/phone.h"

/** An INVITE that begins a call. */
struct dialling {
	unsigned appearance;		/* named in Contact; 0 = the lowest idle one, not named */
	const char *number;		/* or a URI; ";name=value" behind it goes into the URI */
	const char *from;		/* NULL = its own user */
	bool without_sdp, without_auth, to_cm;
	bool is_off_hook;
	unsigned expires_s;		/* of off-hook; 0 = not said */
	bool wants_final;		/* the errand is the final answer, else that is queued */
};

/** Sends it.  The errand is done when the final answer came, or, without wants_final, at once. */
struct errand *talk_dial(struct phone *phone, const struct dialling *how,
			 const struct extra *extra, struct fault *fault);

/** CANCELs the newest INVITE on APPEARANCE (0 = the only one); done when the CANCEL has its answer
 *  and the INVITE a final one, which is the errand's. */
struct errand *talk_cancel(struct phone *phone, unsigned appearance,
			   const struct extra *extra, struct fault *fault);

/** Answers the INVITE that rings on APPEARANCE (0 = the oldest): 18x, 200, or a failure.  Done when
 *  its PRACK or ACK came, the errand's message; a plain 18x at once. */
struct errand *talk_progress(struct phone *phone, unsigned appearance, int code,
			     bool is_reliable, const struct extra *extra,
			     struct fault *fault);
struct errand *talk_answer(struct phone *phone, unsigned appearance, bool without_sdp,
			   const struct extra *extra, struct fault *fault);
struct errand *talk_reject(struct phone *phone, unsigned appearance, int code,
			   const char *redirect, const struct extra *extra,
			   struct fault *fault);

enum talk_offer { TALK_NO_OFFER, TALK_OFFER, TALK_HOLD };

/** A request inside the call on APPEARANCE (0 = the only one); done at its final answer. */
struct errand *talk_hang_up(struct phone *phone, unsigned appearance,
			    const struct extra *extra, struct fault *fault);
struct errand *talk_reinvite(struct phone *phone, unsigned appearance,
			     enum talk_offer offer, const struct extra *extra,
			     struct fault *fault);
struct errand *talk_send(struct phone *phone, unsigned appearance, const char *method,
			 const struct extra *extra, struct fault *fault);

/** REFER to NUMBER, or, NUMBER NULL, to the far end of the call on appearance OTHER (Replaces). */
struct errand *talk_transfer(struct phone *phone, unsigned appearance, const char *number,
			     unsigned other, const struct extra *extra,
			     struct fault *fault);

/** A request outside any call, to NUMBER (NULL = the proxy or CM itself). */
struct errand *talk_request(struct phone *phone, const char *method, const char *number,
			    bool to_cm, const struct extra *extra, struct fault *fault);

/** BYTES as they stand, but for the branch of the topmost Via; an INVITE is a call of PHONE. */
struct errand *talk_send_raw(struct phone *phone, const char *bytes, size_t length,
			     bool to_cm, bool wants_final, struct fault *fault);

/** An application sends the INVITE it heard on to the next Route, and what follows by itself. */
struct errand *talk_pass(struct phone *phone, unsigned appearance, struct fault *fault);
