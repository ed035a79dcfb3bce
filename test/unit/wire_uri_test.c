/* SPDX-License-Identifier: MIT */
/* The parameters of a URI. */
#include "wire/uri.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof array / sizeof *array)

/* URI parameters, and the value of parameter p in them; NULL = there is none. */
static const struct {
	const char *params, *value;
} examples[] = {
	{ NULL, NULL },		{ "", NULL },
	{ "p", "" },		{ "P=x", "x" },
	{ "p=", "" },		{ "lr;p=x;q", "x" },
	{ "q=p=x", NULL },	{ "px=1;p=2", "2" },
	{ ";;p=1", "1" },	{ "p=1;p=2", "1" },
	{ "lr;px", NULL },	{ "lr;px=1", NULL },
	{ "lr;", NULL },	{ "p=a=b", "a=b" },
	{ "p=12345678", "1234567" },
};

/* The text is copied to the heap, so that the sanitizer reports a read past its end. */
START_TEST(parameter_is_found_or_not)
{
	const char *params = examples[_i].params;
	char *copy = params ? strdup(params) : NULL;
	char value[8] = "before";
	bool is_there = uri_param(copy, "p", value, sizeof value);

	free(copy);
	ck_assert_int_eq(is_there, examples[_i].value != NULL);
	ck_assert_str_eq(value, is_there ? examples[_i].value : "before");
}
END_TEST

/* Sofia returns a display name as it stands in the header, quotes included. */
START_TEST(a_display_name_is_read_without_its_quotes)
{
	static const struct {
		const char *display, *says;
	} names[] = {
		{ NULL, "" },
		{ "", "" },
		{ "Alice Liddell", "Alice Liddell" },
		{ "\"Alice\"", "Alice" },
		{ "\"\"", "" },
		{ "\"Al \\\"Ice\\\" \\\\ L\"", "Al \"Ice\" \\ L" },
		{ "\"unclosed", "unclosed" },
		{ "\"unclosed\\", "unclosed\\" },
	};
	struct arena arena = { 0 };

	ck_assert_str_eq(uri_unquote(&arena, names[_i].display), names[_i].says);
	arena_clear(&arena);
}
END_TEST

/* Whatever a caller is called, it makes a Contact that can be read. */
START_TEST(what_a_user_may_not_have_is_escaped)
{
	static const struct {
		const char *user, *escaped;
	} users[] = {
		{ "", "" },
		{ "+1555-0100_x.y!z~*'()&=+$", "+1555-0100_x.y!z~*'()&=+$" },
		{ "1001@example.com>", "1001%40example.com%3E" },
		{ "a;b,c?d/e", "a%3Bb%2Cc%3Fd%2Fe" },
		{ ":[]% \"#<\1\xff", "%3A%5B%5D%25%20%22%23%3C%01%FF" },
	};
	struct arena arena = { 0 };

	ck_assert_str_eq(uri_escape(&arena, users[_i].user), users[_i].escaped);
	arena_clear(&arena);
}
END_TEST

START_TEST(a_port_that_is_not_written_is_the_transport_s)
{
	static const struct {
		const char *uri;
		unsigned port;
	} cases[] = {
		{ "sip:192.0.2.1", 5060 },
		{ "sip:192.0.2.1;transport=tcp", 5060 },
		{ "sip:192.0.2.1;transport=tls", 5061 },
		{ "sip:192.0.2.1;lr;Transport=TLS", 5061 },
		{ "sip:192.0.2.1:5060;transport=tls", 5060 },
		{ "sips:192.0.2.1", 5061 },
		{ "sips:[2001:db8::1]:5070;lr", 5070 },
		{ "sip:192.0.2.1:65535", 65535 },
		{ "sip:192.0.2.1:65536", 65536 },
		{ "sip:192.0.2.1:4294972356", 65536 },
	};
	su_home_t home[1] = { SU_HOME_INIT(home) };

	for (size_t i = 0; i < COUNT(cases); i++)
		ck_assert_msg(uri_port(url_make(home, cases[i].uri)) == cases[i].port,
			      "%s", cases[i].uri);
	su_home_deinit(home);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("wire_uri");
	TCase *params = tcase_create("parameters");

	tcase_add_loop_test(params, parameter_is_found_or_not, 0, (int)COUNT(examples));
	tcase_add_test(params, a_port_that_is_not_written_is_the_transport_s);
	tcase_add_loop_test(params, a_display_name_is_read_without_its_quotes, 0, 8);
	tcase_add_loop_test(params, what_a_user_may_not_have_is_escaped, 0, 5);
	suite_add_tcase(suite, params);
	return suite;
}
