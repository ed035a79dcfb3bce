/* SPDX-License-Identifier: MIT */
#pragma once
/* Requests that one seat sends and another must be given. */
#include "watch/view.h"

/** Whether REQUEST, which went out inside a dialog, came in anywhere. */
bool passed_on_is_there(const struct view *view, const struct kept *request);
