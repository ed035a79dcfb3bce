/* SPDX-License-Identifier: MIT */
/* One publication's life: what is sent when, with which ETag, and when the timer runs. */
#include "publish_peer.h"
#include "unit.h"

#include <errno.h>
#include <string.h>

static struct slot *slot(void)
{
	return peer_slot("2001");
}

static uint32_t told_version(void)
{
	xmlDoc *document = document_read(slot()->body, slot()->length);
	uint32_t version = document_version(document);

	xmlFreeDoc(document);
	return version;
}

static size_t told_count(void)
{
	xmlDoc *document = document_read(slot()->body, slot()->length);
	size_t count = document_count(document);

	xmlFreeDoc(document);
	return count;
}

/* A confirmed dialog "d1", published with ETag "e1". */
static void publish_one(void)
{
	peer_start();
	peer_show("d1", SHOWN_CONFIRMED);
	peer_answer(200, "e1");
	ck_assert_str_eq(peer_state(), "PUBLISHED");
}

START_TEST(the_first_publish_has_no_etag_and_later_ones_the_last)
{
	peer_start();
	peer_show("d1", SHOWN_TRYING);
	ck_assert_str_eq(slot()->if_match, "");
	ck_assert_uint_eq(slot()->expires_s, 3600);
	ck_assert_str_eq(peer_told("d1"), "trying");
	peer_answer(200, "e1");
	peer_show("d1", SHOWN_EARLY);
	ck_assert_str_eq(slot()->if_match, "e1");
	peer_answer(200, "e2");
	peer_show("d1", SHOWN_CONFIRMED);
	ck_assert_str_eq(slot()->if_match, "e2");
	ck_assert_str_eq(peer_told("d1"), "confirmed");
	ck_assert_uint_eq(told_version(), 2);
}
END_TEST

START_TEST(a_hundred_updates_in_flight_become_one_document_with_every_end)
{
	char id[16];

	peer_start();
	peer_show("d0", SHOWN_TRYING);
	for (unsigned i = 1; i <= 50; i++) {
		snprintf(id, sizeof id, "d%u", i);
		peer_show(id, SHOWN_EARLY);
		peer_show(id, i == 50 ? SHOWN_CONFIRMED : SHOWN_TERMINATED);
	}
	ck_assert_uint_eq(slot()->sent, 1);
	peer_answer(200, "e1");
	ck_assert_uint_eq(slot()->sent, 2);
	ck_assert_uint_eq(told_version(), 1);
	ck_assert_uint_eq(told_count(), 51);
	ck_assert_str_eq(peer_told("d0"), "trying");
	ck_assert_str_eq(peer_told("d1"), "terminated local-bye");
	ck_assert_str_eq(peer_told("d49"), "terminated local-bye");
	ck_assert_str_eq(peer_told("d50"), "confirmed");
	peer_answer(200, "e2");
	ck_assert_uint_eq(slot()->sent, 2);
	peer_show("d50", SHOWN_TERMINATED);
	ck_assert_uint_eq(told_count(), 2);
}
END_TEST

START_TEST(more_ends_than_a_document_holds_are_told_in_several)
{
	char id[16];

	peer_start();
	peer_show("first", SHOWN_CONFIRMED);
	for (unsigned i = 0; i < PUBLISH_ENDS + 10; i++) {
		snprintf(id, sizeof id, "d%u", i);
		peer_show(id, SHOWN_TERMINATED);
	}
	peer_answer(200, "e1");
	ck_assert_uint_eq(told_count(), PUBLISH_ENDS + 1);
	peer_answer(200, "e2");
	ck_assert_uint_eq(slot()->sent, 3);
	ck_assert_uint_eq(told_count(), 11);
	ck_assert_str_eq(peer_told("first"), "confirmed");
	peer_answer(200, "e3");
	ck_assert_str_eq(peer_state(), "PUBLISHED");
}
END_TEST

START_TEST(an_end_is_told_again_until_a_2xx_has_taken_it)
{
	publish_one();
	peer_show("d1", SHOWN_TERMINATED);
	ck_assert_str_eq(peer_told("d1"), "terminated local-bye");
	peer_answer(503, NULL);
	peer_show("d2", SHOWN_TRYING);
	ck_assert_uint_eq(slot()->sent, 2);
	peer_run_ms(1000);
	ck_assert_str_eq(peer_told("d1"), "terminated local-bye");
	ck_assert_str_eq(peer_told("d2"), "trying");
	peer_answer(200, "e2");
	peer_show("d2", SHOWN_EARLY);
	ck_assert_str_eq(peer_told("d1"), "nothing");
}
END_TEST

START_TEST(an_end_that_comes_while_in_flight_is_told_by_the_next)
{
	peer_start();
	peer_show("d1", SHOWN_CONFIRMED);
	peer_show("d1", SHOWN_TERMINATED);
	ck_assert_str_eq(peer_told("d1"), "confirmed");
	peer_answer(200, "e1");
	ck_assert_str_eq(peer_told("d1"), "terminated local-bye");
}
END_TEST

START_TEST(a_state_never_goes_back)
{
	publish_one();
	peer_show("d1", SHOWN_EARLY);
	peer_show("d1", SHOWN_TRYING);
	peer_show("d1", SHOWN_CONFIRMED);
	ck_assert_uint_eq(slot()->sent, 1);
	peer_show("d1", SHOWN_TERMINATED);
	peer_show("d1", SHOWN_CONFIRMED);
	peer_answer(200, "e2");
	ck_assert_uint_eq(slot()->sent, 2);
	peer_show("d1", SHOWN_CONFIRMED);	/* it was forgotten, but not that it ended */
	peer_show("d1", SHOWN_TERMINATED);
	ck_assert_uint_eq(slot()->sent, 2);
}
END_TEST

START_TEST(what_was_known_of_a_dialog_stays_known)
{
	struct shown_dialog dialog = {
		.extension = "2001",
		.id = "d1",
		.call_id = "c1",
		.is_initiator = true,
		.appearance = 3,
		.state = SHOWN_EARLY,
		.remote_user = "2002",
		.remote_name = "Carol",
	};
	char text[] = "b1";

	peer_start();
	publisher_show(peer.publisher, &dialog);
	peer_answer(200, "e1");
	publisher_show(peer.publisher, &(struct shown_dialog){ .extension = "2001",
							       .id = "d1",
							       .remote_tag = text,
							       .state = SHOWN_EARLY });
	text[0] = '!';		/* copied, not kept */
	ck_assert_uint_eq(slot()->sent, 2);
	ck_assert_ptr_nonnull(strstr(slot()->body, "call-id=\"c1\""));
	ck_assert_ptr_nonnull(strstr(slot()->body, "remote-tag=\"b1\""));
	ck_assert_ptr_nonnull(strstr(slot()->body, "direction=\"initiator\""));
	ck_assert_ptr_nonnull(strstr(slot()->body, "pval=\"3\""));
	ck_assert_ptr_nonnull(strstr(slot()->body, "display=\"Carol\""));
}
END_TEST

START_TEST(a_publication_is_refreshed_without_body_before_it_expires)
{
	publish_one();
	ck_assert_uint_eq(slot()->armed_ms, 2700 * 1000);
	peer_run_ms(2700 * 1000);
	ck_assert_str_eq(peer_state(), "REFRESHING");
	ck_assert_ptr_null(slot()->body);
	ck_assert_str_eq(slot()->if_match, "e1");
	ck_assert_uint_eq(slot()->expires_s, 3600);
	peer_answer_with(&(struct publish_response){
		.status = 200, .etag = "e2", .expires_s = 60 });
	ck_assert_str_eq(peer_state(), "PUBLISHED");
	ck_assert_uint_eq(slot()->armed_ms, 45 * 1000);
}
END_TEST

START_TEST(refreshing_has_a_floor_and_no_grant_is_longer_than_asked)
{
	peer_start();
	peer_show("d1", SHOWN_CONFIRMED);
	peer_answer_with(&(struct publish_response){
		.status = 200, .etag = "e1", .expires_s = 1 });
	ck_assert_uint_eq(slot()->armed_ms, 1000);
	peer_run_ms(1000);
	peer_answer_with(&(struct publish_response){
		.status = 200, .etag = "e2", .expires_s = 4000000000 });
	ck_assert_uint_eq(slot()->armed_ms, 2700 * 1000);
}
END_TEST

START_TEST(an_idle_station_is_removed_after_a_while)
{
	publish_one();
	peer_show("d1", SHOWN_TERMINATED);
	peer_answer(200, "e2");
	ck_assert_uint_eq(slot()->armed_ms, 30 * 1000);
	peer_run_ms(29999);
	ck_assert_uint_eq(slot()->sent, 2);
	peer_run_ms(1);
	ck_assert_str_eq(peer_state(), "REMOVING");
	ck_assert_uint_eq(slot()->expires_s, 0);
	ck_assert_ptr_null(slot()->body);
	ck_assert_str_eq(slot()->if_match, "e2");
	peer_answer(200, "e3");
	ck_assert_str_eq(peer_state(), "IDLE");
	ck_assert_uint_eq(slot()->armed_ms, 0);
	peer_show("d2", SHOWN_TRYING);
	ck_assert_str_eq(slot()->if_match, "");
	ck_assert_uint_eq(told_version(), 2);
	ck_assert_uint_eq(told_count(), 1);
}
END_TEST

START_TEST(a_412_publishes_the_full_state_afresh_once)
{
	publish_one();
	peer_show("d2", SHOWN_TRYING);
	peer_answer(412, NULL);
	ck_assert_uint_eq(slot()->sent, 3);
	ck_assert_str_eq(slot()->if_match, "");
	ck_assert_str_eq(peer_told("d1"), "confirmed");
	ck_assert_str_eq(peer_told("d2"), "trying");
	ck_assert_uint_eq(told_version(), 2);
	peer_answer(412, NULL);
	ck_assert_str_eq(peer_state(), "WAITING");
	ck_assert_uint_eq(slot()->sent, 3);
}
END_TEST

START_TEST(a_refresh_that_meets_412_publishes_afresh)
{
	publish_one();
	peer_run_ms(2700 * 1000);
	peer_answer(412, NULL);
	ck_assert_str_eq(slot()->if_match, "");
	ck_assert_str_eq(peer_told("d1"), "confirmed");
}
END_TEST

START_TEST(a_423_is_followed_while_it_asks_for_more)
{
	peer_start();
	peer_show("d1", SHOWN_TRYING);
	for (unsigned min_s = 4000; min_s <= 6000; min_s += 1000) {
		peer_answer_with(&(struct publish_response){ .status = 423,
							     .min_expires_s = min_s });
		ck_assert_uint_eq(slot()->expires_s, min_s);
	}
	ck_assert_uint_eq(slot()->sent, 4);
	peer_answer_with(
		&(struct publish_response){ .status = 423, .min_expires_s = 7000 });
	ck_assert_str_eq(peer_state(), "WAITING");
	peer_run_ms(1000);
	ck_assert_uint_eq(slot()->expires_s, 6000);
	peer_answer(200, "e1");
	ck_assert_uint_eq(slot()->armed_ms, 4500 * 1000);
}
END_TEST

START_TEST(a_423_that_asks_for_nothing_sensible_waits)
{
	static const unsigned asked[] = { 0, 1, 3600, 8 * 86400, 4294967295 };

	peer_start();
	peer_show("d1", SHOWN_TRYING);
	for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
		peer_answer_with(&(struct publish_response){ .status = 423,
							     .min_expires_s = asked[i] });
		ck_assert_str_eq(peer_state(), "WAITING");
		peer_run_ms(60000);
	}
}
END_TEST

START_TEST(a_proxy_without_publications_stops_all_of_them_once)
{
	static const int refusals[] = { 405, 489, 501 };

	peer_start();
	publisher_show(peer.publisher,
		       &(struct shown_dialog){ .extension = "2002", .id = "x" });
	peer_show("d1", SHOWN_TRYING);
	peer_answer(refusals[_i], NULL);
	ck_assert_str_eq(peer_state(), "STOPPED");
	ck_assert_int_eq(strncmp(peer.notes, "2001 publish-stopped 4", 20), 0);
	ck_assert_ptr_eq(strchr(peer.notes, '\n') + 1, strchr(peer.notes, '\0'));
	publisher_answered(peer_slot("2002")->publication,
			   &(struct publish_response){ .status = 200, .etag = "x" });
	peer_show("d1", SHOWN_TERMINATED);
	peer_show("d2", SHOWN_TRYING);
	peer_run_ms(86400 * 1000);
	ck_assert_uint_eq(peer.requests, 2);
	ck_assert_ptr_eq(strchr(peer.notes, '\n') + 1, strchr(peer.notes, '\0'));
}
END_TEST

START_TEST(a_proxy_without_publications_is_asked_again_after_an_hour_or_a_reload)
{
	peer_start();
	peer_show("d1", SHOWN_TRYING);
	peer_answer(501, NULL);
	peer_run_ms(3599 * 1000);
	peer_show("d2", SHOWN_TRYING);
	ck_assert_uint_eq(peer.requests, 1);
	peer_run_ms(2 * 1000);
	peer_show("d3", SHOWN_TRYING);
	ck_assert_uint_eq(peer.requests, 2);
	peer_answer(501, NULL);
	peer_show("d4", SHOWN_TRYING);
	ck_assert_uint_eq(peer.requests, 2);
	publisher_change(peer.publisher, &peer.settings);
	peer_show("d5", SHOWN_TRYING);
	ck_assert_uint_eq(peer.requests, 3);
	peer_answer(200, "etag");
	ck_assert_str_eq(peer_state(), "PUBLISHED");
}
END_TEST

START_TEST(failures_back_off_up_to_a_minute)
{
	unsigned least_ms = 750, most_ms = 1000;

	peer_start();
	peer_show("d1", SHOWN_TRYING);
	for (unsigned i = 0; i < 10; i++) {
		peer_answer(i % 2 ? 503 : 408, NULL);
		ck_assert_str_eq(peer_state(), "WAITING");
		ck_assert_uint_ge(slot()->armed_ms, least_ms);
		ck_assert_uint_le(slot()->armed_ms, most_ms);
		peer_run_ms(slot()->armed_ms);
		ck_assert_str_eq(peer_state(), "SENDING");
		ck_assert_uint_eq(told_version(), i + 1);
		most_ms = most_ms * 2 > 60000 ? 60000 : most_ms * 2;
		least_ms = most_ms * 3 / 4;
	}
	peer_answer(200, "e1");
	peer_show("d1", SHOWN_EARLY);
	peer_answer(500, NULL);
	ck_assert_uint_le(slot()->armed_ms, 1000);
}
END_TEST

START_TEST(the_newest_state_is_what_a_retry_tells)
{
	peer_start();
	peer_show("d1", SHOWN_TRYING);
	peer_answer(500, NULL);
	peer_show("d1", SHOWN_EARLY);
	peer_show("d1", SHOWN_CONFIRMED);
	ck_assert_uint_eq(slot()->sent, 1);
	peer_run_ms(1000);
	ck_assert_uint_eq(slot()->sent, 2);
	ck_assert_str_eq(peer_told("d1"), "confirmed");
}
END_TEST

START_TEST(retry_after_is_honoured_within_an_hour)
{
	peer_start();
	peer_show("d1", SHOWN_TRYING);
	peer_answer_with(
		&(struct publish_response){ .status = 503, .retry_after_s = 90 });
	ck_assert_uint_eq(slot()->armed_ms, 90000);
	peer_run_ms(90000);
	peer_answer_with(
		&(struct publish_response){ .status = 503, .retry_after_s = 4294967295 });
	ck_assert_uint_eq(slot()->armed_ms, 3600 * 1000);
}
END_TEST

START_TEST(a_denial_is_noted_once_and_tried_again_much_later)
{
	peer_start();
	peer_show("d1", SHOWN_TRYING);
	peer_answer(403, NULL);
	ck_assert_uint_ge(slot()->armed_ms, 45000);
	ck_assert_uint_le(slot()->armed_ms, 60000);
	ck_assert_str_eq(peer.notes, "2001 publish-denied 403\n");
	peer_run_ms(60000);
	peer_answer(403, NULL);
	ck_assert_str_eq(peer.notes, "2001 publish-denied 403\n");
	peer_run_ms(60000);
	peer_answer(200, "e1");
	ck_assert_str_eq(peer.notes, "2001 publish-denied 403\n2001 publish-resumed 0\n");
}
END_TEST

START_TEST(a_request_that_cannot_be_sent_is_like_503)
{
	peer_start();
	peer.send_error = EIO;
	peer_show("d1", SHOWN_TRYING);
	ck_assert_str_eq(peer_state(), "WAITING");
	ck_assert_str_eq(peer.notes, "2001 publish-failed 503\n");
	ck_assert_uint_le(slot()->armed_ms, 1000);
	peer_run_ms(1000);
	ck_assert_str_eq(peer_state(), "WAITING");
	ck_assert_uint_gt(slot()->armed_ms, 1000);
	peer.send_error = 0;
	peer_run_ms(2000);
	ck_assert_str_eq(peer_told("d1"), "trying");
}
END_TEST

START_TEST(every_request_survives_that_it_cannot_be_sent)
{
	publish_one();
	peer.send_error = EIO;
	peer_run_ms(2700 * 1000);		/* refresh */
	ck_assert_str_eq(peer_state(), "WAITING");
	peer.send_error = 0;
	peer_run_ms(1000);
	peer_show("d1", SHOWN_TERMINATED);
	peer.send_error = EIO;
	peer_answer(200, "e2");			/* the document after it */
	ck_assert_str_eq(peer_state(), "WAITING");
	peer.send_error = 0;
	peer_run_ms(1000);
	ck_assert_str_eq(slot()->if_match, "e2");
	peer_answer(200, "e3");
	peer.send_error = EIO;
	peer_run_ms(30000);			/* removal */
	ck_assert_str_eq(peer_state(), "WAITING");
	peer.send_error = 0;
	peer_run_ms(1000);
	ck_assert_str_eq(peer_state(), "REMOVING");
}
END_TEST

START_TEST(a_2xx_without_an_etag_means_publishing_afresh)
{
	peer_start();
	peer_show("d1", SHOWN_CONFIRMED);
	peer_answer(200, NULL);
	peer_run_ms(2700 * 1000);
	ck_assert_str_eq(slot()->if_match, "");
	ck_assert_str_eq(peer_told("d1"), "confirmed");
	peer_show("d1", SHOWN_TERMINATED);
	peer_answer(200, NULL);
	ck_assert_str_eq(slot()->if_match, "");
	peer_answer(200, NULL);
	ck_assert_uint_eq(slot()->sent, 3);
	peer_run_ms(30000);
	ck_assert_str_eq(peer_state(), "IDLE");
	ck_assert_uint_eq(slot()->sent, 3);
}
END_TEST

START_TEST(a_removal_is_not_tried_longer_than_the_publication_lives)
{
	publish_one();
	peer_show("d1", SHOWN_TERMINATED);
	peer_answer(200, "e2");
	peer_run_ms(30000);
	for (unsigned i = 0; i < 100 && strcmp(peer_state(), "REMOVING") == 0; i++) {
		peer_answer(503, NULL);
		peer_run_ms(60000);
	}
	ck_assert_str_eq(peer_state(), "IDLE");
	ck_assert_uint_lt(slot()->sent, 75);
}
END_TEST

START_TEST(stray_answers_and_timers_do_nothing)
{
	publish_one();
	publisher_answered(slot()->publication,
			   &(struct publish_response){ .status = 503 });
	ck_assert_str_eq(peer_state(), "PUBLISHED");
	peer_show("d1", SHOWN_TERMINATED);
	publisher_expired(slot()->publication);
	publisher_answered(slot()->publication,
			   &(struct publish_response){ .status = 100 });
	ck_assert_str_eq(peer_state(), "SENDING");
	ck_assert_uint_eq(slot()->sent, 2);
}
END_TEST

START_TEST(a_proxy_deaf_for_hours_costs_bounded_memory)
{
	char id[16];

	publish_one();
	for (unsigned i = 0; i < 3 * PUBLISH_DIALOGS; i++) {
		snprintf(id, sizeof id, "x%u", i);
		peer_show(id, SHOWN_TERMINATED);
	}
	ck_assert_uint_le(slot()->publication->dialog_count, PUBLISH_DIALOGS);
	ck_assert_str_eq(peer.notes, "2001 publish-overflow 0\n");
	peer_answer(200, "e2");
	ck_assert_str_eq(peer_told("d1"), "confirmed");
}
END_TEST

START_TEST(publications_and_flights_are_counted)
{
	size_t in_flight;

	publish_one();
	publisher_show(peer.publisher,
		       &(struct shown_dialog){ .extension = "2002", .id = "x" });
	ck_assert_uint_eq(publisher_count(peer.publisher, &in_flight), 2);
	ck_assert_uint_eq(in_flight, 1);
	ck_assert_str_eq(publication_extension(slot()->publication), "2001");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("publish life");
	TCase *tests = tcase_create("life");

	tcase_add_checked_fixture(tests, peer_set_up, peer_tear_down);
	tcase_add_test(tests, the_first_publish_has_no_etag_and_later_ones_the_last);
	tcase_add_test(tests,
		       a_hundred_updates_in_flight_become_one_document_with_every_end);
	tcase_add_test(tests, more_ends_than_a_document_holds_are_told_in_several);
	tcase_add_test(tests, an_end_is_told_again_until_a_2xx_has_taken_it);
	tcase_add_test(tests, an_end_that_comes_while_in_flight_is_told_by_the_next);
	tcase_add_test(tests, a_state_never_goes_back);
	tcase_add_test(tests, what_was_known_of_a_dialog_stays_known);
	tcase_add_test(tests, a_publication_is_refreshed_without_body_before_it_expires);
	tcase_add_test(tests, refreshing_has_a_floor_and_no_grant_is_longer_than_asked);
	tcase_add_test(tests, an_idle_station_is_removed_after_a_while);
	tcase_add_test(tests, a_412_publishes_the_full_state_afresh_once);
	tcase_add_test(tests, a_refresh_that_meets_412_publishes_afresh);
	tcase_add_test(tests, a_423_is_followed_while_it_asks_for_more);
	tcase_add_test(tests, a_423_that_asks_for_nothing_sensible_waits);
	tcase_add_loop_test(tests, a_proxy_without_publications_stops_all_of_them_once, 0,
			    3);
	tcase_add_test(
		tests,
		a_proxy_without_publications_is_asked_again_after_an_hour_or_a_reload);
	tcase_add_test(tests, failures_back_off_up_to_a_minute);
	tcase_add_test(tests, the_newest_state_is_what_a_retry_tells);
	tcase_add_test(tests, retry_after_is_honoured_within_an_hour);
	tcase_add_test(tests, a_denial_is_noted_once_and_tried_again_much_later);
	tcase_add_test(tests, a_request_that_cannot_be_sent_is_like_503);
	tcase_add_test(tests, every_request_survives_that_it_cannot_be_sent);
	tcase_add_test(tests, a_2xx_without_an_etag_means_publishing_afresh);
	tcase_add_test(tests, a_removal_is_not_tried_longer_than_the_publication_lives);
	tcase_add_test(tests, stray_answers_and_timers_do_nothing);
	tcase_add_test(tests, a_proxy_deaf_for_hours_costs_bounded_memory);
	tcase_add_test(tests, publications_and_flights_are_counted);
	suite_add_tcase(suite, tests);
	return suite;
}
