/* SPDX-License-Identifier: MIT */
#pragma once
/* The file of `sends raw`. */
struct play;

/** TEXT with its variables put in and the Content-Length that its body has; in the case's arena. */
const char *raw_text(struct play *play, const char *text);
