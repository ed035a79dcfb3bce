/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "mould.h"

static size_t mould_room(char mark)
{
	if (mark == *MOULD_ID)
		return IDENT_DIGITS;
	return mark == *MOULD_CALLER || mark == *MOULD_CALLED ? MOULD_NUMBER_DIGITS : 0;
}

int mould_lay_out(struct mould *mould, const char *text)
{
	*mould = (struct mould){ 0 };
	for (; *text; text++) {
		size_t room = mould_room(*text);

		if (mould->size + room >= sizeof mould->text)
			return -EINVAL;
		if (!room) {
			mould->text[mould->size++] = *text;
			continue;
		}
		if (mould->fields == MOULD_FIELDS)
			return -EINVAL;
		mould->field[mould->fields].at = mould->size;
		mould->field[mould->fields++].mark = *text;
		mould->size += room;
	}
	return 0;
}

void mould_write_ident(char *at, struct ident ident)
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 7; i >= 0; i--, ident.slot >>= 4)
		at[i] = digits[ident.slot & 15];
	for (int i = 15; i >= 8; i--, ident.serial >>= 4)
		at[i] = digits[ident.serial & 15];
}

static void mould_write_number(char *at, uint32_t number)
{
	for (int i = MOULD_NUMBER_DIGITS - 1; i >= 0; i--, number /= 10)
		at[i] = (char)('0' + number % 10);
}

size_t mould_fill(char *out, const struct mould *mould,
		  const struct mould_filling *filling)
{
	memcpy(out, mould->text, mould->size);
	for (unsigned i = 0; i < mould->fields; i++) {
		char *at = out + mould->field[i].at;
		char mark = mould->field[i].mark;

		if (mark == *MOULD_ID)
			mould_write_ident(at, filling->ident);
		else if (mark == *MOULD_CALLER)
			mould_write_number(at, filling->caller);
		else
			mould_write_number(at, filling->called);
	}
	return mould->size;
}
