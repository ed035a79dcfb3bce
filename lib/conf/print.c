/* SPDX-License-Identifier: MIT */
#include "conf/item.h"

#include <string.h>

static void print_text(const char *text, FILE *out)
{
	fputc('"', out);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x20 || c == 0x7f)
			fprintf(out, "\\x%02x", c);
		else if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

static void print_value(const struct item *item, const void *base, FILE *out);

static bool is_absent(const struct item *item, const void *base)
{
	return item->type == ITEM_TEXT && !item_get_pointer(item, base);
}

/* The elements of a list of groups, one a line. */
static void print_groups(const struct item *item, const void *base, FILE *out)
{
	const char *elements = item_get_pointer(item, base);
	char prefix[64];

	snprintf(prefix, sizeof prefix, "%s[]", item->path);
	for (size_t i = 0; i < item_get_count(item, base); i++) {
		const char *entry = elements + i * item->in.stride;

		fprintf(out, "%s\n\t{", i ? "," : "");
		for (size_t row = 0; row < conf_item_count; row++) {
			const char *name = item_below(&conf_items[row], prefix);

			if (!name || is_absent(&conf_items[row], entry))
				continue;
			fprintf(out, " %s = ", name);
			print_value(&conf_items[row], entry, out);
			fputc(';', out);
		}
		fputs(" }", out);
	}
	fputc('\n', out);
}

static void print_value(const struct item *item, const void *base, FILE *out)
{
	const struct conf_address *addresses;
	const char *word;
	size_t length;

	switch (item->type) {
	case ITEM_BOOL:
		fputs(item_get_number(item, base) ? "true" : "false", out);
		return;
	case ITEM_NUMBER:
		fprintf(out, "%lld", item_get_number(item, base));
		return;
	case ITEM_WORD:
		word = item_word(item, (unsigned)item_get_number(item, base), &length);
		fprintf(out, "\"%.*s\"", (int)length, word);
		return;
	case ITEM_TEXT:
		print_text(item_get_pointer(item, base), out);
		return;
	case ITEM_ADDRESS:
		print_text(item_get_pointer(item, base), out);	/* .uri is its first member */
		return;
	case ITEM_ADDRESSES:
		addresses = item_get_pointer(item, base);
		fputs("[", out);
		for (size_t i = 0; i < item_get_count(item, base); i++) {
			fputs(i ? ",\n\t" : "\n\t", out);
			print_text(addresses[i].uri, out);
		}
		fputs("\n]", out);
		return;
	case ITEM_GROUPS:
		fputc('(', out);
		print_groups(item, base, out);
		fputc(')', out);
		return;
	}
}

static void print_comment(const struct item *item, const char *indent, FILE *out)
{
	fprintf(out, "%s# %s (", indent, item->help);
	item_describe(item, out);
	fputs(")\n", out);
}

void conf_print(const struct conf *conf, FILE *out)
{
	const char *group = "";
	size_t group_length = 0;

	for (size_t i = 0; i < conf_item_count; i++) {
		const struct item *item = &conf_items[i];
		const char *leaf = item_leaf(item),
			   *indent = leaf == item->path ? "" : "\t";
		size_t length = (size_t)(leaf - item->path);

		if (strstr(item->path, "[]."))
			continue;	/* printed with its list */
		if (length != group_length || memcmp(item->path, group, length) != 0) {
			if (group_length)
				fputs("};\n", out);
			if (length)
				fprintf(out, "\n%.*s = {\n", (int)length - 1, item->path);
			group = item->path;
			group_length = length;
		}
		print_comment(item, indent, out);
		if (is_absent(item, conf)) {
			fprintf(out, "%s# %s is absent\n", indent, leaf);
			continue;
		}
		fprintf(out, "%s%s = ", indent, leaf);
		print_value(item, conf, out);
		fputs(";\n", out);
	}
	if (group_length)
		fputs("};\n", out);
}
