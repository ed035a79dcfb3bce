/* SPDX-License-Identifier: MIT */
#pragma once
/* What a Communication Manager can do, as values of header fields. */

/** Methods, and extensions that it supports: for 200 to OPTIONS and for 405. */
extern const char ability_allow[], ability_supported[];
