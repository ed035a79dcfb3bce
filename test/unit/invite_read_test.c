/* SPDX-License-Identifier: MIT */
/* What an INVITE says: the facts read from it. */
#include "invite_peer.h"
#include "unit.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof array / sizeof *array)
#define SAME(text) ((text) ? (text) : "NULL")

static struct office office;

static const char called[] = "sip:2001@example.com";

static void setup(void)
{
	office_open(&office);
}

static void teardown(void)
{
	office_close(&office);
}

/* Parties. */

static const struct {
	const char *headers, *user, *host, *display;
} callers[] = {
	{ "", "1001", "example.com", "Alice" },
	{ "From: Al Ice <sip:%31001;x@h>;tag=a\n", "1001", "h", "Al Ice" },
	{ "From: <tel:+15550100>;tag=a\n", "+15550100", "", "" },
	{ "P-Asserted-Identity: \"A \\\"B\\\"\" <sip:1009@h>\n", "1009", "h", "A \"B\"" },
	{ "P-Asserted-Identity: <sip:1008@h>, <tel:1007>\n", "1008", "h", "" },
	{ "P-Asserted-Identity: <tel:1007>\n", "1007", "", "" },
	/* Malformed, empty and userless ones are passed over. */
	{ "P-Asserted-Identity: <sip:\nP-Asserted-Identity: <sip:1009@h>\n", "1009", "h", "" },
	{ "P-Asserted-Identity:\nP-Asserted-Identity: <sip:1009@h>\n", "1009", "h", "" },
	{ "P-Asserted-Identity: <sip:h>\nP-Asserted-Identity: <sip:1009@h>\n", "1009", "h", "" },
	{ "P-Asserted-Identity: <sip:1\nP-Asserted-Identity: <sip:2\n", "1001",
	  "example.com", "Alice" },
	{ "P-Asserted-Identity: <sip:1008@h>\nP-Asserted-Identity: <sip:1009@i>\n",
	  "1008", "h", "" },
};

START_TEST(caller_is_the_first_asserted_identity_or_else_from)
{
	struct arrival *in = office_read(&office, called, callers[_i].headers);

	ck_assert_str_eq(in->facts.caller.user, callers[_i].user);
	ck_assert_str_eq(in->facts.caller.host, callers[_i].host);
	ck_assert_str_eq(in->facts.caller.display, callers[_i].display);
	arrival_free(in);
}
END_TEST

static const struct {
	const char *uri, *user, *host;
	bool is_other;
} uris[] = {
	{ "sip:2001@example.com", "2001", "example.com", false },
	{ "sips:2001@10.0.0.1:5061;transport=tcp", "2001", "10.0.0.1", false },
	{ "tel:+1555%320100", "+155520100", "example.com", false },
	{ "sip:%32001;ext@h", "2001", "h", false },
	{ "sip:h", "", "h", false },
	{ "urn:service:sos", "", "service", true },
};

START_TEST(called_party_is_the_request_uri)
{
	struct arrival *in = office_read(&office, uris[_i].uri, "");

	if (!uris[_i].is_other)
		ck_assert_str_eq(in->facts.called.user, uris[_i].user);
	ck_assert_str_eq(in->facts.called.host, uris[_i].host);
	ck_assert_int_eq(in->facts.has_other_scheme, uris[_i].is_other);
	ck_assert_str_eq(in->called, in->facts.called.user);
	arrival_free(in);
}
END_TEST

/* A Request-URI, a To, and the parameters fnu, action, destination and extension. */
static const struct {
	const char *uri, *headers, *told;
} names[] = {
	{ "sip:2001@h", "", "NULL NULL NULL NULL" },
	{ "sip:2001@h;avaya-cm-fnu=off-hook", "", "off-hook NULL NULL NULL" },
	{ "sip:2001@h;avaya-cm-fnu=a;avaya-cm-action=on;avaya-cm-destination=%2b1-555"
	  ";avaya-cm-extension=2003",
	  "", "a on +1555 2003" },
	{ "sip:2001@h;avaya-cm-fnu=%61%62", "", "ab NULL NULL NULL" },
	{ "sip:2001@h", "To: <sip:2001@h;avaya-cm-fnu=b>\n", "b NULL NULL NULL" },
	{ "sip:2001@h;avaya-cm-fnu=a",
	  "To: <sip:2001@h;avaya-cm-fnu=b;avaya-cm-action=off>\n", "a off NULL NULL" },
};

START_TEST(feature_names_are_read_from_the_request_uri_or_else_to)
{
	struct arrival *in = office_read(&office, names[_i].uri, names[_i].headers);
	const struct facts *facts = &in->facts;
	char told[200];

	snprintf(told, sizeof told, "%s %s %s %s", SAME(facts->fnu),
		 SAME(facts->fnu_action), SAME(facts->fnu_destination),
		 SAME(facts->fnu_extension));
	ck_assert_str_eq(told, names[_i].told);
	arrival_free(in);
}
END_TEST

/* Which half. */

static const struct {
	const char *phase, *uri;
	enum half half;
} halves[] = {
	{ "imsterm", "sip:2001@h", HALF_TERM },
	{ "imsterm", "sip:2001@h;avaya-cm-fnu=off-hook", HALF_TERM },
	{ "termdone", "sip:2001@h", HALF_TERM },
	{ "imsorig", "sip:2001@h", HALF_ORIG },
	{ "imsorig", "sip:2001@h;avaya-cm-fnu=hold", HALF_ORIG },
	{ "imsorig", "sip:2001@h;avaya-cm-fnu=Off-Hook", HALF_LINE },
};

START_TEST(half_is_told_by_the_tag_and_off_hook)
{
	for (int is_evolution = 0; is_evolution < 2; is_evolution++) {
		char route[80];
		struct arrival *in;

		office.settings.is_evolution = is_evolution;
		office_apply(&office);
		snprintf(route, sizeof route, "Route: <sip:$HERE;lr;phase=%s>\n",
			 halves[_i].phase);
		in = office_read(&office, halves[_i].uri, route);
		ck_assert_int_eq(in->facts.half, halves[_i].half);
		ck_assert_int_eq(in->facts.is_full_call,
				 is_evolution && halves[_i].half == HALF_ORIG);
		ck_assert(!in->facts.asks_shortcut);
		arrival_free(in);
	}
}
END_TEST

static const struct {
	const char *accept;
	bool is_mark;
} marks[] = {
	{ "", false },
	{ "*;atrp=shortcut", true },
	{ "*;ATRP=Shortcut", true },
	{ "*;+atrp=shortcut", true },
	{ "*;atrp=\"shortcut\"", true },
	{ "*;+atrp=\"SHORTCUT\"", true },
	{ "*;audio;atrp=shortcut;require", true },
	{ "*;audio, *;atrp=shortcut", true },
	{ "*;atrp=shortcuts", false },
	{ "*;atrp=short", false },
	{ "*;atrp=\"shortcuts\"", false },
	{ "*;atrp=\"shortcuX\"", false },
	{ "*;atrq=shortcut", false },
	{ "*;atrp", false },
	{ "*;audio", false },
	{ "*", false },
};

START_TEST(shortcut_mark_is_read_on_a_termination_of_an_evolution_server)
{
	for (int i = 0; i < 3; i++) {
		char headers[200];
		struct arrival *in;

		office.settings.is_evolution = i > 0;
		office_apply(&office);
		snprintf(headers, sizeof headers,
			 "Route: <sip:$HERE;lr;phase=%s>\n%s%s%s",
			 i > 1 ? "imsorig" : "imsterm",
			 *marks[_i].accept ? "Accept-Contact: " : "", marks[_i].accept,
			 *marks[_i].accept ? "\n" : "");
		in = office_read(&office, called, headers);
		ck_assert_int_eq(in->facts.asks_shortcut, i == 1 && marks[_i].is_mark);
		arrival_free(in);
	}
}
END_TEST

/* Other facts. */

static const struct {
	const char *params;
	unsigned appearance;
} appearances[] = {
	{ "", 0 },
	{ ";expires=3", 0 },
	{ ";+avaya-cm-line=1", 1 },
	{ ";expires=3;+avaya-cm-line=12", 12 },
	{ ";+avaya-cm-line=\"3\"", 3 },
	{ ";+avaya-cm-line=\"30\"", 30 },
	{ ";+avaya-cm-line=0", UINT_MAX },
	{ ";+avaya-cm-line=x", UINT_MAX },
	{ ";+avaya-cm-line=\"\"", UINT_MAX },
	{ ";+avaya-cm-line=4294967294", UINT_MAX - 1 },
	{ ";+avaya-cm-line=4294967296", UINT_MAX },
	{ ";+avaya-cm-line=4294967297", UINT_MAX },
	{ ";+avaya-cm-line=99999999999999999999999", UINT_MAX },
};

START_TEST(appearance_is_read_from_contact)
{
	char contact[200];
	struct arrival *in;

	snprintf(contact, sizeof contact, "Contact: <sip:1001@127.0.0.7>%s\n",
		 appearances[_i].params);
	in = office_read(&office, called, contact);
	ck_assert_uint_eq(in->facts.appearance, appearances[_i].appearance);
	arrival_free(in);
}
END_TEST

START_TEST(other_facts_are_told)
{
	struct arrival *in = office_read(&office, called, "");

	ck_assert_uint_eq(in->facts.members, 7);
	ck_assert(in->facts.is_overtaken);
	ck_assert_str_eq(in->facts.domain, "example.com");
	ck_assert_ptr_null(in->facts.unsupported);
	ck_assert_ptr_null(in->facts.senseless_way_back);
	ck_assert_ptr_null(in->facts.visited);
	ck_assert_uint_eq(in->facts.visited_count + in->facts.redirections, 0);
	ck_assert_str_eq(in->caller_tag, "a");
	ck_assert_str_eq(in->sip_call_id, "c1");
	ck_assert_int_gt(in->begun_ms, 0);
	ck_assert(!in->is_decided);
	arrival_free(in);

	in = office_read(&office, called,
			 "From: <sip:1@h>\nRequire: timer, gruu\nRequire: sec-agree\n");
	ck_assert_str_eq(in->facts.unsupported, "gruu, sec-agree");
	ck_assert_str_eq(in->caller_tag, "");
	arrival_free(in);
}
END_TEST

/* The route tag. */

static const struct {
	const char *routes;
	enum phase phase;
	unsigned phases;
	const char *senseless, *carried;
} routes[] = {
	{ "", PHASE_NONE, 0, "-", "" },
	{ "Route: <sip:$HERE;lr;phase=imsterm>\n", PHASE_IMSTERM, 1, "-", "" },
	{ "Route: <sip:$HERE;lr>;phase=imsorig;seq=3\n", PHASE_IMSORIG, 1, "-", "seq=3" },
	{ "Route: <sip:example.com;lr;phase=imsterm;a=b>, <sip:h;lr>\n", PHASE_IMSTERM, 1,
	  "-", "a=b" },
	/* A tag counts wherever its Route points; without one the Route must name this program. */
	{ "Route: <sip:10.9.9.9;lr;phase=imsterm>\n", PHASE_IMSTERM, 1, "-", "" },
	{ "Route: <sip:10.9.9.9;lr;x=y>\n", PHASE_NONE, 0, "-", "" },
	{ "Route: <sip:$HERE;lr;x=y>\n", PHASE_NONE, 0, "-", "x=y" },
	{ "Route: <sip:$HERE;phase=imsterm;phase=imsorig>\n", PHASE_IMSORIG, 2, "-", "" },
	/* The way back. */
	{ "Route: <sip:$HERE;phase=imsterm>, <sip:h_1:5060;transport=TCP>\n",
	  PHASE_IMSTERM, 1, "-", "" },
	{ "Route: <sip:$HERE;phase=imsterm>, <sip:[::1]:5060;transport=tls-sctp>\n",
	  PHASE_IMSTERM, 1, "-", "" },
	{ "Route: <sip:$HERE;phase=imsterm>, <sip:h;transport=pigeon>\n", PHASE_IMSTERM,
	  1, "sip:h;transport=pigeon", "" },
	{ "Route: <sip:$HERE;phase=imsterm>, <sip:a(b)>\n", PHASE_IMSTERM, 1, "sip:a(b)", "" },
	/* Too long for the sentence. */
	{ "Route: <sip:$HERE;phase=imsterm>, <sip:h;transport=pigeon;"
	  "a=0123456789012345678901234567890123456789012345678901234567890123456789;"
	  "b=0123456789012345678901234567890123456789012345678901234567890123456789;"
	  "c=0123456789012345678901234567890123456789012345678901234567890123456789;"
	  "d=0123456789012345678901234567890123456789012345678901234567890123>\n",
	  PHASE_IMSTERM, 1, "a URI", "" },
	{ "Route: <sip:$HERE;phase=imsterm>, <sip:h>, <sip:i;transport=pigeon>\n",
	  PHASE_IMSTERM, 1, "-", "" },
	{ "Route: <sip:10.9.9.9;lr;transport=pigeon>\n", PHASE_NONE, 0,
	  "sip:10.9.9.9;lr;transport=pigeon", "" },
};

START_TEST(tag_and_way_back_are_read_from_the_routes)
{
	struct arrival *in = office_read(&office, called, routes[_i].routes);
	const char *senseless = in->facts.senseless_way_back;

	ck_assert_int_eq(in->facts.tag.phase, routes[_i].phase);
	ck_assert_uint_eq(in->facts.tag.phases, routes[_i].phases);
	ck_assert_str_eq(in->facts.tag.carried, routes[_i].carried);
	ck_assert_str_eq(senseless ? senseless : "-", routes[_i].senseless);
	arrival_free(in);
}
END_TEST

/* History-Info. */

static const struct {
	const char *headers, *visited;
	unsigned redirections;
} histories[] = {
	{ "History-Info: <sip:1@h>;index=1\n", "1", 0 },
	{ "History-Info: <sip:1@h>;index=1, <sip:2@h>;index=1.1\nhistory-info: <sip:3@h>\n",
	  "1 2 3", 0 },
	{ "History-Info: <sip:1@h?Reason=SIP%3Bcause%3D302>, <sip:2@h>\n", "1 2", 1 },
	{ "History-Info: <sip:1@h?a=b&reason=SIP>, <sip:2@h?Reason=SIP>,<sip:3@h>\n",
	  "1 2 3", 2 },
	{ "History-Info: <sip:1@h?Subject=x>\n", "1", 0 },
	{ "History-Info: <sip:1@h>, <sip:2@h;cause=486>\n", "1 2", 1 },
	{ "History-Info: <sip:1@h>, <sip:2@h>;mp=1\n", "1 2", 1 },
	{ "History-Info: <sip:1@h>;index=1\n", "1", 0 },
	/* The largest count of the three notations, not their sum. */
	{ "History-Info: <sip:1@h?Reason=SIP>, <sip:2@h;cause=486>;mp=1\n", "1 2", 1 },
	{ "History-Info: <sip:1@h?Reason=SIP>, <sip:2@h;cause=486>, <sip:3@h;cause=302>\n",
	  "1 2 3", 2 },
	{ "History-Info: <sip:1@h;cause=302>;mp=1, <sip:2@h>;mp=1, <sip:3@h>;mp=2\n",
	  "1 2 3", 3 },
	{ "History-Info: <sip:1@h?Reason=SIP>;mp=1, <sip:2@h?Reason=SIP>\n", "1 2", 2 },
	/* Commas and brackets in quotes and in <>. */
	{ "History-Info: \"a,b\" <sip:1@h>, <sip:2@h>\n", "1 2", 0 },
	{ "History-Info: \"a<b\" <sip:1@h>, <sip:2@h>\n", "1 2", 0 },
	{ "History-Info: \"a\\\",<\" <sip:1@h>, <sip:2@h>\n", "1 2", 0 },
	{ "History-Info: <sip:1,5@h>, <sip:2@h>\n", "1,5 2", 0 },
	{ "History-Info: <sip:1@h>;x=\"a,b\", <sip:2@h>\n", "1 2", 0 },
	{ "History-Info: <sip:1@h>;x=\"a<b\", <sip:2@h>\n", "1 2", 0 },
	/* Malformed entries do not hide the others. */
	{ "History-Info: <sip:1@h>, <sip:3@h> x, <sip:2@h>\n", "1 2", 0 },
	{ "History-Info: ,,<sip:1@h>,\n", "1", 0 },
	{ "History-Info:\nHistory-Info: <sip:1@h>\n", "1", 0 },
};

START_TEST(history_is_read_entry_by_entry)
{
	struct arrival *in = office_read(&office, called, histories[_i].headers);
	char visited[100] = "";

	for (unsigned i = 0; i < in->facts.visited_count; i++)
		sprintf(visited + strlen(visited), "%s%s", i ? " " : "",
			in->facts.visited[i]);
	ck_assert_str_eq(visited, histories[_i].visited);
	ck_assert_uint_eq(in->facts.redirections, histories[_i].redirections);
	arrival_free(in);
}
END_TEST

START_TEST(history_keeps_64_parties_and_counts_every_redirection)
{
	static char headers[8000];
	char *end = headers + sprintf(headers, "History-Info: <sip:0@h;cause=302>");
	struct arrival *in;

	for (int i = 1; i < 70; i++)
		end += sprintf(end, ", <sip:%d@h;cause=302>", i);
	strcpy(end, "\n");
	in = office_read(&office, called, headers);
	ck_assert_uint_eq(in->facts.visited_count, 64);
	ck_assert_str_eq(in->facts.visited[63], "63");
	ck_assert_uint_eq(in->facts.redirections, 70);
	arrival_free(in);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("invite_read");
	TCase *facts = tcase_create("facts");

	tcase_add_checked_fixture(facts, setup, teardown);
	tcase_add_loop_test(facts, caller_is_the_first_asserted_identity_or_else_from, 0,
			    (int)COUNT(callers));
	tcase_add_loop_test(facts, called_party_is_the_request_uri, 0, (int)COUNT(uris));
	tcase_add_loop_test(facts, feature_names_are_read_from_the_request_uri_or_else_to,
			    0, (int)COUNT(names));
	tcase_add_loop_test(facts, half_is_told_by_the_tag_and_off_hook, 0,
			    (int)COUNT(halves));
	tcase_add_loop_test(facts,
			    shortcut_mark_is_read_on_a_termination_of_an_evolution_server,
			    0, (int)COUNT(marks));
	tcase_add_loop_test(facts, appearance_is_read_from_contact, 0,
			    (int)COUNT(appearances));
	tcase_add_test(facts, other_facts_are_told);
	tcase_add_loop_test(facts, tag_and_way_back_are_read_from_the_routes, 0,
			    (int)COUNT(routes));
	tcase_add_loop_test(facts, history_is_read_entry_by_entry, 0,
			    (int)COUNT(histories));
	tcase_add_test(facts, history_keeps_64_parties_and_counts_every_redirection);
	suite_add_tcase(suite, facts);
	return suite;
}
