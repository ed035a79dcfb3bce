/* SPDX-License-Identifier: MIT */
/* Requests that do not arrive, or go by another transport than was thought. */
#include "wire_peer.h"

#include "unit.h"
#include "wire/ask.h"
#include "wire/forward.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct stage stage;
static struct far *const far = &stage.far;

/* The INVITE heard, for answers to it after other things were heard. */
static char asked[FAR_TEXT];

static void invite(void)
{
	stage_ask(&stage, SIP_METHOD_INVITE);
	far_hear(far, "INVITE sip:2001@127.0.0.1");
	snprintf(asked, sizeof asked, "%s", far->heard);
}

static void answer(const char *status, const char *tag)
{
	char contact[96];

	snprintf(contact, sizeof contact,
		 "Contact: <sip:2001@127.0.0.1:%u;transport=%s>\r\n", far->port,
		 far->is_stream ? "tcp" : "udp");
	far_answer_to(far, asked, status, tag, contact);
}

static void refuse(void)
{
	close(far->listener);
	far->listener = -1;
	far_hang_up(far);
}

START_TEST(a_refused_connection_is_told_from_silence)
{
	stage_open_tcp(&stage, NULL);
	refuse();
	stage_ask(&stage, SIP_METHOD_INVITE);
	stage_skip(&stage, 1);
	stage_noted(&stage, "made-up:503 ");
	ck_assert_int_eq(uac_failure(stage.uac), UAC_REFUSED);
	ck_assert_ptr_nonnull(
		strstr(uac_why(stage.uac), "no connection to sip:127.0.0.1:"));
	ck_assert_ptr_nonnull(strstr(uac_why(stage.uac), "tcp: connection refused"));
	stage_end(&stage);
}
END_TEST

START_TEST(a_port_nothing_listens_on_is_told_from_silence)
{
	stage_open(&stage, NULL);
	far_hang_up(far);
	stage_ask(&stage, SIP_METHOD_INVITE);
	stage_skip(&stage, 10);
	stage_noted(&stage, "made-up:503 ");
	ck_assert_int_eq(uac_failure(stage.uac), UAC_REFUSED);
	stage_end(&stage);
}
END_TEST

START_TEST(a_second_address_is_tried_after_a_refused_connection)
{
	stage_open_tcp(&stage, NULL);
	refuse();
	stage.frees_on_heard = true;
	stage_ask(&stage, SIP_METHOD_INVITE);
	stage_skip(&stage, 1);
	stage_noted(&stage, "made-up:503 ");
	far_open(&stage, far, "127.0.0.1");
	invite();
	answer("486 Busy Here", "b");
	far_hear(far, "ACK");
	stage_noted(&stage, "486 ");
	stage_end(&stage);
}
END_TEST

static void has_tcp_too(struct stage *made)
{
	made->peers[1] =
		(struct wire_peer){ .name = "far too",
				    .address = { "127.0.0.1", made->far.port, "tcp" } };
	made->settings.peer_count = 2;
}

static struct far stream;

/* Adds 1,500 bytes. */
static msg_t *enlarged(msg_t *msg)
{
	static char subject[1500];

	memset(subject, 'x', sizeof subject - 1);
	sip_add_tl(msg, sip_object(msg), SIPTAG_SUBJECT_STR(subject), TAG_END());
	return msg;
}

/* A request over 1,300 bytes. */
static msg_t *much(void)
{
	char uri[64];

	snprintf(uri, sizeof uri, "sip:2001@127.0.0.1:%u", far->port);
	return enlarged(
		ask_request(stage.wire, &(struct ask){ .method = sip_method_message,
						       .method_name = "MESSAGE",
						       .uri = uri,
						       .from = "<sip:a@b>",
						       .to = "<sip:c@d>" }));
}

static void ask_much(void)
{
	struct way way = stage_way(&stage);

	stage.uac = uac_send(stage.wire, &way, much(), stage_heard, &stage);
	ck_assert_ptr_nonnull(stage.uac);
}

static void open_with_stream(void)
{
	stage_open(&stage, has_tcp_too);
	stream = (struct far){ .stage = &stage,
			       .fd = -1,
			       .listener = far->listener,
			       .port = far->port,
			       .is_stream = true };
}

static void refuse_stream(void)
{
	stage_open(&stage, has_tcp_too);
	close(far->listener);
	far->listener = -1;
}

START_TEST(what_is_too_large_for_a_datagram_goes_over_tcp)
{
	open_with_stream();
	ask_much();
	far_hear(&stream, "MESSAGE");
	far_has(&stream, "Via", "SIP/2.0/TCP 127.0.0.1:");
	far_hear_nothing(far);
	far_answer(&stream, "200 OK", "b", "");
	stage_noted(&stage, "200 ");
	far_hang_up(&stream);
	stage_end(&stage);
}
END_TEST

START_TEST(refused_there_it_goes_over_udp_once)
{
	refuse_stream();
	ask_much();
	stage_skip(&stage, 1);
	far_hear(far, "MESSAGE");
	far_has(far, "Via", "SIP/2.0/UDP 127.0.0.1:");
	far_hear_after(far, 500, "MESSAGE");
	far_answer(far, "200 OK", "b", "");
	stage_noted(&stage, "200 ");
	stage_end(&stage);
}
END_TEST

START_TEST(without_tcp_it_goes_over_udp)
{
	stage_open(&stage, NULL);
	ask_much();
	far_hear(far, "MESSAGE");
	far_answer(far, "200 OK", "b", "");
	stage_noted(&stage, "200 ");
	stage_end(&stage);
}
END_TEST

/* The ACK of a 2xx, and its copy for a copy of the 2xx. */
static void acknowledge_much(struct far *heard_by, const char *via)
{
	struct way way = stage_way(&stage);
	msg_t *ack;

	invite();
	answer("200 OK", "b");
	ack = enlarged(stage_request(&stage, SIP_METHOD_ACK));
	sip_to_tag(msg_home(ack), sip_object(ack)->sip_to, "b");
	ck_assert_int_eq(uac_ack(stage.uac, &way, ack), 0);
	stage_skip(&stage, 1);
	far_hear(heard_by, "ACK");
	far_has(heard_by, "Via", via);
	ck_assert_str_eq(far_header(heard_by->heard, "Via", 1), "");
	ck_assert_str_eq(far_header(heard_by->heard, "To", 0),
			 "<sip:2001@example.com>;tag=b");
	answer("200 OK", "b");
	stage_skip(&stage, 1);
	far_hear(heard_by, "ACK");
	far_has(heard_by, "Via", via);
	stage_noted(&stage, "200 ");
}

START_TEST(so_does_the_ack_of_a_2xx)
{
	open_with_stream();
	acknowledge_much(&stream, "SIP/2.0/TCP 127.0.0.1:");
	far_hear_nothing(far);
	far_hang_up(&stream);
	stage_end(&stage);
}
END_TEST

START_TEST(refused_there_an_ack_goes_over_udp)
{
	refuse_stream();
	acknowledge_much(far, "SIP/2.0/UDP 127.0.0.1:");
	far_hear_nothing(far);
	stage_end(&stage);
}
END_TEST

static void forward_much(void)
{
	struct way way = stage_way(&stage);

	ck_assert_int_eq(forward_request(stage.wire, &way, much(), "z9hG4bK-kept"), 0);
	stage_skip(&stage, 1);
}

START_TEST(so_does_what_is_forwarded_without_state)
{
	open_with_stream();
	forward_much();
	far_hear(&stream, "MESSAGE");
	far_has(&stream, "Via", "SIP/2.0/TCP 127.0.0.1:");
	far_has(&stream, "Via", ";branch=z9hG4bK-kept");
	far_lacks(&stream, "Via", "rport");
	far_hear_nothing(far);
	far_hang_up(&stream);
	stage_end(&stage);
}
END_TEST

START_TEST(refused_there_it_is_forwarded_over_udp)
{
	refuse_stream();
	forward_much();
	far_hear(far, "MESSAGE");
	far_has(far, "Via", "SIP/2.0/UDP 127.0.0.1:");
	far_has(far, "Via", ";branch=z9hG4bK-kept;rport");
	stage_skip(&stage, 5000);
	far_hear_nothing(far);
	stage_end(&stage);
}
END_TEST

/* What arrived before the connection was lost is not sent twice. */
START_TEST(what_has_arrived_over_tcp_is_left_alone)
{
	open_with_stream();
	forward_much();
	far_hear(&stream, "MESSAGE");
	stage_skip(&stage, 3100);
	close(far->listener);
	far->listener = -1;
	far_hang_up(&stream);
	stage_skip(&stage, 100);
	far_hear_nothing(far);
	stage_end(&stage);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("wire reach");
	TCase *all = tcase_create("reach");

	tcase_add_test(all, a_refused_connection_is_told_from_silence);
	tcase_add_test(all, a_port_nothing_listens_on_is_told_from_silence);
	tcase_add_test(all, a_second_address_is_tried_after_a_refused_connection);
	tcase_add_test(all, what_is_too_large_for_a_datagram_goes_over_tcp);
	tcase_add_test(all, refused_there_it_goes_over_udp_once);
	tcase_add_test(all, without_tcp_it_goes_over_udp);
	tcase_add_test(all, so_does_the_ack_of_a_2xx);
	tcase_add_test(all, refused_there_an_ack_goes_over_udp);
	tcase_add_test(all, so_does_what_is_forwarded_without_state);
	tcase_add_test(all, refused_there_it_is_forwarded_over_udp);
	tcase_add_test(all, what_has_arrived_over_tcp_is_left_alone);
	suite_add_tcase(suite, all);
	return suite;
}
