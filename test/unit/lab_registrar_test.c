/* SPDX-License-Identifier: MIT */
/* Where users are registered, asked with parsed REGISTERs and a clock of the test's. */
#include "lab/registrar.h"

#include "unit.h"
#include "wire/codec.h"

#include <stdio.h>
#include <string.h>

enum { SECOND = 1000000 };

static struct registrar *registrar;
static struct arena arena;
static int64_t now_us;

static void setup(void)
{
	registrar = registrar_new();
	registrar_add(registrar, "2001", "secret");
	registrar_add(registrar, "2001", "other");
	registrar_add(registrar, "2002", "2002");
	registrar_add_number(registrar, "15550201", "2001");
	now_us = 7 * SECOND;
}

static void teardown(void)
{
	registrar_free(registrar);
	arena_clear(&arena);
}

/* The status of a REGISTER of USER with LINES; its Contacts must be these. */
static int enrol(const char *user, const char *lines, const char *wanted)
{
	char text[1024], phrase[64];
	const char *contacts;
	int status = 0;
	msg_t *msg;

	snprintf(
		text, sizeof text,
		"REGISTER sip:example.com SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\n"
		"From: <sip:%s@example.com>;tag=a\r\nTo: <sip:%s@example.com>\r\n"
		"Call-ID: a\r\nCSeq: 1 REGISTER\r\n%sContent-Length: 0\r\n\r\n",
		user, user, lines);
	msg = codec_read(text, strlen(text), &status, phrase);
	ck_assert_int_eq(status, 0);
	status = registrar_register(registrar, user, sip_object(msg), now_us, &arena,
				    &contacts);
	ck_assert_pstr_eq(contacts, wanted);
	msg_destroy(msg);
	return status;
}

static void contact_is(const char *user, size_t i, const char *wanted)
{
	ck_assert_pstr_eq(registrar_contact(registrar, user, i, now_us), wanted);
}

START_TEST(users_are_found_by_name_and_number)
{
	bool is_number;

	ck_assert_pstr_eq(registrar_find(registrar, "2001", &is_number), "2001");
	ck_assert(!is_number);
	ck_assert_pstr_eq(registrar_find(registrar, "15550201", &is_number), "2001");
	ck_assert(is_number);
	ck_assert_pstr_eq(registrar_find(registrar, "+15550201", &is_number), "2001");
	ck_assert_ptr_null(registrar_find(registrar, "2003", &is_number));
	ck_assert_pstr_eq(registrar_password(registrar, "2001"), "secret");
	ck_assert_ptr_null(registrar_password(registrar, "15550201"));
}
END_TEST

START_TEST(contacts_are_kept_until_they_expire)
{
	ck_assert_int_eq(enrol("2001", "Contact: <sip:2001@a>\r\nExpires: 60\r\n",
			       "<sip:2001@a>;expires=60"),
			 200);
	now_us += 10 * SECOND;
	ck_assert_int_eq(enrol("2001",
			       "Contact: <sip:2001@b>;expires=20\r\nExpires: 9\r\n",
			       "<sip:2001@a>;expires=50, <sip:2001@b>;expires=20"),
			 200);
	contact_is("2001", 0, "sip:2001@a");
	contact_is("2001", 1, "sip:2001@b");
	contact_is("2001", 2, NULL);
	contact_is("2002", 0, NULL);
	now_us += 20 * SECOND;
	contact_is("2001", 1, NULL);
	ck_assert_int_eq(enrol("2001", "", "<sip:2001@a>;expires=30"), 200);
	ck_assert_int_eq(
		enrol("2001", "Contact: <sip:2001@a>\r\n", "<sip:2001@a>;expires=3600"),
		200);
	ck_assert_int_eq(enrol("2001", "Contact: <sip:2001@a>;expires=0\r\n", NULL), 200);
	contact_is("2001", 0, NULL);
}
END_TEST

START_TEST(a_star_takes_all_away)
{
	enrol("2001", "Contact: <sip:2001@a>, <sip:2001@b>\r\nExpires: 60\r\n",
	      "<sip:2001@a>;expires=60, <sip:2001@b>;expires=60");
	enrol("2002", "Contact: <sip:2002@c>\r\nExpires: 60\r\n",
	      "<sip:2002@c>;expires=60");
	ck_assert_int_eq(enrol("2001", "Contact: *\r\nExpires: 60\r\n", NULL), 400);
	contact_is("2001", 1, "sip:2001@b");
	ck_assert_int_eq(enrol("2001", "Contact: *\r\nExpires: 0\r\n", NULL), 200);
	contact_is("2001", 0, NULL);
	contact_is("2002", 0, "sip:2002@c");
	registrar_clear(registrar);
	contact_is("2002", 0, NULL);
}
END_TEST

START_TEST(the_eleventh_contact_is_refused_and_a_stranger_unknown)
{
	char line[64];

	for (unsigned i = 0; i < REGISTRAR_CONTACTS_MAX; i++) {
		const char *contacts = "";

		snprintf(line, sizeof line, "Contact: <sip:2001@h%u>\r\n", i);
		for (unsigned j = 0; j <= i; j++)
			contacts = arena_printf(&arena, "%s%s<sip:2001@h%u>;expires=3600",
						contacts, j ? ", " : "", j);
		ck_assert_int_eq(enrol("2001", line, contacts), 200);
	}
	ck_assert_int_eq(enrol("2001", "Contact: <sip:2001@more>\r\n", NULL), 403);
	contact_is("2001", 9, "sip:2001@h9");
	contact_is("2001", 10, NULL);
	ck_assert_int_eq(enrol("2003", "Contact: <sip:2003@a>\r\n", NULL), 404);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("lab registrar");
	TCase *users = tcase_create("users");

	tcase_add_checked_fixture(users, setup, teardown);
	tcase_add_test(users, users_are_found_by_name_and_number);
	tcase_add_test(users, contacts_are_kept_until_they_expire);
	tcase_add_test(users, a_star_takes_all_away);
	tcase_add_test(users, the_eleventh_contact_is_refused_and_a_stranger_unknown);
	suite_add_tcase(suite, users);
	return suite;
}
