/* SPDX-License-Identifier: MIT */
/* What a script adds, leaves out or sets, and what telephones refuse to do. */
#include "lab_peer.h"

#include "base/fault.h"
#include "unit.h"

#include <string.h>

static struct stage stage;

static const struct mail *dial_with(const struct extra *extra, const char *number)
{
	stage_open(&stage, NULL, "udp");
	stage_wait(&stage,
		   talk_dial(stage.phones[0], &(struct dialling){ .number = number },
			     extra, NULL));
	return stage_hear(&stage, 1, 0, "INVITE");
}

static void has(const struct mail *mail, const char *text)
{
	ck_assert_msg(strstr(mail->bytes, text) != NULL, "%s", mail->bytes);
}

static void lacks(const struct mail *mail, const char *text)
{
	ck_assert_msg(!strstr(mail->bytes, text), "%s", mail->bytes);
}

START_TEST(headers_are_set_in_place_of_others_or_left_out)
{
	static const struct extra_header headers[] = {
		{ "Subject", "lunch" },	      { "subject", "and dinner" },
		{ "Allow", NULL },	      { "k", "timer" },
		{ "X-Own", "one, two" },      { "Max-Forwards", "9" },
		{ "To", "<sip:x@example.com>" }, { "From", "\"A\" <sip:a@example.com>" },
	};
	const struct mail *mail =
		dial_with(&(struct extra){ .headers = headers, .count = 8 }, "1002");

	has(mail, "\r\nX-Own: one, two\r\n");
	has(mail, "\r\nMax-Forwards: 8\r\n");
	has(mail, "lunch\r\n");
	lacks(mail, "\r\nAllow:");
	has(mail, "timer\r\n");
	lacks(mail, "replaces");
	has(mail, "<sip:x@example.com>\r\n");
	has(mail, "\"A\" <sip:a@example.com>;tag=");
	stage_close(&stage);
}
END_TEST

START_TEST(a_body_takes_the_place_of_the_offer)
{
	static const char parts[] =
		"--b1\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--b1--\r\n";
	const struct mail *mail = dial_with(
		&(struct extra){ .body = parts, .body_length = sizeof parts - 1 },
		"1002");

	has(mail, "multipart/mixed;boundary=\"b1\"\r\n");
	has(mail, "\r\n\r\n--b1\r\n");
	lacks(mail, "m=audio");
	stage_close(&stage);
}
END_TEST

START_TEST(numbers_become_uris)
{
	static const struct {
		const char *number, *uri, *to;
	} rows[] = {
		{ "1002;fnu=x", "INVITE sip:1002@127.", "To: <sip:1002@example.com;fnu=x>\r\n" },
		{ "sip:1002@example.com", "INVITE sip:1002@127.",
		  "To: <sip:1002@example.com>\r\n" },
	};
	const struct mail *mail = dial_with(NULL, rows[_i].number);

	has(mail, rows[_i].uri);
	has(mail, rows[_i].to);
	stage_close(&stage);
}
END_TEST

static void says(const struct fault *fault, const char *wanted)
{
	ck_assert_str_eq(fault->text, wanted);
}

START_TEST(what_cannot_be_done_is_said)
{
	struct fault fault = { "" };
	struct phone *phone;

	stage_open(&stage, NULL, "udp");
	phone = stage.phones[0];
	ck_assert_ptr_null(talk_hang_up(phone, 0, NULL, &fault));
	says(&fault, "1001 has no call to hang up");
	ck_assert_ptr_null(talk_hang_up(phone, 2, NULL, &fault));
	says(&fault, "1001 has no call to hang up on appearance 2");
	ck_assert_ptr_null(talk_cancel(phone, 0, NULL, &fault));
	says(&fault, "1001 has no INVITE under way to cancel");
	ck_assert_ptr_null(talk_answer(phone, 0, false, NULL, &fault));
	says(&fault, "1001 has no INVITE to answer");
	ck_assert_ptr_null(talk_reinvite(phone, 0, TALK_HOLD, NULL, &fault));
	says(&fault, "1001 has no call");
	phone_die(phone);
	ck_assert_ptr_null(
		talk_dial(phone, &(struct dialling){ .number = "1002" }, NULL, &fault));
	says(&fault, "1001 is dead");
	stage_close(&stage);
}
END_TEST

START_TEST(lines_are_taken_from_the_lowest_on_and_named)
{
	const struct mail *mail;

	stage_open(&stage, NULL, "udp");
	for (unsigned i = 0; i < 2; i++) {
		stage_wait(&stage,
			   talk_dial(stage.phones[0],
				     &(struct dialling){ .number = "1002",
							 .appearance = i ? 3 : 0 },
				     NULL, NULL));
		mail = stage_hear(&stage, 1, 0, "INVITE");
		ck_assert_uint_eq(mail->appearance, i + 1);
		ck_assert(!strstr(mail->bytes, "+avaya-cm-line=3") == !i);
	}
	ck_assert(!phone_is_idle(stage.phones[0], 1));
	ck_assert(phone_is_idle(stage.phones[0], 2));
	ck_assert(!phone_is_idle(stage.phones[0], 3));
	ck_assert_str_eq(phone_what_is_left(stage.phones[0]),
			 "a call is being set up (appearance 1)");
	phone_forget(stage.phones[0]);
	ck_assert(phone_is_idle(stage.phones[0], 0));
	stage_close(&stage);
}
END_TEST

START_TEST(raw_bytes_go_out_as_they_stand)
{
	static const char raw[] =
		"INVITE sip:1002@example.com SIP/2.0\r\nv: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx\r\n"
		"f: <sip:1001@example.com>;tag=9fx\r\nt: <sip:1002@example.com>\r\ni: raw-1\r\n"
		"CSeq: 5 INVITE\r\nMax-Forwards: 70\r\nm: <sip:1001@127.0.0.1>\r\n"
		"s: a subject that is\r\n  folded\r\nl: 0\r\n\r\n";
	const struct mail *mail;

	stage_open(&stage, NULL, "udp");
	talk_send_raw(stage.phones[0], raw, sizeof raw - 1, false, false, NULL);
	mail = stage_hear(&stage, 1, 0, "INVITE");
	has(mail, "folded\r\n");
	has(mail, "raw-1\r\n");
	ck_assert_int_eq(stage_wait(&stage, talk_reject(stage.phones[1], 0, 486, NULL,
							NULL, NULL)),
			 0);
	stage_hear(&stage, 0, 486, "INVITE");
	stage_close(&stage);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("lab extras");
	TCase *extras = tcase_create("extras");

	tcase_add_test(extras, headers_are_set_in_place_of_others_or_left_out);
	tcase_add_test(extras, a_body_takes_the_place_of_the_offer);
	tcase_add_loop_test(extras, numbers_become_uris, 0, 2);
	tcase_add_test(extras, what_cannot_be_done_is_said);
	tcase_add_test(extras, lines_are_taken_from_the_lowest_on_and_named);
	tcase_add_test(extras, raw_bytes_go_out_as_they_stand);
	suite_add_tcase(suite, extras);
	return suite;
}
