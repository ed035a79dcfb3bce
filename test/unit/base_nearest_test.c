/* SPDX-License-Identifier: MIT */
/* Which name a mistyped one is taken for. */
#include "base/nearest.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof array / sizeof *array)

/* A mistyped name, the existing names, and the one it is taken for; "" = none. */
static const struct {
	const char *meant, *names[4], *name;
} cases[] = {
	{ "model", { "model" }, "model" },
	{ "MODEL", { "model" }, "model" },
	/* One letter changed, added, dropped, or swapped with its neighbour. */
	{ "modal", { "model" }, "model" },
	{ "modell", { "model" }, "model" },
	{ "modl", { "model" }, "model" },
	{ "mdoel", { "model" }, "model" },
	{ "omdel", { "model" }, "model" },
	{ "modle", { "model" }, "model" },
	/* At most a third of the name's letters. */
	{ "abxxef", { "abcdef" }, "abcdef" },
	{ "axxxef", { "abcdef" }, "" },
	{ "xbc", { "abc" }, "abc" },
	{ "xyc", { "abc" }, "" },
	{ "x", { "ab" }, "" },
	{ "", { "abc" }, "" },
	/* The nearest of several, and the first of equally near ones. */
	{ "listen", { "listens", "listen", "listed" }, "listen" },
	{ "lister", { "listed", "listen" }, "listed" },
	{ "abcdxx", { "abcdey", "abcdez", "abcdxy" }, "abcdxy" },
	/* Names of up to 32 letters are compared. */
	{ "12345678901234567890123456789012", { "12345678901234567890123456789013" },
	  "12345678901234567890123456789013" },
	{ "123456789012345678901234567890123", { "123456789012345678901234567890123" }, "" },
	{ "1234567890123456789012345678901", { "123456789012345678901234567890123" }, "" },
};

START_TEST(a_mistyped_name_is_taken_for_the_nearest)
{
	struct nearest nearest = nearest_to(cases[_i].meant);
	char name[64];

	for (size_t i = 0; i < COUNT(cases[_i].names) && cases[_i].names[i]; i++)
		nearest_offer(&nearest, cases[_i].names[i], strlen(cases[_i].names[i]));
	snprintf(name, sizeof name, "%.*s", (int)nearest.length,
		 nearest.name ? nearest.name : "");
	ck_assert_str_eq(name, cases[_i].name);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("base_nearest");
	TCase *names = tcase_create("names");

	tcase_add_loop_test(names, a_mistyped_name_is_taken_for_the_nearest, 0,
			    (int)COUNT(cases));
	suite_add_tcase(suite, names);
	return suite;
}
