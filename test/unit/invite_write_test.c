/* SPDX-License-Identifier: MIT */
/* The INVITE that leaves: what is changed in the one that arrived, and what is not. */
#include "invite_peer.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof array / sizeof *array)
#define URI_OF "sip:2001@h"

static struct office office;

/* Targets: the number dialled, a station, a party outside. */
static const struct target dialled;
static const struct hop hop_2002 = { DIVERSION_UNCONDITIONAL, "2002", "2002" };
static const struct target to_2002 = { "2002", &hop_2002, 1, false };
static const struct target to_outside = { "2002", &hop_2002, 1, true };

static void setup(void)
{
	office_open(&office);
}

static void teardown(void)
{
	office_close(&office);
}

/* An INVITE with HEADERS that arrived in PHASE, as written for TARGET. */
static const char *written_in(const char *phase, const char *headers,
			      const struct target *target)
{
	char lines[2000];
	struct arrival *in;
	const char *text;

	office_apply(&office);
	snprintf(lines, sizeof lines, "Route: <sip:$HERE;lr;phase=%s>, <sip:back;lr>\n%s",
		 phase, headers);
	in = office_read(&office, URI_OF, lines);
	arrival_decide(in);
	text = office_written(in, target);
	arrival_free(in);
	return text;
}

static const char *written(const char *headers, const struct target *target)
{
	return written_in("imsterm", headers, target);
}

static void assert_header(const char *text, const char *name, const char *values)
{
	ck_assert_msg(strcmp(header_of(text, name), values) == 0, "%s: %s\nnot: %s", name,
		      header_of(text, name), values);
}

/* The request line. */

static const struct {
	const char *uri, *number, *destination, *line;
} lines[] = {
	{ "sip:2001@h;p=q", NULL, NULL, "INVITE sip:2001@h;p=q SIP/2.0\r\n" },
	{ "sip:2001:pw@h:5;p=q", "20/1", NULL, "INVITE sip:20%2F1@h:5 SIP/2.0\r\n" },
	{ "sips:2001@h;p=q", NULL, "2002", "INVITE sips:2002@h SIP/2.0\r\n" },
	{ "sip:2001@h", "2003", "2002", "INVITE sip:2002@h SIP/2.0\r\n" },
	{ "tel:2001;p=q", NULL, NULL, "INVITE tel:2001;p=q SIP/2.0\r\n" },
	{ "tel:2001;p=q", "2003", NULL, "INVITE sip:2003@example.com SIP/2.0\r\n" },
	{ "tel:2001;p=q", NULL, "2002", "INVITE sip:2002@example.com SIP/2.0\r\n" },
};

START_TEST(request_uri_is_that_of_the_party_called)
{
	struct target target = to_2002;
	struct arrival *in = office_read(&office, lines[_i].uri, "");
	const char *text;

	target.destination = lines[_i].destination;
	office.verdict.number = lines[_i].number;
	arrival_decide(in);
	text = office_written(in, target.destination ? &target : &dialled);
	ck_assert_msg(strncmp(text, lines[_i].line, strlen(lines[_i].line)) == 0, "%s",
		      text);
	arrival_free(in);
}
END_TEST

START_TEST(all_else_stays_as_it_came)
{
	const char *text =
		written("Subject: s\nX-Odd: 1\nX-Odd: 2\nUser-Agent: phone\n"
			"Proxy-Authorization: Digest username=\"u\"\n"
			"P-Asserted-Identity: <sip:9@h>\nAccept-Contact: *;x=y\n"
			"Alert-Info: <cid:a@h>\nPrivacy: id\nDiversion: <sip:7@h>\n",
			&dialled);

	assert_header(text, "Subject", "s");
	assert_header(text, "X-Odd", "1 | 2");
	assert_header(text, "User-Agent", "phone");
	assert_header(text, "Proxy-Authorization", "");
	assert_header(text, "P-Asserted-Identity", "<sip:9@h>");
	assert_header(text, "Accept-Contact", "*;x=y");
	assert_header(text, "Alert-Info", "<cid:a@h>");
	assert_header(text, "Privacy", "id");
	assert_header(text, "Diversion", "<sip:7@h>");
	assert_header(text, "History-Info", "");
	assert_header(text, "Max-Forwards", "69");
	assert_header(text, "From", "\"Alice\" <sip:1001@example.com>;tag=a");
	assert_header(text, "Call-ID", "c1");
}
END_TEST

/* Route. */

static const struct {
	const char *routes;
	bool forwards, as_origdone;
	const char *written;
} routes[] = {
	{ "<sip:$HERE;lr;phase=imsterm>, <sip:back;lr>", false, false,
	  "<sip:back;lr;phase=termdone>" },
	{ "<sip:$HERE;lr;phase=imsorig>, <sip:back;lr>", false, false,
	  "<sip:back;lr;phase=origdone>" },
	{ "<sip:$HERE;lr;phase=imsterm>, <sip:back;lr>", false, true,
	  "<sip:back;lr;phase=termdone>" },
	{ "<sip:$HERE;lr;phase=imsterm>, <sip:back;lr>", true, false,
	  "<sip:back;lr;phase=termdone>" },
	{ "<sip:$HERE;lr;phase=imsterm>, <sip:back;lr>", true, true,
	  "<sip:back;lr;phase=origdone>" },
	{ "<sip:$HERE;lr;phase=imsorig>, <sip:back;lr>", true, true,
	  "<sip:back;lr;phase=origdone>" },
	{ "<sip:$HERE;lr;phase=terminating>, <sip:back;lr>", false, false, "<sip:back;lr>" },
	/* Routes below the way back stay; a phase of the way back is removed, as a URI or
	 * a header parameter. */
	{ "<sip:$HERE;lr;phase=imsterm;seq=2>, <sip:back;lr;phase=x>;phase=y;phase=z;w=v, "
	  "<sip:b;lr>",
	  false, false, "<sip:back;lr;phase=termdone;seq=2>;w=v | <sip:b;lr>" },
	/* A top Route that is not of this program is the way back. */
	{ "<sip:else;lr>, <sip:back;lr>", false, false, "<sip:else;lr> | <sip:back;lr>" },
	/* Without one it is the proxy that sent the request. */
	{ "<sip:$HERE;lr;phase=imsterm>", false, false,
	  "<sip:127.0.0.9:5070;transport=udp;lr;phase=termdone>" },
};

START_TEST(route_is_the_way_back_with_the_phase_done)
{
	char line[300];
	struct arrival *in;

	office.settings.forwards_as_origdone = routes[_i].as_origdone;
	office_apply(&office);
	snprintf(line, sizeof line, "Route: %s\n", routes[_i].routes);
	in = office_read(&office, URI_OF, line);
	arrival_decide(in);
	assert_header(office_written(in, routes[_i].forwards ? &to_2002 : &dialled),
		      "Route", routes[_i].written);
	arrival_free(in);
}
END_TEST

/* The shortcut mark. */

START_TEST(shortcut_mark_is_written_by_a_full_call_alone)
{
	static const char other[] = "Accept-Contact: *;audio, *;atrp=shortcut, *;video\n";
	static const struct {
		const char *phase;
		bool is_shortcut, as_origdone;
		const struct target *target;
		bool is_written;
	} cases[] = {
		{ "imsorig", true, false, &dialled, true },
		{ "imsorig", true, true, &dialled, true },
		{ "imsorig", false, false, &dialled, false },
		{ "imsorig", true, false, &to_2002, true },
		{ "imsorig", true, false, &to_outside, false },
		{ "imsorig", true, true, &to_2002, false },
	};

	office.settings.is_evolution = true;
	office.verdict.is_shortcut = cases[_i].is_shortcut;
	office.settings.forwards_as_origdone = cases[_i].as_origdone;
	assert_header(written_in(cases[_i].phase, "", cases[_i].target), "Accept-Contact",
		      cases[_i].is_written ? "*;atrp=shortcut" : "");
	assert_header(written_in(cases[_i].phase, other, cases[_i].target),
		      "Accept-Contact",
		      cases[_i].is_written ? "*;audio | *;video | *;atrp=shortcut"
					   : "*;audio | *;video");
	/* A termination leaves the mark to the other half. */
	assert_header(written_in("imsterm", other, cases[_i].target), "Accept-Contact",
		      "*;audio | *;atrp=shortcut | *;video");
}
END_TEST

/* Identity. */

START_TEST(product_is_appended)
{
	office.settings.product = "halfcall/1";
	assert_header(written("User-Agent: phone\n", &dialled), "User-Agent",
		      "phone halfcall/1");
	assert_header(written("", &dialled), "User-Agent", "halfcall/1");
}
END_TEST

START_TEST(asserted_identity_is_written_by_the_origination_of_a_station)
{
	static const char came[] = "P-Asserted-Identity: <sip:9@h>\n"
				   "P-Asserted-Identity: <tel:9>\n";
	static const char kept[] = "<sip:9@h> | <tel:9>";

	office.settings.writes_asserted = true;
	assert_header(written_in("imsorig", came, &dialled), "P-Asserted-Identity", kept);
	office.is_served = true;
	assert_header(written_in("imsterm", came, &dialled), "P-Asserted-Identity", kept);
	assert_header(written_in("imsorig", came, &dialled), "P-Asserted-Identity",
		      "\"Bob\" <sip:2001@example.com>");
	office.station.name = "";
	office.station.extension = "2/1";
	assert_header(written_in("imsorig", "", &dialled), "P-Asserted-Identity",
		      "<sip:2%2F1@example.com>");
	office.settings.writes_asserted = false;
	assert_header(written_in("imsorig", came, &dialled), "P-Asserted-Identity", kept);
}
END_TEST

START_TEST(alert_type_says_internal_or_external)
{
	static const char came[] = "Alert-Info: <cid:a@h>\n"
				   "Alert-Info: <cid:b@h>;avaya-cm-alert-type=x\n"
				   "Alert-Info: <cid:c@h>;avaya-cm-alert-type=x\n"
				   "Alert-Info:\n";
	const char *text;

	office.settings.writes_alert_info = true;
	assert_header(written("", &dialled), "Alert-Info",
		      "<cid:external@example.com>;avaya-cm-alert-type=external");
	office.verdict.is_internal = true;
	text = written(came, &dialled);
	ck_assert_ptr_nonnull(strstr(text, "<cid:a@h>\r\n"));
	ck_assert_ptr_null(strstr(text, "alert-type=x"));
	ck_assert_ptr_nonnull(strstr(
		text, "<cid:internal@example.com>;avaya-cm-alert-type=internal\r\n"));
}
END_TEST

static const struct {
	const char *came, *written;
} privacies[] = {
	{ "", "id" },
	{ "Privacy: none\n", "id" },
	{ "Privacy: id\n", "id" },
	{ "Privacy: ID;None\n", "id" },
	{ "Privacy: header;none;critical\n", "id;header;critical" },
};

START_TEST(privacy_is_added_for_a_caller_who_hides)
{
	office.verdict.hides_caller = true;
	assert_header(written(privacies[_i].came, &dialled), "Privacy",
		      privacies[_i].written);
}
END_TEST

static const struct {
	const char *privacy;
	bool is_asked;
} wishes[] = {
	{ "", false },
	{ "Privacy: none\n", false },
	{ "Privacy: session\n", false },
	{ "Privacy: id\n", true },
	{ "Privacy: user;critical\n", true },
	{ "Privacy: session;HEADER\n", true },
	{ "Privacy: id;None\n", false },
	{ "Privacy: None;id\n", false },
};

START_TEST(identity_is_withheld_from_parties_outside)
{
	static const char came[] =
		"P-Asserted-Identity: <sip:9@h>\nP-Preferred-Identity: <sip:9@h>\n"
		"Remote-Party-ID: <sip:9@h>\n";
	static const struct {
		bool respects, is_outside, is_emergency;
		const struct target *target;
		bool withholds;
	} cases[] = {
		{ true, true, false, &dialled, true },
		{ true, false, false, &dialled, false },
		{ false, true, false, &dialled, false },
		{ true, true, true, &dialled, false },
		{ true, true, false, &to_2002, false },
		{ true, false, false, &to_outside, true },
	};
	char headers[400];

	snprintf(headers, sizeof headers, "%s%s", came, wishes[_i].privacy);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *text, *kept;

		office.settings.respects_privacy = cases[i].respects;
		office.verdict.is_outside = cases[i].is_outside;
		office.verdict.is_emergency = cases[i].is_emergency;
		text = written(headers, cases[i].target);
		kept = cases[i].withholds && wishes[_i].is_asked ? "" : "<sip:9@h>";
		assert_header(text, "P-Asserted-Identity", kept);
		assert_header(text, "P-Preferred-Identity", kept);
		assert_header(text, "Remote-Party-ID", kept);
	}
}
END_TEST

START_TEST(identity_withheld_is_not_asserted_either)
{
	office.settings.respects_privacy = office.settings.writes_asserted = true;
	office.is_served = office.verdict.is_outside = true;
	assert_header(written_in("imsorig", "Privacy: id\n", &dialled),
		      "P-Asserted-Identity", "");
	assert_header(written_in("imsorig", "", &dialled), "P-Asserted-Identity",
		      "\"Bob\" <sip:2001@example.com>");
}
END_TEST

/* History-Info. */

#define LEFT_TO(cause, text, code)                               \
	"Reason=SIP%3Bcause%3D" cause "%3Btext%3D%22" text "%22" \
	"&Reason=Redirection%3Bcause%3D" code
#define MOVED LEFT_TO("302", "Moved%20Temporarily", "CFI")
#define COVERED(cause, text, why) \
	LEFT_TO(cause, text, "NORMAL%3Bavaya-cm-reason%3D%22" why "%22")

static const char *const reasons[DIVERSIONS] = {
	[DIVERSION_UNCONDITIONAL] = MOVED,
	[DIVERSION_BUSY] = LEFT_TO("486", "Busy%20Here", "CFB"),
	[DIVERSION_NO_ANSWER] = LEFT_TO("480", "Temporarily%20Unavailable", "CFNR"),
	[DIVERSION_UNREACHABLE] = LEFT_TO("408", "Request%20Timeout", "CFNR"),
	[DIVERSION_COVER_ALL] = COVERED("302", "Moved%20Temporarily", "cover-all"),
	[DIVERSION_COVER_BUSY] = COVERED("486", "Busy%20Here", "cover-busy"),
	[DIVERSION_COVER_NO_REPLY] =
		COVERED("480", "Temporarily%20Unavailable", "cover-no-reply"),
	[DIVERSION_SEND_ALL_CALLS] = COVERED("302", "Moved%20Temporarily", "send-all-calls"),
};

START_TEST(history_of_a_plain_call_has_two_entries)
{
	office.settings.writes_history_info = true;
	assert_header(written("", &dialled), "History-Info",
		      "<sip:2001@h>;index=1,\"2001\" <sip:2001@h>;index=1.1");
	assert_header(written("History-Info: <sip:1@h>\n", &dialled), "History-Info",
		      "<sip:1@h>");
	/* A termination knows the called party's name, an origination does not. */
	office.is_served = true;
	assert_header(written("", &dialled), "History-Info",
		      "<sip:2001@h>;index=1,\"Bob\" <sip:2001@h>;index=1.1");
	assert_header(written_in("imsorig", "", &dialled), "History-Info",
		      "<sip:2001@h>;index=1,\"2001\" <sip:2001@h>;index=1.1");
	office.station.name = "";
	office.verdict.number = "2/3";
	assert_header(written("", &dialled), "History-Info",
		      "<sip:2%2F3@h>;index=1,\"2/3\" <sip:2%2F3@h>;index=1.1");
}
END_TEST

START_TEST(history_of_a_tel_uri_has_the_own_domain)
{
	struct arrival *in;

	office.settings.writes_history_info = true;
	office_apply(&office);
	in = office_read(&office, "tel:2001", "");
	arrival_decide(in);
	assert_header(office_written(in, &dialled), "History-Info",
		      "<sip:2001@example.com>;index=1,\"2001\" "
		      "<sip:2001@example.com>;index=1.1");
	arrival_free(in);
}
END_TEST

START_TEST(history_of_a_forwarding_says_why)
{
	struct hop hop = { (enum diversion)_i, "2/2", NULL };
	const struct target target = { "2/2", &hop, 1, false };
	char entries[500];

	office.settings.writes_history_info = true;
	snprintf(entries, sizeof entries,
		 "<sip:2001@h>;index=1,\"2001\" <sip:2001@h?%s>;index=1.1,"
		 "<sip:2%%2F2@h>;index=1.2",
		 reasons[_i]);
	assert_header(written("", &target), "History-Info", entries);
}
END_TEST

START_TEST(history_has_an_entry_for_each_hop)
{
	static const struct hop hops[] = { { DIVERSION_UNCONDITIONAL, "2002", NULL },
					   { DIVERSION_BUSY, "2003", NULL },
					   { DIVERSION_NO_ANSWER, "2004", NULL } };
	static const struct target target = { "2004", hops, 3, false };
	char entries[1000];

	office.settings.writes_history_info = true;
	snprintf(
		entries, sizeof entries,
		"<sip:2001@h>;index=1,\"2001\" <sip:2001@h?%s>;index=1.1,"
		"<sip:2002@h?%s>;index=1.2,<sip:2003@h?%s>;index=1.3,<sip:2004@h>;index=1.4",
		reasons[DIVERSION_UNCONDITIONAL], reasons[DIVERSION_BUSY],
		reasons[DIVERSION_NO_ANSWER]);
	assert_header(written("", &target), "History-Info", entries);
}
END_TEST

/* A History-Info that came, and what leaves when the call is forwarded to 2002. */
static const struct {
	const char *came, *leaves;
} histories[] = {
	/* The last entry is the called party's: the reason is added to it. */
	{ "History-Info: <sip:2001@h>;index=1\n",
	  "<sip:2001@h?" MOVED ">;index=1 | <sip:2002@h>;index=1.1" },
	{ "History-Info: <sip:1@i>;index=1, \"B\" <sip:2001@i>;index=1.7;x=y\n",
	  "<sip:1@i>;index=1,\"B\" <sip:2001@i?" MOVED
	  ">;index=1.7;x=y | <sip:2002@h>;index=1.8" },
	{ "History-Info: <sip:1@i>;index=1\nHistory-Info: <sip:2001@i>;index=1.1\n",
	  "<sip:1@i>;index=1 | <sip:2001@i?" MOVED
	  ">;index=1.1 | <sip:2002@h>;index=1.2" },
	{ "History-Info: <sip:2001@i>\n",
	  "<sip:2001@i?" MOVED "> | <sip:2002@h>;index=1.1" },
	/* The last entry is another party's, or has a reason already: an entry is
	 * added. */
	{ "History-Info: <sip:1@i>;index=1\n",
	  "<sip:1@i>;index=1 | \"2001\" <sip:2001@h?" MOVED
	  ">;index=1.1,<sip:2002@h>;index=1.2" },
	{ "History-Info: <sip:2001@i?Reason=SIP>;index=1.4\n",
	  "<sip:2001@i?Reason=SIP>;index=1.4 | \"2001\" <sip:2001@h?" MOVED
	  ">;index=1.5,<sip:2002@h>;index=1.6" },
	/* Indices. */
	{ "History-Info: <sip:1@i>;index=1.2.9\n",
	  "<sip:1@i>;index=1.2.9 | \"2001\" <sip:2001@h?" MOVED
	  ">;index=1.2.10,<sip:2002@h>;index=1.2.11" },
	{ "History-Info: <sip:1@i>;index=12.999999999\n",
	  "<sip:1@i>;index=12.999999999 | \"2001\" <sip:2001@h?" MOVED
	  ">;index=12.1000000000,<sip:2002@h>;index=1.1" },
	{ "History-Info: <sip:1@i>;index=1234567890\n",
	  "<sip:1@i>;index=1234567890 | \"2001\" <sip:2001@h?" MOVED
	  ">;index=1.1,<sip:2002@h>;index=1.2" },
	{ "History-Info: <sip:1@i>;index=1..2\n",
	  "<sip:1@i>;index=1..2 | \"2001\" <sip:2001@h?" MOVED
	  ">;index=1.1,<sip:2002@h>;index=1.2" },
	{ "History-Info: <sip:1@i>;index=1.x\n",
	  "<sip:1@i>;index=1.x | \"2001\" <sip:2001@h?" MOVED
	  ">;index=1.1,<sip:2002@h>;index=1.2" },
	/* A value that cannot be read is kept and ignored. */
	{ "History-Info: ;;\n", ";; | <sip:2001@h>;index=1,\"2001\" <sip:2001@h?" MOVED
				">;index=1.1,<sip:2002@h>;index=1.2" },
};

START_TEST(history_that_came_is_continued)
{
	office.settings.writes_history_info = true;
	assert_header(written(histories[_i].came, &to_2002), "History-Info",
		      histories[_i].leaves);
}
END_TEST

/* Sofia's sip_header_as_string() omits the last parameter of a header of 128 characters. */
START_TEST(history_entries_keep_their_last_parameter_at_any_length)
{
	office.settings.writes_history_info = true;
	for (size_t length = 1; length < 300; length++) {
		char x[301], came[500], leaves[900];

		memset(x, 'x', length);
		x[length] = '\0';
		snprintf(came, sizeof came,
			 "History-Info: <sip:%s@i>;index=1, <sip:2001@i>;index=1.1\n", x);
		snprintf(leaves, sizeof leaves,
			 "<sip:%s@i>;index=1,<sip:2001@i?%s>;index=1.1 | "
			 "<sip:2002@h>;index=1.2",
			 x, MOVED);
		assert_header(written(came, &to_2002), "History-Info", leaves);
	}
}
END_TEST

/* Diversion. */

static const char *const diversions[DIVERSIONS] = {
	[DIVERSION_UNCONDITIONAL] = "unconditional",
	[DIVERSION_BUSY] = "user-busy",
	[DIVERSION_NO_ANSWER] = "no-answer",
	[DIVERSION_UNREACHABLE] = "unavailable",
	[DIVERSION_COVER_ALL] = "unconditional",
	[DIVERSION_COVER_BUSY] = "user-busy",
	[DIVERSION_COVER_NO_REPLY] = "no-answer",
	[DIVERSION_SEND_ALL_CALLS] = "do-not-disturb",
};

START_TEST(diversion_names_the_party_left_and_why)
{
	struct hop hop = { (enum diversion)_i, "2002", NULL };
	const struct target target = { "2002", &hop, 1, false };
	char value[200];

	assert_header(written("", &target), "Diversion", "");
	office.settings.writes_diversion = true;
	snprintf(value, sizeof value, "\"2001\" <sip:2001@h>;reason=%s;counter=1",
		 diversions[_i]);
	assert_header(written("", &target), "Diversion", value);
	assert_header(written("", &dialled), "Diversion", "");
}
END_TEST

START_TEST(diversion_is_put_above_those_that_came)
{
	static const struct hop hops[] = { { DIVERSION_BUSY, "2002", NULL },
					   { DIVERSION_NO_ANSWER, "2003", NULL } };
	static const struct target target = { "2003", hops, 2, false };

	office.settings.writes_diversion = true;
	assert_header(
		written("Diversion: <sip:1@i>;reason=x\nDiversion: <sip:0@i>\n", &target),
		"Diversion",
		"<sip:2002@h>;reason=no-answer;counter=1,"
		"\"2001\" <sip:2001@h>;reason=user-busy;counter=1,"
		"<sip:1@i>;reason=x | <sip:0@i>");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("invite_write");
	TCase *tests = tcase_create("written");

	tcase_add_checked_fixture(tests, setup, teardown);
	tcase_add_loop_test(tests, request_uri_is_that_of_the_party_called, 0,
			    (int)COUNT(lines));
	tcase_add_test(tests, all_else_stays_as_it_came);
	tcase_add_loop_test(tests, route_is_the_way_back_with_the_phase_done, 0,
			    (int)COUNT(routes));
	tcase_add_loop_test(tests, shortcut_mark_is_written_by_a_full_call_alone, 0, 6);
	tcase_add_test(tests, product_is_appended);
	tcase_add_test(tests,
		       asserted_identity_is_written_by_the_origination_of_a_station);
	tcase_add_test(tests, alert_type_says_internal_or_external);
	tcase_add_loop_test(tests, privacy_is_added_for_a_caller_who_hides, 0,
			    (int)COUNT(privacies));
	tcase_add_loop_test(tests, identity_is_withheld_from_parties_outside, 0,
			    (int)COUNT(wishes));
	tcase_add_test(tests, identity_withheld_is_not_asserted_either);
	tcase_add_test(tests, history_of_a_plain_call_has_two_entries);
	tcase_add_test(tests, history_of_a_tel_uri_has_the_own_domain);
	tcase_add_loop_test(tests, history_of_a_forwarding_says_why, 0, DIVERSIONS);
	tcase_add_test(tests, history_has_an_entry_for_each_hop);
	tcase_add_loop_test(tests, history_that_came_is_continued, 0,
			    (int)COUNT(histories));
	tcase_add_test(tests, history_entries_keep_their_last_parameter_at_any_length);
	tcase_add_loop_test(tests, diversion_names_the_party_left_and_why, 0, DIVERSIONS);
	tcase_add_test(tests, diversion_is_put_above_those_that_came);
	suite_add_tcase(suite, tests);
	return suite;
}
