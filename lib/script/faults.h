/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The faults found in all script files of a run, sorted by file, line and column. A fault
 * in a file that several cases include is kept once.
 */
#include "script/case.h"

#include <stdarg.h>
#include <stdio.h>

struct faults;

/** Faults printed for one file; if there are more, one last line says so. */
enum { FAULTS_OF_FILE_MAX = 1000 };

/** Never NULL (out of memory ends the process). */
struct faults *faults_new(void);
void faults_free(struct faults *faults);

/** Adds a sentence about what stands at PLACE; line 0 is the file itself. */
void faults_add(struct faults *faults, const struct script_place *place,
		const char *format, va_list args) __attribute__((format(printf, 3, 0)));

/** The same with the arguments instead of a va_list. */
void faults_say(struct faults *faults, const struct script_place *place,
		const char *format, ...) __attribute__((format(printf, 3, 4)));

size_t faults_count(const struct faults *faults);

/** Prints `file:line:column: sentence`, one line each; control characters are escaped. */
void faults_print(struct faults *faults, FILE *out);
