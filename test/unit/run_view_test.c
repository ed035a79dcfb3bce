/* SPDX-License-Identifier: MIT */
/* A message as a script speaks of it. */
#include "run/view.h"

#include "unit.h"

#include <string.h>

static const char invite[] =
	"INVITE sip:%2A21@example.com:5070;user=phone SIP/2.0\r\n"
	"v: SIP/2.0/UDP 192.0.2.5:5060;branch=z9hG4bK1;rport, SIP/2.0/TCP [2001:db8::1]\r\n"
	"Via: SIP/2.0/TLS sm.example.com:5061;branch=\"z9,hG4bK2\"\r\n"
	"f: \"Alice, \\\"desk\\\" <x>\" <sip:1001@example.com;lr>;tag=9fx\r\n"
	"To: sip:2001@example.com;tag=to\r\n"
	"cseq: 101 INVITE\r\n"
	"s: a subject that is\r\n"
	" \tfolded,  with a comma\r\n"
	"History-Info: <sip:2001@example.com>;index=1,\r\n"
	"\t\"Bob\" <sip:2001@example.com?Reason=SIP%3Bcause%3D302%3Btext%3D%22Moved%22"
	"&Reason=Redirection%3Bcause%3DCFI>;index=1.1\r\n"
	"Route: <sip:192.0.2.10:5062;transport=tcp;lr;phase=imsorig;seq=explicit>\n"
	"Content-Length: 4\r\n"
	"\r\n"
	"v=0\n";

static struct arena arena;
static struct view view;

static void setup(void)
{
	view_read(&view, invite, sizeof invite - 1, &arena);
}

static void teardown(void)
{
	arena_clear(&arena);
}

static void is(const char *header, size_t i, const char *wanted)
{
	const char *value = view_field(&view, header, i);

	if (wanted)
		ck_assert_pstr_eq(value, wanted);
	else
		ck_assert_ptr_null(value);
}

static void part_is(const char *header, size_t i, const char *part, size_t j,
		    const char *wanted)
{
	ck_assert_pstr_eq(view_part(view_field(&view, header, i), part, j, &arena),
			  wanted);
}

START_TEST(the_start_line_and_the_body_are_read)
{
	ck_assert_int_eq(view.status, 0);
	ck_assert_str_eq(view.method, "INVITE");
	ck_assert_str_eq(view.uri, "sip:%2A21@example.com:5070;user=phone");
	ck_assert_str_eq(view_part(view.uri, "user", 0, &arena), "*21");
	ck_assert_str_eq(view_part(view.uri, "host", 0, &arena), "example.com");
	ck_assert_str_eq(view_part(view.uri, "port", 0, &arena), "5070");
	ck_assert_uint_eq(view.body_length, 4);
	ck_assert_str_eq(view.body, "v=0\n");
}
END_TEST

START_TEST(an_answer_has_the_method_of_its_cseq)
{
	static const char text[] = "SIP/2.0 486 Busy Here\r\nCSeq: 1 INVITE\r\n\r\n";

	view_read(&view, text, sizeof text - 1, &arena);
	ck_assert_int_eq(view.status, 486);
	ck_assert_str_eq(view.phrase, "Busy Here");
	ck_assert_str_eq(view.method, "INVITE");
	ck_assert_ptr_null(view.uri);
}
END_TEST

START_TEST(elements_of_all_lines_are_counted_by_either_name)
{
	ck_assert_uint_eq(view_count(&view, "Via"), 3);
	ck_assert_uint_eq(view_count(&view, "v"), 3);
	is("via", 2, "SIP/2.0/TLS sm.example.com:5061;branch=\"z9,hG4bK2\"");
	ck_assert_uint_eq(view_count(&view, "History-Info"), 2);
	is("Record-Route", 0, NULL);
}
END_TEST

START_TEST(folded_lines_are_one_and_a_comma_splits_lists_alone)
{
	is("Subject", 0, "a subject that is folded, with a comma");
	is("Subject", 1, NULL);
	is("From", 1, NULL);
}
END_TEST

START_TEST(parts_are_found_wherever_they_stand)
{
	part_is("Via", 0, "host", 0, "192.0.2.5");
	part_is("Via", 0, "port", 0, "5060");
	part_is("Via", 0, "transport", 0, "UDP");
	part_is("Via", 0, "transport", 1, NULL);
	part_is("Via", 0, "rport", 0, "");
	part_is("Via", 1, "host", 0, "[2001:db8::1]");
	part_is("Via", 1, "port", 0, NULL);
	part_is("Via", 2, "branch", 0, "z9,hG4bK2");
	part_is("From", 0, "user", 0, "1001");
	part_is("From", 0, "tag", 0, "9fx");
	part_is("To", 0, "user", 0, "2001");
	part_is("To", 0, "tag", 0, "to");
	part_is("CSeq", 0, "number", 0, "101");
	part_is("Route", 0, "phase", 0, "imsorig");
	part_is("Route", 0, "lr", 0, "");
	part_is("Route", 0, "odi", 0, NULL);
}
END_TEST

START_TEST(headers_of_a_uri_are_unescaped_and_counted)
{
	part_is("History-Info", 1, "Reason", 0, "SIP;cause=302;text=\"Moved\"");
	part_is("History-Info", 1, "Reason", 1, "Redirection;cause=CFI");
	part_is("History-Info", 1, "Reason", 2, NULL);
	part_is("History-Info", 1, "index", 0, "1.1");
	part_is("History-Info", 0, "Reason", 0, NULL);
	ck_assert_uint_eq(
		view_part_count(view_field(&view, "History-Info", 1), "Reason", &arena),
		2);
	ck_assert_str_eq(view_part("SIP;cause=302;text=\"Moved\"", "cause", 0, &arena),
			 "302");
}
END_TEST

/* Every beginning of the message, to be read without a fault of the sanitizers. */
START_TEST(whatever_is_cut_off_is_read)
{
	for (size_t length = 0; length < sizeof invite; length++) {
		view_read(&view, invite, length, &arena);
		for (size_t i = 0; i < view.count; i++)
			view_part(view.fields[i].value, "tag", 0, &arena);
		arena_clear(&arena);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("run view");
	TCase *views = tcase_create("view");

	tcase_add_checked_fixture(views, setup, teardown);
	tcase_add_test(views, the_start_line_and_the_body_are_read);
	tcase_add_test(views, an_answer_has_the_method_of_its_cseq);
	tcase_add_test(views, elements_of_all_lines_are_counted_by_either_name);
	tcase_add_test(views, folded_lines_are_one_and_a_comma_splits_lists_alone);
	tcase_add_test(views, parts_are_found_wherever_they_stand);
	tcase_add_test(views, headers_of_a_uri_are_unescaped_and_counted);
	tcase_add_test(views, whatever_is_cut_off_is_read);
	suite_add_tcase(suite, views);
	return suite;
}
