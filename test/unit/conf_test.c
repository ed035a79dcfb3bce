/* SPDX-License-Identifier: MIT */
/*
 * Configuration files, good and bad (test/conf), and the table against manual and sample.
 */
#include "conf/conf.h"
#include "conf/item.h"

#include "base/log.h"

#include "unit.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MANUAL SOURCE_DIR "/cmd/halfcalld/halfcalld.conf.5"
#define SAMPLE SOURCE_DIR "/etc/halfcalld.conf"

/* Reads FILE; the count of faults, their lines in *TOLD, to be freed. */
static int read_told(struct conf *conf, const char *file, char **told)
{
	size_t size;
	FILE *faults = open_memstream(told, &size);
	int count = conf_read(conf, file, faults);

	fclose(faults);
	return count;
}

/*
 * To be freed.  Inlined, gcc 12 takes the stream's hold on `text` for a dangling pointer.
 */
__attribute__((noinline)) static char *printed(const struct conf *conf)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	conf_print(conf, out);
	fclose(out);
	return text;
}

/* The whole of FILE, to be freed. */
static char *loaded(const char *file)
{
	FILE *in = fopen(file, "r");
	char *text = NULL;
	size_t size = 0;

	ck_assert_msg(in != NULL, "%s is missing", file);
	if (getdelim(&text, &size, '\0', in) < 0) {
		free(text);
		text = strdup("");
	}
	fclose(in);
	return text;
}

/* Writes TEXT to a temporary file; its name, to be unlinked and freed. */
static char *written(const char *text)
{
	char *file = strdup("/tmp/halfcall-conf-XXXXXX");
	int fd = mkstemp(file);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	return file;
}

static void check_round_trip(const struct conf *conf, const char *name)
{
	char *first = printed(conf), *file = written(first), *told, *second;
	struct conf again;

	ck_assert_msg(read_told(&again, file, &told) == 0, "%s printed: %s\n%s", name,
		      told, first);
	second = printed(&again);
	ck_assert_str_eq(first, second);
	ck_assert_uint_eq(conf->listen_count, again.listen_count);
	for (size_t i = 0; i < conf->listen_count; i++) {
		ck_assert_str_eq(conf->listen[i].uri, again.listen[i].uri);
		ck_assert_str_eq(conf->listen[i].host, again.listen[i].host);
		ck_assert_uint_eq(conf->listen[i].port, again.listen[i].port);
	}
	unlink(file);
	conf_clear(&again);
	free(second);
	free(told);
	free(file);
	free(first);
}

START_TEST(good_files_are_read_and_printed_back)
{
	glob_t found;

	ck_assert_int_eq(chdir(SOURCE_DIR "/test/conf"), 0);
	ck_assert_int_eq(glob("good.*.conf", 0, NULL, &found), 0);
	ck_assert_uint_ge(found.gl_pathc, 5);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct conf conf;
		char *told;

		ck_assert_msg(read_told(&conf, found.gl_pathv[i], &told) == 0, "%s",
			      told);
		ck_assert_str_eq(told, "");
		check_round_trip(&conf, found.gl_pathv[i]);
		conf_clear(&conf);
		free(told);
	}
	globfree(&found);
}
END_TEST

START_TEST(bad_files_give_exactly_the_faults_beside_them)
{
	glob_t found;

	ck_assert_int_eq(chdir(SOURCE_DIR "/test/conf"), 0);
	ck_assert_int_eq(glob("bad.*.conf", 0, NULL, &found), 0);
	ck_assert_uint_ge(found.gl_pathc, 20);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *name = found.gl_pathv[i];
		char beside[256], *told, *expected;
		struct conf conf;
		int count, lines = 0;

		snprintf(beside, sizeof beside, "%.*s.faults", (int)strlen(name) - 5,
			 name);
		expected = loaded(beside);
		count = read_told(&conf, name, &told);
		ck_assert_str_eq(told, expected);
		for (const char *at = told; (at = strchr(at, '\n')); at++)
			lines++;
		ck_assert_int_eq(count, lines);
		ck_assert_ptr_null(conf.arena.chunk);
		ck_assert_ptr_null(conf.listen);
		free(expected);
		free(told);
	}
	globfree(&found);
}
END_TEST

START_TEST(every_value_of_the_full_file_arrives)
{
	struct conf conf;
	char *told;

	ck_assert_int_eq(read_told(&conf, SOURCE_DIR "/test/conf/good.full.conf", &told),
			 0);
	ck_assert_uint_eq(conf.listen_count, 4);
	ck_assert_str_eq(conf.listen[1].uri, "sip:192.0.2.10:5062;transport=tcp");
	ck_assert_str_eq(conf.listen[1].host, "192.0.2.10");
	ck_assert_uint_eq(conf.listen[1].port, 5062);
	ck_assert_int_eq(conf.listen[0].transport, TRANSPORT_UDP);
	ck_assert_int_eq(conf.listen[1].transport, TRANSPORT_TCP);
	ck_assert_int_eq(conf.listen[2].transport, TRANSPORT_TLS);
	ck_assert_uint_eq(conf.listen[2].port, 5061);
	ck_assert_int_eq(conf.listen[3].transport, TRANSPORT_TLS);
	ck_assert_uint_eq(conf.listen[3].port, 5063);
	ck_assert_str_eq(conf.tls.certificate, "cm.crt");
	ck_assert_str_eq(conf.tls.key, "cm.key");
	ck_assert_str_eq(conf.tls.ca, "ca.crt");
	ck_assert(conf.tls.mutual);
	ck_assert_str_eq(conf.tls.at, SOURCE_DIR "/test/conf/good.full.conf:11");
	ck_assert_uint_eq(conf.limits.message_bytes, 1048576);
	ck_assert_uint_eq(conf.limits.header_lines, 50);
	ck_assert_uint_eq(conf.limits.connections, 100000);
	ck_assert_uint_eq(conf.limits.reserved_connections, 99999);
	ck_assert_uint_eq(conf.limits.address_connections, 1);
	ck_assert_uint_eq(conf.limits.incomplete_ms, 60000);
	ck_assert_uint_eq(conf.limits.connect_ms, 100);
	ck_assert_uint_eq(conf.limits.handshake_ms, 101);
	ck_assert_uint_eq(conf.limits.idle_s, 86400);
	ck_assert_uint_eq(conf.limits.silent_s, 1);
	ck_assert_uint_eq(conf.limits.queue_bytes, 16777216);
	ck_assert_str_eq(conf.domain, "example.com");
	ck_assert_uint_eq(conf.proxy_count, 3);
	ck_assert_ptr_null(conf.proxies[0].tls_name);
	ck_assert_str_eq(conf.proxies[2].tls_name, "sm-b.example.com");
	ck_assert_str_eq(conf.proxies[1].name, "sm-b");
	ck_assert_str_eq(conf.proxies[1].address.host, "192.0.2.6");
	ck_assert(!conf.proxies[0].survivable && conf.proxies[1].survivable);
	ck_assert(!conf.peers.refuse);
	ck_assert_int_eq(conf.call.model, MODEL_PROXY);
	ck_assert_int_eq(conf.call.server, SERVER_EVOLUTION);
	ck_assert_int_eq(conf.call.untagged, UNTAGGED_ROUTE);
	ck_assert_int_eq(conf.call.forward_phase, FORWARD_ORIGDONE);
	ck_assert_uint_eq(conf.call.no_answer_s, 300);
	ck_assert_uint_eq(conf.call.forward_hops, 0);
	ck_assert(conf.call.chained && conf.call.diversion);
	ck_assert_uint_eq(conf.call.trunk_members, 1000000);
	ck_assert(!conf.identity.asserted && !conf.identity.alert_info);
	ck_assert(!conf.identity.privacy);
	ck_assert(!conf.identity.history_info);
	ck_assert_str_eq(conf.identity.product, "");
	ck_assert_uint_eq(conf.line.reservation_s, 240);
	ck_assert(!conf.publish.enabled);
	ck_assert_uint_eq(conf.publish.expires_s, 1);
	ck_assert_uint_eq(conf.monitor.interval_s, 0);
	ck_assert_int_eq(conf.denial.restricted, 699);
	ck_assert_int_eq(conf.denial.unknown, 400);
	ck_assert_int_eq(conf.denial.reservation_timeout, 480);
	ck_assert_str_eq(conf.journal.file, "-");
	ck_assert_uint_eq(conf.journal.ring, 1);
	ck_assert_int_eq(conf.log.level, LOG_DEBUG);
	conf_clear(&conf);
	free(told);
}
END_TEST

START_TEST(a_minimal_file_has_the_defaults)
{
	struct conf conf;
	char *told;

	ck_assert_int_eq(
		read_told(&conf, SOURCE_DIR "/test/conf/good.minimal.conf", &told), 0);
	ck_assert_str_eq(conf.database, "/var/lib/halfcall/users.db");
	ck_assert_str_eq(conf.control, "/run/halfcall/control");
	ck_assert(!conf.proxies[0].survivable && conf.peers.refuse);
	ck_assert_ptr_null(conf.tls.certificate);
	ck_assert_ptr_null(conf.tls.at);
	ck_assert(!conf.tls.mutual);
	ck_assert_uint_eq(conf.limits.message_bytes, 65535);
	ck_assert_uint_eq(conf.limits.header_lines, 200);
	ck_assert_uint_eq(conf.limits.connections, 1000);
	ck_assert_uint_eq(conf.limits.reserved_connections, 0);
	ck_assert_uint_eq(conf.limits.address_connections, 16);
	ck_assert_uint_eq(conf.limits.incomplete_ms, 5000);
	ck_assert_uint_eq(conf.limits.connect_ms, 2000);
	ck_assert_uint_eq(conf.limits.handshake_ms, 5000);
	ck_assert_uint_eq(conf.limits.idle_s, 180);
	ck_assert_uint_eq(conf.limits.silent_s, 10);
	ck_assert_uint_eq(conf.limits.queue_bytes, 262144);
	ck_assert_int_eq(conf.call.model, MODEL_B2BUA);
	ck_assert_int_eq(conf.call.server, SERVER_FEATURE);
	ck_assert_int_eq(conf.call.untagged, UNTAGGED_REJECT);
	ck_assert_int_eq(conf.call.forward_phase, FORWARD_TERMDONE);
	ck_assert_uint_eq(conf.call.no_answer_s, 20);
	ck_assert_uint_eq(conf.call.forward_hops, 5);
	ck_assert(!conf.call.chained && !conf.call.diversion);
	ck_assert_uint_eq(conf.call.trunk_members, 0);
	ck_assert(conf.identity.asserted && conf.identity.alert_info);
	ck_assert(conf.identity.privacy);
	ck_assert(conf.identity.history_info);
	ck_assert_str_eq(conf.identity.product, "halfcall/" HALFCALL_VERSION);
	ck_assert_uint_eq(conf.line.reservation_s, 30);
	ck_assert(conf.publish.enabled);
	ck_assert_uint_eq(conf.publish.expires_s, 3600);
	ck_assert_uint_eq(conf.monitor.interval_s, 60);
	ck_assert_int_eq(conf.denial.restricted, 403);
	ck_assert_int_eq(conf.denial.unknown, 404);
	ck_assert_int_eq(conf.denial.reservation_timeout, 487);
	ck_assert_ptr_null(conf.journal.file);
	ck_assert_uint_eq(conf.journal.ring, 10000);
	ck_assert_int_eq(conf.log.level, LOG_INFO);
	conf_clear(&conf);
	free(told);
}
END_TEST

START_TEST(hosts_are_canonical_and_lists_may_be_round)
{
	struct conf conf;
	char *told;

	ck_assert_int_eq(read_told(&conf, SOURCE_DIR "/test/conf/good.ipv6.conf", &told),
			 0);
	ck_assert_uint_eq(conf.listen_count, 4);
	ck_assert_int_eq(conf.listen[0].transport, TRANSPORT_TCP);
	ck_assert_uint_eq(conf.listen[0].port, 0);
	ck_assert(conf.listen[1].is_ipv6 && !conf.listen[3].is_ipv6);
	ck_assert_uint_eq(conf.listen[3].port, 5070);
	ck_assert_str_eq(conf.proxies[0].address.host, "::2");
	ck_assert_uint_eq(conf.proxies[0].address.port, 5060);
	conf_clear(&conf);
	free(told);
}
END_TEST

START_TEST(included_files_count_as_written_here)
{
	struct conf conf;
	char *told;

	ck_assert_int_eq(
		read_told(&conf, SOURCE_DIR "/test/conf/good.include.conf", &told), 0);
	ck_assert_uint_eq(conf.journal.ring, 5);
	ck_assert_uint_eq(conf.line.reservation_s, 64);
	ck_assert_str_eq(conf.domain, "example.com");
	conf_clear(&conf);
	free(told);
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_one_fault)
{
	static const struct {
		const char *file, *told;
	} cases[] = {
		{ "/nowhere/x.conf", "/nowhere/x.conf:1: cannot be opened: No such file or directory\n" },
		{ "/nowhere/\n", "/nowhere/\\x0a:1: cannot be opened: No such file or directory\n" },
		{ "", ":1: cannot be opened: No such file or directory\n" },
		{ "/", "/:1: is a directory, not a file\n" },
		{ "/dev/zero", "/dev/zero:1: is larger than 1 MiB, no configuration file\n" },
	};
	struct conf conf;
	char *told;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		ck_assert_int_eq(read_told(&conf, cases[i].file, &told), 1);
		ck_assert_str_eq(told, cases[i].told);
		free(told);
	}
}
END_TEST

START_TEST(a_long_value_is_shown_in_part_at_a_whole_character)
{
	char text[4096] = "call = { model = \"a", *file, *told;
	struct conf conf;

	for (int i = 0; i < 900; i++)
		strcat(text, "\xc3\xa9");
	strcat(text, "\"; };");
	file = written(text);
	ck_assert_int_eq(read_told(&conf, file, &told), 4);
	ck_assert_ptr_nonnull(strstr(told, "\xc3\xa9...\""));
	unlink(file);
	free(file);
	free(told);
}
END_TEST

START_TEST(the_table_is_sound)
{
	for (size_t i = 0; i < conf_item_count; i++) {
		const struct item *item = &conf_items[i];
		struct arena arena = { 0 };
		_Alignas(max_align_t) char base[sizeof(struct conf)] = { 0 };

		ck_assert_ptr_eq(item_find(item->path), item);	/* no path twice */
		ck_assert_ptr_eq(strchr(item_leaf(item), '.'), NULL);
		ck_assert_ptr_eq(strchr(item->help, '#'), NULL);
		item_preset(item, base, &arena);
		if (item->type == ITEM_NUMBER) {
			ck_assert_int_ge(item_get_number(item, base), item->min);
			ck_assert_int_le(item_get_number(item, base), item->max);
		}
		if (item->type == ITEM_WORD)
			ck_assert_int_ge(item_get_number(item, base), 0);
		/* conf_print() writes groups one deep, each in one piece. */
		if (item_leaf(item) != item->path)
			ck_assert_ptr_eq(strchr(item->path, '.') + 1, item_leaf(item));
		arena_clear(&arena);
	}
}
END_TEST

START_TEST(the_manual_names_every_setting_with_type_limits_and_default)
{
	char *manual = loaded(MANUAL);
	size_t named = 0;

	for (size_t i = 0; i < conf_item_count; i++) {
		char *expected;
		size_t size;
		FILE *out = open_memstream(&expected, &size);

		fprintf(out, "\n.It Ic %s\n", conf_items[i].path);
		item_describe(&conf_items[i], out);
		fputs(".\n", out);
		fclose(out);
		ck_assert_msg(strstr(manual, expected) != NULL, "the manual lacks:%s",
			      expected);
		free(expected);
	}
	for (const char *at = manual; (at = strstr(at, "\n.It Ic ")); at++)
		named++;
	ck_assert_msg(named == conf_item_count,
		      "the manual names %zu settings, the table %zu", named,
		      conf_item_count);
	free(manual);
}
END_TEST

/*
 * Whether LINE begins `name = `, perhaps behind a #, and what follows; NAME has 64 bytes.
 */
static bool is_setting(const char *line, char *name, const char **value)
{
	int used = 0;

	line += strspn(line, "# \t");
	if (sscanf(line, "%63[a-z_] = %n", name, &used) != 1 || used == 0)
		return false;
	*value = line + used;
	return true;
}

START_TEST(the_sample_names_every_setting_and_no_other)
{
	char *sample = loaded(SAMPLE), *rest = sample, *line, group[68] = "";
	bool seen[128] = { false };

	ck_assert_uint_le(conf_item_count, sizeof seen);
	while ((line = strsep(&rest, "\n"))) {
		char name[64], path[140];
		const struct item *item;
		const char *value;

		if (*line == '}' || *line == ')')
			*group = '\0';
		if (!is_setting(line, name, &value))
			continue;
		snprintf(path, sizeof path, "%s%s%s", group, *group ? "." : "", name);
		item = item_find(path);
		if (*value == '(' || *value == '{')
			snprintf(group, sizeof group, "%s%s", name,
				 *value == '(' ? "[]" : "");
		ck_assert_msg(item || *value == '{', "%s is not a setting", path);
		if (item)
			seen[item - conf_items] = true;
	}
	for (size_t i = 0; i < conf_item_count; i++)
		ck_assert_msg(seen[i], "the sample lacks %s", conf_items[i].path);
	free(sample);
}
END_TEST

START_TEST(the_sample_has_every_default)
{
	struct conf conf, minimal;
	char *told, *left, *right;

	ck_assert_msg(read_told(&conf, SAMPLE, &told) == 0, "%s", told);
	free(told);
	ck_assert_int_eq(
		read_told(&minimal, SOURCE_DIR "/test/conf/good.minimal.conf", &told), 0);
	check_round_trip(&conf, SAMPLE);
	/*
	 * From the first setting after the required ones on, the two must print the same.
	 */
	left = printed(&conf);
	right = printed(&minimal);
	ck_assert_msg(strcmp(strstr(left, "\npeers = "), strstr(right, "\npeers = ")) ==
			      0,
		      "the sample differs from the defaults");	/* too long for Check to show */
	ck_assert_str_eq(conf.database, minimal.database);
	ck_assert_str_eq(conf.control, minimal.control);
	free(left);
	free(right);
	conf_clear(&conf);
	conf_clear(&minimal);
	free(told);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("conf");
	TCase *tests = tcase_create("conf");

	tcase_add_test(tests, good_files_are_read_and_printed_back);
	tcase_add_test(tests, bad_files_give_exactly_the_faults_beside_them);
	tcase_add_test(tests, every_value_of_the_full_file_arrives);
	tcase_add_test(tests, a_minimal_file_has_the_defaults);
	tcase_add_test(tests, hosts_are_canonical_and_lists_may_be_round);
	tcase_add_test(tests, included_files_count_as_written_here);
	tcase_add_test(tests, a_file_that_cannot_be_read_is_one_fault);
	tcase_add_test(tests, a_long_value_is_shown_in_part_at_a_whole_character);
	tcase_add_test(tests, the_table_is_sound);
	tcase_add_test(tests,
		       the_manual_names_every_setting_with_type_limits_and_default);
	tcase_add_test(tests, the_sample_names_every_setting_and_no_other);
	tcase_add_test(tests, the_sample_has_every_default);
	suite_add_tcase(suite, tests);
	return suite;
}
