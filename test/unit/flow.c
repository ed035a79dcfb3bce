/* SPDX-License-Identifier: MIT */
#include "flow.h"

#include <check.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

bool flow_wrong(struct flow *flow, const char *format, ...)
{
	va_list args;
	int length;

	if (!flow_is_good(flow))
		return false;
	length = sprintf(flow->fault, "%s:%u: ", flow->name, flow->line);
	va_start(args, format);
	vsnprintf(flow->fault + length, 256, format, args);
	va_end(args);
	return false;
}

bool flow_is_good(const struct flow *flow)
{
	return flow->fault[0] == '\0';
}

void flow_write(struct flow *flow, const char *format, ...)
{
	va_list args;

	if (flow->count == FLOW_LINES) {
		flow_wrong(flow, "more than %d things are done at once", FLOW_LINES);
		return;
	}
	va_start(args, format);
	vsnprintf(flow->done[flow->count++], FLOW_LINE, format, args);
	va_end(args);
}

static int function_find(const struct flow *flow, const char *name)
{
	for (int i = 0; flow->kind->functions[i] != NULL; i++)
		if (strcmp(flow->kind->functions[i], name) == 0)
			return i;
	return -1;
}

int flow_act(struct flow *flow, const char *name, const char *argument)
{
	int function = function_find(flow, name);
	bool is_broken;

	ck_assert_int_ge(function, 0);
	ck_assert_int_lt(function, FLOW_FUNCTIONS);
	is_broken = flow->is_broken[function];
	flow_write(flow, "%s%s%s%s", name, argument[0] != '\0' ? " " : "", argument,
		   is_broken ? " fails" : "");
	return is_broken ? -EIO : 0;
}

int flow_act_number(struct flow *flow, const char *name, int number)
{
	char text[16];

	snprintf(text, sizeof text, "%d", number);
	return flow_act(flow, name, text);
}

void flow_arm(struct flow *flow, unsigned seconds)
{
	flow->armed_s = seconds;
	if (flow->has_timers)
		flow_write(flow, "arm %u", seconds);
}

/* The lines of a flow. */

static bool nothing_left(struct flow *flow)
{
	if (flow->first == flow->count) {
		flow->first = flow->count = 0;
		return true;
	}
	return flow_wrong(flow, "expected nothing more, actual `< %s`",
			  flow->done[flow->first]);
}

static bool set(struct flow *flow, char *const word[], unsigned words)
{
	int function;

	if (words < 3)
		return flow_wrong(flow, "set what to what?");
	if (strcmp(word[1], "notes") == 0) {
		flow->has_notes = strcmp(word[2], "on") == 0;
	} else if (strcmp(word[1], "timers") == 0) {
		flow->has_timers = strcmp(word[2], "on") == 0;
	} else if (strcmp(word[1], "broken") == 0 || strcmp(word[1], "mended") == 0) {
		function = function_find(flow, word[2]);
		if (function < 0)
			return flow_wrong(flow, "set %s %s: unknown", word[1], word[2]);
		flow->is_broken[function] = strcmp(word[1], "broken") == 0;
	} else {
		return flow->kind->set(flow, word, words);
	}
	return true;
}

static bool match(struct flow *flow, const char *expected)
{
	const char *actual;

	if (flow->first == flow->count)
		return flow_wrong(flow, "expected `< %s`, actual nothing", expected);
	actual = flow->done[flow->first++];
	if (strcmp(actual, expected) != 0)
		return flow_wrong(flow, "expected `< %s`, actual `< %s`", expected,
				  actual);
	return true;
}

static bool run_out(struct flow *flow, char *const word[], unsigned words)
{
	if (flow->armed_s == 0)
		return flow_wrong(flow, "no timer runs in %s", flow->kind->state(flow));
	if (words > 1 && flow->armed_s != (unsigned)atoi(word[1]))
		return flow_wrong(flow, "expected a timer of %s s, actual %u s", word[1],
				  flow->armed_s);
	return flow->kind->run_out(flow);
}

static bool expect_state(struct flow *flow, const char *expected)
{
	const char *actual = flow->kind->state(flow);

	if (strcmp(actual, expected) != 0)
		return flow_wrong(flow, "expected `= %s`, actual `= %s`", expected,
				  actual);
	return true;
}

static bool play_line(struct flow *flow, char *line)
{
	char expected[FLOW_LINE] = "", *word[FLOW_WORDS], *save = NULL;
	unsigned words = 0;

	line[strcspn(line, "#\n")] = '\0';
	for (char *next = strtok_r(line, " \t", &save); next != NULL;
	     next = strtok_r(NULL, " \t", &save)) {
		if (words == FLOW_WORDS || strlen(next) >= FLOW_WORD)
			return flow_wrong(flow, "too much in one line");
		if (words > 0)
			snprintf(expected + strlen(expected),
				 FLOW_LINE - strlen(expected), "%s%s",
				 words > 1 ? " " : "", next);
		word[words++] = next;
	}
	if (words == 0)
		return true;
	if (strcmp(word[0], "set") == 0)
		return set(flow, word, words);
	if (strcmp(word[0], "<") == 0)
		return match(flow, expected);
	if (strcmp(word[0], ">") == 0)
		return nothing_left(flow) && flow->kind->raise(flow, word, words);
	if (strcmp(word[0], "~") == 0)
		return nothing_left(flow) && run_out(flow, word, words);
	if (strcmp(word[0], "=") == 0)
		return nothing_left(flow) && expect_state(flow, expected);
	return flow_wrong(flow, "`%s` begins no line", word[0]);
}

void flow_play(struct flow *flow, FILE *text)
{
	char *line = NULL;
	size_t size = 0;
	bool goes_on = true;

	flow->fault[0] = '\0';
	while (goes_on && getline(&line, &size, text) > 0) {
		flow->line++;
		goes_on = play_line(flow, line);
	}
	if (goes_on && nothing_left(flow) && strcmp(flow->kind->state(flow), "IDLE") == 0)
		flow_wrong(flow, "nothing happens in this flow");
	free(line);
}
