/* SPDX-License-Identifier: MIT */
#include "halfcall/explain.h"

#include "halfcall/table.h"

#include <string.h>

enum { SUBJECT_WIDTH = 22, ABOUT_WIDTH = 20 };

/* Member KEY of DATUM as text; borrowed until the next call but three. */
static const char *text_of(const struct datum *datum, const char *key)
{
	static char buffers[4][DATUM_TEXT];
	static unsigned turn;

	return datum_text(datum_get(datum, key), buffers[turn++ % 4]);
}

static void print_step(const char *kind, const char *subject, const char *about,
		       const char *text, FILE *out)
{
	fprintf(out, "  %-6s", kind);
	table_print_cell(subject, SUBJECT_WIDTH, out);
	table_print_cell(about, *text ? ABOUT_WIDTH : 0, out);
	if (*text)
		putc(' ', out);
	table_print_text(text, out);
	putc('\n', out);
}

static void print_rows(const struct datum *rows, FILE *out)
{
	for (size_t i = 0; i < datum_count(rows); i++) {
		const struct datum *row = datum_item(rows, i, NULL);

		print_step("row", text_of(row, "table"), text_of(row, "key"),
			   datum_is_true(datum_get(row, "found"))
				   ? text_of(row, "columns")
				   : "none",
			   out);
	}
}

static void print_rules(const struct datum *rules, FILE *out)
{
	for (size_t i = 0; i < datum_count(rules); i++) {
		const struct datum *rule = datum_item(rules, i, NULL);

		print_step("rule", text_of(rule, "rule"), text_of(rule, "about"),
			   datum_is_true(datum_get(rule, "decides"))
				   ? text_of(rule, "says")
				   : "says nothing",
			   out);
	}
}

static void print_redirects(const struct datum *redirects, FILE *out)
{
	for (size_t i = 0; i < datum_count(redirects); i++) {
		const struct datum *redirect = datum_item(redirects, i, NULL);

		fprintf(out, "          when %s: ", text_of(redirect, "condition"));
		if (datum_get(redirect, "refusal"))
			fprintf(out, "refused with %s by rule %s, not forwarded to ",
				text_of(redirect, "refusal"), text_of(redirect, "rule"));
		else
			fputs("forwarded to ", out);
		table_print_text(text_of(redirect, "destination"), out);
		putc('\n', out);
	}
}

static void print_verdict(const struct datum *verdict, FILE *out)
{
	const char *kind = text_of(verdict, "kind");

	if (strcmp(kind, "reject") == 0) {
		fprintf(out, "  refused with %s by rule ", text_of(verdict, "status"));
		table_print_text(text_of(verdict, "rule"), out);
		fputs(": ", out);
		table_print_text(text_of(verdict, "sentence"), out);
	} else if (strcmp(kind, "forward") == 0) {
		fputs("  forwarded to ", out);
		table_print_text(text_of(verdict, "destination"), out);
		fprintf(out, " by rule %s, phase %s", text_of(verdict, "rule"),
			text_of(verdict, "phase"));
	} else {
		fprintf(out, "  passes, phase %s", text_of(verdict, "phase"));
		if (datum_is_true(datum_get(verdict, "is_emergency")))
			fputs(", an emergency call", out);
		if (datum_get(verdict, "ring_seconds"))
			fprintf(out, ", rings %s s", text_of(verdict, "ring_seconds"));
	}
	putc('\n', out);
	print_redirects(datum_get(verdict, "redirects"), out);
}

static void print_half(const struct datum *half, FILE *out)
{
	bool is_orig = strcmp(text_of(half, "half"), "orig") == 0;

	fputs(is_orig ? "origination: " : "termination: ", out);
	table_print_text(text_of(half, "from"), out);
	fputs(" calls ", out);
	table_print_text(text_of(half, "to"), out);
	if (!datum_is_true(datum_get(half, "is_reached")))
		fputs(" (not reached)", out);
	putc('\n', out);
	print_rows(datum_get(half, "rows"), out);
	print_rules(datum_get(half, "rules"), out);
	if (datum_get(half, "skipped"))
		fprintf(out, "  not run: %s\n", text_of(half, "skipped"));
	else
		print_verdict(datum_get(half, "verdict"), out);
}

void explain_print(const struct datum *answer, FILE *out)
{
	const struct datum *halves = datum_get(answer, "halves");

	for (size_t i = 0; i < datum_count(halves); i++) {
		if (i)
			putc('\n', out);
		print_half(datum_item(halves, i, NULL), out);
	}
}
