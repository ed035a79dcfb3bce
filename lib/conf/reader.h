/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A file being read into a struct conf: what its parts share.  Private to this room.
 */
#include "conf/item.h"
#include "conf/source.h"

#include <libconfig.h>

struct reader {
	struct conf *conf;	/* being filled */
	struct source source;
	config_t file;		/* parsed */
	struct arena scratch;	/* for sentences */
	FILE *faults;
	int count;		/* faults so far */
};

/** Counts a fault and writes it as `file:line: sentence`, control characters escaped. */
void reader_fault(struct reader *reader, struct source_line at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** Where SETTING stands. */
struct source_line reader_at(const struct reader *reader,
			     const config_setting_t *setting);
