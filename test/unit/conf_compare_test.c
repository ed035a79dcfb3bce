/* SPDX-License-Identifier: MIT */
/* Which settings differ between two files, and which of them need a restart. */
#include "conf/conf.h"
#include "conf/item.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MANUAL SOURCE_DIR "/cmd/halfcalld/halfcalld.8"

static const char listen_line[] = "listen = [ \"sip:127.0.0.1:5070\" ];\n";
static const char domain_line[] = "domain = \"example.com\";\n";
static const char proxies_line[] =
	"proxies = ( { name = \"sm-a\"; address = \"sip:127.0.0.2\"; } );\n";

static struct conf read_text(const char *text)
{
	char file[] = "/tmp/halfcall-conf-XXXXXX";
	int fd = mkstemp(file), faults;
	struct conf conf;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	faults = conf_read(&conf, file, stderr);
	unlink(file);
	ck_assert_int_eq(faults, 0);
	return conf;
}

static void put_down(void *context, const char *path, bool needs_restart)
{
	strcat(context, path);
	strcat(context, needs_restart ? "! " : " ");
}

/* The settings that differ, with ! behind those that need a restart; valid until the next call. */
static const char *difference(const char *one, const char *other)
{
	static char text[2048];
	struct conf a = read_text(one), b = read_text(other);

	*text = '\0';
	conf_compare(&a, &b, put_down, text);
	conf_clear(&a);
	conf_clear(&b);
	return text;
}

/* From the least a file may have to one with LISTEN, DOMAIN, PROXIES (NULL = the same) and
 * MORE. */
static const char *change(const char *listen, const char *domain, const char *proxies,
			  const char *more)
{
	char one[1024], other[4096];

	snprintf(one, sizeof one, "%s%s%s", listen_line, domain_line, proxies_line);
	snprintf(other, sizeof other, "%s%s%s%s", listen ? listen : listen_line,
		 domain ? domain : domain_line, proxies ? proxies : proxies_line, more);
	return difference(one, other);
}

START_TEST(a_file_does_not_differ_from_itself)
{
	ck_assert_str_eq(change(NULL, NULL, NULL, ""), "");
	ck_assert_str_eq(change(NULL, NULL, NULL, "call = { model = \"b2bua\"; };"), "");
}
END_TEST

START_TEST(an_address_may_be_written_in_two_ways)
{
	ck_assert_str_eq(change("listen = ( \"sip:127.0.0.1:5070;transport=udp\" );\n",
				NULL,
				"proxies = ( { name = \"sm-a\"; survivable = false;\n"
				"address = \"sip:127.0.0.2:5060\"; } );\n",
				""),
			 "");
}
END_TEST

START_TEST(every_place_of_a_list_counts)
{
	ck_assert_str_eq(change("listen = [ \"sip:127.0.0.1:5071\" ];\n", NULL, NULL, ""),
			 "listen! ");
	ck_assert_str_eq(change("listen = [ \"sip:127.0.0.3:5070\" ];\n", NULL, NULL, ""),
			 "listen! ");
	ck_assert_str_eq(change("listen = [ \"sip:127.0.0.1:5070\", "
				"\"sip:127.0.0.1:5070;transport=tcp\" ];\n",
				NULL, NULL, ""),
			 "listen! ");
	ck_assert_str_eq(change(NULL, NULL,
				"proxies = ( { name = \"sm-b\"; "
				"address = \"sip:127.0.0.2\"; } );\n",
				""),
			 "proxies! ");
	ck_assert_str_eq(change(NULL, NULL,
				"proxies = ( { name = \"sm-a\"; "
				"address = \"sip:127.0.0.3\"; } );\n",
				""),
			 "proxies! ");
	ck_assert_str_eq(change(NULL, NULL,
				"proxies = ( { name = \"sm-a\"; survivable = true; "
				"address = \"sip:127.0.0.2\"; } );\n",
				""),
			 "proxies! ");
	ck_assert_str_eq(change(NULL, NULL,
				"proxies = ( { name = \"sm-a\"; tls_name = \"a\"; "
				"address = \"sip:127.0.0.2\"; } );\n",
				""),
			 "proxies! ");
	ck_assert_str_eq(change(NULL, NULL,
				"proxies = ( { name = \"sm-a\"; "
				"address = \"sip:127.0.0.2\"; },\n"
				"{ name = \"sm-b\"; address = \"sip:127.0.0.3\"; } );\n",
				""),
			 "proxies! ");
}
END_TEST

START_TEST(the_last_entry_of_a_list_counts)
{
	static const char one[] =
		"listen = [ \"sip:127.0.0.1:1\", \"sip:127.0.0.1:2\" ];\n"
		"domain = \"example.com\";\n"
		"proxies = (\n"
		"{ name = \"a\"; address = \"sip:127.0.0.2\"; },\n"
		"{ name = \"b\"; address = \"sip:127.0.0.3\"; } );\n";
	char other[sizeof one];

	strcpy(other, one);
	strstr(other, ":2\"")[1] = '3';
	ck_assert_str_eq(difference(one, other), "listen! ");
	strcpy(other, one);
	strstr(other, "0.0.3")[4] = '4';
	ck_assert_str_eq(difference(one, other), "proxies! ");
}
END_TEST

START_TEST(the_names_of_features_count)
{
	ck_assert_str_eq(change(NULL, NULL, NULL,
				"feature_names = ( { name = \"fwd\"; "
				"feature = \"call-fwd-all\"; } );"),
			 "feature_names ");
	ck_assert_str_eq(
		change(NULL, NULL, NULL,
		       "feature_names = (\n"
		       "{ name = \"call-fwd-all\"; feature = \"call-fwd-all\"; },\n"
		       "{ name = \"call-fwd-busy\"; feature = \"call-fwd-busy\"; },\n"
		       "{ name = \"call-fwd-no-answer\"; feature = \"call-fwd-busy\"; },\n"
		       "{ name = \"send-all-calls\"; feature = \"send-all-calls\"; } );"),
		"feature_names ");
}
END_TEST

START_TEST(a_text_may_come_and_go)
{
	static const char start[] =
		"listen = [ \"sip:127.0.0.1\" ]; domain = \"a\";"
		"proxies = ( { name = \"a\"; address = \"sip:127.0.0.2\"; } );";
	char with[512], other[512];

	snprintf(with, sizeof with, "%sjournal = { file = \"/tmp/a\"; };", start);
	snprintf(other, sizeof other, "%sjournal = { file = \"/tmp/b\"; };", start);
	ck_assert_str_eq(difference(start, with), "journal.file ");
	ck_assert_str_eq(difference(with, start), "journal.file ");
	ck_assert_str_eq(difference(with, other), "journal.file ");
	ck_assert_str_eq(difference(with, with), "");
}
END_TEST

START_TEST(all_that_changed_is_told_in_the_order_of_the_table)
{
	ck_assert_str_eq(
		change("listen = [ \"sip:127.0.0.1:1\" ];\n", "domain = \"b\";\n",
		       "proxies = ( { name = \"b\"; address = \"sip:127.0.0.2\"; } );\n",
		       "database = \"d\"; control = \"c\";\n"
		       "peers = { unknown = \"ignore\"; };\n"
		       "tls = { certificate = \"c\"; key = \"k\"; ca = \"a\"; mutual = true; };\n"
		       "limits = { message_bytes = 5000; header_lines = 60; connections = 60;\n"
		       "reserved_connections = 2; address_connections = 2;\n"
		       "incomplete_ms = 200; connect_ms = 200; handshake_ms = 200;\n"
		       "idle_s = 20; silent_s = 20; queue_bytes = 70000; };\n"
		       "call = { model = \"proxy\"; server = \"evolution\";\n"
		       "untagged = \"route\"; forward_phase = \"origdone\"; no_answer = 2;\n"
		       "forward_hops = 2; chained = true; diversion = true;\n"
		       "trunk_members = 2; };\n"
		       "identity = { asserted = false; privacy = false; alert_info = false;\n"
		       "history_info = false; product = \"b\"; };\n"
		       "line = { reservation = 31; reliable = true; };\n"
		       "publish = { enabled = false; expires = 2; linger = 2; state = \"s\"; };\n"
		       "monitor = { interval = 2; alive = false; };\n"
		       "denial = { restricted = 433; unknown = 433;\n"
		       "reservation_timeout = 433; };\n"
		       "journal = { file = \"j\"; ring = 2; };\n"
		       "log = { level = \"debug\"; };\n"
		       "feature_names = ( );\n"),
		"listen! domain! database! control! proxies! feature_names peers.unknown "
		"tls.certificate tls.key tls.ca tls.mutual! limits.message_bytes! "
		"limits.header_lines! limits.connections! limits.reserved_connections! "
		"limits.address_connections! limits.incomplete_ms! limits.connect_ms! "
		"limits.handshake_ms! limits.idle_s! limits.silent_s! "
		"limits.queue_bytes! "
		"call.model! call.server call.untagged call.forward_phase call.no_answer "
		"call.forward_hops call.chained call.diversion call.trunk_members "
		"identity.asserted identity.privacy identity.alert_info "
		"identity.history_info identity.product line.reservation line.reliable "
		"publish.enabled publish.expires publish.linger publish.state "
		"monitor.interval monitor.alive denial.restricted denial.unknown "
		"denial.reservation_timeout journal.file journal.ring log.level ");
}
END_TEST

/* "Each of the settings .Ic A , .Ic B and .Ic C that changed" of halfcalld(8). */
START_TEST(the_manual_lists_what_needs_a_restart)
{
	char expected[1024] = "Each of the settings\n", *manual = NULL;
	const char *between = "", *last = NULL;
	FILE *in = fopen(MANUAL, "r");
	size_t size = 0;

	for (size_t i = 0; i < conf_item_count; i++)
		if (conf_items[i].needs_restart && !strstr(conf_items[i].path, "[]"))
			last = conf_items[i].path;
	for (size_t i = 0; i < conf_item_count; i++) {
		const char *path = conf_items[i].path;

		if (!conf_items[i].needs_restart || strstr(path, "[]"))
			continue;
		strcat(strcat(strcat(expected, path == last ? "\nand\n" : between),
			      ".Ic "),
		       path);
		between = " ,\n";
	}
	strcat(expected, "\nthat changed");
	ck_assert_ptr_nonnull(in);
	ck_assert_int_gt(getdelim(&manual, &size, '\0', in), 0);
	fclose(in);
	ck_assert_msg(strstr(manual, expected) != NULL, "halfcalld(8) lacks:\n%s",
		      expected);
	free(manual);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("conf compare");
	TCase *tests = tcase_create("compare");

	tcase_add_test(tests, a_file_does_not_differ_from_itself);
	tcase_add_test(tests, an_address_may_be_written_in_two_ways);
	tcase_add_test(tests, every_place_of_a_list_counts);
	tcase_add_test(tests, the_last_entry_of_a_list_counts);
	tcase_add_test(tests, the_names_of_features_count);
	tcase_add_test(tests, a_text_may_come_and_go);
	tcase_add_test(tests, all_that_changed_is_told_in_the_order_of_the_table);
	tcase_add_test(tests, the_manual_lists_what_needs_a_restart);
	suite_add_tcase(suite, tests);
	return suite;
}
