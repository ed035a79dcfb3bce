/* SPDX-License-Identifier: MIT */
/* halfcall(1): one question to halfcalld over its control socket, and the answer. */
#include "halfcall/command.h"
#include "halfcall/explain.h"
#include "halfcall/follow.h"
#include "halfcall/message.h"
#include "halfcall/runner.h"
#include "halfcall/sketch.h"
#include "halfcall/table.h"
#include "halfcall/talk.h"
#include "halfcall/verify.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct options {
	const char *socket;
	struct command_options said;
};

static int usage(const struct fault *fault)
{
	if (fault)
		talk_complain(fault);
	fputs("usage: halfcall [-jV] [-s socket] command [argument ...]\n"
	      "       halfcall help\n",
	      stderr);
	return EXIT_USAGE;
}

static int help(void)
{
	for (const struct command *command = commands; command->name; command++) {
		fputs("halfcall ", stdout);
		command_print_usage(command, stdout);
		printf("\n\t%s\n", command->help);
	}
	verify_print_usage(stdout);
	puts("halfcall run [option ...] file|directory ...\n"
	     "\tscripted regressions; halfcall run --help lists its options");
	puts("halfcall help\n\tthis list");
	return EXIT_SUCCESS;
}

/* Output ----------------------------------------------------------------------------- */

/* JSON is printed row by row; a table only at the end, since all rows determine its
 * widths, and what is drawn from messages too. */
struct output {
	const struct options *options;
	const struct command *command;
	unsigned long rows;
	struct table *table;
	struct message_list *messages;
};

static void show_json(const struct output *output, const struct client_row *row)
{
	bool is_list = command_is_list(output->command);

	printf("%s%s%s",
	       output->rows ? ",\n"
	       : is_list    ? "[\n"
			    : "",
	       row->json, is_list ? "" : "\n");
}

static void show_row(void *context, const struct client_row *row)
{
	struct output *output = context;

	if (output->options->said.is_json)
		show_json(output, row);
	else if (output->messages)
		message_list_add(output->messages, row->datum);
	else if (output->table)
		table_add(output->table, row->datum);
	else if (output->command->layout == LAYOUT_EXPLAIN)
		explain_print(row->datum, stdout);
	else
		table_print_card(output->command, row->datum, stdout);
	output->rows++;
}

/* An exit status, and a sentence if it is not 0. */
static int draw(const struct output *output, struct fault *fault)
{
	const struct options *options = output->options;
	enum layout layout = output->command->layout;

	if (!message_count(output->messages)) {
		fault_say(fault, 0, "no such message is remembered");
		return EXIT_REFUSED;
	}
	if (layout == LAYOUT_SAVE)
		return message_save(output->messages, options->said.file, fault) < 0
			       ? EXIT_REFUSED
			       : EXIT_SUCCESS;
	if (layout == LAYOUT_CASE)
		return sketch_print(options->socket, output->messages, stdout, fault);
	if (layout == LAYOUT_LADDER)
		message_print_ladder(output->messages, stdout);
	else
		message_print(output->messages, stdout);
	return EXIT_SUCCESS;
}

static int show_end(const struct output *output, struct fault *fault)
{
	if (output->options->said.is_json && command_is_list(output->command))
		fputs(output->rows ? "\n]\n" : "[]\n", stdout);
	else if (output->table)
		table_print(output->table, stdout);
	else if (output->messages)
		return draw(output, fault);
	return EXIT_SUCCESS;
}

static int ask(const struct options *options, const struct command *command,
	       const struct client_question *question)
{
	struct output output = { .options = options, .command = command };
	struct fault fault;
	int status;

	if (!options->said.is_json && command_is_drawn(command))
		output.messages = message_list_new();
	else if (!options->said.is_json && command_is_list(command))
		output.table = table_new(command);
	status = talk_ask(options->socket, question, show_row, &output, &fault);
	if (status == EXIT_SUCCESS && !*fault.text)
		status = show_end(&output, &fault);
	else if (status != EXIT_UNREACHABLE && !output.messages)
		show_end(&output, &fault);
	if (*fault.text)
		talk_complain(&fault);
	if (output.table)
		table_free(output.table);
	message_list_free(output.messages);
	if (fflush(stdout) == EOF || ferror(stdout)) {
		perror("halfcall: stdout");
		return EXIT_REFUSED;
	}
	return status;
}

static int run_command(struct options *options, const struct command *command,
		       char **words, size_t count)
{
	struct client_question *question = command_question(command);
	struct fault fault;
	int status;

	if (command_read(command, words, count, question, &options->said, &fault) < 0) {
		status = usage(&fault);
	} else if (options->said.is_json && !command_is_list(command) &&
		   command_is_drawn(command)) {
		fault_say(&fault, 0, "%s has no JSON", command->name);
		status = usage(&fault);
	} else if (command->layout == LAYOUT_FOLLOW) {
		status = follow_journal(options->socket,
					client_question_find(question, "since"));
	} else {
		status = ask(options, command, question);
	}
	client_question_free(question);
	return status;
}

static int run(struct options *options, char **words, size_t count)
{
	const struct command *command;
	struct fault fault;
	size_t used;

	if (count == 1 && strcmp(words[0], "help") == 0)
		return help();
	if (count == 0)
		return usage(NULL);
	if (strcmp(words[0], "run") == 0 && options->said.is_json) {
		fault_say(&fault, 0,
			  "-j stands before no run; its reports are JSON with --json");
		return usage(&fault);
	}
	if (strcmp(words[0], "run") == 0)
		return runner_run(words, count);
	if (strcmp(words[0], "verify") == 0 && options->said.is_json) {
		fault_say(&fault, 0, "verify has no JSON; its exit status is its answer");
		return usage(&fault);
	}
	if (strcmp(words[0], "verify") == 0)
		return verify_run(options->socket, words, count);
	command = command_find(words, count, &used);
	if (!command) {
		fault_say(&fault, 0, "there is no command %.100s%s%.100s", words[0],
			  count > 1 ? " " : "", count > 1 ? words[1] : "");
		return usage(&fault);
	}
	return run_command(options, command, words + used, count - used);
}

int main(int argc, char **argv)
{
	struct options options = { .socket = "/run/halfcall/control" };
	int option;

	while ((option = getopt(argc, argv, "+hjs:V")) != -1) {
		switch (option) {
		case 'h':
			return help();
		case 'j':
			options.said.is_json = true;
			break;
		case 's':
			options.socket = optarg;
			break;
		case 'V':
			puts("halfcall " HALFCALL_VERSION);
			return EXIT_SUCCESS;
		default:
			return usage(NULL);
		}
	}
	return run(&options, argv + optind, (size_t)(argc - optind));
}
