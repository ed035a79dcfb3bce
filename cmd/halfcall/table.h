/* SPDX-License-Identifier: MIT */
#pragma once
/* Prints rows in columns as wide as their widest cell, without control characters. */
#include "halfcall/command.h"

struct table;

/** Never NULL (out of memory ends the process). */
struct table *table_new(const struct command *command);

/** Copies what is shown of ROW. */
void table_add(struct table *table, const struct datum *row);

void table_print(struct table *table, FILE *out);

void table_free(struct table *table);

/** Prints a row of LAYOUT_CARD. */
void table_print_card(const struct command *command, const struct datum *row, FILE *out);

/** TEXT with question marks in place of control characters. */
void table_print_text(const char *text, FILE *out);

/** The same, padded to WIDTH characters. */
void table_print_cell(const char *text, size_t width, FILE *out);
