/* SPDX-License-Identifier: MIT */
#include "halfcall/command.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
const struct command commands[] = {
	{
		"status", "what the daemon is and how it fares", { { 0 } }, LAYOUT_CARD,
		{
			{ "version", "version" },
			{ "uptime_s", "uptime in seconds" },
			{ "model", "call model" },
			{ "listen", "listens on" },
			{ "is_draining", "draining" },
			{ "calls", "half calls since the start" },
			{ "halves", "half calls now" },
			{ "reservations", "line reservations now" },
			{ "lines", "line appearances in use" },
			{ "server_transactions", "server transactions" },
			{ "client_transactions", "client transactions" },
			{ "refused_for_load", "new calls refused for load" },
			{ "waiting_calls", "new calls waiting" },
			{ "delay_ms", "delay of a new call in ms" },
			{ "dialogs", "dialogs" },
			{ "journal_file", "journal file" },
			{ "journal_events", "journal events" },
			{ "journal_lost", "journal events lost" },
			{ "database", "database" },
			{ "database_version", "database version" },
		},
	},
	{
		"reload", "read the configuration again, as on SIGHUP", { { 0 } }, LAYOUT_LINES,
		{ { "text", "" } },
	},
	{
		"call list", "the half calls there are now", { { 0 } }, LAYOUT_TABLE,
		{
			{ "id", "ID" }, { "half", "HALF" }, { "state", "STATE" },
			{ "from", "FROM" }, { "to", "TO" }, { "seconds", "SECONDS" },
			{ "proxy", "PROXY" },
		},
	},
	{
		"line list", "the line appearances in use", { { 0 } }, LAYOUT_TABLE,
		{
			{ "extension", "EXTENSION" }, { "appearance", "LINE" },
			{ "state", "STATE" }, { "call", "CALL" }, { "seconds", "SECONDS" },
		},
	},
	{
		"station list", "the stations in the database", { { 0 } }, LAYOUT_TABLE,
		{
			{ "extension", "EXTENSION" }, { "name", "NAME" }, { "cor", "COR" },
			{ "appearances", "LINES" }, { "ring_seconds", "RING" },
			{ "in_service", "IN SERVICE" },
		},
	},
	{
		"station show", "all that is administered about a station",
		{ { "extension", ARGUMENT_WORD } }, LAYOUT_CARD,
		{
			{ "extension", "extension" },
			{ "name", "name" },
			{ "numbers", "other numbers" },
			{ "in_service", "in service" },
			{ "appearances", "line appearances" },
			{ "lines_in_use", "in use" },
			{ "ring_seconds", "ring time in seconds" },
			{ "cor", "class of restriction" },
			{ "calling_party", "calling party restriction" },
			{ "called_party", "called party restriction" },
			{ "frl", "facility restriction level" },
			{ "send_all_calls", "sends all calls" },
			{ "forwardings", "forwarding" },
			{ "coverage", "coverage" },
		},
	},
	{
		"journal show", "the newest events of the journal",
		{ { "last", ARGUMENT_NUMBER } }, LAYOUT_TABLE,
		{
			{ "t", "TIME" }, { "call", "CALL" }, { "half", "HALF" },
			{ "event", "EVENT" }, { "extension", "STATION" }, { "from", "FROM" },
			{ "to", "TO" }, { "status", "STATUS" }, { "rule", "RULE" },
			{ "reason", "REASON" },
		},
	},
	{
		"explain", "what would become of a call, and why; nothing is sent",
		{
			{ "from", ARGUMENT_WORD }, { "to", ARGUMENT_WORD },
			{ "orig", ARGUMENT_FLAG }, { "term", ARGUMENT_FLAG },
			{ "external", ARGUMENT_FLAG },
		},
		LAYOUT_EXPLAIN, { { 0 } },
	},
	{ 0 },
};
/* clang-format on */

const struct command *command_find(char *const *words, size_t count, size_t *used)
{
	char name[64] = "";

	for (*used = 1; *used <= count && *used <= 2; ++*used) {
		size_t length = strlen(name);

		if (length + strlen(words[*used - 1]) + 2 > sizeof name)
			return NULL;
		snprintf(name + length, sizeof name - length, "%s%s", length ? " " : "",
			 words[*used - 1]);
		for (const struct command *command = commands; command->name; command++)
			if (strcmp(command->name, name) == 0)
				return command;
	}
	return NULL;
}

/* Arguments -------------------------------------------------------------------------- */

static const struct argument *argument_next_word(const struct argument *argument)
{
	while (argument->kind != ARGUMENT_NONE && argument->kind != ARGUMENT_WORD)
		argument++;
	return argument->kind == ARGUMENT_WORD ? argument : NULL;
}

static const struct argument *argument_find(const struct command *command,
					    const char *key)
{
	for (const struct argument *argument = command->arguments;
	     argument->kind != ARGUMENT_NONE; argument++)
		if (argument->kind != ARGUMENT_WORD && strcmp(argument->key, key) == 0)
			return argument;
	return NULL;
}

static int read_number(const struct argument *argument, const char *word,
		       struct client_question *question, struct fault *fault)
{
	char *end;
	long number;

	errno = 0;
	number = word ? strtol(word, &end, 10) : 0;
	if (!word || errno || !isdigit((unsigned char)*word) || *end || number < 1)
		return fault_say(fault, EINVAL, "--%s wants a number from 1 on",
				 argument->key);
	client_question_number(question, argument->key, number);
	return 0;
}

int command_read(const struct command *command, char *const *words, size_t count,
		 struct client_question *question, bool *is_json, struct fault *fault)
{
	const struct argument *next = argument_next_word(command->arguments);
	bool has_options = true;

	for (size_t i = 0; i < count; i++) {
		const char *word = words[i];
		const struct argument *option;

		if (has_options && strcmp(word, "--") == 0) {
			has_options = false;
		} else if (has_options &&
			   (strcmp(word, "-j") == 0 || strcmp(word, "--json") == 0)) {
			*is_json = true;
		} else if (has_options && word[0] == '-') {
			option = word[1] == '-' ? argument_find(command, word + 2) : NULL;
			if (!option)
				return fault_say(fault, EINVAL, "%s has no option %s",
						 command->name, word);
			if (option->kind == ARGUMENT_FLAG) {
				client_question_flag(question, option->key);
				continue;
			}
			i++;
			if (read_number(option, i < count ? words[i] : NULL, question,
					fault))
				return -EINVAL;
		} else if (next) {
			client_question_text(question, next->key, word);
			next = argument_next_word(next + 1);
		} else {
			return fault_say(fault, EINVAL, "%s takes no \"%s\"",
					 command->name, word);
		}
	}
	return next ? fault_say(fault, EINVAL, "%s lacks its %s", command->name,
				next->key)
		    : 0;
}

void command_print_usage(const struct command *command, FILE *out)
{
	fputs(command->name, out);
	for (const struct argument *argument = command->arguments;
	     argument->kind != ARGUMENT_NONE; argument++)
		if (argument->kind == ARGUMENT_WORD)
			fprintf(out, " %s", argument->key);
		else
			fprintf(out, " [--%s%s]", argument->key,
				argument->kind == ARGUMENT_NUMBER ? " n" : "");
}
