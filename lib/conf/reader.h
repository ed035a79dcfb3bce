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

/** One group being read: the file itself, `call`, or an element of `proxies`. */
struct scope {
	const char *prefix;	/* as in the table: "", "call", "proxies[]" */
	const char *shown;	/* as in sentences: "", "call", "proxies[0]" */
	void *base;		/* the struct its rows fill */
};

/** Counts a fault and writes it as `file:line: sentence`, control characters escaped. */
void reader_fault(struct reader *reader, struct source_line at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/** File and line of SETTING. */
struct source_line reader_at(const struct reader *reader,
			     const config_setting_t *setting);

/** Reads every setting of GROUP and reports unknown and missing ones. */
void reader_read_group(struct reader *reader, config_setting_t *group,
		       const struct scope *scope);

/** Reads SETTING, called SHOWN in sentences, as ITEM into the struct at BASE. */
void value_read(struct reader *reader, const struct item *item, config_setting_t *setting,
		const char *shown, void *base);

/** The value as written, for sentences: `7`, `"text"`, `true`, `a list`; in the scratch
 * arena. */
const char *value_describe(struct reader *reader, const config_setting_t *setting);

/** Reports faults of settings taken together: duplicates, proxies without a listen
 * address. */
void check_lists(struct reader *reader);

/** Fills in the default feature names if the file has none. */
void preset_feature_names(struct reader *reader);
