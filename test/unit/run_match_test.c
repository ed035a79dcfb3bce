/* SPDX-License-Identifier: MIT */
/* Details of a script against a message; the details are read by lib/script itself. */
#include "run/match.h"

#include "script/faults.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

static const char answer[] = "SIP/2.0 403 Forbidden\r\n"
			     "Via: SIP/2.0/udp Sm.Example.com:5060;branch=z9hG4bK1\r\n"
			     "To: <sip:2001@example.com>;tag=42\r\n"
			     "CSeq: 7 INVITE\r\n"
			     "Max-Forwards: 66\r\n"
			     "Reason: Q.850;cause=21;text=\"Call rejected\"\r\n"
			     "Supported: 100rel, timer\r\n"
			     "Reason: SIP;cause=403\r\n"
			     "\r\nbody";

static struct arena arena;
static char captured[256];

static const char *value(void *context, const struct script_piece *variable)
{
	(void)context;
	return strcmp(variable->variable, "PROXY") == 0 ? "sm.example.com" : NULL;
}

static void capture(void *context, const char *name, const char *text)
{
	size_t used = strlen(captured);

	(void)context;
	snprintf(captured + used, sizeof captured - used, "%s=%s ", name, text);
}

static const char *key(void *context, const char *name)
{
	(void)context;
	return strcmp(name, "event") == 0 ? "rejected" : NULL;
}

/* Whether the details in LINES, each with its blanks and line end, hold; FAULT says why not. */
static bool holds_of(const char *before, const char *lines, struct fault *fault)
{
	static const char *const bodies[] = { "body" };
	struct match_names names = { value, capture, NULL, &arena };
	const struct script_detail *wrong;
	struct faults *faults = faults_new();
	struct match_subject subject = { .key = key,
					 .sent_bodies = bodies,
					 .sent_count = 1 };
	const struct script_step *step;
	struct script script;
	struct view view;
	char text[512];
	bool holds;

	snprintf(text, sizeof text, "phones 1001\n%s\n%s", before, lines);
	ck_assert_int_eq(script_read_text(&script, "a.call", text, strlen(text), faults),
			 0);
	faults_free(faults);
	step = &script.cases[0].steps[0];
	view_read(&view, answer, sizeof answer - 1, &arena);
	subject.message = &view;
	captured[0] = '\0';
	holds = match_details(step->details, step->detail_count, &subject, &names, &wrong,
			      fault);
	script_clear(&script);
	arena_clear(&arena);
	return holds;
}

static void holds(const char *lines)
{
	struct fault fault = { "" };

	ck_assert_msg(holds_of("1001 hears 403", lines, &fault), "%s%s", lines,
		      fault.text);
}

static void fails(const char *lines, const char *why)
{
	struct fault fault = { "" };

	ck_assert_msg(!holds_of("1001 hears 403", lines, &fault), "%s", lines);
	ck_assert_msg(strstr(fault.text, why) != NULL, "%s: %s", lines, fault.text);
}

START_TEST(equal_is_exact_but_for_hosts_and_transports)
{
	holds("  Reason[1] = Q.850;cause=21;text=\"Call rejected\"\n");
	fails("  Reason[1] = Q.850;cause=21\n", "should be \"Q.850;cause=21\", and is");
	fails("  Reason[2] = sip;cause=403\n", "and is \"SIP;cause=403\"");
	holds("  Reason[last] = SIP;cause=403\n");
	holds("  Via.host = $PROXY\n  Via.transport = UDP\n");
	fails("  Via.host = other\n", "Via.host should be \"other\"");
	holds("  status = 403\n  body = body\n");
	fails("  body = bod\n", "body should be");
}
END_TEST

START_TEST(several_elements_without_an_index_are_one_text)
{
	holds("  Supported = 100rel, timer\n");
	fails("  Supported = timer\n", "and is \"100rel, timer\"");
	holds("  Reason ~ cause=403\n");
}
END_TEST

START_TEST(what_is_not_there_fails_but_for_absent_and_count_0)
{
	fails("  Subject = x\n", "there is no Subject");
	fails("  Subject != x\n", "there is no Subject");
	fails("  Subject ~ .*\n", "there is no Subject");
	fails("  Subject present\n", "there is no Subject");
	fails("  Reason[3] != x\n", "there is no Reason[3]");
	fails("  To.user[2] != x\n", "there is no To.user[2]");
	holds("  Subject absent\n  Subject count 0\n  Reason[3] absent\n");
	fails("  To absent\n", "To should be absent");
	holds("  To present\n  To.tag present\n  To.lr absent\n");
}
END_TEST

START_TEST(numbers_are_compared_as_numbers)
{
	holds("  Max-Forwards < 70\n  Max-Forwards > 9\n  CSeq.number < 10\n");
	fails("  Max-Forwards < 66\n", "should be below \"66\"");
	fails("  Max-Forwards > 66\n", "should be above \"66\"");
	fails("  To.host < 70\n", "are not both numbers");
}
END_TEST

START_TEST(counts_are_of_elements)
{
	holds("  Reason count 2\n  Supported count 1..2\n  Via count 1..\n");
	fails("  Reason count 1\n", "there are 2 of Reason");
	fails("  Reason count 3..\n", "there are 2 of Reason");
}
END_TEST

START_TEST(captures_are_told_only_if_all_holds)
{
	holds("  To.tag as callee\n  Reason ~ ([A-Z.0-9]+);cause=([0-9]+) as what code\n");
	ck_assert_str_eq(captured, "callee=42 what=Q.850 code=21 ");
	fails("  To.tag as callee\n  status = 404\n", "status should be \"404\"");
	ck_assert_str_eq(captured, "");
}
END_TEST

START_TEST(a_body_is_compared_with_those_that_were_sent)
{
	holds("  body = sent\n");
}
END_TEST

START_TEST(a_variable_without_a_value_fails)
{
	struct fault fault = { "" };

	ck_assert(!holds_of("1001 hears 403", "  To.tag as x\n  To.tag = $x\n", &fault));
	ck_assert_ptr_nonnull(strstr(fault.text, "variable that is not set yet"));
}
END_TEST

START_TEST(keys_of_a_lamp_are_compared_too)
{
	struct fault fault = { "" };

	ck_assert(holds_of("1001 shows terminated", "  event = rejected\n", &fault));
	ck_assert(!holds_of("1001 shows terminated", "  event = timeout\n", &fault));
	ck_assert(!holds_of("1001 shows terminated", "  code = 486\n", &fault));
}
END_TEST

START_TEST(what_is_sent_is_passed_over)
{
	struct fault fault = { "" };

	ck_assert(holds_of("1001 dials 2 -> 403", "  Subject: lunch\n  Priority -\n",
			   &fault));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("run match");
	TCase *details = tcase_create("details");

	tcase_add_test(details, equal_is_exact_but_for_hosts_and_transports);
	tcase_add_test(details, several_elements_without_an_index_are_one_text);
	tcase_add_test(details, what_is_not_there_fails_but_for_absent_and_count_0);
	tcase_add_test(details, numbers_are_compared_as_numbers);
	tcase_add_test(details, counts_are_of_elements);
	tcase_add_test(details, captures_are_told_only_if_all_holds);
	tcase_add_test(details, a_body_is_compared_with_those_that_were_sent);
	tcase_add_test(details, a_variable_without_a_value_fails);
	tcase_add_test(details, keys_of_a_lamp_are_compared_too);
	tcase_add_test(details, what_is_sent_is_passed_over);
	suite_add_tcase(suite, details);
	return suite;
}
