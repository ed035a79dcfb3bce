/* SPDX-License-Identifier: MIT */
#include "script/variable.h"

#include "base/nearest.h"
#include "script/name.h"
#include "script/parse.h"

#include <string.h>

struct variable *variable_find(struct parse *parse, const char *name, size_t length)
{
	char key[256];
	struct index_entry *entry;

	if (length >= sizeof key)
		return NULL;
	memcpy(key, name, length);
	key[length] = '\0';
	entry = index_find(&parse->variables, key, NULL);
	return entry ? container_of(entry, struct variable, entry) : NULL;
}

struct variable *variable_put(struct parse *parse, const char *name,
			      enum variable_kind kind)
{
	struct variable *variable = variable_find(parse, name, strlen(name));

	if (!variable) {
		variable = arena_alloc(parse->arena, sizeof *variable);
		variable->name = arena_strdup(parse->arena, name);
		list_init(&variable->entry.node);
		index_insert(&parse->variables, &variable->entry, variable->name);
	}
	variable->kind = kind;
	variable->cells = NULL;
	variable->count = 0;
	return variable;
}

void variable_assign(struct parse *parse, struct variable *variable,
		     const struct cell *cells, size_t count)
{
	struct cell *copy = arena_alloc(parse->arena, (count + 1) * sizeof *copy);

	if (count)
		memcpy(copy, cells, count * sizeof *copy);
	variable->cells = copy;
	variable->count = count;
}

void variable_drop(struct parse *parse, const char *name)
{
	struct variable *variable = variable_find(parse, name, strlen(name));

	if (variable)
		index_remove(&variable->entry);
}

void variable_start(struct parse *parse)
{
	index_init(&parse->variables);
	variable_put(parse, "CM", VARIABLE_ADDRESS);
	variable_put(parse, "PROXY", VARIABLE_ADDRESS);
	variable_put(parse, "DOMAIN", VARIABLE_DOMAIN);
	for (size_t i = 0; i < parse->setting_count; i++) {
		const char *value = parse->settings[i].value;
		size_t length = strlen(value);
		struct variable *variable =
			variable_put(parse, parse->settings[i].name, VARIABLE_VALUE);
		struct cell *cells =
			arena_alloc(parse->arena, (length + 1) * sizeof *cells);

		for (size_t j = 0; j < length; j++)
			cells[j].byte = value[j];
		variable->cells = cells;
		variable->count = length;
		variable->is_fixed = true;
	}
}

void variable_offer(struct parse *parse, struct nearest *nearest)
{
	for (size_t i = 0; i < INDEX_BUCKETS; i++) {
		const struct list *head = &parse->variables.buckets[i];

		for (struct list *node = head->next; node != head; node = node->next) {
			struct index_entry *entry =
				container_of(node, struct index_entry, node);

			nearest_offer(nearest, entry->key, strlen(entry->key));
		}
	}
}

static const char *kind_name(enum variable_kind kind)
{
	switch (kind) {
	case VARIABLE_VALUE:
		return "a variable";
	case VARIABLE_COLUMN:
		return "a column of the table";
	case VARIABLE_CAPTURE:
		return "a name after `as`";
	case VARIABLE_ADDRESS:
	case VARIABLE_DOMAIN:
	case VARIABLE_UNKNOWN:
		break;
	}
	return "set from the start";
}

bool variable_may_be(struct parse *parse, const struct token *token,
		     enum variable_kind kind)
{
	const struct variable *variable =
		variable_find(parse, token->text, strlen(token->text));

	if (token->is_late || !name_is_plain(token->text)) {
		parse_fault_at(parse, token,
			       "\"%s\" cannot be the name of a variable: a letter, then "
			       "letters, digits, - and _",
			       token->text);
		return false;
	}
	if (!variable || variable->kind == kind || variable->kind == VARIABLE_UNKNOWN)
		return true;
	parse_fault_at(parse, token, "%s is %s already; take another name", token->text,
		       kind_name(variable->kind));
	return false;
}
