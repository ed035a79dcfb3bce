/* SPDX-License-Identifier: MIT */
/*
 * Room model: Route tags read and written (halfcall-protocol(7), ROUTE TAGS), and names.
 */
#include "model/facts.h"
#include "model/number.h"
#include "model/verdict.h"

#include "unit.h"

#include <string.h>

#define COUNT(array) (sizeof array / sizeof *array)

enum { PARAMS = 4 };

struct reading {
	const char *uri;
	const char *header[PARAMS];
	enum phase phase;
	unsigned phases;
	const char *text, *carried;
};

/* clang-format off */
static const struct reading readings[] = {
	{ NULL, { NULL }, PHASE_NONE, 0, NULL, "" },
	{ "", { NULL }, PHASE_NONE, 0, NULL, "" },
	{ "transport=tcp;lr", { NULL }, PHASE_NONE, 0, NULL, "" },
	{ "transport=tcp;lr;phase=imsorig;seq=explicit", { NULL }, PHASE_IMSORIG, 1,
	  "imsorig", "seq=explicit" },
	{ "phase=imsterm;lr;seq=implicit;m-type=audio", { NULL }, PHASE_IMSTERM, 1,
	  "imsterm", "seq=implicit;m-type=audio" },
	{ "PHASE=ImsOrig;SEQ=Explicit;LR", { NULL }, PHASE_IMSORIG, 1, "ImsOrig",
	  "SEQ=Explicit" },
	{ "phase=origdone", { NULL }, PHASE_ORIGDONE, 1, "origdone", "" },
	{ "phase=termdone", { NULL }, PHASE_TERMDONE, 1, "termdone", "" },
	{ "lr;phase=terminating;m-type=audio", { NULL }, PHASE_TERMINATING, 1,
	  "terminating", "m-type=audio" },
	{ "phase=imsor", { NULL }, PHASE_UNKNOWN, 1, "imsor", "" },
	{ "phase=imsorigx", { NULL }, PHASE_UNKNOWN, 1, "imsorigx", "" },
	{ "phase=", { NULL }, PHASE_UNKNOWN, 1, "", "" },
	{ "phase", { NULL }, PHASE_UNKNOWN, 1, "", "" },
	{ "phases=imsorig;xphase=imsterm", { NULL }, PHASE_NONE, 0, NULL,
	  "phases=imsorig;xphase=imsterm" },
	{ "phase=imsorig;phase=imsterm", { NULL }, PHASE_IMSTERM, 2, "imsterm", "" },
	{ "phase=imsorig;phase=imsorig", { NULL }, PHASE_IMSORIG, 2, "imsorig", "" },
	{ ";;lr;;phase=imsorig;;seq=explicit;", { NULL }, PHASE_IMSORIG, 1, "imsorig",
	  "seq=explicit" },
	/* what describes the address stays with the address */
	{ "maddr=192.0.2.9;ttl=1;user=phone;method=INVITE;comp=sigcomp;odi=7f3a;x",
	  { NULL }, PHASE_NONE, 0, NULL, "x" },
	{ "a=1;a=2;b=", { NULL }, PHASE_NONE, 0, NULL, "a=1;a=2;b=" },
	/* accepted as a header parameter, too */
	{ "lr", { "phase=imsorig", "seq=explicit" }, PHASE_IMSORIG, 1, "imsorig",
	  "seq=explicit" },
	{ "lr;seq=explicit", { "Phase=IMSTERM" }, PHASE_IMSTERM, 1, "IMSTERM",
	  "seq=explicit" },
	{ "lr", { "phase=\"imsorig\"" }, PHASE_IMSORIG, 1, "imsorig", "" },
	{ "lr;phase=imsorig", { "phase=imsorig" }, PHASE_IMSORIG, 2, "imsorig", "" },
	{ NULL, { "phase=\"" }, PHASE_UNKNOWN, 1, "\"", "" },
	/* a quoted value is no URI parameter; escaped it is, and stays one */
	{ "lr;x=1", { "y=\"a;b\"", "z=\"\"" }, PHASE_NONE, 0, NULL, "x=1;y=a%3Bb;z=" },
	{ "lr", { "y=\"a\\\"> %20\xc3\xbc\"" }, PHASE_NONE, 0, NULL,
	  "y=a%22%3E%20%2520%C3%BC" },
	{ "lr", { "phase=\"imsorig;lr\"" }, PHASE_UNKNOWN, 1, "imsorig;lr", "" },
};

static const struct {
	const char *way_back;
	enum phase phase;
	const char *carried, *written;
} writings[] = {
	{ "transport=tcp;lr;odi=7f3a", PHASE_ORIGDONE, "seq=explicit",
	  "transport=tcp;lr;odi=7f3a;phase=origdone;seq=explicit" },
	{ NULL, PHASE_TERMDONE, "", "lr;phase=termdone" },
	{ "", PHASE_TERMDONE, "seq=implicit", "lr;phase=termdone;seq=implicit" },
	{ "transport=udp", PHASE_TERMDONE, "", "transport=udp;lr;phase=termdone" },
	{ "LR", PHASE_TERMDONE, "", "LR;phase=termdone" },
	{ "lr=on;phase=imsterm", PHASE_TERMDONE, "", "lr=on;phase=termdone" },
	{ "Phase=imsterm;lr;PHASE=x", PHASE_TERMDONE, "", "lr;phase=termdone" },
	{ "lr;phase=imsorig", PHASE_NONE, "", "lr" },
	{ "lr", PHASE_NONE, "m-type=audio", "lr;m-type=audio" },
	{ "lr;Seq=implicit", PHASE_ORIGDONE, "seq=explicit;m-type=audio",
	  "lr;Seq=implicit;phase=origdone;m-type=audio" },
	{ "lr;sequence=1", PHASE_ORIGDONE, "seq=explicit",
	  "lr;sequence=1;phase=origdone;seq=explicit" },
	{ ";;lr;;", PHASE_ORIGDONE, "a=1;a=2", "lr;phase=origdone;a=1;a=2" },
};
/* clang-format on */

START_TEST(a_tag_is_read_wherever_it_stands)
{
	const struct reading *reading = &readings[_i];
	struct arena arena = { 0 };
	struct route_tag tag = phase_read(&arena, reading->uri, reading->header);

	ck_assert_int_eq(tag.phase, reading->phase);
	ck_assert_uint_eq(tag.phases, reading->phases);
	ck_assert_pstr_eq(tag.text, reading->text);
	ck_assert_str_eq(tag.carried, reading->carried);
	arena_clear(&arena);
}
END_TEST

START_TEST(a_tag_is_written_on_the_way_back)
{
	const struct route_tag tag = { .carried = writings[_i].carried };
	struct arena arena = { 0 };

	ck_assert_str_eq(
		phase_write(&arena, writings[_i].way_back, writings[_i].phase, &tag),
		writings[_i].written);
	arena_clear(&arena);
}
END_TEST

/* Thousands of parameters: copying the text once for each would exceed the test's time
 * limit. */
START_TEST(a_route_of_many_parameters_is_read_and_written_at_once)
{
	static char params[60001];
	struct arena arena = { 0 };
	struct route_tag tag;

	for (size_t i = 0; i + 1 < sizeof params; i += 2)
		memcpy(params + i, ";a", 3);
	tag = phase_read(&arena, params, NULL);
	ck_assert_uint_eq(strlen(tag.carried), sizeof params - 2);
	ck_assert_str_eq(phase_write(&arena, NULL, PHASE_NONE, &tag) + strlen("lr;"),
			 tag.carried);
	arena_clear(&arena);
}
END_TEST

START_TEST(phases_have_names_and_ends)
{
	ck_assert_str_eq(phase_name(PHASE_IMSORIG), "imsorig");
	ck_assert_str_eq(phase_name(PHASE_TERMDONE), "termdone");
	ck_assert_ptr_null(phase_name(PHASE_NONE));
	ck_assert_ptr_null(phase_name(PHASE_UNKNOWN));
	ck_assert_int_eq(phase_done(PHASE_IMSORIG), PHASE_ORIGDONE);
	ck_assert_int_eq(phase_done(PHASE_IMSTERM), PHASE_TERMDONE);
	ck_assert_int_eq(phase_done(PHASE_NONE), PHASE_NONE);
	ck_assert_str_eq(half_name(HALF_ORIG), "orig");
	ck_assert_str_eq(half_name(HALF_TERM), "term");
	ck_assert_str_eq(half_name(HALF_LINE), "line");
}
END_TEST

START_TEST(names_lead_to_values_and_back)
{
	for (int i = 0; i <= CALLING_TAC_TOLL; i++)
		ck_assert_int_eq(
			calling_party_by_name(calling_party_name((enum calling_party)i)),
			i);
	for (int i = 0; i <= CALLED_PUBLIC; i++)
		ck_assert_int_eq(
			called_party_by_name(called_party_name((enum called_party)i)), i);
	for (int i = 0; i < FORWARD_CONDITIONS; i++)
		ck_assert_int_eq(forward_condition_by_name(forward_condition_name(
					 (enum forward_condition)i)),
				 i);
	ck_assert_int_eq(forward_source_by_name("internal"), SOURCE_INTERNAL);
	ck_assert_int_eq(forward_source_by_name("external"), SOURCE_EXTERNAL);
	ck_assert_int_eq(forward_source_by_name("any"), SOURCE_ANY);
	ck_assert_int_eq(calling_party_by_name("Outward"), -1);
	ck_assert_int_eq(called_party_by_name(""), -1);
	ck_assert_int_eq(forward_condition_by_name("busy "), -1);
	ck_assert_int_eq(forward_source_by_name("all"), -1);
}
END_TEST

START_TEST(each_diversion_has_its_reason)
{
	static const struct redirect_reason want[DIVERSIONS] = {
		[DIVERSION_UNCONDITIONAL] = { 302, "Moved Temporarily", "CFI", NULL },
		[DIVERSION_BUSY] = { 486, "Busy Here", "CFB", NULL },
		[DIVERSION_NO_ANSWER] = { 480, "Temporarily Unavailable", "CFNR", NULL },
		[DIVERSION_UNREACHABLE] = { 408, "Request Timeout", "CFNR", NULL },
		[DIVERSION_COVER_ALL] = { 302, "Moved Temporarily", "NORMAL", "cover-all" },
		[DIVERSION_COVER_BUSY] = { 486, "Busy Here", "NORMAL", "cover-busy" },
		[DIVERSION_COVER_NO_REPLY] = { 480, "Temporarily Unavailable", "NORMAL",
					       "cover-no-reply" },
		[DIVERSION_SEND_ALL_CALLS] = { 302, "Moved Temporarily", "NORMAL",
					       "send-all-calls" },
	};

	for (int i = 0; i < DIVERSIONS; i++) {
		const struct redirect_reason *got = redirect_reason((enum diversion)i);

		ck_assert_int_eq(got->cause, want[i].cause);
		ck_assert_str_eq(got->text, want[i].text);
		ck_assert_str_eq(got->code, want[i].code);
		ck_assert_pstr_eq(got->cm_reason, want[i].cm_reason);
	}
}
END_TEST

START_TEST(coverage_has_its_words)
{
	for (int i = 0; i < COVER_CONDITIONS; i++) {
		const char *name = cover_condition_name((enum cover_condition)i);

		ck_assert_int_eq(cover_condition_by_name(name), i);
	}
	ck_assert_int_eq(cover_condition_by_name("send-all-calls"), COVER_SEND_ALL_CALLS);
	ck_assert_int_eq(cover_condition_by_name("unreachable"), -1);
}
END_TEST

/* clang-format off */
static const struct {
	const char *written, *plain;
	bool is_number;
} numbers[] = {
	{ "2002", "2002", true },
	{ "20-02", "2002", true },
	{ "+1(555)01.00", "+15550100", true },
	{ "(9)-120.", "9120", true },
	{ "", "", false },
	{ "+", "+", false },
	{ "-.-", "-.-", false },
	{ "1+5", "1+5", false },
	{ "20 02", "20 02", false },
	{ "bob-1.example", "bob-1.example", false },
	{ "*21-2002", "*21-2002", false },
};
/* clang-format on */

START_TEST(a_number_is_read_without_its_separators)
{
	struct arena arena = { 0 };
	const char *plain;

	plain = number_plain(&arena, numbers[_i].written);
	ck_assert_str_eq(plain, numbers[_i].plain);
	ck_assert_int_eq(number_is(plain), numbers[_i].is_number);
	arena_clear(&arena);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("model");
	TCase *phases = tcase_create("phase");
	TCase *names = tcase_create("names");

	tcase_add_loop_test(phases, a_tag_is_read_wherever_it_stands, 0,
			    (int)COUNT(readings));
	tcase_add_loop_test(phases, a_tag_is_written_on_the_way_back, 0,
			    (int)COUNT(writings));
	tcase_add_test(phases, a_route_of_many_parameters_is_read_and_written_at_once);
	tcase_add_test(phases, phases_have_names_and_ends);
	tcase_add_test(names, names_lead_to_values_and_back);
	tcase_add_test(names, each_diversion_has_its_reason);
	tcase_add_test(names, coverage_has_its_words);
	tcase_add_loop_test(names, a_number_is_read_without_its_separators, 0,
			    (int)COUNT(numbers));
	suite_add_tcase(suite, phases);
	suite_add_tcase(suite, names);
	return suite;
}
