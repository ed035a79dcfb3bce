/* SPDX-License-Identifier: MIT */
#pragma once
/* Faults of settings taken together, and defaults of a whole list. */
#include "conf/reader.h"

/** Reports such faults: duplicates, proxies without a listen address, TLS without certificate. */
void check_lists(struct reader *reader);

/** Fills in the default feature names if the file has none. */
void check_preset_feature_names(struct reader *reader);
