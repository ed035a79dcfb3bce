/* SPDX-License-Identifier: MIT */
#include "model/station.h"

#include <string.h>

static const char *const calling_names[] = {
	[CALLING_NONE] = "none",
	[CALLING_ORIGINATION] = "origination",
	[CALLING_OUTWARD] = "outward",
	[CALLING_ALL_TOLL] = "all-toll",
	[CALLING_TAC_TOLL] = "tac-toll",
};

static const char *const called_names[] = {
	[CALLED_NONE] = "none",
	[CALLED_TERMINATION] = "termination",
	[CALLED_INWARD] = "inward",
	[CALLED_MANUAL] = "manual",
	[CALLED_PUBLIC] = "public",
};

static const char *const condition_names[] = {
	[FORWARD_UNCONDITIONAL] = "unconditional",
	[FORWARD_BUSY] = "busy",
	[FORWARD_NO_ANSWER] = "no-answer",
	[FORWARD_UNREACHABLE] = "unreachable",
};

static const char *const source_names[] = {
	[SOURCE_INTERNAL] = "internal",
	[SOURCE_EXTERNAL] = "external",
	[SOURCE_ANY] = "any",
};

static const char *const cover_names[] = {
	[COVER_ALL] = "all",
	[COVER_BUSY] = "busy",
	[COVER_NO_ANSWER] = "no-answer",
	[COVER_SEND_ALL_CALLS] = "send-all-calls",
};

static int find(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return (int)i;
	return -1;
}

#define FIND(names, name) find(names, sizeof names / sizeof *names, name)

const char *calling_party_name(enum calling_party restriction)
{
	return calling_names[restriction];
}

const char *called_party_name(enum called_party restriction)
{
	return called_names[restriction];
}

const char *forward_condition_name(enum forward_condition condition)
{
	return condition_names[condition];
}

int calling_party_by_name(const char *name)
{
	return FIND(calling_names, name);
}

int called_party_by_name(const char *name)
{
	return FIND(called_names, name);
}

int forward_condition_by_name(const char *name)
{
	return FIND(condition_names, name);
}

int forward_source_by_name(const char *name)
{
	return FIND(source_names, name);
}

const char *cover_condition_name(enum cover_condition condition)
{
	return cover_names[condition];
}

int cover_condition_by_name(const char *name)
{
	return FIND(cover_names, name);
}
