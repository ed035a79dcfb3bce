/* SPDX-License-Identifier: MIT */
#include "halfcall/talk.h"

#include "halfcall/table.h"

#include <stdio.h>

int talk_ask(const char *path, const struct client_question *question,
	     void (*row)(void *context, const struct client_row *row), void *context,
	     struct fault *fault)
{
	struct client_link *link;
	struct client_row next;
	int status, got;

	if (client_ask(path, question, &link, fault) < 0)
		return EXIT_UNREACHABLE;
	while ((got = client_next(link, &next, &status, fault)) == 1)
		row(context, &next);
	client_free(link);
	if (got < 0)
		return EXIT_UNREACHABLE;
	return status ? EXIT_REFUSED : 0;
}

void talk_complain(const struct fault *fault)
{
	fputs("halfcall: ", stderr);
	table_print_text(fault->text, stderr);
	putc('\n', stderr);
}
