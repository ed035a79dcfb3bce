/* SPDX-License-Identifier: MIT */
/* Reads a selector, the part of a message that a detail is about:
 * History-Info[2].Reason[1], To.tag, body. */
#include "script/grammar.h"
#include "script/vector.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { INDEX_MAX = 9999 };

static char byte_at(const struct phrase *phrase, size_t at)
{
	return at < phrase->count && !phrase->cells[at].late ? phrase->cells[at].byte
							     : '\0';
}

static bool is_name_byte(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_';
}

/* A part that begins with + may have dots: +sip.instance (RFC 3840 section 9). */
static const char *read_name(struct parse *parse, const struct phrase *phrase, size_t *at)
{
	size_t start = *at;
	bool has_plus = byte_at(phrase, start) == '+';

	*at += has_plus;
	while (is_name_byte(byte_at(phrase, *at)) ||
	       (has_plus && byte_at(phrase, *at) == '.'))
		++*at;
	if (*at == start + has_plus)
		return NULL;
	return phrase_string(parse->arena, phrase->cells + start, *at - start);
}

/* Reads [N] or [last] at *AT, if it is there. */
static bool read_index(struct parse *parse, const struct phrase *phrase, size_t *at,
		       int *index)
{
	struct script_place place = sentence_place_of(phrase, *at);
	size_t start = *at + 1, end = start;
	const char *text;

	*index = SCRIPT_EVERY;
	if (byte_at(phrase, *at) != '[')
		return true;
	while (isalnum((unsigned char)byte_at(phrase, end)))
		end++;
	text = phrase_string(&parse->scratch, phrase->cells + start, end - start);
	*at = end + 1;
	if (strcmp(text, "last") == 0)
		*index = SCRIPT_LAST;
	else if (strspn(text, "0123456789") == strlen(text) && strlen(text) < 5)
		*index = atoi(text);
	if (*index != SCRIPT_EVERY && byte_at(phrase, end) == ']')
		return true;
	parse_fault(parse, &place, "in brackets stands a number from 1 to %d, or last",
		    INDEX_MAX);
	return false;
}

static void find_subject(struct script_selector *selector)
{
	static const struct {
		const char *name;
		enum script_subject subject;
	} subjects[] = {
		{ "Request-URI", SCRIPT_REQUEST_URI },
		{ "status", SCRIPT_STATUS },
		{ "body", SCRIPT_BODY },
	};

	selector->subject = SCRIPT_HEADER;
	for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++)
		if (strcasecmp(subjects[i].name, selector->name) == 0)
			selector->subject = subjects[i].subject;
}

bool selector_read(struct parse *parse, const struct phrase *phrase, size_t *at,
		   struct script_selector *selector)
{
	struct script_place place = sentence_place_of(phrase, *at);
	struct script_step_into *parts = NULL;

	*selector = (struct script_selector){ 0 };
	selector->name = read_name(parse, phrase, at);
	if (!selector->name) {
		parse_fault(
			parse, &place,
			"a detail begins with a header, Request-URI, status, body or a "
			"key");
		return false;
	}
	find_subject(selector);
	if (!read_index(parse, phrase, at, &selector->index))
		return false;
	while (byte_at(phrase, *at) == '.') {
		struct script_step_into part = { 0 };

		++*at;
		place = sentence_place_of(phrase, *at);
		part.name = read_name(parse, phrase, at);
		if (!part.name) {
			parse_fault(
				parse, &place,
				"behind the dot stands user, host, port, tag, number or a "
				"parameter");
			return false;
		}
		if (!read_index(parse, phrase, at, &part.index))
			return false;
		VECTOR_ADD(parse->arena, parts, selector->part_count, part);
	}
	selector->parts = parts;
	return true;
}
