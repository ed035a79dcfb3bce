/* SPDX-License-Identifier: MIT */
/* Each finding is told by what is wrong, and by nothing else. */
#include "run/rulebook.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

static char told_names[128];

static void told(void *context, const char *name, const char *sentence)
{
	size_t used = strlen(told_names);

	(void)context;
	ck_assert_ptr_nonnull(strchr(sentence, '('));	/* its source */
	snprintf(told_names + used, sizeof told_names - used, "%s ", name);
}

static const struct {
	struct watch_request request;
	const char *names;
} rows[] = {
	{ { "INVITE", true, true, 1, "imsorig", false }, "" },
	{ { "INVITE", true, true, 1, "IMSTERM", false }, "" },
	{ { "INVITE", true, true, 0, NULL, false }, "phase-lost " },
	{ { "INVITE", false, true, 0, NULL, false }, "" },
	{ { "OPTIONS", true, true, 0, NULL, false }, "" },
	{ { "OPTIONS", true, true, 1, "terminating", false }, "" },
	{ { "INVITE", true, true, 1, "sideways", false }, "phase-order " },
	{ { "INVITE", true, true, 1, "origdone", false }, "phase-order " },
	{ { "INVITE", true, true, 1, "termdone", false }, "phase-order " },
	{ { "INVITE", true, true, 2, "imsorig", false }, "phase-order " },
	{ { "INVITE", true, false, 0, NULL, false }, "" },
	{ { "INVITE", true, false, 1, "termdone", false }, "phase-leaked " },
	{ { "BYE", false, false, 1, "termdone", false }, "phase-leaked " },
	{ { "INVITE", true, true, 1, "imsorig", true }, "credentials-passed " },
	{ { "BYE", false, true, 0, NULL, true }, "credentials-passed " },
	{ { "INVITE", true, false, 0, NULL, true }, "" },
	{ { "INVITE", true, true, 0, NULL, true }, "phase-lost credentials-passed " },
};

START_TEST(findings_are_told)
{
	told_names[0] = '\0';
	watch_request(&rows[_i].request, told, NULL);
	ck_assert_str_eq(told_names, rows[_i].names);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("run rulebook");
	TCase *requests = tcase_create("requests");

	tcase_add_loop_test(requests, findings_are_told, 0, sizeof rows / sizeof *rows);
	suite_add_tcase(suite, requests);
	return suite;
}
