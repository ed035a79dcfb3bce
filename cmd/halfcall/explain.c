/* SPDX-License-Identifier: MIT */
#include "halfcall/explain.h"

#include "halfcall/table.h"

#include <string.h>

enum { SUBJECT_WIDTH = 22, ABOUT_WIDTH = 20 };

/* Member KEY of DATUM as text; borrowed until the fourth call after this one. */
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

static void print_redirects(const struct datum *redirects, int depth, FILE *out);

static void print_via(const struct datum *via, FILE *out)
{
	char buffer[DATUM_TEXT];

	for (size_t i = 0; i < datum_count(via); i++) {
		fputs(i ? ", " : " by way of ", out);
		table_print_text(datum_text(datum_item(via, i, NULL), buffer), out);
	}
}

static void print_redirect(const char *what, const struct datum *redirect, int depth,
			   FILE *out)
{
	fprintf(out, "%*s%s: ", 8 + 2 * depth, "", what);
	if (datum_get(redirect, "refusal"))
		fprintf(out, "refused with %s by rule %s, not ",
			text_of(redirect, "refusal"), text_of(redirect, "rule"));
	fputs("to ", out);
	table_print_text(text_of(redirect, "destination"), out);
	print_via(datum_get(redirect, "via"), out);
	if (datum_get(redirect, "ring_seconds"))
		fprintf(out, ", rings %s s", text_of(redirect, "ring_seconds"));
	putc('\n', out);
	print_redirects(datum_get(redirect, "redirects"), depth + 1, out);
}

/* Prints only the parties between; the destination is printed with the verdict. */
static void print_unconditional(const struct datum *redirect, FILE *out)
{
	if (datum_get(redirect, "via")) {
		fprintf(out, "%*sgoes", 8, "");
		print_via(datum_get(redirect, "via"), out);
		putc('\n', out);
	}
	print_redirects(datum_get(redirect, "redirects"), 1, out);
}

static void print_redirects(const struct datum *redirects, int depth, FILE *out)
{
	for (size_t i = 0; i < datum_count(redirects); i++) {
		const struct datum *redirect = datum_item(redirects, i, NULL);
		const char *condition = text_of(redirect, "condition");

		if (depth > 0 || strcmp(condition, "unconditional") != 0)
			print_redirect(condition, redirect, depth, out);
		else
			print_unconditional(redirect, out);
	}
}

static void print_coverage(const struct datum *points, FILE *out)
{
	char what[64];

	for (size_t i = 0; i < datum_count(points); i++) {
		const struct datum *point = datum_item(points, i, NULL);

		snprintf(what, sizeof what, "covered when %s", text_of(point, "when"));
		print_redirect(what, point, 0, out);
	}
}

/* A feature dialled changes the caller's own rows and is no call. */
static void print_feature(const struct datum *verdict, FILE *out)
{
	fprintf(out, "  no call: %s", text_of(verdict, "feature"));
	if (datum_get(verdict, "argument")) {
		putc(' ', out);
		table_print_text(text_of(verdict, "argument"), out);
	}
	fputs(", confirmed with 200", out);
}

static void print_pass(const struct datum *verdict, FILE *out)
{
	/* Off-hook: no call yet, and so no phase. */
	if (!datum_get(verdict, "phase")) {
		fputs("  no call: a line is reserved, answered with 183", out);
		return;
	}
	fputs("  passes", out);
	if (datum_get(verdict, "number")) {
		fputs(" to ", out);
		table_print_text(text_of(verdict, "number"), out);
	}
	fprintf(out, ", phase %s", text_of(verdict, "phase"));
	if (datum_is_true(datum_get(verdict, "is_emergency")))
		fputs(", an emergency call", out);
	if (datum_get(verdict, "ring_seconds"))
		fprintf(out, ", rings %s s", text_of(verdict, "ring_seconds"));
}

static void print_verdict(const struct datum *verdict, FILE *out)
{
	const char *kind = text_of(verdict, "kind");

	if (strcmp(kind, "reject") == 0) {
		fprintf(out, "  refused with %s by rule ", text_of(verdict, "status"));
		table_print_text(text_of(verdict, "rule"), out);
		fputs(": ", out);
		table_print_text(text_of(verdict, "sentence"), out);
	} else if (datum_get(verdict, "destination")) {
		fprintf(out, "  %s to ",
			strcmp(kind, "cover") == 0 ? "covered" : "forwarded");
		table_print_text(text_of(verdict, "destination"), out);
		fprintf(out, " by rule %s, phase %s", text_of(verdict, "rule"),
			text_of(verdict, "phase"));
	} else if (strcmp(kind, "feature") == 0) {
		print_feature(verdict, out);
	} else {
		print_pass(verdict, out);
	}
	putc('\n', out);
	print_redirects(datum_get(verdict, "redirects"), 0, out);
	print_coverage(datum_get(verdict, "coverage"), out);
}

static void print_half(const struct datum *half, FILE *out)
{
	bool is_term = strcmp(text_of(half, "half"), "term") == 0;

	fputs(is_term ? "termination: " : "origination: ", out);
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
