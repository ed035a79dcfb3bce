/* SPDX-License-Identifier: MIT */
#pragma once
/* What one seat sends and another must be given, and what CM itself passes on as a proxy. */
#include "watch/view.h"

/** Whether REQUEST, which went out inside a dialog, came in anywhere. */
bool passed_on_is_there(const struct view *view, const struct kept *request);

/** Whether CM wrote a Record-Route into the INVITE of the Call-ID that it sent last, so that all
 *  requests of the dialog come by it. */
bool passed_on_is_recorded(const struct view *view);

/** Whether ANSWER, which went out, had come in before: CM passed it on. */
bool passed_on_is_relayed(const struct view *view, const struct kept *answer);
