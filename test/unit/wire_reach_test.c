/* SPDX-License-Identifier: MIT */
/* Requests that do not arrive, or go by another transport than was thought. */
#include "wire_peer.h"

#include "unit.h"
#include "wire/ask.h"

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

/* A request over 1,300 bytes. */
static void ask_much(void)
{
	static char subject[1500];
	struct way way = stage_way(&stage);
	char uri[64];
	msg_t *msg;

	memset(subject, 'x', sizeof subject - 1);
	snprintf(uri, sizeof uri, "sip:2001@127.0.0.1:%u", far->port);
	msg = ask_request(stage.wire, &(struct ask){ .method = sip_method_message,
						     .method_name = "MESSAGE",
						     .uri = uri,
						     .from = "<sip:a@b>",
						     .to = "<sip:c@d>" });
	sip_add_tl(msg, sip_object(msg), SIPTAG_SUBJECT_STR(subject), TAG_END());
	stage.uac = uac_send(stage.wire, &way, msg, stage_heard, &stage);
	ck_assert_ptr_nonnull(stage.uac);
}

START_TEST(what_is_too_large_for_a_datagram_goes_over_tcp)
{
	stage_open(&stage, has_tcp_too);
	stream = (struct far){ .stage = &stage,
			       .fd = -1,
			       .listener = far->listener,
			       .port = far->port,
			       .is_stream = true };
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
	stage_open(&stage, has_tcp_too);
	close(far->listener);
	far->listener = -1;
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
	suite_add_tcase(suite, all);
	return suite;
}
