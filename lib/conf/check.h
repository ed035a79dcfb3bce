/* SPDX-License-Identifier: MIT */
#pragma once
/* What shows only when settings are seen together. */
#include "conf/reader.h"

/** Tells such faults: doublets, unreachable proxies. */
void check_lists(struct reader *reader);

/** Puts the feature names that hold when the file has none. */
void check_preset_feature_names(struct reader *reader);
