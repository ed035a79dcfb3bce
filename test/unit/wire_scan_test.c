/* SPDX-License-Identifier: MIT */
/* The raw scan, the answers written from raw bytes, and what the door says of a message. */
#include "wire/door.h"
#include "wire/endpoint.h"
#include "wire/retort.h"
#include "wire/scan.h"

#include "unit.h"
#include "wire_peer_differ.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#define PLAIN                                                    \
	"INVITE sip:2001@example.com SIP/2.0\r\n"                \
	"Via: SIP/2.0/UDP 192.0.2.5:5062;branch=z9hG4bKabc\r\n"  \
	"Via: SIP/2.0/TCP [2001:db8::9];branch=z9hG4bKdef\r\n"   \
	"From: \"A, B\" <sip:1001@example.com;tag=x>;tag=f1\r\n" \
	"To: <sip:2001@example.com>\r\n"                         \
	"Call-ID: c1@192.0.2.5\r\n"                              \
	"CSeq: 4294967295 INVITE\r\n"                            \
	"Content-Length: 4\r\n"                                  \
	"\r\n"                                                   \
	"body"

static struct scan scan;
static char text[70000];

static const struct scan *read_text(const char *message)
{
	size_t length = strlen(message);

	memcpy(text, message, length + 1);
	scan_read(&scan, text, length, 200);
	return &scan;
}

/* PLAIN with what WITH says in place of the only OLD. */
static const char *changed(const char *old, const char *with)
{
	static char message[2000];
	const char *at = strstr(PLAIN, old);

	ck_assert_ptr_nonnull(at);
	snprintf(message, sizeof message, "%.*s%s%s", (int)(at - PLAIN), PLAIN, with,
		 at + strlen(old));
	return message;
}

static void is_text(struct scan_text found, const char *expected)
{
	ck_assert_ptr_nonnull(found.at);
	ck_assert_uint_eq(found.length, strlen(expected));
	ck_assert_int_eq(memcmp(found.at, expected, found.length), 0);
}

START_TEST(a_plain_request_is_read)
{
	read_text(PLAIN);
	ck_assert(scan.is_sure);
	ck_assert(scan.is_request);
	is_text(scan.method, "INVITE");
	is_text(scan.uri, "sip:2001@example.com");
	is_text(scan.host, "192.0.2.5");
	ck_assert_uint_eq(scan.port, 5062);
	is_text(scan.protocol, "UDP");
	is_text(scan.branch, "z9hG4bKabc");
	ck_assert(scan.has_more_vias);
	is_text(scan.from_tag, "f1");
	ck_assert_ptr_null(scan.to_tag.at);
	is_text(scan.call_id, "c1@192.0.2.5");
	ck_assert_uint_eq(scan.cseq, UINT32_MAX);
	is_text(scan.cseq_method, "INVITE");
	ck_assert_uint_eq(scan.content_length, 4);
	ck_assert_uint_eq(scan.head_length, strlen(PLAIN) - 4);
	ck_assert_uint_eq(scan.lines, 7);
}
END_TEST

START_TEST(a_plain_response_is_read)
{
	read_text(
		"SIP/2.0 180 Ringing\nv:SIP/2.0/TLS [::1]:5061;rport;received=::1;branch=b\n"
		"f : sip:a@b;tag=1\nt: sip:c@d;x=\"a;tag=3\";tag=2\ni:x\ncseq: 1  BYE\n\n");
	ck_assert(scan.is_sure);
	ck_assert(!scan.is_request);
	ck_assert_int_eq(scan.status, 180);
	is_text(scan.host, "[::1]");
	ck_assert(scan.has_rport);
	ck_assert(scan.has_received);
	is_text(scan.branch, "b");
	is_text(scan.to_tag, "2");
	is_text(scan.cseq_method, "BYE");
	ck_assert(!scan.has_length);
	ck_assert(!scan.has_more_vias);
}
END_TEST

START_TEST(what_can_be_read_in_two_ways_is_unsure)
{
	static const char *const pairs[][2] = {
		{ "SIP/2.0\r\n", "SIP/2.0 \r\n" },
		{ "SIP/2.0\r\n", "SIP/3.0\r\n" },
		{ "INVITE sip", "INVITE  sip" },
		{ "SIP/2.0\r\nVia", "SIP/2.0\r\n Via" },
		{ "UDP 192", "UDP\r\n 192" },
		{ ";branch=z9hG4bKabc", ";branch=a;branch=b" },
		{ ";branch=z9hG4bKabc", "; branch=a" },
		{ ";branch=z9hG4bKabc", ";branch=a (comment)" },
		{ ";branch=z9hG4bKabc", ";branch" },
		{ "192.0.2.5:5062", "192.0.2.5 : 5062" },
		{ "192.0.2.5:5062", "192.0.2.5:506200" },
		{ "Via: SIP/2.0/UDP", "Via: , SIP/2.0/UDP" },
		{ "Via: SIP/2.0/UDP", "Via\r\n : SIP/2.0/UDP" },
		{ ";tag=f1", ";tag=f1;tag=f2" },
		{ ";tag=f1", ";tag=\"f1\"" },
		{ "\"A, B\"", "\"A, B" },
		{ "To: <sip:2001@example.com>\r\n", "" },
		{ "To: <sip:2001@example.com>\r\n", "To: <sip:a>\r\nt: <sip:b>\r\n" },
		{ "Call-ID: c1@192.0.2.5\r\n", "Call-ID: a\r\ni: b\r\n" },
		{ "4294967295", "4294967296" },
		{ "4294967295 INVITE", "1 INVITE x" },
		{ "Content-Length: 4", "Content-Length: 4\r\nl: 4" },
		{ "Content-Length: 4", "Content-Length: -4" },
		{ "Call-ID: c1", "X: a\rCall-ID: c1" },
		{ "Call-ID: c1", "Call-ID without a colon\r\nCall-ID: c1" },
		{ "\r\n\r\nbody", "\r\n" },
	};

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		read_text(changed(pairs[i][0], pairs[i][1]));
		ck_assert_msg(!scan.is_sure, "sure in spite of: %s", pairs[i][1]);
	}
}
END_TEST

START_TEST(what_the_scan_is_sure_of_the_parse_says_too)
{
	DIR *dir = opendir(SOURCE_DIR "/test/hostile/messages");
	struct dirent *entry;
	unsigned count = 0;

	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir))) {
		char path[1000];
		const char *difference;
		size_t length;
		FILE *file;

		snprintf(path, sizeof path, SOURCE_DIR "/test/hostile/messages/%s",
			 entry->d_name);
		if (*entry->d_name == '.' || !(file = fopen(path, "r")))
			continue;
		length = fread(text, 1, sizeof text - 1, file);
		text[length] = '\0';
		fclose(file);
		difference = wire_peer_differ(text, length);
		ck_assert_msg(!difference, "%s: %s", entry->d_name, difference);
		count++;
	}
	closedir(dir);
	ck_assert_uint_gt(count, 20);
	ck_assert_ptr_null(wire_peer_differ(PLAIN, strlen(PLAIN)));
}
END_TEST

START_TEST(header_lines_are_counted_up_to_the_bound)
{
	size_t used = (size_t)sprintf(text, "INVITE sip:a SIP/2.0\r\n");

	for (int i = 0; i < 5000; i++)
		used += (size_t)sprintf(text + used, "X: %d\r\n", i % 10);
	scan_read(&scan, text, used, 200);
	ck_assert_uint_eq(scan.lines, 201);
	ck_assert(!scan.is_sure);
	ck_assert_uint_lt(scan.head_length, 2000);
}
END_TEST

/* The answer to what was read last, as if it came from HOST:PORT. */
static const char *retort_to(const char *host, unsigned port)
{
	static char answer[4000];
	struct sockaddr_storage from;
	struct retort retort = {
		.status = 403, .phrase = "Forbidden", .tag = "t1", .from = &from
	};
	size_t length;

	ck_assert_int_eq(endpoint_read(host, port, &from), 0);
	length = retort_write(&scan, &retort, answer, sizeof answer - 1);
	answer[length] = '\0';
	return length ? answer : NULL;
}

START_TEST(an_answer_from_raw_bytes_copies_what_it_must)
{
	read_text(changed("To: <sip", "X: y\r\nt:\r\n <sip"));
	ck_assert_str_eq(retort_to("192.0.2.5", 5062),
			 "SIP/2.0 403 Forbidden\r\n"
			 "Via: SIP/2.0/UDP 192.0.2.5:5062;branch=z9hG4bKabc\r\n"
			 "Via: SIP/2.0/TCP [2001:db8::9];branch=z9hG4bKdef\r\n"
			 "From: \"A, B\" <sip:1001@example.com;tag=x>;tag=f1\r\n"
			 "To: <sip:2001@example.com>;tag=t1\r\n"
			 "Call-ID: c1@192.0.2.5\r\n"
			 "CSeq: 4294967295 INVITE\r\n"
			 "Content-Length: 0\r\n\r\n");
}
END_TEST

START_TEST(an_answer_says_where_its_request_came_from)
{
	read_text(changed(";branch=z9hG4bKabc",
			  ";rport;branch=a;maddr=198.51.100.1, SIP/2.0/UDP x"));
	ck_assert_ptr_nonnull(
		strstr(retort_to("203.0.113.9", 40000),
		       "Via: SIP/2.0/UDP 192.0.2.5:5062;rport=40000;branch=a;"
		       "maddr=198.51.100.1;received=203.0.113.9, SIP/2.0/UDP x\r\n"));
	read_text(changed("192.0.2.5:5062", "pc.example.com"));
	ck_assert_ptr_nonnull(
		strstr(retort_to("2001:db8::7", 5060), ";received=2001:db8::7\r\n"));
}
END_TEST

START_TEST(an_answer_goes_to_no_third_party)
{
	struct sockaddr_storage from, to;
	char address[ENDPOINT_TEXT];

	ck_assert_int_eq(endpoint_read("203.0.113.9", 40000, &from), 0);
	read_text(changed(";branch=z9hG4bKabc", ";branch=a;maddr=198.51.100.1"));
	to = retort_target(&scan, &from);
	ck_assert_str_eq(endpoint_text(&to, address), "203.0.113.9:5062");
	read_text(changed(";branch=z9hG4bKabc", ";rport;branch=a"));
	to = retort_target(&scan, &from);
	ck_assert_str_eq(endpoint_text(&to, address), "203.0.113.9:40000");
	read_text(changed("192.0.2.5:5062", "a b c"));
	to = retort_target(&scan, &from);
	ck_assert_str_eq(endpoint_text(&to, address), "203.0.113.9:40000");
}
END_TEST

START_TEST(a_tag_that_is_there_is_kept)
{
	read_text(changed("To: <sip:2001@example.com>",
			  "To: <sip:2001@example.com>;tag=there"));
	ck_assert_ptr_nonnull(
		strstr(retort_to("192.0.2.5", 5062), "example.com>;tag=there\r\n"));
	read_text(changed("To: <sip:2001@example.com>", "To: <sip:a>;tagged=1"));
	ck_assert_ptr_nonnull(
		strstr(retort_to("192.0.2.5", 5062), ";tagged=1;tag=t1\r\n"));
	read_text(changed("To: <sip:2001@example.com>", "To: <sip:a> ; tag = there"));
	ck_assert_ptr_nonnull(
		strstr(retort_to("192.0.2.5", 5062), "To: <sip:a> ; tag = there\r\n"));
}
END_TEST

START_TEST(nothing_is_answered_to_acks_responses_and_halves)
{
	read_text(changed("INVITE sip", "ACK sip"));
	ck_assert_ptr_null(retort_to("192.0.2.5", 5062));
	read_text(changed("295 INVITE", "295 ACK"));
	ck_assert_ptr_null(retort_to("192.0.2.5", 5062));
	read_text(changed("INVITE sip:2001@example.com SIP/2.0", "SIP/2.0 200 OK"));
	ck_assert_ptr_null(retort_to("192.0.2.5", 5062));
	read_text(changed("INVITE sip:2001@example.com SIP/2.0", "SIP/7.0 200 OK"));
	ck_assert_ptr_null(retort_to("192.0.2.5", 5062));
	read_text("INVITE sip:a SIP/2.0\r\nCall-ID: 1\r\n\r\n");
	ck_assert_ptr_null(retort_to("192.0.2.5", 5062));
	read_text("hello world\r\n\r\n");
	ck_assert_ptr_null(retort_to("192.0.2.5", 5062));
}
END_TEST

/* RFC 4475 section 3.3.1. */
START_TEST(what_a_request_lacks_its_answer_lacks)
{
	read_text("INVITE sip:a SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.5;branch=1\r\n"
		  "CSeq: 1 INVITE\r\n\r\n");
	ck_assert_str_eq(retort_to("192.0.2.5", 5062),
			 "SIP/2.0 403 Forbidden\r\n"
			 "Via: SIP/2.0/UDP 192.0.2.5;branch=1\r\n"
			 "CSeq: 1 INVITE\r\n"
			 "Content-Length: 0\r\n\r\n");
}
END_TEST

START_TEST(the_tag_of_a_refusal_is_the_same_for_each_copy)
{
	char a[RETORT_TAG], b[RETORT_TAG];

	retort_tag(read_text(PLAIN), 1, a);
	ck_assert_str_eq(retort_tag(read_text(PLAIN), 1, b), a);
	ck_assert_str_ne(retort_tag(&scan, 2, b), a);
	ck_assert_str_ne(retort_tag(read_text(changed("c1@", "c2@")), 1, b), a);
	/* The ACK of the refusal carries it. */
	read_text(changed("INVITE sip", "ACK sip"));
	ck_assert_str_eq(retort_tag(&scan, 1, b), a);
}
END_TEST

static struct door door;

static struct door_decision decide(bool is_peer, bool is_datagram)
{
	return door_check(&door, &scan, is_peer, is_datagram, 0);
}

static void open_door(enum wire_strangers strangers)
{
	struct wire_settings settings = { .strangers = strangers };
	struct wire_limits limits = { .message_bytes = 60000, .header_lines = 200 };

	door_init(&door, &settings, &limits, 0);
}

START_TEST(strangers_get_403_at_a_bounded_rate_and_never_to_an_ack)
{
	unsigned answers = 0;

	open_door(WIRE_STRANGERS_REFUSE);
	read_text(PLAIN);
	ck_assert_int_eq(decide(true, true).verdict, DOOR_PASS);
	ck_assert_int_eq(decide(false, true).status, 403);
	for (int i = 0; i < 1000; i++)
		answers += decide(false, true).verdict == DOOR_ANSWER;
	ck_assert_uint_eq(answers, 19);
	/* 10 a second come back. */
	for (int i = 0; i < 1000; i++)
		answers += door_check(&door, &scan, false, true, 1000000).verdict ==
			   DOOR_ANSWER;
	ck_assert_uint_eq(answers, 29);
	open_door(WIRE_STRANGERS_REFUSE);
	read_text(changed("INVITE sip", "ACK sip"));
	ck_assert_int_eq(decide(false, true).verdict, DOOR_DROP);
	read_text("SIP/2.0 200 OK\r\n\r\n");
	ck_assert_int_eq(decide(false, true).verdict, DOOR_DROP);
	open_door(WIRE_STRANGERS_IGNORE);
	read_text(PLAIN);
	ck_assert_int_eq(decide(false, true).verdict, DOOR_DROP);
	open_door(WIRE_STRANGERS_PASS);
	ck_assert_int_eq(decide(false, true).verdict, DOOR_PASS);
}
END_TEST

START_TEST(a_datagram_ends_where_its_length_says)
{
	struct door_decision decision;

	open_door(WIRE_STRANGERS_REFUSE);
	read_text(PLAIN "surplus");
	ck_assert_uint_eq(decide(true, true).length, strlen(PLAIN));
	read_text(changed("Content-Length: 4\r\n", ""));
	ck_assert_uint_eq(decide(true, true).length, scan.length);
	read_text(changed("Content-Length: 4", "Content-Length: 5"));
	decision = decide(true, true);
	ck_assert_int_eq(decision.verdict, DOOR_ANSWER);
	ck_assert_int_eq(decision.status, 400);
	read_text("SIP/2.0 200 OK\r\nContent-Length: 5\r\n\r\n");
	ck_assert_int_eq(decide(true, true).verdict, DOOR_DROP);
}
END_TEST

START_TEST(what_cannot_be_read_is_refused_before_it_is_parsed)
{
	static const char *const lines[] = {
		"INVITE  sip:a SIP/2.0", "INVITE sip:a  SIP/2.0",
		"INVITE sip:a SIP/2.0 ", "INVITE sip:a;\tlr SIP/2.0",
		"INVITE sip:a",		 "INVITE sip:a HTTP/1.1",
		"INVITE sip:a SIP/2",	 "IN\"VITE sip:a SIP/2.0",
	};
	char *at;
	size_t used;

	open_door(WIRE_STRANGERS_REFUSE);
	read_text(changed("SIP/2.0\r\nVia", "SIP/7.0\r\nVia"));
	ck_assert_int_eq(decide(true, true).status, 505);
	read_text(PLAIN);
	at = strstr(text, "c1@");
	*at = '\0';
	scan_read(&scan, text, strlen(PLAIN), 200);
	ck_assert_int_eq(decide(true, true).status, 400);
	/* An unknown method is what is wrong, whatever its headers hold. */
	memcpy(text, "I+V`TE", 6);
	scan_read(&scan, text, strlen(PLAIN), 200);
	ck_assert_int_eq(decide(true, true).status, 405);
	used = (size_t)sprintf(text, "INVITE sip:a SIP/2.0\r\n");
	for (int i = 0; i < 201; i++)
		used += (size_t)sprintf(text + used, "X: %d\r\n", i);
	scan_read(&scan, text, used, 200);
	ck_assert_int_eq(decide(true, true).status, 400);
	memset(text, 'a', 60001);
	memcpy(text, PLAIN, strlen(PLAIN));
	scan_read(&scan, text, 60001, 200);
	ck_assert_int_eq(decide(true, true).status, 513);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		read_text(changed("INVITE sip:2001@example.com SIP/2.0", lines[i]));
		ck_assert_int_eq(decide(true, true).status, 400);
	}
	read_text("\1\2\3");
	ck_assert_int_eq(decide(true, true).verdict, DOOR_DROP);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("wire_scan");
	TCase *tcase = tcase_create("scan");

	tcase_add_test(tcase, a_plain_request_is_read);
	tcase_add_test(tcase, a_plain_response_is_read);
	tcase_add_test(tcase, what_can_be_read_in_two_ways_is_unsure);
	tcase_add_test(tcase, what_the_scan_is_sure_of_the_parse_says_too);
	tcase_add_test(tcase, header_lines_are_counted_up_to_the_bound);
	tcase_add_test(tcase, an_answer_from_raw_bytes_copies_what_it_must);
	tcase_add_test(tcase, an_answer_says_where_its_request_came_from);
	tcase_add_test(tcase, an_answer_goes_to_no_third_party);
	tcase_add_test(tcase, a_tag_that_is_there_is_kept);
	tcase_add_test(tcase, nothing_is_answered_to_acks_responses_and_halves);
	tcase_add_test(tcase, what_a_request_lacks_its_answer_lacks);
	tcase_add_test(tcase, the_tag_of_a_refusal_is_the_same_for_each_copy);
	tcase_add_test(tcase, strangers_get_403_at_a_bounded_rate_and_never_to_an_ack);
	tcase_add_test(tcase, a_datagram_ends_where_its_length_says);
	tcase_add_test(tcase, what_cannot_be_read_is_refused_before_it_is_parsed);
	suite_add_tcase(suite, tcase);
	return suite;
}
