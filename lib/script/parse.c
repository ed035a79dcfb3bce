/* SPDX-License-Identifier: MIT */
#include "script/parse.h"

#include "base/nearest.h"
#include "script/name.h"

#include <stdio.h>

void parse_fault_list(struct parse *parse, const struct script_place *place,
		      const char *format, va_list args)
{
	char sentence[480];

	if (!parse->is_loud || parse->is_blind)
		return;
	vsnprintf(sentence, sizeof sentence, format, args);
	parse->was_faulty = true;
	/* Further faults would not be printed, so reading ends. */
	parse->is_over |= ++parse->fault_count > FAULTS_OF_FILE_MAX;
	if (parse->has_column && parse->row)
		faults_say(parse->faults, place, "%s (in the row of line %u)", sentence,
			   parse->row->line->line);
	else
		faults_say(parse->faults, place, "%s", sentence);
}

void parse_fault(struct parse *parse, const struct script_place *place,
		 const char *format, ...)
{
	va_list args;

	va_start(args, format);
	parse_fault_list(parse, place, format, args);
	va_end(args);
}

void parse_fault_at(struct parse *parse, const struct token *token, const char *format,
		    ...)
{
	struct script_place place = page_place(parse->line, parse->line->start);
	va_list args;

	place.column = token->column;
	va_start(args, format);
	parse_fault_list(parse, &place, format, args);
	va_end(args);
}

const char *parse_meant(struct parse *parse, const struct nearest *nearest)
{
	if (!nearest->name)
		return "";
	return arena_printf(&parse->scratch, "; did you mean %.*s?", (int)nearest->length,
			    nearest->name);
}

void parse_fault_name(struct parse *parse, const struct token *token,
		      const struct name *table, const char *what)
{
	struct nearest nearest = nearest_to(token->text);

	name_offer(table, &nearest);
	parse_fault_at(parse, token, "there is no %s \"%.100s\"%s", what, token->text,
		       parse_meant(parse, &nearest));
}

bool parse_may_go_on(struct parse *parse, const struct page_line *line, size_t bytes)
{
	struct script_place place;

	parse->work += bytes;
	if (!parse->is_over && parse->work > SCRIPT_WORK_MAX) {
		place = page_place(line, line->start);
		parse->was_faulty = true;
		parse->is_over = true;
		faults_say(parse->faults, &place,
			   "rows and loops make too much of this file (%d MiB)",
			   SCRIPT_WORK_MAX >> 20);
	}
	return !parse->is_over;
}
