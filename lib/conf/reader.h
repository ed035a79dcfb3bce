/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * State of reading a file into a struct conf, shared by the files of this room.
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

/** File and line of SETTING. */
struct source_line reader_at(const struct reader *reader,
			     const config_setting_t *setting);
