/* SPDX-License-Identifier: MIT */
#pragma once
/* The rules: each answers with a sentence, or NULL when there is nothing to say. */
#include "watch/watch.h"

const char *rule_phase_lost(const struct watch_request *request);
const char *rule_phase_order(const struct watch_request *request);
const char *rule_phase_leaked(const struct watch_request *request);
const char *rule_credentials_passed(const struct watch_request *request);
