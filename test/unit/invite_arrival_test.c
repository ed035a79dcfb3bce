/* SPDX-License-Identifier: MIT */
/* An arrival: its id, its decision, what is noted about it, and the desk it keeps. */
#include "invite_peer.h"

#include "base/log.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) (sizeof array / sizeof *array)

static struct office office;

static const char called[] = "sip:2001@example.com";
static const char tagged[] = "Route: <sip:$HERE;lr;phase=imsterm>\n";

static void setup(void)
{
	office_open(&office);
}

static void teardown(void)
{
	office_close(&office);
}

static const struct {
	const char *call_id, *id;
} ids[] = {
	{ "hc-0123456789abcdef-1", "0123456789abcdef" },
	{ "hc-fedcba9876543210-", "fedcba9876543210" },
};

START_TEST(id_is_the_one_in_a_call_id_of_this_program)
{
	char line[100];
	struct arrival *in;

	snprintf(line, sizeof line, "Call-ID: %s\n", ids[_i].call_id);
	in = office_read(&office, called, line);
	ck_assert_str_eq(in->id, ids[_i].id);
	arrival_free(in);
}
END_TEST

static const char *const foreign[] = {
	"c1",
	"xc-0123456789abcdef-1",
	"hx-0123456789abcdef-1",
	"hc_0123456789abcdef-1",
	"hc-0123456789abcdef",
	"hc-0123456789abcde-1",
	"hc-0123456789abcdeff-1",
	"hc-0123456789abcdeg-1",
	"hc-0123456789ABCDEF-1",
};

START_TEST(id_is_a_hash_of_any_other_call_id)
{
	char line[100];
	struct arrival *in, *same, *other;

	snprintf(line, sizeof line, "Call-ID: %s\n", foreign[_i]);
	in = office_read(&office, called, line);
	same = office_read(&office, called, line);
	other = office_read(&office, called, "Call-ID: other\n");
	ck_assert_uint_eq(strlen(in->id), 16);
	ck_assert_uint_eq(strspn(in->id, "0123456789abcdef"), 16);
	ck_assert_ptr_null(strstr(foreign[_i], in->id));
	ck_assert_str_eq(in->id, same->id);
	ck_assert_str_ne(in->id, other->id);
	arrival_free(in);
	arrival_free(same);
	arrival_free(other);
}
END_TEST

START_TEST(arrival_is_decided_once)
{
	struct arrival *in = office_read(&office, called, tagged);

	office.is_served = true;
	office.verdict.number = "2002";
	office.verdict.is_outside = true;
	arrival_decide(in);
	arrival_decide(in);
	ck_assert(in->is_decided);
	ck_assert_uint_eq(office.decisions, 1);
	ck_assert_ptr_eq(in->served, &office.station);
	ck_assert_str_eq(in->called, "2002");
	ck_assert_str_eq(in->facts.called.user, "2001");
	ck_assert_uint_eq(office.notes, 0);
	arrival_free(in);
}
END_TEST

START_TEST(arrival_calls_the_number_dialled_unless_the_verdict_has_another)
{
	struct arrival *in = office_read(&office, called, tagged);

	arrival_decide(in);
	ck_assert_str_eq(in->called, "2001");
	ck_assert_ptr_null(in->served);
	arrival_free(in);
}
END_TEST

START_TEST(shortcut_to_no_station_is_noted)
{
	char headers[200];
	struct arrival *in;

	office.settings.is_evolution = true;
	office_apply(&office);
	snprintf(headers, sizeof headers, "%sAccept-Contact: *;atrp=shortcut\n", tagged);
	in = office_read(&office, called, headers);
	arrival_decide(in);
	ck_assert_uint_eq(office.notes, 0);
	arrival_free(in);

	office.verdict.is_outside = true;
	in = office_read(&office, called, headers);
	arrival_decide(in);
	ck_assert_uint_eq(office.notes, 1);
	ck_assert_ptr_nonnull(strstr(office.noted, "shortcut call="));
	ck_assert_ptr_nonnull(strstr(office.noted, "rule=shortcut:no-station"));
	arrival_free(in);
}
END_TEST

/* A note, the verdict's kind, and the event behind the half. */
static const struct {
	struct arrival_note note;
	enum verdict_kind kind;
	const char *event;
} notes[] = {
	{ { .event = "pass", .rule = "r", .phase_out = PHASE_TERMDONE },
	  VERDICT_PASS,
	  "extension=2001 from=1001 to=2001 3/4 rule=r status=0 reason=- "
	  "proxy=sm-a id=c1" },
	{ { .event = "end", .rule = "", .status = 486, .to = "2009", .reason = "busy" },
	  VERDICT_PASS,
	  "extension=2001 from=1001 to=2009 3/0 rule=- status=486 "
	  "reason=busy proxy=sm-a id=c1" },
	{ { .event = "reject" },
	  VERDICT_REJECT,
	  "extension=2001 from=1001 to=2001 3/0 rule=- status=0 "
	  "reason=It may not. proxy=sm-a id=c1" },
	{ { .event = "reject", .reason = "other" },
	  VERDICT_REJECT,
	  "extension=2001 from=1001 to=2001 3/0 rule=- status=0 "
	  "reason=other proxy=sm-a id=c1" },
};

START_TEST(note_is_completed_from_the_arrival)
{
	struct arrival *in = office_read(&office, called, tagged);
	char event[300];

	office.is_served = true;
	office.verdict.kind = notes[_i].kind;
	office.verdict.sentence = "It may not.";
	arrival_decide(in);
	arrival_note(in, &notes[_i].note);
	snprintf(event, sizeof event, "%s call=%s half=%d %s", notes[_i].note.event,
		 in->id, HALF_TERM, notes[_i].event);
	ck_assert_str_eq(office.noted, event);
	arrival_free(in);
}
END_TEST

START_TEST(note_without_a_station_has_no_extension)
{
	struct arrival *in = office_read(&office, called, tagged);

	arrival_note(in, &(struct arrival_note){ .event = "pass" });
	ck_assert_ptr_nonnull(strstr(office.noted, "extension=- "));
	arrival_free(in);
}
END_TEST

/* What is written to stderr while IN is decided. */
static const char *logged(struct arrival *in)
{
	static char text[300];
	int ends[2], before = dup(STDERR_FILENO);
	ssize_t length;

	ck_assert_int_eq(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	arrival_decide(in);
	dup2(before, STDERR_FILENO);
	close(before);
	length = read(ends[0], text, sizeof text - 1);
	close(ends[0]);
	text[length > 0 ? length : 0] = '\0';
	return text;
}

START_TEST(refusal_because_of_the_database_is_logged)
{
	struct arrival *in;
	const char *told;
	char line[100];

	log_set_level(LOG_WARNING);
	in = office_read(&office, called, tagged);
	ck_assert_str_eq(logged(in), "");
	arrival_free(in);

	office.verdict.is_unread = true;
	office.verdict.sentence = "the database is away";
	in = office_read(&office, called, tagged);
	told = logged(in);
	snprintf(line, sizeof line, "call=%s the database is away\n", in->id);
	ck_assert_msg(strstr(told, line), "%s", told);
	arrival_free(in);
}
END_TEST

START_TEST(arrival_keeps_the_desk_it_came_with)
{
	struct arrival *in;
	char product[] = "one/1";

	office.settings.product = product;
	office_apply(&office);
	product[0] = 'X';
	in = office_read(&office, called, tagged);
	office.settings.product = "two/2";
	office_apply(&office);
	ck_assert_str_eq(desk_settings(in->desk)->product, "one/1");
	ck_assert_str_eq(desk_settings(office.desk)->product, "two/2");
	ck_assert_ptr_eq(desk_wire(in->desk), office.wire);
	arrival_decide(in);
	ck_assert_uint_eq(office.decisions, 1);
	arrival_free(in);
	arrival_free(NULL);
	desk_unref(NULL);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("invite_arrival");
	TCase *arrival = tcase_create("arrival");

	tcase_add_checked_fixture(arrival, setup, teardown);
	tcase_add_loop_test(arrival, id_is_the_one_in_a_call_id_of_this_program, 0,
			    (int)COUNT(ids));
	tcase_add_loop_test(arrival, id_is_a_hash_of_any_other_call_id, 0,
			    (int)COUNT(foreign));
	tcase_add_test(arrival, arrival_is_decided_once);
	tcase_add_test(arrival,
		       arrival_calls_the_number_dialled_unless_the_verdict_has_another);
	tcase_add_test(arrival, shortcut_to_no_station_is_noted);
	tcase_add_loop_test(arrival, note_is_completed_from_the_arrival, 0,
			    (int)COUNT(notes));
	tcase_add_test(arrival, note_without_a_station_has_no_extension);
	tcase_add_test(arrival, refusal_because_of_the_database_is_logged);
	tcase_add_test(arrival, arrival_keeps_the_desk_it_came_with);
	suite_add_tcase(suite, arrival);
	return suite;
}
