/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * An event as the ring keeps it: numbers, and the texts one after the other in one block.
 * Text is cut and cleaned when it is stored, so memory is bounded and text from peers is
 * valid UTF-8 from then on.
 */
#include "model/event.h"

#include <stddef.h>

/** The texts of an event, in the order of the block. */
enum entry_text {
	TEXT_EVENT,
	TEXT_CALL,
	TEXT_EXTENSION,
	TEXT_FROM,
	TEXT_TO,
	TEXT_RULE,
	TEXT_REASON,
	TEXT_PROXY,
	TEXT_SIP_CALL_ID,
};

enum { ENTRY_TEXTS = TEXT_SIP_CALL_ID + 1 };

/** The longest text kept, in bytes with its NUL; longer ones end in an ellipsis. */
enum { ENTRY_TEXT = 256 };

/** All zero is an empty entry. */
struct entry {
	int64_t wall_us;
	uint64_t seq;		/* 0 = never used */
	int status;
	enum half half;
	enum phase phase_in, phase_out;
	uint16_t start[ENTRY_TEXTS];	/* 1 + offset in the block; 0 = not there */
	uint16_t room;		/* bytes of the block */
	char *block;		/* owned */
};

/** Overwrites ENTRY with EVENT.  Out of memory keeps the numbers and drops the texts. */
void entry_set(struct entry *entry, const struct event *event);

/** The text, or NULL; borrowed until the next entry_set(). */
const char *entry_text(const struct entry *entry, enum entry_text which);

void entry_clear(struct entry *entry);
