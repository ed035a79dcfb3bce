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

/** One group being read: the file itself, `call`, or an element of `proxies`. */
struct scope {
	const char *prefix;	/* in the table: "", "call", "proxies[]" */
	const char *shown;	/* to a person: "", "call", "proxies[0]" */
	void *base;		/* the struct its rows fill */
};

/** Counts a fault and writes it as `file:line: sentence`, control characters escaped. */
void reader_fault(struct reader *reader, struct source_line at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** Where SETTING stands. */
struct source_line reader_at(const struct reader *reader,
			     const config_setting_t *setting);

/** Reads every setting of GROUP and tells of unknown and missing ones. */
void reader_read_group(struct reader *reader, config_setting_t *group,
		       const struct scope *scope);

/** Reads SETTING, SHOWN to a person by this name, as ITEM into the struct at BASE. */
void value_read(struct reader *reader, const struct item *item, config_setting_t *setting,
		const char *shown, void *base);

/** What somebody wrote: `7`, `"text"`, `true`, `a list`; in the reader's scratch arena. */
const char *value_describe(struct reader *reader, const config_setting_t *setting);

/** Faults that show only when settings are seen together: doublets, unreachable proxies. */
void check_lists(struct reader *reader);

/** Puts the feature names that hold when the file has none. */
void preset_feature_names(struct reader *reader);
