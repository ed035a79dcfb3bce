/* SPDX-License-Identifier: MIT */
/* The configuration in the words of the other rooms, setting by setting. */
#include "server/settings.h"

#include "unit.h"

#include <string.h>

static struct conf conf;
static struct arena arena;

static void tear_down(void)
{
	arena_clear(&arena);
	memset(&conf, 0, sizeof conf);
}

START_TEST(addresses_and_proxies_keep_their_order)
{
	struct conf_address listen[] = {
		{ "sip:127.0.0.1:5070", "127.0.0.1", 5070, TRANSPORT_UDP, false },
		{ "sip:[::1];transport=tcp", "::1", 5060, TRANSPORT_TCP, true },
		{ "sips:127.0.0.1", "127.0.0.1", 5061, TRANSPORT_TLS, false },
	};
	struct conf_proxy proxies[] = {
		{ "sm-a", { "sip:127.0.0.2", "127.0.0.2", 5060, TRANSPORT_UDP, false }, NULL, false },
		{ "sm-b", { "sip:127.0.0.3", "127.0.0.3", 5080, TRANSPORT_TCP, false }, "sm.b", true },
		{ "sm-c", { "sips:127.0.0.3", "127.0.0.3", 5061, TRANSPORT_TLS, false }, NULL, false },
	};
	struct agent_settings settings;

	conf.listen = listen;
	conf.listen_count = 3;
	conf.proxies = proxies;
	conf.proxy_count = 3;
	conf.domain = "example.com";
	conf.identity.product = "halfcall/1";
	settings_fill(&settings, &conf, &arena);
	ck_assert_uint_eq(settings.wire.listen_count, 3);
	ck_assert_str_eq(settings.wire.listen[0].host, "127.0.0.1");
	ck_assert_uint_eq(settings.wire.listen[0].port, 5070);
	ck_assert_str_eq(settings.wire.listen[0].transport, "udp");
	ck_assert_str_eq(settings.wire.listen[1].host, "::1");
	ck_assert_str_eq(settings.wire.listen[1].transport, "tcp");
	ck_assert_str_eq(settings.wire.listen[2].transport, "tls");
	ck_assert_uint_eq(settings.wire.peer_count, 3);
	ck_assert_str_eq(settings.wire.peers[0].name, "sm-a");
	ck_assert_str_eq(settings.wire.peers[0].address.host, "127.0.0.2");
	ck_assert_str_eq(settings.wire.peers[1].name, "sm-b");
	ck_assert_uint_eq(settings.wire.peers[1].address.port, 5080);
	ck_assert_str_eq(settings.wire.peers[1].address.transport, "tcp");
	ck_assert_ptr_null(settings.wire.peers[0].tls_name);
	ck_assert_str_eq(settings.wire.peers[1].tls_name, "sm.b");
	ck_assert_str_eq(settings.wire.peers[2].tls_name, "sm.b");
	ck_assert_str_eq(settings.wire.peers[2].address.transport, "tls");
	ck_assert_ptr_null(settings.wire.tls);
	ck_assert_str_eq(settings.wire.domain, "example.com");
	ck_assert_str_eq(settings.invite.product, "halfcall/1");
	ck_assert(!settings.wire.is_proxy);
	conf.call.model = MODEL_PROXY;
	settings_fill(&settings, &conf, &arena);
	ck_assert(settings.wire.is_proxy);
}
END_TEST

START_TEST(the_files_of_tls_and_the_limits_arrive)
{
	struct agent_settings settings;
	const struct wire_limits *limits = &settings.wire.limits;

	conf.tls.certificate = "a.crt";
	conf.tls.key = "a.key";
	conf.tls.ca = "ca.crt";
	conf.tls.mutual = true;
	conf.limits.message_bytes = 1;
	conf.limits.header_lines = 2;
	conf.limits.connections = 3;
	conf.limits.reserved_connections = 4;
	conf.limits.address_connections = 5;
	conf.limits.incomplete_ms = 6;
	conf.limits.connect_ms = 7;
	conf.limits.handshake_ms = 8;
	conf.limits.idle_s = 86400;
	conf.limits.silent_s = 10;
	conf.limits.queue_bytes = 11;
	settings_fill(&settings, &conf, &arena);
	ck_assert_str_eq(settings.wire.tls->certificate, "a.crt");
	ck_assert_str_eq(settings.wire.tls->key, "a.key");
	ck_assert_str_eq(settings.wire.tls->authorities, "ca.crt");
	ck_assert(settings.wire.tls->is_mutual);
	ck_assert_uint_eq(limits->message_bytes, 1);
	ck_assert_uint_eq(limits->header_lines, 2);
	ck_assert_uint_eq(limits->connections, 3);
	ck_assert_uint_eq(limits->reserved_connections, 4);
	ck_assert_uint_eq(limits->address_connections, 5);
	ck_assert_uint_eq(limits->incomplete_ms, 6);
	ck_assert_uint_eq(limits->connect_ms, 7);
	ck_assert_uint_eq(limits->handshake_ms, 8);
	ck_assert_uint_eq(limits->idle_ms, 86400000);
	ck_assert_uint_eq(limits->silent_ms, 10000);
	ck_assert_uint_eq(limits->queue_bytes, 11);
}
END_TEST

static const struct {
	const char *name;
	bool *is_set;
	size_t at;
	bool is_reversed;
} flags[] = {
#define FLAG(setting, member, reversed)                                           \
	{                                                                         \
#		setting, &conf.setting, offsetof(struct agent_settings, member), \
			reversed                                                  \
	}
	FLAG(call.diversion, invite.writes_diversion, false),
	FLAG(identity.asserted, invite.writes_asserted, false),
	FLAG(identity.privacy, invite.respects_privacy, false),
	FLAG(identity.alert_info, invite.writes_alert_info, false),
	FLAG(identity.history_info, invite.writes_history_info, false),
	FLAG(line.reliable, half.reserves_reliably, false),
	FLAG(peers.refuse, ignores_strangers, true),
	FLAG(monitor.alive, plays_dead, true),
};

/* And no other of them. */
START_TEST(each_flag_has_its_setting)
{
	enum { FLAGS = sizeof flags / sizeof *flags };
	struct agent_settings settings = { 0 };

	*flags[_i].is_set = true;
	settings_refresh(&settings, &conf);
	for (size_t i = 0; i < FLAGS; i++)
		ck_assert_msg(*(const bool *)((const char *)&settings + flags[i].at) ==
				      ((i == (size_t)_i) != flags[i].is_reversed),
			      "%s changes %s", flags[_i].name, flags[i].name);
}
END_TEST

START_TEST(words_and_numbers_arrive)
{
	struct agent_settings settings = { 0 };

	settings_refresh(&settings, &conf);
	ck_assert(!settings.invite.is_evolution);
	ck_assert(!settings.invite.forwards_as_origdone);
	conf.call.server = SERVER_EVOLUTION;
	settings_refresh(&settings, &conf);
	ck_assert(settings.invite.is_evolution && !settings.invite.forwards_as_origdone);
	conf.call.forward_phase = FORWARD_ORIGDONE;
	conf.line.reservation_s = 60;
	conf.denial.reservation_timeout = 480;
	settings_refresh(&settings, &conf);
	ck_assert(settings.invite.forwards_as_origdone);
	ck_assert_uint_eq(settings.half.reservation_s, 60);
	ck_assert_int_eq(settings.half.reservation_timeout_status, 480);
}
END_TEST

START_TEST(a_policy_is_what_features_ask_for)
{
	struct conf_feature_name names[] = {
		{ "a", FEATURE_SEND_ALL_CALLS },
		{ "b", FEATURE_CALL_FWD_NO_ANSWER },
		{ "c", FEATURE_CALL_FWD_BUSY },
		{ "d", FEATURE_CALL_FWD_ALL },
	};
	static const enum action does[][2] = {
		{ ACTION_SEND_ALL_CALLS_ON, ACTION_SEND_ALL_CALLS_OFF },
		{ ACTION_FORWARD_NO_ANSWER_ON, ACTION_FORWARD_NO_ANSWER_OFF },
		{ ACTION_FORWARD_BUSY_ON, ACTION_FORWARD_BUSY_OFF },
		{ ACTION_FORWARD_ALL_ON, ACTION_FORWARD_ALL_OFF },
	};
	struct policy policy;

	conf.denial.restricted = 433;
	conf.denial.unknown = 604;
	conf.call.forward_hops = 3;
	conf.call.no_answer_s = 17;
	conf.call.trunk_members = 7;
	conf.feature_names = names;
	conf.feature_name_count = 4;
	policy = settings_policy(&conf);
	ck_assert_int_eq(policy.restricted_status, 433);
	ck_assert_int_eq(policy.unknown_status, 604);
	ck_assert_uint_eq(policy.forward_hops, 3);
	ck_assert_uint_eq(policy.no_answer_s, 17);
	ck_assert(!policy.is_chained);
	ck_assert(!policy.routes_untagged);
	ck_assert_uint_eq(policy.trunk_members, 7);
	ck_assert_uint_eq(policy.feature_name_count, 4);
	for (size_t i = 0; i < 4; i++) {
		ck_assert_str_eq(policy.feature_names[i].name, names[i].name);
		ck_assert_int_eq(policy.feature_names[i].on, does[i][0]);
		ck_assert_int_eq(policy.feature_names[i].off, does[i][1]);
	}
	conf.call.chained = true;
	ck_assert(settings_policy(&conf).is_chained);
	ck_assert(!settings_policy(&conf).routes_untagged);
	conf.call.untagged = UNTAGGED_ROUTE;
	ck_assert(settings_policy(&conf).routes_untagged);
}
END_TEST

START_TEST(as_many_feature_names_as_there_may_be)
{
	static struct conf_feature_name names[FEATURE_NAMES_MAX + 1];

	for (size_t i = 0; i <= FEATURE_NAMES_MAX; i++)
		names[i].name = "x";
	conf.feature_names = names;
	conf.feature_name_count = FEATURE_NAMES_MAX;
	ck_assert_uint_eq(settings_policy(&conf).feature_name_count, FEATURE_NAMES_MAX);
	conf.feature_name_count = FEATURE_NAMES_MAX + 1;
	ck_assert_uint_eq(settings_policy(&conf).feature_name_count, FEATURE_NAMES_MAX);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("server settings");
	TCase *tests = tcase_create("settings");

	tcase_add_checked_fixture(tests, NULL, tear_down);
	tcase_add_test(tests, addresses_and_proxies_keep_their_order);
	tcase_add_test(tests, the_files_of_tls_and_the_limits_arrive);
	tcase_add_loop_test(tests, each_flag_has_its_setting, 0,
			    (int)(sizeof flags / sizeof *flags));
	tcase_add_test(tests, words_and_numbers_arrive);
	tcase_add_test(tests, a_policy_is_what_features_ask_for);
	tcase_add_test(tests, as_many_feature_names_as_there_may_be);
	suite_add_tcase(suite, tests);
	return suite;
}
