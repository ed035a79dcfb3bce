/* SPDX-License-Identifier: MIT */
/* Files that a script names: relative to the file they are named in. */
#include "script/grammar.h"
#include "script/vector.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file that was opened: its page, or the fact that it could not be read. */
struct file_page {
	struct index_entry entry;	/* by path */
	struct page page;
	bool is_sound;
};

/* The path of NAME, which is relative to the file that has the line being read. */
static const char *beside(struct parse *parse, const char *name)
{
	const char *slash = strrchr(parse->line->file, '/');

	if (*name == '/' || !slash)
		return arena_strdup(parse->arena, name);
	return arena_printf(parse->arena, "%.*s%s", (int)(slash + 1 - parse->line->file),
			    parse->line->file, name);
}

static const struct page *page_at(struct parse *parse, const char *path,
				  const struct script_place *place)
{
	struct index_entry *entry = index_find(&parse->pages, path, NULL);
	struct file_page *page;

	if (entry) {
		page = container_of(entry, struct file_page, entry);
	} else {
		page = arena_alloc(parse->arena, sizeof *page);
		list_init(&page->entry.node);
		index_insert(&parse->pages, &page->entry, path);
		page->is_sound = page_read(&page->page, path, place, parse->arena,
					   parse->faults) == 0;
	}
	return page->is_sound ? &page->page : NULL;
}

struct script_text file_read(struct parse *parse, const struct cell *cells, size_t count,
			     unsigned column)
{
	struct script_text text = phrase_text(parse, cells, count);
	const char *slash = strrchr(parse->line->file, '/');
	struct token token = { .text = text.text, .column = column };
	struct stat about;

	if (text.pieces) {
		parse_fault_at(
			parse, &token,
			"%.100s is known only when the case is played; the name of a "
			"file must be known before",
			text.text);
		return text;
	}
	if (*text.text != '/' && slash)
		text.text = beside(parse, text.text);
	if (parse->is_blind)
		return text;
	if (stat(text.text, &about) < 0 || access(text.text, R_OK) < 0)
		parse_fault_at(parse, &token, "%.200s cannot be read: %s", text.text,
			       strerror(errno));
	else if (!S_ISREG(about.st_mode))
		parse_fault_at(parse, &token, "%.200s is no ordinary file", text.text);
	return text;
}

/* Includes ----------------------------------------------------------------------------- */

/* Whether PAGE is being read already, so that including it again would never end. */
static bool is_circle(const struct parse *parse, const struct page *page)
{
	for (size_t i = 0; i < parse->open_count; i++)
		if (parse->open[i] == page ||
		    (page->inode && page->inode == parse->open[i]->inode &&
		     page->device == parse->open[i]->device))
			return true;
	return false;
}

static void note_included(struct parse *parse, const char *path)
{
	char *real;

	if (parse->walk != WALK_ALL || parse->row != parse->table.rows)
		return;
	real = realpath(path, NULL);
	if (real)
		VECTOR_ADD(parse->arena, parse->included, parse->included_count,
			   arena_strdup(parse->arena, real));
	free(real);
}

const struct page *file_include(struct parse *parse, struct sentence *sentence)
{
	const struct token *name = sentence_take(parse, sentence, "the name of a file");
	struct script_place place;
	const struct page *page;
	const char *path;

	if (!name || !token_plain(parse, name) || !sentence_ends(parse, sentence))
		return NULL;
	if (parse->is_blind)
		return NULL;
	path = beside(parse, name->text);
	place = sentence_place(sentence, name);
	if (++parse->include_count > SCRIPT_INCLUDES_MAX) {
		parse_fault(parse, &place, "a case includes at most %d files",
			    SCRIPT_INCLUDES_MAX);
		return NULL;
	}
	page = page_at(parse, path, &place);
	if (!page) {
		parse->was_faulty = true;
		return NULL;
	}
	note_included(parse, path);
	if (is_circle(parse, page) ||
	    parse->open_count == sizeof parse->open / sizeof *parse->open) {
		parse_fault(parse, &place,
			    "includes %s goes in a circle: it is being read already",
			    path);
		return NULL;
	}
	return page;
}
