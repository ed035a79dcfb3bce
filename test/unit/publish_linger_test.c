/* SPDX-License-Identifier: MIT */
/* How long a publication without dialogs is kept, and what a new dialog makes of it. */
#include "publish_peer.h"
#include "unit.h"

static struct slot *slot(void)
{
	return peer_slot("2001");
}

/* A confirmed dialog "d1", published with ETag "e1". */
static void publish_one(void)
{
	peer_start();
	peer_show("d1", SHOWN_CONFIRMED);
	peer_answer(200, "e1");
	ck_assert_str_eq(peer_state(), "PUBLISHED");
}

START_TEST(a_new_dialog_ends_the_lingering)
{
	publish_one();
	peer_show("d1", SHOWN_TERMINATED);
	peer_answer(200, "e2");
	peer_run_ms(20000);
	peer_show("d2", SHOWN_TRYING);
	ck_assert_str_eq(slot()->if_match, "e2");
	ck_assert_uint_eq(slot()->armed_ms, 0);
	peer_answer(200, "e3");
	ck_assert_uint_eq(slot()->armed_ms, 2700 * 1000);
}
END_TEST

START_TEST(lingering_longer_than_a_publication_lives_refreshes_it)
{
	peer.settings.linger_s = 100;
	peer_start();
	peer_show("d1", SHOWN_TERMINATED);
	peer_answer_with(&(struct publish_response){
		.status = 200, .etag = "e1", .expires_s = 80 });
	peer_run_ms(60000);
	ck_assert_str_eq(peer_state(), "REFRESHING");
	peer_answer_with(&(struct publish_response){
		.status = 200, .etag = "e2", .expires_s = 80 });
	ck_assert_uint_eq(slot()->armed_ms, 40000);
	peer_run_ms(40000);
	ck_assert_str_eq(peer_state(), "REMOVING");
}
END_TEST

START_TEST(a_dialog_that_begins_while_removing_is_a_first_publish)
{
	publish_one();
	peer_show("d1", SHOWN_TERMINATED);
	peer_answer(200, "e2");
	peer_run_ms(30000);
	peer_show("d2", SHOWN_TRYING);
	ck_assert_uint_eq(slot()->sent, 3);
	peer_answer(200, NULL);
	ck_assert_uint_eq(slot()->sent, 4);
	ck_assert_str_eq(slot()->if_match, "");
	ck_assert_str_eq(peer_told("d2"), "trying");
}
END_TEST

/* Kamailio takes nothing more for a publication it once saw terminated. */
START_TEST(without_lingering_a_publication_of_ends_alone_is_never_gone_on_with)
{
	peer.settings.linger_s = 0;
	publish_one();
	peer_show("d1", SHOWN_TERMINATED);
	peer_show("d2", SHOWN_TRYING);		/* while the end is in flight */
	peer_answer(200, "e2");
	ck_assert_uint_eq(slot()->expires_s, 0);
	ck_assert_str_eq(slot()->if_match, "e2");
	peer_answer(200, "e3");
	ck_assert_str_eq(slot()->if_match, "");
	ck_assert_str_eq(peer_told("d2"), "trying");
	peer_answer(200, "e4");

	peer_show("d2", SHOWN_TERMINATED);
	peer_answer(200, "e5");
	peer_show("d3", SHOWN_TRYING);		/* before the publication was removed */
	ck_assert_uint_eq(slot()->expires_s, 0);
	ck_assert_str_eq(slot()->if_match, "e5");
	peer_answer(200, "e6");
	ck_assert_str_eq(slot()->if_match, "");
	ck_assert_str_eq(peer_told("d3"), "trying");
}
END_TEST

START_TEST(without_lingering_living_dialogs_are_gone_on_with)
{
	peer.settings.linger_s = 0;
	publish_one();
	peer_show("d2", SHOWN_TRYING);
	peer_answer(200, "e2");
	peer_show("d1", SHOWN_TERMINATED);
	peer_answer(200, "e3");
	peer_show("d2", SHOWN_EARLY);
	ck_assert_str_eq(slot()->if_match, "e3");
	ck_assert_uint_ne(slot()->expires_s, 0);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("publish linger");
	TCase *tests = tcase_create("life");

	tcase_add_checked_fixture(tests, peer_set_up, peer_tear_down);
	tcase_add_test(tests, a_new_dialog_ends_the_lingering);
	tcase_add_test(tests, lingering_longer_than_a_publication_lives_refreshes_it);
	tcase_add_test(tests, a_dialog_that_begins_while_removing_is_a_first_publish);
	tcase_add_test(
		tests,
		without_lingering_a_publication_of_ends_alone_is_never_gone_on_with);
	tcase_add_test(tests, without_lingering_living_dialogs_are_gone_on_with);
	suite_add_tcase(suite, tests);
	return suite;
}
