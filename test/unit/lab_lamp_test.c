/* SPDX-License-Identifier: MIT */
/* The event server and the lamps: publications as CM sends them, states as telephones see them. */
#include "lab_peer.h"

#include "unit.h"
#include "wire/loop.h"

#include <stdio.h>
#include <string.h>

static struct stage stage;
static struct lamp *lamp;
static char tag[64];

/* PUBLISH of 1002 with this state (NULL = without a body); If-Match TAG unless that is "". */
static int publish(const char *state, const char *expires)
{
	static const char shape[] =
		"<?xml version=\"1.0\"?>\n<dialog-info xmlns=\"urn:x\" version=\"41\" "
		"state=\"full\" entity=\"sip:1002@example.com\">\n"
		"<dialog id=\"d1\" direction=\"recipient\">%s</dialog></dialog-info>";
	struct extra_header headers[] = { { "Event", "dialog" },
					  { "Expires", expires },
					  { "SIP-If-Match", tag } };
	struct extra extra = { .headers = headers, .count = *tag ? 3 : 2 };
	const struct errand *errand;
	char body[512];
	const char *at;
	int status;

	if (state) {
		snprintf(body, sizeof body, shape, state);
		extra.body = body;
		extra.body_length = strlen(body);
	}
	errand = talk_request(stage.phones[0], "PUBLISH", "1002", false, &extra, NULL);
	status = stage_wait(&stage, errand);
	at = strstr(errand->mail->bytes, "SIP-ETag: ");
	if (at)
		sscanf(at, "SIP-ETag: %60s", tag);
	return status;
}

static void shows(const char *wanted)
{
	char seen[256] = "";

	stage_hears_nothing(&stage, 30);
	for (size_t i = 0; i < lamp_count(lamp); i++)
		snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%s ",
			 lamp_state(lamp, i)->name);
	ck_assert_str_eq(seen, wanted);
}

static void setup(void)
{
	tag[0] = '\0';
	stage_open(&stage, NULL, "udp");
	ck_assert_int_eq(stage_wait(&stage, lamp_watch(stage.phones[2], "1002", NULL)),
			 200);
	lamp = lamp_find(stage.phones[2], "1002");
	ck_assert_ptr_null(lamp_find(stage.phones[2], "1001"));
}

static void teardown(void)
{
	stage_close(&stage);
}

START_TEST(states_are_told_as_they_change)
{
	const struct lamp_state *last;

	ck_assert_int_eq(publish("<state>early</state>", "60"), 200);
	shows("early ");
	ck_assert(lamp_is_lit(lamp));
	ck_assert_str_eq(lamp_lit(stage.phones[2]), "1002");
	ck_assert_str_eq(sm_lit(stage.sm), "1002");
	ck_assert_int_eq(publish("<state>early</state>", "60"), 200);
	shows("early ");
	ck_assert_int_eq(
		publish("<state event=\"rejected\" code=\"486\"> terminated </state>",
			"60"),
		200);
	shows("early terminated ");
	last = lamp_state(lamp, 1);
	ck_assert_str_eq(last->event, "rejected");
	ck_assert_str_eq(last->code, "486");
	ck_assert(!lamp_is_lit(lamp));
	ck_assert_ptr_null(lamp_lit(stage.phones[2]));
}
END_TEST

START_TEST(a_publication_that_ends_puts_the_lamp_out)
{
	publish("<state>confirmed</state>", "60");
	ck_assert_int_eq(publish(NULL, "60"), 200);
	shows("confirmed ");
	ck_assert_int_eq(publish(NULL, "0"), 200);
	shows("confirmed terminated ");
	ck_assert_ptr_null(sm_lit(stage.sm));
}
END_TEST

START_TEST(a_publication_expires)
{
	publish("<state>confirmed</state>", "1");
	shows("confirmed ");
	stage_hears_nothing(&stage, 1100);
	shows("confirmed terminated ");
}
END_TEST

START_TEST(an_unknown_tag_is_refused_and_so_is_another_event)
{
	static const struct extra_header other = { "Event", "presence" };
	const struct extra extra = { .headers = &other, .count = 1 };

	strcpy(tag, "nonsense");
	ck_assert_int_eq(publish("<state>early</state>", "60"), 412);
	shows("");
	ck_assert_int_eq(stage_wait(&stage, talk_request(stage.phones[0], "PUBLISH",
							 "1002", false, &extra, NULL)),
			 489);
	ck_assert_int_eq(stage_wait(&stage, talk_request(stage.phones[0], "SUBSCRIBE",
							 "1002", false, &extra, NULL)),
			 489);
}
END_TEST

START_TEST(who_comes_late_sees_the_state_there_is)
{
	publish("<state>confirmed</state>", "60");
	stage_wait(&stage, lamp_watch(stage.phones[1], "1002", NULL));
	stage_hears_nothing(&stage, 30);
	ck_assert(lamp_is_lit(lamp_find(stage.phones[1], "1002")));
	ck_assert_uint_eq(lamp_count(lamp_find(stage.phones[1], "1002")), 1);
}
END_TEST

START_TEST(each_subscription_counts_its_own_versions)
{
	char seen[64] = "";

	publish("<state>early</state>", "60");
	publish("<state>confirmed</state>", "60");
	stage_hears_nothing(&stage, 30);
	for (size_t i = 0; i < lab_frame_count(stage.lab); i++) {
		const struct lab_frame *frame = lab_frame(stage.lab, i);
		const char *at = strstr(frame->bytes, " version=\"1\"?>");

		if (!frame->is_out || strncmp(frame->bytes, "NOTIFY", 6) != 0)
			continue;
		at = strstr(at ? at + 10 : frame->bytes, "<dialog-info");
		at = at ? strstr(at, "version=\"") : NULL;
		snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%.1s ",
			 at ? at + 9 : "?");
	}
	ck_assert_str_eq(seen, "0 1 2 ");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("lab lamps");
	TCase *lamps = tcase_create("lamps");

	tcase_add_checked_fixture(lamps, setup, teardown);
	tcase_add_test(lamps, states_are_told_as_they_change);
	tcase_add_test(lamps, a_publication_that_ends_puts_the_lamp_out);
	tcase_add_test(lamps, a_publication_expires);
	tcase_add_test(lamps, an_unknown_tag_is_refused_and_so_is_another_event);
	tcase_add_test(lamps, who_comes_late_sees_the_state_there_is);
	tcase_add_test(lamps, each_subscription_counts_its_own_versions);
	suite_add_tcase(suite, lamps);
	return suite;
}
