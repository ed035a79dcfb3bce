/* SPDX-License-Identifier: MIT */
#include "conf/reader.h"
#include "conf/suggest.h"

#include <stdarg.h>
#include <string.h>

static void put_escaped(const char *text, FILE *out)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x20 || c == 0x7f)
			fprintf(out, "\\x%02x", c);
		else
			fputc(c, out);
	}
}

void reader_fault(struct reader *reader, struct source_line at, const char *format, ...)
{
	char sentence[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);

	put_escaped(at.file, reader->faults);
	fprintf(reader->faults, ":%u: ", at.line);
	put_escaped(sentence, reader->faults);
	fputc('\n', reader->faults);
	reader->count++;
}

struct source_line reader_at(const struct reader *reader, const config_setting_t *setting)
{
	return source_at(&reader->source, (unsigned)config_setting_source_line(setting));
}

static const char *joined(struct reader *reader, const char *group, const char *name)
{
	return arena_printf(&reader->scratch, "%s%s%s", group, *group ? "." : "", name);
}

static void unknown_fault(struct reader *reader, const config_setting_t *setting,
			  const struct scope *scope)
{
	const char *name = config_setting_name(setting);
	const char *meant = suggest_path(scope->prefix, name, &reader->scratch);
	size_t length = strlen(scope->prefix);

	if (!meant) {
		reader_fault(reader, reader_at(reader, setting), "%s is not a setting",
			     joined(reader, scope->shown, name));
		return;
	}
	/* In a sentence about an element of proxies, write proxies[1], not proxies[]. */
	if (length > 0 && strncmp(meant, scope->prefix, length) == 0 &&
	    meant[length] == '.')
		meant = joined(reader, scope->shown, meant + length + 1);
	reader_fault(reader, reader_at(reader, setting),
		     "%s is not a setting; did you mean %s?",
		     joined(reader, scope->shown, name), meant);
}

static void read_member(struct reader *reader, config_setting_t *setting,
			const struct scope *scope)
{
	const char *name = config_setting_name(setting);
	struct scope below = {
		.prefix = joined(reader, scope->prefix, name),
		.shown = joined(reader, scope->shown, name),
		.base = scope->base,
	};
	const struct item *item = item_find(below.prefix);

	if (item)
		value_read(reader, item, setting, below.shown, scope->base);
	else if (!item_is_group(below.prefix))
		unknown_fault(reader, setting, scope);
	else if (config_setting_is_group(setting))
		reader_read_group(reader, setting, &below);
	else
		reader_fault(reader, reader_at(reader, setting),
			     "%s must be a group { ... }, not %s", below.shown,
			     value_describe(reader, setting));
}

/* Reports missing settings of GROUP; its subgroups and list elements are read by
 * themselves. */
static void find_missing(struct reader *reader, config_setting_t *group,
			 const struct scope *scope)
{
	for (size_t i = 0; i < conf_item_count; i++) {
		const struct item *item = &conf_items[i];
		const char *rest = item_below(item, scope->prefix);

		if (item->preset != item_required || !rest || rest != item_leaf(item))
			continue;
		if (!config_setting_get_member(group, rest))
			reader_fault(reader, reader_at(reader, group),
				     "%s is missing: %s",
				     joined(reader, scope->shown, rest), item->help);
	}
}

void reader_read_group(struct reader *reader, config_setting_t *group,
		       const struct scope *scope)
{
	int length = config_setting_length(group);

	for (size_t i = 0; i < conf_item_count; i++) {
		const char *rest = item_below(&conf_items[i], scope->prefix);

		if (rest && !strstr(rest, "[]"))
			item_preset(&conf_items[i], scope->base, &reader->conf->arena);
	}
	for (int i = 0; i < length; i++)
		read_member(reader, config_setting_get_elem(group, (unsigned)i), scope);
	find_missing(reader, group, scope);
}

/* A sentence for libconfig's parse error. */
static const char *syntax_sentence(const char *text)
{
	if (strcmp(text, "duplicate setting name") == 0)
		return "this setting is given twice";
	if (strcmp(text, "mismatched element type in array") == 0)
		return "all entries of a list in [ ] must be of one type";
	return "syntax error here or on the line before";
}

int conf_read(struct conf *conf, const char *file, FILE *faults)
{
	struct reader reader = { .conf = conf, .faults = faults };
	struct scope root = { .prefix = "", .shown = "", .base = conf };

	*conf = (struct conf){ 0 };
	config_init(&reader.file);
	if (source_read(&reader.source, file) < 0) {
		reader_fault(&reader, reader.source.fault_at, "%s", reader.source.fault);
	} else if (!config_read_string(&reader.file, reader.source.text)) {
		reader_fault(&reader,
			     source_at(&reader.source,
				       (unsigned)config_error_line(&reader.file)),
			     "%s", syntax_sentence(config_error_text(&reader.file)));
	} else {
		reader_read_group(&reader, config_root_setting(&reader.file), &root);
		if (!config_lookup(&reader.file, "feature_names"))
			preset_feature_names(&reader);
		check_lists(&reader);
	}
	config_destroy(&reader.file);
	source_clear(&reader.source);
	arena_clear(&reader.scratch);
	if (reader.count)
		conf_clear(conf);
	return reader.count;
}

void conf_clear(struct conf *conf)
{
	arena_clear(&conf->arena);
	*conf = (struct conf){ 0 };
}
