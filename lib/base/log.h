/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The log: stderr, one fact a line, `level: text key=value`.  Control characters are
 * escaped, so nothing a peer sends can forge a line.  Only server, agent and cmd log.
 */
#include <stdbool.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/** Lines above LEVEL are dropped from now on; the default is LOG_INFO. */
void log_set_level(enum log_level level);

/** The level with this name (error, warning, info, debug), or -1. */
int log_level_by_name(const char *name);

/** Whether a line of LEVEL would be written; ask before costly arguments. */
bool log_is_on(enum log_level level);

void log_line(enum log_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(LOG_WARNING, __VA_ARGS__)
#define log_info(...) (log_is_on(LOG_INFO) ? log_line(LOG_INFO, __VA_ARGS__) : (void)0)
#define log_debug(...) (log_is_on(LOG_DEBUG) ? log_line(LOG_DEBUG, __VA_ARGS__) : (void)0)
