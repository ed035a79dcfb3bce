/* SPDX-License-Identifier: MIT */
/* The session description with which a feature that was dialled is confirmed. */
#include "wire/sdp.h"

#include "unit.h"
#include "wire/sockets.h"

#include <string.h>

static const struct listener ours = { .host = "192.0.2.10" };
static const struct listener ours_6 = { .host = "[2001:db8::1]",
					.local.ss_family = AF_INET6 };
static struct arena arena;
static msg_param_t parameters[2];	/* of Content-Type */

static void tear_down(void)
{
	arena_clear(&arena);
	parameters[0] = NULL;
}

static const char *answer_to(const char *type, const char *offer, size_t length,
			     const struct listener *listener)
{
	sip_payload_t payload[1];
	sip_content_type_t content[1];
	sip_t invite = { .sip_payload = offer ? payload : NULL,
			 .sip_content_type = type ? content : NULL };

	sip_payload_init(payload);
	payload->pl_data = offer ? arena_strndup(&arena, offer, length) : NULL;
	payload->pl_len = (usize_t)length;
	sip_content_type_init(content);
	content->c_type = type;
	content->c_params = parameters[0] ? parameters : NULL;
	return sdp_refuse(&arena, &invite, listener);
}

static const char *answer(const char *offer)
{
	return answer_to("application/sdp", offer, strlen(offer), &ours);
}

#define HEAD "v=0\r\no=- 7 8 IN IP4 192.0.2.44\r\ns=phone\r\nc=IN IP4 192.0.2.44\r\n"
#define OURS "v=0\r\no=- 1 1 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\n"

START_TEST(each_media_line_is_refused_where_it_stood)
{
	ck_assert_str_eq(answer(HEAD "t=0 0\r\nm=audio 40000 RTP/AVP 8 0 101\r\n"
				     "a=rtpmap:101 telephone-event/8000\r\n"
				     "a=fmtp:101 0-15\r\na=sendonly\r\n"
				     "m=video 40002/2 RTP/SAVP 99\r\nb=AS:64\r\n"
				     "a=rtpmap:99 H264/90000\r\n"
				     "m=image 40004 udptl t38\r\n"),
			 OURS "t=0 0\r\nm=audio 0 RTP/AVP 8\r\na=inactive\r\n"
			      "m=video 0 RTP/SAVP 99\r\na=inactive\r\n"
			      "m=image 0 udptl t38\r\na=inactive\r\n");
}
END_TEST

START_TEST(without_an_offer_we_offer_no_media)
{
	ck_assert_str_eq(answer_to(NULL, NULL, 0, &ours), OURS "t=0 0\r\n");
	ck_assert_str_eq(answer_to("text/plain", HEAD, sizeof HEAD - 1, &ours),
			 OURS "t=0 0\r\n");
	ck_assert_str_eq(answer("what?"), OURS "t=0 0\r\n");
	ck_assert_str_eq(answer(HEAD "m=audio 1 RTP\xff/AVP 0\r\n"), OURS "t=0 0\r\n");
	ck_assert_str_eq(answer(HEAD "m=audio 1 RTP/AVP\r\n"), OURS "t=0 0\r\n");
	ck_assert_str_eq(answer_to(NULL, NULL, 0, &ours_6),
			 "v=0\r\no=- 1 1 IN IP6 2001:db8::1\r\ns=-\r\n"
			 "c=IN IP6 2001:db8::1\r\nt=0 0\r\n");
}
END_TEST

#define AUDIO "v=0\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0\r\n"
#define SDP "Content-Type: application/sdp\r\n\r\n"
#define TEXT "Content-Type: text/plain\r\n\r\nm=text 9 RTP/AVP 0\r\n"
#define AS_AUDIO OURS "t=0 0\r\nm=audio 0 RTP/AVP 0\r\na=inactive\r\n"
#define AS_NONE OURS "t=0 0\r\n"

/* clang-format off */
static const struct {
	const char *type, *boundary, *body, *answer;
} multiparts[] = {
	{ "multipart/mixed", "boundary=b", "--b\r\n" SDP AUDIO "\r\n--b\r\n" TEXT "--b--\r\n", AS_AUDIO },
	{ "Multipart/Mixed", "boundary=\"a b\"", "hello\r\n--a b\r\n" TEXT "--a b\r\nX-Y: z\r\n"
	  "content-type:  Application/SDP;x=y\r\n\r\n" AUDIO "--a b--\r\nbye", AS_AUDIO },
	{ "multipart/mixed", "boundary=b", "--b\n" TEXT "--b\nContent-Type: multipart/alternative; boundary=\"c\"\n\n"
	  "--c\n" SDP AUDIO "--c--\n--b--\n", AS_AUDIO },
	{ "multipart/mixed", "boundary=b", "--b\r\n" SDP AUDIO, AS_AUDIO },	/* no final boundary */
	{ "multipart/mixed", "boundary=b", "--b\r\n" TEXT "--b--\r\n--b\r\n" SDP AUDIO, AS_NONE },
	{ "multipart/mixed", "boundary=b", "x--b\r\n" SDP AUDIO "--b--", AS_NONE },
	{ "multipart/mixed", "boundary=", "--\r\n" SDP AUDIO "----", AS_NONE },
	{ "multipart/mixed", NULL, "--b\r\n" SDP AUDIO "--b--", AS_NONE },
	{ "multipart/mixed", "boundary=b", "--b", AS_NONE },
	{ "multipart/mixed", "boundary=b", "--b\r\n--b\r\n--b--", AS_NONE },
	{ "multipart/mixed", "boundary=b", "--b\r\nContent-Type: application/sdp", AS_NONE },
	{ "application/sdpx", NULL, AUDIO, AS_NONE },
};
/* clang-format on */

START_TEST(an_offer_among_other_parts_is_answered)
{
	const char *body = multiparts[_i].body;

	parameters[0] = multiparts[_i].boundary;
	ck_assert_str_eq(answer_to(multiparts[_i].type, body, strlen(body), &ours),
			 multiparts[_i].answer);
}
END_TEST

/* Random mutations of an offer; _i is the seed, so that a failure can be repeated. */
START_TEST(no_offer_is_too_broken_to_be_answered)
{
	static const char offer[] =
		HEAD "t=0 0\r\na=group:BUNDLE 1\r\nm=audio 40000 RTP/AVP 8 0 101\r\n"
		     "c=IN IP6 2001:db8::2\r\nb=AS:64\r\nk=clear:x\r\n"
		     "a=rtpmap:101 telephone-event/8000/1\r\na=fmtp:101 0-15\r\n"
		     "m=video 40002/2 RTP/SAVP 99\r\na=rtpmap:99 H264/90000\r\n"
		     "m=message 9 TCP/MSRP *\r\n";
	static const char letters[] = "\r\n=/ :0179*-amvctxXo\xff\x01";
	unsigned random = (unsigned)_i + 1;

	for (int i = 0; i < 1000; i++) {
		char text[sizeof offer];
		size_t length = sizeof offer - 1;

		memcpy(text, offer, sizeof offer);
		for (int hits = 0; hits < 4; hits++) {
			random = random * 1103515245u + 12345u;
			text[(random >> 8) % length] =
				letters[(random >> 20) % (sizeof letters - 1)];
		}
		if (i % 3 == 0)
			length = (random >> 4) % length;
		ck_assert_int_eq(
			strncmp(answer_to("application/sdp", text, length, &ours),
				"v=0\r\n", 5),
			0);
		arena_clear(&arena);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("agent media");
	TCase *tests = tcase_create("media");

	tcase_add_checked_fixture(tests, NULL, tear_down);
	tcase_add_test(tests, each_media_line_is_refused_where_it_stood);
	tcase_add_test(tests, without_an_offer_we_offer_no_media);
	tcase_add_loop_test(tests, an_offer_among_other_parts_is_answered, 0,
			    (int)(sizeof multiparts / sizeof *multiparts));
	tcase_add_loop_test(tests, no_offer_is_too_broken_to_be_answered, 0, 10);
	suite_add_tcase(suite, tests);
	return suite;
}
