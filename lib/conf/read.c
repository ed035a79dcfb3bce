/* SPDX-License-Identifier: MIT */
#include "conf/check.h"
#include "conf/suggest.h"
#include "conf/value.h"

#include <string.h>

/* One group being read: the file itself, `call`, or an element of `proxies`. */
struct scope {
	const char *prefix;	/* as in the table: "", "call", "proxies[]" */
	const char *shown;	/* as in sentences: "", "call", "proxies[0]" */
	void *base;		/* the struct its rows fill */
};

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

/* Reads every setting of GROUP and reports unknown and missing ones. */
static void read_group(struct reader *reader, config_setting_t *group,
		       const struct scope *scope);

/* Room for the entries of SETTING; NULL and a fault if it is no list or too short or
 * long. */
static void *list_begin(struct reader *reader, const struct item *item,
			const config_setting_t *setting, const char *shown, void *base)
{
	int length = config_setting_length(setting);
	bool is_list =
		config_setting_is_list(setting) || config_setting_is_array(setting);
	size_t count = (size_t)length;
	void *entries;

	if (!is_list) {
		reader_fault(reader, reader_at(reader, setting),
			     "%s must be a list %s, not %s", shown,
			     item->type == ITEM_GROUPS
				     ? "of groups ( { ... }, { ... } )"
				     : "of addresses [ \"sip:...\", \"sip:...\" ]",
			     value_describe(reader, setting));
		return NULL;
	}
	if (length < item->min || length > item->max) {
		reader_fault(reader, reader_at(reader, setting),
			     "%s must have %lld..%lld entries, not %d", shown, item->min,
			     item->max, length);
		return NULL;
	}
	entries = arena_alloc(&reader->conf->arena, count * item->in.stride);
	memcpy((char *)base + item->in.offset, &entries, sizeof entries);
	memcpy((char *)base + item->in.count_at, &count, sizeof count);
	return entries;
}

static void read_addresses(struct reader *reader, const struct item *item,
			   config_setting_t *setting, const char *shown, void *base)
{
	struct conf_address *entries = list_begin(reader, item, setting, shown, base);

	for (int i = 0; entries && i < config_setting_length(setting); i++)
		value_read_address(
			reader, 0, config_setting_get_elem(setting, (unsigned)i),
			arena_printf(&reader->scratch, "%s[%d]", shown, i), &entries[i]);
}

static void read_groups(struct reader *reader, const struct item *item,
			config_setting_t *setting, const char *shown, void *base)
{
	char *entries = list_begin(reader, item, setting, shown, base);

	for (int i = 0; entries && i < config_setting_length(setting); i++) {
		config_setting_t *element = config_setting_get_elem(setting, (unsigned)i);
		struct scope scope = {
			.prefix = arena_printf(&reader->scratch, "%s[]", item->path),
			.shown = arena_printf(&reader->scratch, "%s[%d]", shown, i),
			.base = entries + (size_t)i * item->in.stride,
		};

		if (config_setting_is_group(element))
			read_group(reader, element, &scope);
		else
			reader_fault(reader, reader_at(reader, element),
				     "%s must be a group { ... }, not %s", scope.shown,
				     value_describe(reader, element));
	}
}

static void read_item(struct reader *reader, const struct item *item,
		      config_setting_t *setting, const char *shown, void *base)
{
	if (item->type == ITEM_ADDRESSES)
		read_addresses(reader, item, setting, shown, base);
	else if (item->type == ITEM_GROUPS)
		read_groups(reader, item, setting, shown, base);
	else
		value_read(reader, item, setting, shown, base);
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
		read_item(reader, item, setting, below.shown, scope->base);
	else if (!item_is_group(below.prefix))
		unknown_fault(reader, setting, scope);
	else if (config_setting_is_group(setting))
		read_group(reader, setting, &below);
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

static void read_group(struct reader *reader, config_setting_t *group,
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
		read_group(&reader, config_root_setting(&reader.file), &root);
		if (!config_lookup(&reader.file, "feature_names"))
			check_preset_feature_names(&reader);
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
