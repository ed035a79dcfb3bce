/* SPDX-License-Identifier: MIT */
/* Files that a script names: relative to the file they are named in. */
#include "script/parse.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A page that was read, or could not be. */
struct file_page {
	struct index_entry entry;	/* by path */
	struct page page;
	bool is_sound;
};

const char *file_beside(struct parse *parse, const char *name)
{
	const char *slash = strrchr(parse->line->file, '/');

	if (*name == '/' || !slash)
		return arena_strdup(parse->arena, name);
	return arena_printf(parse->arena, "%.*s%s", (int)(slash + 1 - parse->line->file),
			    parse->line->file, name);
}

const struct page *file_page(struct parse *parse, const char *path,
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
		text.text = file_beside(parse, text.text);
	if (parse->is_blind)
		return text;
	if (stat(text.text, &about) < 0 || access(text.text, R_OK) < 0)
		parse_fault_at(parse, &token, "%.200s cannot be read: %s", text.text,
			       strerror(errno));
	else if (!S_ISREG(about.st_mode))
		parse_fault_at(parse, &token, "%.200s is no ordinary file", text.text);
	return text;
}
