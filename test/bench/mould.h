/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A template of a message that is the same for every call except ids and numbers at fixed
 * places.  It is prepared once, then copied and filled in.
 */
#include <stddef.h>
#include <stdint.h>

#include "ident.h"

/* Marks in a template for an ident, the caller's number and the called party's number. */
#define MOULD_ID "\1"
#define MOULD_CALLER "\2"
#define MOULD_CALLED "\3"

enum {
	MOULD_FIELDS = 16,
	MOULD_BYTES = 4096,
	MOULD_NUMBER_DIGITS = 7,
};

struct mould {
	size_t size;
	unsigned fields;
	struct {
		size_t at;
		char mark;
	} field[MOULD_FIELDS];
	char text[MOULD_BYTES];
};

/* The values for the marks. */
struct mould_filling {
	struct ident ident;
	uint32_t caller, called;
};

/** Prepares TEXT; returns 0, or -EINVAL if it is too long or has too many marks. */
int mould_lay_out(struct mould *mould, const char *text);

/** Writes the text, filled in, to OUT; returns its size. */
size_t mould_fill(char *out, const struct mould *mould,
		  const struct mould_filling *filling);

/** Writes the IDENT_DIGITS of IDENT to AT. */
void mould_write_ident(char *at, struct ident ident);
