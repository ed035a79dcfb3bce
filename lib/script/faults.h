/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * What is wrong with scripts, collected over all files of a run: each fault once, though
 * several cases include the file it stands in, and in the order of files, lines, columns.
 */
#include "script/case.h"

#include <stdarg.h>
#include <stdio.h>

struct faults;

/** Faults told of one file; of what is beyond, only that there is more. */
enum { FAULTS_OF_FILE_MAX = 1000 };

/** Never NULL (out of memory ends the process). */
struct faults *faults_new(void);
void faults_free(struct faults *faults);

/** Adds a sentence about what stands at PLACE; line 0 is the file itself. */
void faults_add(struct faults *faults, const struct script_place *place,
		const char *format, va_list args) __attribute__((format(printf, 3, 0)));

/** The same without a va_list. */
void faults_say(struct faults *faults, const struct script_place *place,
		const char *format, ...) __attribute__((format(printf, 3, 4)));

size_t faults_count(const struct faults *faults);

/** `file:line:column: sentence`, a line each; what a terminal might obey is escaped. */
void faults_print(struct faults *faults, FILE *out);
