/* SPDX-License-Identifier: MIT */
/* halfcall(1): one question to halfcalld over its control socket, and the answer. */
#include "ctl/client.h"
#include "halfcall/command.h"
#include "halfcall/explain.h"
#include "halfcall/runner.h"
#include "halfcall/table.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_REFUSED = 1, EXIT_USAGE = 2, EXIT_UNREACHABLE = 3 };

struct options {
	const char *socket;
	bool is_json;
};

static void complain(const struct fault *fault)
{
	fputs("halfcall: ", stderr);
	table_print_text(fault->text, stderr);
	putc('\n', stderr);
}

static int usage(const struct fault *fault)
{
	if (fault)
		complain(fault);
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
	puts("halfcall run [option ...] file|directory ...\n"
	     "\tscripted regressions; halfcall run --help lists its options");
	puts("halfcall help\n\tthis list");
	return EXIT_SUCCESS;
}

/* Output ----------------------------------------------------------------------------- */

/* JSON is printed row by row; a table only at the end, since all rows determine its
 * widths. */
struct output {
	const struct command *command;
	bool is_json;
	unsigned long rows;
	struct table *table;
};

static void show_row(struct output *output, const struct client_row *row)
{
	bool is_list = command_is_list(output->command);

	if (output->is_json)
		printf("%s%s%s",
		       output->rows ? ",\n"
		       : is_list    ? "[\n"
				    : "",
		       row->json, is_list ? "" : "\n");
	else if (is_list)
		table_add(output->table, row->datum);
	else if (output->command->layout == LAYOUT_EXPLAIN)
		explain_print(row->datum, stdout);
	else
		table_print_card(output->command, row->datum, stdout);
	output->rows++;
}

static void show_end(const struct output *output)
{
	if (output->is_json && command_is_list(output->command))
		fputs(output->rows ? "\n]\n" : "[]\n", stdout);
	else if (output->table)
		table_print(output->table, stdout);
}

static int converse(struct client_link *link, struct output *output, struct fault *fault)
{
	struct client_row row;
	int status, got;

	while ((got = client_next(link, &row, &status, fault)) == 1)
		show_row(output, &row);
	show_end(output);
	if (got < 0 || *fault->text)
		complain(fault);
	if (got < 0)
		return EXIT_UNREACHABLE;
	return status ? EXIT_REFUSED : EXIT_SUCCESS;
}

static int ask(const struct options *options, const struct command *command,
	       const struct client_question *question)
{
	struct output output = { .command = command, .is_json = options->is_json };
	struct client_link *link;
	struct fault fault;
	int status;

	if (client_ask(options->socket, question, &link, &fault) < 0) {
		complain(&fault);
		return EXIT_UNREACHABLE;
	}
	if (!options->is_json && command_is_list(command))
		output.table = table_new(command);
	status = converse(link, &output, &fault);
	if (output.table)
		table_free(output.table);
	client_free(link);
	if (fflush(stdout) == EOF || ferror(stdout)) {
		perror("halfcall: stdout");
		return EXIT_REFUSED;
	}
	return status;
}

static int run(struct options *options, char **words, size_t count)
{
	const struct command *command;
	struct client_question *question;
	struct fault fault;
	size_t used;
	int status;

	if (count == 1 && strcmp(words[0], "help") == 0)
		return help();
	if (count == 0)
		return usage(NULL);
	if (strcmp(words[0], "run") == 0 && options->is_json) {
		fault_say(&fault, 0,
			  "-j stands before no run; its reports are JSON with --json");
		return usage(&fault);
	}
	if (strcmp(words[0], "run") == 0)
		return runner_run(words, count);
	command = command_find(words, count, &used);
	if (!command) {
		fault_say(&fault, 0, "there is no command %.100s%s%.100s", words[0],
			  count > 1 ? " " : "", count > 1 ? words[1] : "");
		return usage(&fault);
	}
	question = client_question_new(command->name);
	if (command_read(command, words + used, count - used, question, &options->is_json,
			 &fault) < 0)
		status = usage(&fault);
	else
		status = ask(options, command, question);
	client_question_free(question);
	return status;
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
			options.is_json = true;
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
