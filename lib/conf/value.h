/* SPDX-License-Identifier: MIT */
#pragma once
/* Reads one value of the configuration file into the member of the struct that it belongs
 * to. */
#include "conf/reader.h"

/** Reads SETTING, called SHOWN in sentences, as ITEM, which is no list, into the struct
 * at  BASE. */
void value_read(struct reader *reader, const struct item *item, config_setting_t *setting,
		const char *shown, void *base);

/** The address in SETTING; zero and a fault if it is none. */
void value_read_address(struct reader *reader, unsigned min_port,
			const config_setting_t *setting, const char *shown,
			struct conf_address *address);

/** The value as written, for sentences: `7`, `"text"`, `true`, `a list`; in the scratch
 * arena. */
const char *value_describe(struct reader *reader, const config_setting_t *setting);
