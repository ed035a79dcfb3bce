/* SPDX-License-Identifier: MIT */
/* The headers that identify the caller, and which of them each setting and Privacy leave out. */
#include "agent_peer.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof array / sizeof *array)

static struct stage stage;
static struct phone *const caller = &stage.caller, *const callee = &stage.callee;

static const char came[] = "P-Asserted-Identity: <sip:1009@example.com>\r\n";

static void open_model(int model)
{
	stage_open_model(&stage, model);
	stage.settings.invite.respects_privacy = true;
	stage_reload(&stage);
	stage.phase = "imsorig";
}

/* The caller sends an INVITE with HEADERS, the callee receives it. */
static void send_on(const char *headers)
{
	phone_invite(caller, headers, "");
	phone_hear(callee, "INVITE");
}

static const char *asserted(void)
{
	return text_header(callee->heard, "P-Asserted-Identity", 0);
}

static const char station[] = "\"Bob\" <sip:2001@example.com>";

/* Privacy headers, and whether a called party outside is told the caller's identity. */
static const struct {
	const char *header;
	bool is_told;
} values[] = {
	{ "", true },
	{ "Privacy: id\r\n", false },
	{ "Privacy: ID;Critical\r\n", false },
	{ "privacy: header; user\r\n", false },
	{ "Privacy: user\r\n", false },
	{ "Privacy: header\r\n", false },
	{ "Privacy: session\r\n", true },
	{ "Privacy: critical\r\n", true },
	{ "Privacy: none\r\n", true },
	{ "Privacy: id;none\r\n", true },
	{ "Privacy: identity\r\n", true },
};

START_TEST(privacy_withholds_the_identity_from_a_party_outside)
{
	char headers[256];

	open_model(_i & 1);
	snprintf(headers, sizeof headers, "%s%s", came, values[_i / 2].header);
	stage.verdict.is_outside = true;
	send_on(headers);
	ck_assert_str_eq(asserted(), values[_i / 2].is_told ? station : "");
	ck_assert_int_eq(*text_header(callee->heard, "Privacy", 0) != '\0',
			 *values[_i / 2].header != '\0');
	stage_close(&stage);
}
END_TEST

START_TEST(privacy_withholds_nothing_from_a_station)
{
	open_model(_i);
	send_on("Privacy: id\r\n");
	ck_assert_str_eq(asserted(), station);
	stage_close(&stage);
}
END_TEST

START_TEST(privacy_withholds_nothing_from_an_emergency_number)
{
	open_model(_i);
	stage.verdict.is_outside = stage.verdict.is_emergency = true;
	send_on("Privacy: id\r\n");
	ck_assert_str_eq(asserted(), station);
	stage_close(&stage);
}
END_TEST

START_TEST(privacy_is_ignored_if_so_configured)
{
	open_model(_i);
	stage.settings.invite.respects_privacy = false;
	stage_reload(&stage);
	stage.verdict.is_outside = true;
	send_on("Privacy: id\r\n");
	ck_assert_str_eq(asserted(), station);
	stage_close(&stage);
}
END_TEST

/* The termination half writes no P-Asserted-Identity: it passes or removes the one that came. */
static void forward(bool is_outside)
{
	char headers[256];

	stage.phase = "imsterm";
	stage.verdict.kind = VERDICT_FORWARD;
	stage.verdict.redirect[FORWARD_UNCONDITIONAL] = (struct redirect){
		.destination = "0123",
		.rule = "forwarding:unconditional",
		.is_outside = is_outside,
	};
	snprintf(headers, sizeof headers, "%sPrivacy: id\r\n", came);
	send_on(headers);
}

START_TEST(privacy_withholds_the_identity_from_a_forwarding_target_outside)
{
	open_model(_i);
	forward(true);
	ck_assert_str_eq(asserted(), "");
	stage_close(&stage);
}
END_TEST

START_TEST(privacy_withholds_nothing_from_a_station_forwarded_to)
{
	open_model(_i);
	forward(false);
	ck_assert_str_eq(asserted(), "<sip:1009@example.com>");
	stage_close(&stage);
}
END_TEST

/* The settings identity.asserted, alert_info, history_info and product. */

static void assert_headers(const char *pai, const char *alert, const char *history,
			   const char *agent)
{
	send_on("User-Agent: Phone/1\r\n");
	ck_assert_str_eq(asserted(), pai);
	ck_assert_str_eq(text_header(callee->heard, "Alert-Info", 0), alert);
	ck_assert_str_eq(text_header(callee->heard, "History-Info", 0), history);
	ck_assert_str_eq(text_header(callee->heard, "User-Agent", 0), agent);
}

static const char alert[] = "<cid:internal@example.com>;avaya-cm-alert-type=internal";
static const char history[] = "<sip:2001@example.com>;index=1,"
			      "\"2001\" <sip:2001@example.com>;index=1.1";
static const char product[] = "Phone/1 halfcall/1";

START_TEST(each_setting_leaves_out_its_own_header)
{
	open_model(_i);
	assert_headers(station, alert, history, product);
	stage.settings.invite.writes_asserted = false;
	stage_reload(&stage);
	assert_headers("", alert, history, product);
	stage.settings.invite.writes_asserted = true;
	stage.settings.invite.writes_alert_info = false;
	stage_reload(&stage);
	assert_headers(station, "", history, product);
	stage.settings.invite.writes_alert_info = true;
	stage.settings.invite.writes_history_info = false;
	stage_reload(&stage);
	assert_headers(station, alert, "", product);
	stage.settings.invite.writes_history_info = true;
	stage.settings.invite.product = "";
	stage_reload(&stage);
	assert_headers(station, alert, history, "Phone/1");
	stage_close(&stage);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("agent_identity");
	TCase *both = tcase_create("both models"), *names = tcase_create("names");

	tcase_set_timeout(both, 20);
	tcase_add_loop_test(both, privacy_withholds_the_identity_from_a_party_outside, 0,
			    2 * (int)COUNT(values));
	tcase_add_loop_test(both, privacy_withholds_nothing_from_a_station, 0, 2);
	tcase_add_loop_test(both, privacy_withholds_nothing_from_an_emergency_number, 0,
			    2);
	tcase_add_loop_test(both, privacy_is_ignored_if_so_configured, 0, 2);
	tcase_add_loop_test(
		both, privacy_withholds_the_identity_from_a_forwarding_target_outside, 0,
		2);
	tcase_add_loop_test(both, privacy_withholds_nothing_from_a_station_forwarded_to,
			    0, 2);
	tcase_add_loop_test(both, each_setting_leaves_out_its_own_header, 0, 2);
	suite_add_tcase(suite, both);
	suite_add_tcase(suite, names);
	return suite;
}
