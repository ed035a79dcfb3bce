/* SPDX-License-Identifier: MIT */
/* Reads a script file into cases. */
#include "script/script.h"

#include "script/grammar.h"
#include "script/variable.h"
#include "script/vector.h"

#include <errno.h>
#include <string.h>

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Makes one pass over PAGE and the files it includes. */
static void walk(struct parse *parse, const struct page *page, enum parse_walk which)
{
	parse->walk = which;
	parse->is_loud = which == WALK_ALL;
	parse->include_count = 0;
	parse->has_begun = parse->has_judge = false;
	parse->groups = parse->group = 0;
	variable_start(parse);
	if (parse->row)
		for (size_t i = 0; i < parse->table.column_count; i++)
			variable_assign(parse,
					variable_put(parse, parse->table.columns[i].text,
						     VARIABLE_COLUMN),
					parse->row->values[i].cells,
					parse->row->values[i].count);
	else
		for (size_t i = 0; i < parse->table.column_count; i++)
			variable_put(parse, parse->table.columns[i].text,
				     VARIABLE_UNKNOWN);
	if (which == WALK_ALL)
		for (size_t i = 0; i < parse->kase->player_count; i++)
			variable_put(parse, parse->players[i]->name, VARIABLE_ADDRESS);
	block_read(parse, page);
	arena_clear(&parse->scratch);
}

static void begin_case(struct parse *parse, struct script_case *kase)
{
	parse->kase = kase;
	index_init(&parse->names);
	index_init(&parse->extensions);
	parse->players = NULL;
	parse->proxies = parse->tags = NULL;
	parse->sequences = NULL;
	parse->before = parse->steps = NULL;
}

/* Reports a case that cannot fail, because nothing is expected in it. */
static void check_judged(struct parse *parse, const struct page *page)
{
	struct script *script = parse->script;

	if (parse->was_faulty || parse->has_judge)
		return;
	script->end = (struct script_place){ page->file, 1, 1, 1, "" };
	if (page->count)
		script->end = page_place(&page->lines[page->count - 1],
					 page->lines[page->count - 1].start);
	script->lack =
		parse->kase->step_count
			? "the case ends here and nothing could make it fail: it has no "
			  "wait, no -> and no expect"
			: "the case ends here without a step";
}

static void read_case(struct parse *parse, const struct page *page,
		      struct script_case *kase)
{
	begin_case(parse, kase);
	walk(parse, page, WALK_PLAYERS);
	kase->proxy_count = kase->needs = 0;
	walk(parse, page, WALK_ALL);
	kase->players = parse->players;
	kase->proxies = parse->proxies;
	kase->tags = parse->tags;
	kase->sequences = parse->sequences;
	kase->before = parse->before;
	kase->steps = parse->steps;
	kase->path = parse->script->path;
	kase->title = page->title ? page->title : base_name(page->file);
	kase->name = base_name(page->file);
	kase->at = (struct script_place){ page->file, 1, 1, 1, "" };
	if (parse->row) {
		kase->name = arena_printf(parse->arena, "%s[%s]", kase->name,
					  parse->row->name);
		kase->at = page_place(parse->row->line, parse->row->line->start);
	}
	parse->script->has_step |= parse->has_begun;
	check_judged(parse, page);
}

static void read_cases(struct parse *parse, const struct page *page)
{
	struct script_case nothing = { 0 };
	struct script *script = parse->script;
	size_t rows;

	begin_case(parse, &nothing);
	walk(parse, page, WALK_TABLE);
	rows = parse->table.row_count;
	if (parse->table.line && !rows) {
		parse->line = parse->table.line;
		parse->is_loud = true;
		parse->is_blind = false;
		parse_fault_at(parse, &(struct token){ .column = 1 },
			       "the table has no row, and so the file no case");
	}
	script->cases = arena_alloc(parse->arena, (rows + 1) * sizeof *script->cases);
	script->case_count = rows ? rows : 1;
	for (size_t i = 0; i < script->case_count && !parse->is_over; i++) {
		parse->row = rows ? &parse->table.rows[i] : NULL;
		read_case(parse, page, &script->cases[i]);
	}
	script->included = parse->included;
	script->included_count = parse->included_count;
}

/* Reads the cases of PAGE; RC is the result of page_read(). */
static int read_page(struct script *script, const struct page *page, int rc,
		     const struct script_setting *settings, size_t count,
		     struct faults *faults)
{
	struct parse parse = {
		.script = script,
		.faults = faults,
		.arena = &script->arena,
		.settings = settings,
		.setting_count = count,
	};

	if (rc < 0)
		return rc;
	index_init(&parse.pages);
	read_cases(&parse, page);
	arena_clear(&parse.scratch);
	return parse.was_faulty ? -EINVAL : 0;
}

int script_read(struct script *script, const char *path,
		const struct script_setting *settings, size_t count,
		struct faults *faults)
{
	struct page page = { 0 };
	struct script_place place;
	int rc;

	*script = (struct script){ 0 };
	script->path = arena_strdup(&script->arena, path);
	place = (struct script_place){ .file = script->path };
	rc = page_read(&page, script->path, &place, &script->arena, faults);
	return read_page(script, &page, rc, settings, count, faults);
}

int script_read_text(struct script *script, const char *path, const char *text,
		     size_t size, struct faults *faults)
{
	struct page page = { 0 };
	int rc;

	*script = (struct script){ 0 };
	script->path = arena_strdup(&script->arena, path);
	rc = page_parse(&page, script->path, text, size, &script->arena, faults);
	return read_page(script, &page, rc, NULL, 0, faults);
}

int script_complete(const struct script *script, struct faults *faults)
{
	if (!script->lack)
		return 0;
	faults_say(faults, &script->end, "%s", script->lack);
	return -EINVAL;
}

void script_clear(struct script *script)
{
	struct arena arena = script->arena;

	arena_clear(&arena);
	*script = (struct script){ 0 };
}

const char *script_text_fill(const struct script_text *text, script_value *value,
			     void *context, struct arena *arena)
{
	const char *filled = "";

	if (!text->pieces)
		return text->text;
	for (size_t i = 0; i < text->count; i++) {
		const struct script_piece *piece = &text->pieces[i];
		const char *part = piece->text ? piece->text : value(context, piece);

		if (!part)
			return NULL;
		filled = arena_printf(arena, "%s%s", filled, part);
	}
	return filled;
}
