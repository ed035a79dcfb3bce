/* SPDX-License-Identifier: MIT */
/* Admission on the wire: what waits, what is refused and how, what passes, on a moved clock. */
#include "wire_peer.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

enum { DELAY_MS = 20, WORK_MS = 1, BURST = 100, FIT = 64 };

static struct stage stage;
static struct wire_admission settings;
static size_t room, urgent_room;
static unsigned served, told_refused;
static unsigned work_ms;		/* that each new call takes */
static char order[2000];		/* the Call-IDs served */
static bool brings_bye;			/* a BYE comes in while a new call is served */

/* They ring until the end. */
static struct uas *kept[500];
static size_t kept_count;

static void let_go(void)
{
	while (kept_count)
		uas_free(kept[--kept_count]);
}

static void bring_bye(void);

static void on_request(void *context, const struct peer *peer,
		       const struct listener *listener, msg_t *msg)
{
	const sip_t *sip = sip_object(msg);

	(void)context;
	(void)peer;
	(void)listener;
	snprintf(order + strlen(order), sizeof order - strlen(order), "%s:%s ",
		 sip->sip_request->rq_method_name, sip->sip_call_id->i_id);
	if (sip->sip_request->rq_method == sip_method_ack) {
		msg_destroy(msg);
		return;
	}
	if (sip->sip_request->rq_method != sip_method_invite) {
		reply_refuse_stateless(stage.wire, msg,
				       &(struct refusal){ .status = 481 });
		return;
	}
	served++;
	if (brings_bye)
		bring_bye();
	loop_skip(work_ms);
	kept[kept_count] = uas_new(stage.wire, msg);
	if (kept[kept_count])
		uas_reply(kept[kept_count++], 180, NULL);
}

static bool is_urgent(void *context, const char *request_uri)
{
	(void)context;
	return strstr(request_uri, "112") != NULL;
}

static bool is_known(void *context, const char *call_id)
{
	(void)context;
	return strncmp(call_id, "live", 4) == 0;
}

static size_t room_for(void *context, bool is_for_urgent)
{
	(void)context;
	return is_for_urgent ? urgent_room : room;
}

static void overloaded(void *context, unsigned refused, unsigned delay_ms)
{
	(void)context;
	told_refused = refused;
	(void)delay_ms;
}

static void arrange(struct stage *of)
{
	of->events.request = on_request;
	of->events.is_urgent = is_urgent;
	of->events.is_known = is_known;
	of->events.room = room_for;
	of->events.overloaded = overloaded;
}

static void setup(void)
{
	room = urgent_room = SIZE_MAX;
	brings_bye = false;
	served = told_refused = 0;
	work_ms = WORK_MS;
	order[0] = '\0';
	settings = (struct wire_admission){ .delay_ms = DELAY_MS, .urgent_rate = 50 };
	stage_open(&stage, arrange);
	ck_assert_int_eq(wire_admit(stage.wire, &settings), 0);
}

static void teardown(void)
{
	let_go();
	stage_end(&stage);
}

/* The text of a request of call NAME; To has TAG ("" = none). */
static const char *text_of(const char *method, const char *name, const char *user,
			   const char *tag)
{
	static char text[2][2000];
	static unsigned next;
	char *at = text[next++ % 2];

	snprintf(at, sizeof text[0],
		 "%s sip:%s@127.0.0.1 SIP/2.0\r\n"
		 "Via: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK-%s\r\n"
		 "From: <sip:1001@example.com>;tag=a1\r\n"
		 "To: <sip:2001@example.com>%s%s\r\n"
		 "Call-ID: %s\r\n"
		 "CSeq: 7 %s\r\n"
		 "Max-Forwards: 70\r\n"
		 "Timestamp: 54\r\n"
		 "Content-Length: 0\r\n\r\n",
		 method, user, stage.far.port, name, *tag ? ";tag=" : "", tag, name,
		 method);
	return at;
}

/* Puts it into the socket, and does not run the wire. */
static void put(const char *text)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)stage.udp),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	ck_assert_int_eq(sendto(stage.far.fd, text, strlen(text), 0,
				(struct sockaddr *)&address, sizeof address),
			 (ssize_t)strlen(text));
}

static void bring_bye(void)
{
	put(text_of("BYE", "b", "2001", "t0"));
}

static void invite(const char *name)
{
	put(text_of("INVITE", name, "2001", ""));
}

/* COUNT new calls at once, named PREFIX and a number from 0. */
static void invite_many(const char *prefix, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		char name[40];

		snprintf(name, sizeof name, "%s%u", prefix, i);
		invite(name);
	}
}

static struct wire_statistics statistics(void)
{
	struct wire_statistics now;

	wire_statistics(stage.wire, &now);
	return now;
}

/* What the far end heard of call NAME since the last time, as statuses; from now on forgotten. */
static const char *heard_of(const char *name)
{
	static char result[200];
	static char heard[1000][2][32];
	static size_t count;
	char got[FAR_TEXT];
	ssize_t length;

	if (!name) {
		count = 0;
		return NULL;
	}
	stage_run(&stage);
	while ((length = recv(stage.far.fd, got, sizeof got - 1, MSG_DONTWAIT)) > 0) {
		got[length] = '\0';
		ck_assert_uint_lt(count, 1000);
		snprintf(heard[count][0], 32, "%.20s", far_header(got, "Call-ID", 0));
		snprintf(heard[count++][1], 32, "%.3s", got + 8);
	}
	result[0] = '\0';
	for (size_t i = 0; i < count; i++)
		if (strcmp(heard[i][0], name) == 0) {
			snprintf(result + strlen(result), sizeof result - strlen(result),
				 "%s ", heard[i][1]);
			heard[i][0][0] = '\0';
		}
	return result;
}

/* More calls than 20 ms are enough for, of which it has learned that each takes one. */
static void overload(void)
{
	heard_of(NULL);
	invite_many("before", FIT);
	heard_of("");
	heard_of(NULL);
	order[0] = '\0';
	served = 0;
	invite_many("c", BURST);
}

START_TEST(without_load_every_call_is_served)
{
	work_ms = 0;
	heard_of(NULL);
	invite_many("n", 300);
	stage_run(&stage);
	ck_assert_uint_eq(served, 300);
	ck_assert_uint_eq(statistics().refused, 0);
	ck_assert_uint_eq(statistics().waiting, 0);
}
END_TEST

START_TEST(what_would_wait_too_long_is_refused_and_is_no_transaction)
{
	size_t before;

	overload();
	before = statistics().server_transactions;
	ck_assert_str_eq(heard_of("c0"), "180 ");
	ck_assert_str_eq(heard_of("c99"), "503 ");
	ck_assert_uint_eq(served, FIT);
	ck_assert_uint_eq(statistics().server_transactions, before + FIT);
	ck_assert_uint_eq(statistics().refused, BURST - FIT);
}
END_TEST

START_TEST(the_answer_says_overload_and_a_time_only_if_told_to)
{
	room = 0;
	far_send(&stage.far, text_of("INVITE", "c1", "2001", ""));
	far_hear(&stage.far, "SIP/2.0 503 Service Unavailable (overload)\r\n");
	far_lacks(&stage.far, "Retry-After", "");
	far_has(&stage.far, "To", ";tag=");
	ck_assert_str_eq(far_header(stage.far.heard, "Call-ID", 0), "c1");
	settings.retry_after_s = 7;
	wire_admit(stage.wire, &settings);
	far_send(&stage.far, text_of("INVITE", "c2", "2001", ""));
	far_hear(&stage.far, "SIP/2.0 503 ");
	ck_assert_str_eq(far_header(stage.far.heard, "Retry-After", 0), "7");
	ck_assert_uint_eq(served, 0);
}
END_TEST

/* Refuses "c1" and leaves the tag in TAG. */
static void refuse_one(char tag[static 64])
{
	room = 0;
	far_send(&stage.far, text_of("INVITE", "c1", "2001", ""));
	far_hear(&stage.far, "SIP/2.0 503 ");
	snprintf(tag, 64, "%s",
		 strstr(far_header(stage.far.heard, "To", 0), ";tag=") + 5);
	room = SIZE_MAX;
	work_ms = 0;
}

START_TEST(the_ack_of_a_refusal_is_absorbed)
{
	char tag[64];

	refuse_one(tag);
	far_send(&stage.far, text_of("ACK", "c1", "2001", tag));
	far_hear_nothing(&stage.far);
	ck_assert_str_eq(order, "");
	/* As late as it likes. */
	stage_skip(&stage, 60000);
	far_send(&stage.far, text_of("ACK", "c1", "2001", tag));
	ck_assert_str_eq(order, "");
	/* Another's is handed out. */
	far_send(&stage.far, text_of("ACK", "c1", "2001", "0123456789abcdef"));
	ck_assert_str_eq(order, "ACK:c1 ");
}
END_TEST

START_TEST(for_5_s_a_repetition_is_refused_alike)
{
	char tag[64];

	refuse_one(tag);
	for (unsigned i = 0; i < 2; i++) {
		stage_skip(&stage, 2400);
		far_send(&stage.far, text_of("INVITE", "c1", "2001", ""));
		far_hear(&stage.far, "SIP/2.0 503 Service Unavailable (overload)");
		far_has(&stage.far, "To", tag);
	}
	ck_assert_uint_eq(served, 0);
	ck_assert_uint_eq(statistics().refused, 1);
	/* Longer than 5 s after the first time. */
	stage_skip(&stage, 400);
	far_send(&stage.far, text_of("INVITE", "c1", "2001", ""));
	far_hear(&stage.far, "SIP/2.0 180 ");
	ck_assert_uint_eq(served, 1);
}
END_TEST

START_TEST(the_cancel_of_a_refused_call_gets_481)
{
	char tag[64];

	refuse_one(tag);
	far_send(&stage.far, text_of("CANCEL", "c1", "2001", ""));
	far_hear(&stage.far, "SIP/2.0 481 ");
	far_has(&stage.far, "CSeq", "CANCEL");
	ck_assert_str_eq(order, "");
}
END_TEST

START_TEST(a_call_that_lives_here_is_never_refused)
{
	room = 0;
	invite_many("live", 20);
	stage_run(&stage);
	ck_assert_uint_eq(served, 20);
	ck_assert_uint_eq(statistics().refused, 0);
}
END_TEST

START_TEST(a_request_inside_a_dialog_is_never_refused)
{
	room = 0;
	far_send(&stage.far, text_of("INVITE", "c1", "2001", "t1"));
	far_hear(&stage.far, "SIP/2.0 180 ");
	ck_assert_uint_eq(statistics().refused, 0);
}
END_TEST

START_TEST(everything_but_new_calls_goes_first)
{
	work_ms = 0;
	invite("c1");
	put(text_of("BYE", "c0", "2001", "t0"));
	invite("c2");
	put(text_of("INVITE", "live0", "2001", ""));
	stage_run(&stage);
	ck_assert_str_eq(order, "BYE:c0 INVITE:live0 INVITE:c1 INVITE:c2 ");
}
END_TEST

START_TEST(new_calls_let_others_pass_after_half_a_millisecond)
{
	brings_bye = true;
	invite_many("c", 2);
	stage_run(&stage);
	ck_assert_str_eq(order, "INVITE:c0 BYE:b INVITE:c1 BYE:b ");
}
END_TEST

START_TEST(where_much_comes_in_new_calls_go_one_by_one)
{
	brings_bye = true;
	work_ms = 0;
	invite_many("c", 2);
	stage_run(&stage);
	ck_assert_str_eq(order, "INVITE:c0 INVITE:c1 BYE:b BYE:b ");
	order[0] = '\0';
	invite_many("d", 2);
	for (unsigned i = 0; i < 50; i++)
		put(text_of("ACK", "c0", "2001", ""));
	stage_run(&stage);
	ck_assert_str_eq(order, "INVITE:d0 BYE:b INVITE:d1 BYE:b ");
}
END_TEST

START_TEST(those_that_wait_have_their_room)
{
	work_ms = 0;
	room = 2;
	invite_many("c", 5);
	stage_run(&stage);
	ck_assert_uint_eq(served, 2);
	ck_assert_uint_eq(statistics().refused, 3);
}
END_TEST

START_TEST(emergencies_pass_and_go_first)
{
	work_ms = 0;
	invite("c1");
	put(text_of("INVITE", "help", "112", ""));
	stage_run(&stage);
	ck_assert_str_eq(order, "INVITE:help INVITE:c1 ");
	room = 0;
	put(text_of("INVITE", "more", "112", ""));
	invite("c2");
	stage_run(&stage);
	ck_assert_str_eq(order, "INVITE:help INVITE:c1 INVITE:more ");
	/* Their reserve has an end, too. */
	urgent_room = 0;
	heard_of(NULL);
	put(text_of("INVITE", "last", "112", ""));
	ck_assert_str_eq(heard_of("last"), "503 ");
}
END_TEST

START_TEST(emergencies_pass_an_overload)
{
	overload();
	put(text_of("INVITE", "help", "112", ""));
	ck_assert_str_eq(heard_of("help"), "180 ");
	ck_assert_str_eq(heard_of("c99"), "503 ");
	ck_assert_int_eq(strncmp(order, "INVITE:help ", 12), 0);
}
END_TEST

START_TEST(a_call_that_waits_is_one_transaction)
{
	work_ms = 0;
	invite("c1");
	invite("c1");
	far_hear(&stage.far, "SIP/2.0 100 ");
	far_lacks(&stage.far, "To", ";tag=");
	ck_assert_str_eq(far_header(stage.far.heard, "Timestamp", 0), "54");
	far_hear(&stage.far, "SIP/2.0 180 ");
	far_hear_nothing(&stage.far);
	ck_assert_uint_eq(served, 1);
}
END_TEST

START_TEST(what_belongs_to_a_call_that_waits_waits_with_it)
{
	static char other[2000];
	char *at;

	work_ms = 0;
	invite("c1");
	snprintf(other, sizeof other, "%s", text_of("INVITE", "c1", "2002", ""));
	at = strstr(other, "z9hG4bK-");
	at[8] = 'x';
	put(other);
	room = 1;
	stage_run(&stage);
	ck_assert_uint_eq(statistics().refused, 0);
	ck_assert_str_eq(order, "INVITE:c1 INVITE:c1 ");
}
END_TEST

START_TEST(a_call_cancelled_while_it_waits_is_not_begun)
{
	heard_of(NULL);
	invite("c1");
	put(text_of("CANCEL", "c1", "2001", ""));
	ck_assert_str_eq(heard_of("c1"), "200 487 ");
	ck_assert_uint_eq(served, 0);
	far_send(&stage.far, text_of("ACK", "c1", "2001", "x"));
	ck_assert_str_eq(order, "");
	stage_skip(&stage, 600);
	ck_assert_str_eq(heard_of("c1"), "");
}
END_TEST

/* A call that takes 160 ms, the database being locked, say. */
START_TEST(trying_is_said_150_ms_after_the_call_came_also_while_it_waits)
{
	work_ms = 160;
	heard_of(NULL);
	invite("c1");
	invite("c2");
	ck_assert_str_eq(heard_of("c2"), "100 180 ");
	ck_assert_str_eq(heard_of("c1"), "180 ");
}
END_TEST

START_TEST(what_has_waited_for_2_s_is_refused_if_others_wait_behind_it)
{
	work_ms = 2100;
	heard_of(NULL);
	invite("c1");
	invite("c2");
	invite("c3");
	stage_run(&stage);
	ck_assert_str_eq(heard_of("c1"), "180 ");
	ck_assert_str_eq(heard_of("c2"), "100 503 ");
	/* Behind it none waits. */
	ck_assert_str_eq(heard_of("c3"), "100 180 ");
	ck_assert_uint_eq(statistics().waiting, 0);
}
END_TEST

START_TEST(what_lingers_has_a_bound)
{
	work_ms = 0;
	settings.transactions = 5;
	wire_admit(stage.wire, &settings);
	heard_of(NULL);
	for (unsigned i = 0; i < 8; i++) {
		char name[20];

		snprintf(name, sizeof name, "c%u", i);
		invite(name);
		stage_run(&stage);
	}
	ck_assert_uint_eq(served, 5);
	ck_assert_str_eq(heard_of("c5"), "503 ");
	/* An emergency passes. */
	put(text_of("INVITE", "help", "112", ""));
	ck_assert_str_eq(heard_of("help"), "180 ");
	/* When they are gone, it goes on. */
	let_go();
	for (unsigned i = 0; i < 3; i++)
		stage_skip(&stage, 33000);
	heard_of(NULL);
	invite("again");
	heard_of("");
	ck_assert_uint_eq(served, 7);
}
END_TEST

START_TEST(refusals_are_told_once_a_second)
{
	room = 0;
	invite_many("c", 10);
	stage_skip(&stage, 900);
	ck_assert_uint_eq(told_refused, 0);
	stage_skip(&stage, 200);
	ck_assert_uint_eq(told_refused, 10);
	told_refused = 0;
	stage_skip(&stage, 3000);
	ck_assert_uint_eq(told_refused, 0);
}
END_TEST

START_TEST(a_message_the_scan_is_unsure_of_waits_too)
{
	static char text[2000];
	char *from;

	room = 0;
	heard_of(NULL);
	snprintf(text, sizeof text, "%s", text_of("INVITE", "c1", "2001", ""));
	/* Folded. */
	from = strstr(text, "From: <");
	from[5] = '\r';
	memmove(from + 7, from + 6, strlen(from + 6) + 1);
	from[6] = '\n';
	memmove(from + 8, from + 7, strlen(from + 7) + 1);
	from[7] = ' ';
	put(text);
	ck_assert_str_eq(heard_of("c1"), "503 ");
	ck_assert_uint_eq(served, 0);
}
END_TEST

START_TEST(what_still_waits_at_the_end_is_let_go)
{
	work_ms = 30;
	invite_many("c", 6);
	loop_step(stage.loop, 0);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("wire_admission_lobby");
	TCase *tcase = tcase_create("lobby");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, without_load_every_call_is_served);
	tcase_add_test(tcase, what_would_wait_too_long_is_refused_and_is_no_transaction);
	tcase_add_test(tcase, the_answer_says_overload_and_a_time_only_if_told_to);
	tcase_add_test(tcase, the_ack_of_a_refusal_is_absorbed);
	tcase_add_test(tcase, for_5_s_a_repetition_is_refused_alike);
	tcase_add_test(tcase, the_cancel_of_a_refused_call_gets_481);
	tcase_add_test(tcase, a_call_that_lives_here_is_never_refused);
	tcase_add_test(tcase, a_request_inside_a_dialog_is_never_refused);
	tcase_add_test(tcase, everything_but_new_calls_goes_first);
	tcase_add_test(tcase, new_calls_let_others_pass_after_half_a_millisecond);
	tcase_add_test(tcase, where_much_comes_in_new_calls_go_one_by_one);
	tcase_add_test(tcase, those_that_wait_have_their_room);
	tcase_add_test(tcase, emergencies_pass_and_go_first);
	tcase_add_test(tcase, emergencies_pass_an_overload);
	tcase_add_test(tcase, a_call_that_waits_is_one_transaction);
	tcase_add_test(tcase, what_belongs_to_a_call_that_waits_waits_with_it);
	tcase_add_test(tcase, a_call_cancelled_while_it_waits_is_not_begun);
	tcase_add_test(tcase,
		       trying_is_said_150_ms_after_the_call_came_also_while_it_waits);
	tcase_add_test(tcase,
		       what_has_waited_for_2_s_is_refused_if_others_wait_behind_it);
	tcase_add_test(tcase, what_lingers_has_a_bound);
	tcase_add_test(tcase, refusals_are_told_once_a_second);
	tcase_add_test(tcase, a_message_the_scan_is_unsure_of_waits_too);
	tcase_add_test(tcase, what_still_waits_at_the_end_is_let_go);
	suite_add_tcase(suite, tcase);
	return suite;
}
