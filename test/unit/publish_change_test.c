/* SPDX-License-Identifier: MIT */
/* Settings that change while publications live, and publications that are withdrawn. */
#include "publish_peer.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char directory[64], first[128], second[128];

static void set_up(void)
{
	peer_set_up();
	strcpy(directory, "/tmp/publish_change_test.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(directory));
	snprintf(first, sizeof first, "%s/first", directory);
	snprintf(second, sizeof second, "%s/second", directory);
}

static void tear_down(void)
{
	peer_tear_down();
	unlink(first);
	unlink(second);
	rmdir(directory);
}

static struct slot *slot(void)
{
	return peer_slot("2001");
}

static void change(void)
{
	publisher_change(peer.publisher, &peer.settings);
	peer_check(slot());
}

/* A confirmed dialog "d1", published with ETag "e1". */
static void publish_one(void)
{
	peer_start();
	peer_show("d1", SHOWN_CONFIRMED);
	peer_answer(200, "e1");
}

/* Ends the dialog, with ETag "e2"; the publication lingers. */
static void end_one(void)
{
	peer_show("d1", SHOWN_TERMINATED);
	peer_answer(200, "e2");
}

/* The line of 2001 in FILE without its checksum, "" = none; valid until the next call. */
static const char *kept(const char *file)
{
	static char line[256];
	FILE *in = fopen(file, "r");

	*line = '\0';
	if (in == NULL)
		return line;
	while (fgets(line, sizeof line, in) != NULL)
		;
	fclose(in);
	*(strrchr(line, ' ') ? strrchr(line, ' ') : line) = '\0';
	return line;
}

START_TEST(settings_that_do_not_change_change_nothing)
{
	publish_one();
	peer_run_ms(1000);
	change();
	ck_assert_uint_eq(slot()->sent, 1);
	ck_assert_uint_eq(slot()->armed_ms, 2699 * 1000);
	peer_run_ms(2699 * 1000 - 1);
	ck_assert_uint_eq(slot()->sent, 1);
	peer_run_ms(1);
	ck_assert_uint_eq(slot()->sent, 2);
	ck_assert_uint_eq(slot()->expires_s, 3600);
}
END_TEST

START_TEST(a_longer_expires_of_the_proxy_outlives_settings_that_do_not_change)
{
	peer_start();
	peer_show("d1", SHOWN_CONFIRMED);
	peer_answer_with(
		&(struct publish_response){ .status = 423, .min_expires_s = 7200 });
	ck_assert_uint_eq(slot()->expires_s, 7200);
	peer_answer(200, "e1");
	change();
	peer_show("d2", SHOWN_TRYING);
	ck_assert_uint_eq(slot()->expires_s, 7200);
}
END_TEST

START_TEST(expires_counts_from_the_next_request_on)
{
	publish_one();
	peer.settings.expires_s = 60;
	change();
	ck_assert_uint_eq(slot()->sent, 1);
	peer_show("d2", SHOWN_TRYING);
	ck_assert_uint_eq(slot()->expires_s, 60);
	peer_answer(200, "e2");
	ck_assert_uint_eq(slot()->armed_ms, 45 * 1000);
	publisher_show(peer.publisher, &(struct shown_dialog){ .extension = "2002",
							       .id = "d3",
							       .state = SHOWN_TRYING });
	ck_assert_uint_eq(peer_slot("2002")->expires_s, 60);
}
END_TEST

START_TEST(lingering_is_lengthened_and_shortened_at_once)
{
	publish_one();
	end_one();
	ck_assert_uint_eq(slot()->armed_ms, 30 * 1000);
	peer_run_ms(10000);
	peer.settings.linger_s = 50;
	change();
	ck_assert_uint_eq(slot()->armed_ms, 40 * 1000);
	peer_run_ms(10000);
	peer.settings.linger_s = 25;
	change();
	ck_assert_uint_eq(slot()->armed_ms, 5 * 1000);
	peer.settings.linger_s = 3;
	change();
	ck_assert_uint_eq(slot()->armed_ms, 1);
	peer_run_ms(1);
	ck_assert_str_eq(peer_state(), "REMOVING");
}
END_TEST

START_TEST(another_state_file_holds_what_the_first_one_did)
{
	char before[256];

	peer.settings.state_file = first;
	publish_one();
	strcpy(before, kept(first));
	ck_assert_ptr_nonnull(strstr(before, "=e1"));
	peer.settings.state_file = second;
	change();
	ck_assert_str_eq(kept(second), before);
	end_one();
	ck_assert_ptr_nonnull(strstr(kept(second), "=e2"));
	ck_assert_str_eq(kept(first), before);
	peer.settings.state_file = NULL;
	change();
	peer_show("d2", SHOWN_TRYING);
	ck_assert_ptr_nonnull(strstr(kept(second), "=e2"));
}
END_TEST

START_TEST(a_state_file_that_stays_is_not_written_again)
{
	char *name = strdup(first), *again = strdup(first);

	peer.settings.state_file = name;
	publish_one();
	free(name);
	unlink(first);
	peer.settings.state_file = again;
	change();
	free(again);
	ck_assert_str_eq(kept(first), "");
	peer_stop();
	ck_assert_ptr_nonnull(strstr(kept(first), "=e1"));
}
END_TEST

START_TEST(the_versions_in_another_state_file_are_not_used_again)
{
	peer.settings.state_file = second;
	publish_one();
	for (int i = 2; i < 8; i++) {
		peer_show(i % 2 ? "d1" : "d2", SHOWN_TERMINATED);
		peer_show((char[]){ 'x', (char)('0' + i), '\0' }, SHOWN_TRYING);
		peer_answer(200, "e2");
	}
	peer_stop();
	peer.settings.state_file = first;
	publish_one();
	ck_assert_uint_eq(slot()->publication->version, 1);
	peer.settings.state_file = second;
	change();
	ck_assert_uint_ge(slot()->publication->version, 7);
	ck_assert_str_eq(slot()->publication->etag, "e1");
}
END_TEST

START_TEST(a_state_file_that_cannot_be_written_is_noted_and_all_goes_on)
{
	peer.settings.state_file = first;
	publish_one();
	peer.settings.state_file = "/no/such/directory/file";
	change();
	ck_assert_str_eq(peer.notes, " publish-state 0\n");
	end_one();
	ck_assert_str_eq(peer_state(), "PUBLISHED");
	ck_assert_str_eq(peer.notes, " publish-state 0\n");
}
END_TEST

START_TEST(what_is_withdrawn_is_removed_and_shows_nothing_more)
{
	publish_one();
	publisher_withdraw(peer.publisher);
	peer_check(slot());
	peer_run_ms(1);
	ck_assert_str_eq(peer_state(), "REMOVING");
	ck_assert_uint_eq(slot()->expires_s, 0);
	ck_assert_str_eq(slot()->if_match, "e1");
	peer_show("d1", SHOWN_TERMINATED);
	peer_show("d2", SHOWN_TRYING);
	peer_answer(200, NULL);
	ck_assert_str_eq(peer_state(), "IDLE");
	ck_assert_uint_eq(slot()->sent, 2);
}
END_TEST

START_TEST(what_is_in_flight_is_removed_after_its_answer)
{
	publish_one();
	peer_show("d2", SHOWN_TRYING);
	peer_show("d3", SHOWN_TRYING);	/* reported by the next document */
	publisher_withdraw(peer.publisher);
	ck_assert_uint_eq(slot()->sent, 2);
	peer_answer(200, "e2");
	ck_assert_uint_eq(slot()->sent, 2);
	peer_run_ms(1);
	ck_assert_uint_eq(slot()->expires_s, 0);
	ck_assert_str_eq(slot()->if_match, "e2");
}
END_TEST

START_TEST(what_waits_is_removed_when_its_time_is_up)
{
	publish_one();
	peer_show("d2", SHOWN_TRYING);
	peer_answer(503, NULL);
	ck_assert_str_eq(peer_state(), "WAITING");
	publisher_withdraw(peer.publisher);
	peer_check(slot());
	peer_run_ms(2000);
	ck_assert_str_eq(peer_state(), "REMOVING");
}
END_TEST

START_TEST(withdrawals_go_out_one_after_another)
{
	char extension[8];
	unsigned before;

	peer_start();
	for (unsigned i = 0; i < 5; i++) {
		struct slot *other;

		snprintf(extension, sizeof extension, "300%u", i);
		publisher_show(peer.publisher,
			       &(struct shown_dialog){ .extension = extension,
						       .id = "d",
						       .state = SHOWN_CONFIRMED });
		other = peer_slot(extension);
		other->is_in_flight = false;
		publisher_answered(
			other->publication,
			&(struct publish_response){ .status = 200, .etag = "e" });
	}
	before = peer.requests;
	publisher_withdraw(peer.publisher);
	peer_run_ms(9);
	ck_assert_uint_eq(peer.requests, before + 1);
	for (unsigned i = 2; i <= 5; i++) {
		peer_run_ms(1);
		ck_assert_uint_eq(peer.requests, before + i);
		peer_run_ms(9);
		ck_assert_uint_eq(peer.requests, before + i);
	}
}
END_TEST

START_TEST(dialogs_show_again_when_publications_are_wanted_again)
{
	publish_one();
	publisher_withdraw(peer.publisher);
	peer_run_ms(1);
	peer_answer(200, NULL);
	change();
	ck_assert_str_eq(peer_state(), "IDLE");
	peer_show("d1", SHOWN_TERMINATED);
	ck_assert_str_eq(slot()->if_match, "");
	ck_assert_str_eq(peer_told("d1"), "terminated local-bye");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("publish change");
	TCase *tests = tcase_create("change");

	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, settings_that_do_not_change_change_nothing);
	tcase_add_test(
		tests,
		a_longer_expires_of_the_proxy_outlives_settings_that_do_not_change);
	tcase_add_test(tests, expires_counts_from_the_next_request_on);
	tcase_add_test(tests, lingering_is_lengthened_and_shortened_at_once);
	tcase_add_test(tests, another_state_file_holds_what_the_first_one_did);
	tcase_add_test(tests, a_state_file_that_stays_is_not_written_again);
	tcase_add_test(tests, the_versions_in_another_state_file_are_not_used_again);
	tcase_add_test(tests,
		       a_state_file_that_cannot_be_written_is_noted_and_all_goes_on);
	tcase_add_test(tests, what_is_withdrawn_is_removed_and_shows_nothing_more);
	tcase_add_test(tests, what_is_in_flight_is_removed_after_its_answer);
	tcase_add_test(tests, what_waits_is_removed_when_its_time_is_up);
	tcase_add_test(tests, withdrawals_go_out_one_after_another);
	tcase_add_test(tests, dialogs_show_again_when_publications_are_wanted_again);
	suite_add_tcase(suite, tests);
	return suite;
}
