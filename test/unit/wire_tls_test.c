/* SPDX-License-Identifier: MIT */
/* TLS: who is accepted by which name, on both sides, and what becomes of those who are not. */
#include "wire/tls.h"
#include "wire_peer_cert.h"
#include "wire_peer_raw.h"

#include "base/fault.h"
#include "wire/endpoint.h"
#include "wire/listener.h"

#include "unit.h"

#include <errno.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TLS = 2 };			/* the listener */

static struct cert_authority authority;
static struct raw *near, *far;		/* near is connected to by far */
static char near_crt[CERT_PATH], near_key[CERT_PATH], far_crt[CERT_PATH],
	far_key[CERT_PATH];
static struct wire_tls near_tls, far_tls;

static void setup(void)
{
	cert_start(&authority);
	cert_sign(&authority, "near", "near.example.com", "URI:sip:near.example.com");
	cert_sign(&authority, "far", "far.example.com", "URI:sip:far.example.com");
	near_tls = (struct wire_tls){ cert_path(&authority, "near.crt", near_crt),
				      cert_path(&authority, "near.key", near_key),
				      authority.file, false };
	far_tls = (struct wire_tls){ cert_path(&authority, "far.crt", far_crt),
				     cert_path(&authority, "far.key", far_key),
				     authority.file, false };
	near = calloc(1, sizeof *near);
	far = calloc(1, sizeof *far);
	near->settings.tls = &near_tls;
	far->settings.tls = &far_tls;
}

static void teardown(void)
{
	raw_close(near);
	raw_close(far);
	free(near);
	free(far);
	cert_end(&authority);
}

static void open_both(void)
{
	raw_open(near, "127.0.0.1");
	raw_open(far, "127.0.0.1");
}

/* Each knows the other. */
static void introduce(void)
{
	near->peers[0] = (struct wire_peer){ "far", { "127.0.0.1", 5061, "tls" }, NULL };
	far->peers[0] = (struct wire_peer){ "near", { "127.0.0.1", 5061, "tls" }, NULL };
	near->settings.peer_count = far->settings.peer_count = 1;
}

static void run(void)
{
	for (int i = 0; i < 20; i++) {
		loop_step(near->loop, 1);
		loop_step(far->loop, 1);
	}
}

static int ask(const char *name, unsigned cseq, uint64_t token)
{
	struct transport_target target = {
		.listener = transport_listener(far->transport, TLS),
		.to = *listener_endpoint(transport_listener(near->transport, TLS)),
		.transport = WAY_TLS,
		.tls_name = name
	};
	char text[1000];
	size_t length = raw_options(text, sizeof text, cseq, 0);
	int err = transport_send(far->transport, &target, text, length, token);

	run();
	return err;
}

static size_t connections(struct raw *raw)
{
	struct transport_statistics statistics;

	transport_statistics(raw->transport, &statistics);
	return statistics.connections;
}

START_TEST(a_message_goes_there_and_its_answer_comes_back)
{
	struct transport_target target = { .transport = WAY_TLS };
	char text[1000];

	open_both();
	ck_assert_int_eq(ask("near.example.com", 1, 1), 0);
	ck_assert_uint_eq(near->packet_count, 1);
	ck_assert_int_eq(near->packets[0].transport, WAY_TLS);
	target.listener = transport_listener(near->transport, TLS);
	target.to = near->packets[0].from;
	target.connection = near->packets[0].connection;
	ck_assert_int_eq(transport_send(near->transport, &target, text,
					raw_options(text, sizeof text, 9, 100), 0),
			 0);
	run();
	ck_assert_uint_eq(far->packet_count, 1);
	ck_assert_int_eq(ask("near.example.com", 2, 2), 0);
	ck_assert_uint_eq(connections(far), 1);
	ck_assert_uint_eq(far->failed_count, 0);
}
END_TEST

START_TEST(large_messages_pass_both_ways)
{
	enum { SIZE = 60000, COUNT = 20 };
	struct transport_target target = { .transport = WAY_TLS };
	char *text = malloc(SIZE + 1000);
	size_t length = raw_options(text, SIZE + 1000, 1, SIZE);

	near->settings.limits.queue_bytes = far->settings.limits.queue_bytes = 4 << 20;
	open_both();
	target.listener = transport_listener(far->transport, TLS);
	target.to = *listener_endpoint(transport_listener(near->transport, TLS));
	for (int i = 0; i < COUNT; i++)
		ck_assert_int_eq(transport_send(far->transport, &target, text, length, 1),
				 0);
	for (int i = 0; i < 50 && near->packet_count < COUNT; i++)
		run();
	ck_assert_uint_eq(near->packet_count, COUNT);
	for (int i = 0; i < COUNT; i++)
		ck_assert_uint_eq(near->packets[i].length, length);
	free(text);
}
END_TEST

/* Connects to a near end with the subjectAltName SAN and the common name CN as NAME. */
static bool is_accepted(const char *cn, const char *san, const char *name)
{
	size_t count;
	int err;

	cert_sign(&authority, "near", cn, san);
	ck_assert_int_eq(transport_reload(near->transport, &near_tls, &near->fault), 0);
	count = near->packet_count;
	far->failed_count = 0;
	err = ask(name, 1, 1);
	if (near->packet_count == count + 1 && err == 0 && far->failed_count == 0)
		return true;
	ck_assert_int_eq(err, 0);
	ck_assert_uint_eq(far->failed_count, 1);
	ck_assert_int_eq(far->errors[0], EPROTO);
	return false;
}

START_TEST(a_certificate_is_for_the_domains_it_names)
{
	static const struct {
		const char *cn, *san, *name;
		bool is_accepted;
	} cases[] = {
		{ "x", "URI:sip:a1.example.com", "a1.example.com", true },
		{ "x", "URI:sip:A2.Example.COM", "a2.example.com", true },
		{ "x", "DNS:a3.example.com", "a3.example.com", true },
		{ "x", "DNS:other.example.com,URI:sip:a4.example.com", "a4.example.com", true },
		/* A SIP URI there makes DNS names count no more (RFC 5922 section 7.1). */
		{ "x", "DNS:a5.example.com,URI:sip:other.example.com", "a5.example.com", false },
		{ "x", "URI:sip:a6@a6.example.com,URI:sip:b.example.com", "a6.example.com", false },
		{ "x", "URI:sip:u@other.example.com,DNS:c1.example.com", "c1.example.com", true },
		{ "x", "URI:https://a7.example.com,DNS:a7.example.com", "a7.example.com", true },
		{ "x", "URI:https://a8.example.com", "a8.example.com", false },
		{ "x", "DNS:*.example.com", "a9.example.com", false },
		{ "x", "DNS:*.example.com", "*.example.com", true },
		{ "b1.example.com", NULL, "b1.example.com", true },
		{ "*.example.com", NULL, "b2.example.com", false },
		{ "b3.example.com", "DNS:other.example.com", "b3.example.com", false },
		{ "b4.example.com", NULL, "b4.example.org", false },
		{ "x", "URI:sip:b5.example.com", "b5.example.co", false },
	};

	open_both();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		ck_assert_msg(is_accepted(cases[i].cn, cases[i].san, cases[i].name) ==
				      cases[i].is_accepted,
			      "CN %s, SAN %s as %s", cases[i].cn,
			      cases[i].san ? cases[i].san : "none", cases[i].name);
}
END_TEST

START_TEST(a_proxy_with_another_certificate_is_told_of)
{
	introduce();
	open_both();
	ask("other.example.com", 1, 1);
	ck_assert_str_eq(far->unshaken,
			 "near: its certificate is not for other.example.com");
}
END_TEST

START_TEST(a_certificate_of_other_authorities_is_refused)
{
	struct cert_authority other;
	char crt[CERT_PATH], key[CERT_PATH];

	cert_start(&other);
	cert_sign(&other, "near", "near.example.com", "URI:sip:near.example.com");
	near_tls.certificate = cert_path(&other, "near.crt", crt);
	near_tls.key = cert_path(&other, "near.key", key);
	introduce();
	open_both();
	ck_assert_int_eq(ask("near.example.com", 1, 1), 0);
	ck_assert_uint_eq(near->packet_count, 0);
	ck_assert_uint_eq(far->failed_count, 1);
	ck_assert_int_eq(far->errors[0], EPROTO);
	run();
	ck_assert_uint_eq(connections(near), 0);
	ck_assert_str_eq(far->unshaken, "near: its certificate is not accepted: "
					"certificate signature failure");
	ck_assert_str_eq(near->unshaken, "far: it refuses: tlsv1 alert decrypt error");
	cert_end(&other);
}
END_TEST

START_TEST(under_mutual_tls_a_peer_must_be_who_its_address_says)
{
	near_tls.is_mutual = true;
	near->peers[0] = (struct wire_peer){ "sm",
					     { "127.0.0.1", 5061, "tls" },
					     .tls_name = "far.example.com" };
	near->settings.peer_count = 1;
	open_both();
	ask("near.example.com", 1, 1);
	ck_assert_uint_eq(near->packet_count, 1);
	ck_assert_str_eq(near->packets[0].peer->name, "sm");
	ck_assert_str_eq(near->unshaken, "");
	/* Another certificate of the same authority. */
	transport_close(far->transport);
	loop_free(far->loop);
	cert_sign(&authority, "far", "x", "URI:sip:impostor.example.com");
	far->failed_count = 0;
	raw_open(far, "127.0.0.1");
	ask("near.example.com", 2, 2);
	run();
	ck_assert_uint_eq(near->packet_count, 1);
	ck_assert_uint_eq(far->failed_count, 1);
	ck_assert_str_eq(near->unshaken,
			 "sm: its certificate is not for far.example.com");
	/* The first one's is kept for a while: it may only have stopped sending. */
	loop_advance(near->loop, 33000);
	ck_assert_uint_eq(connections(near), 0);
}
END_TEST

/* A client of OpenSSL's own that may lack what it should have. */
static SSL *client(SSL_CTX *context, int *fd)
{
	SSL *ssl = SSL_new(context);

	*fd = raw_connect(near, TLS);
	SSL_set_fd(ssl, *fd);
	return ssl;
}

static bool shakes(SSL *ssl, int fd)
{
	struct timeval moment = { 0, 2000 };
	int result = 0;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &moment, sizeof moment);
	for (int i = 0; i < 300 && result <= 0; i++) {
		char byte;

		result = SSL_connect(ssl);
		if (result > 0) {
			/* TLS 1.3 tells of a refused certificate with the first byte. */
			raw_run(near);
			result = SSL_read(ssl, &byte, 1);
			return SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ;
		}
		if (SSL_get_error(ssl, result) != SSL_ERROR_WANT_READ)
			return false;
		loop_step(near->loop, 1);
	}
	return false;
}

START_TEST(under_mutual_tls_who_shows_no_certificate_is_refused)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	SSL *ssl;
	int fd;

	introduce();
	open_both();
	ssl = client(context, &fd);
	ck_assert(shakes(ssl, fd));
	SSL_free(ssl);
	close(fd);
	near_tls.is_mutual = true;
	ck_assert_int_eq(transport_reload(near->transport, &near_tls, &near->fault), 0);
	ssl = client(context, &fd);
	ck_assert(!shakes(ssl, fd));
	SSL_free(ssl);
	close(fd);
	SSL_CTX_free(context);
	run();
	ck_assert_uint_eq(connections(near), 0);
	ck_assert_str_eq(near->unshaken, "far: it shows no certificate");
}
END_TEST

START_TEST(old_versions_are_refused)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	SSL *ssl;
	int fd;

	introduce();
	open_both();
	SSL_CTX_set_security_level(context, 0);
	SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
	SSL_CTX_set_max_proto_version(context, TLS1_1_VERSION);
	ssl = client(context, &fd);
	ck_assert(!shakes(ssl, fd));
	ck_assert_str_eq(near->unshaken, "far: unsupported protocol");
	SSL_free(ssl);
	close(fd);
	SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
	ssl = client(context, &fd);
	ck_assert(shakes(ssl, fd));
	SSL_free(ssl);
	close(fd);
	SSL_CTX_free(context);
}
END_TEST

START_TEST(handshakes_that_do_not_end_are_given_up_and_leave_nothing)
{
	struct linger hard = { 1, 0 };
	int fd;

	near->settings.limits.address_connections = 1000;
	introduce();
	open_both();
	fd = raw_connect(near, TLS);
	ck_assert_int_eq(send(fd, "\x16\x03\x01", 3, 0), 3);
	raw_run(near);
	ck_assert_uint_eq(connections(near), 1);
	loop_advance(near->loop, 4900);
	ck_assert_uint_eq(connections(near), 1);
	loop_advance(near->loop, 200);
	ck_assert_uint_eq(connections(near), 0);
	ck_assert_str_eq(near->unshaken, "far: the handshake takes too long");
	close(fd);
	for (int i = 0; i < 1000; i++) {
		fd = raw_connect(near, TLS);
		if (i % 3)
			send(fd, i % 2 ? "\x16\x03\x01\x02" : "OPTIONS sip:a", 4,
			     MSG_NOSIGNAL);
		loop_step(near->loop, 0);
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
		close(fd);
	}
	raw_run(near);
	ck_assert_uint_eq(connections(near), 0);
}
END_TEST

START_TEST(new_certificates_are_loaded_without_dropping_a_connection)
{
	open_both();
	ask("near.example.com", 1, 1);
	ck_assert_uint_eq(near->packet_count, 1);
	cert_sign(&authority, "near", "x", "URI:sip:new.example.com");
	ck_assert_int_eq(transport_reload(near->transport, &near_tls, &near->fault), 0);
	ask("near.example.com", 2, 2);
	ck_assert_uint_eq(near->packet_count, 2);
	ck_assert_uint_eq(connections(near), 1);
	ask("new.example.com", 3, 3);
	ck_assert_uint_eq(near->packet_count, 3);
	ck_assert_uint_eq(connections(near), 2);
	ck_assert_uint_eq(far->failed_count, 0);
}
END_TEST

START_TEST(a_bad_pair_is_found_at_once_and_the_old_one_stays)
{
	struct wire_tls bad = near_tls;
	struct fault fault;

	open_both();
	bad.key = far_tls.key;
	ck_assert_int_lt(transport_reload(near->transport, &bad, &fault), 0);
	ck_assert_ptr_nonnull(strstr(fault.text, "does not belong to certificate"));
	ck_assert_int_lt(tls_check(&bad, &fault), 0);
	bad.key = "/nowhere.key";
	ck_assert_int_lt(tls_check(&bad, &fault), 0);
	ck_assert_ptr_nonnull(strstr(fault.text, "TLS key /nowhere.key"));
	bad = near_tls;
	bad.certificate = "/nowhere.crt";
	ck_assert_int_lt(tls_check(&bad, &fault), 0);
	ck_assert_ptr_nonnull(strstr(fault.text, "TLS certificate /nowhere.crt"));
	bad = near_tls;
	bad.authorities = "/nowhere.pem";
	ck_assert_int_lt(tls_check(&bad, &fault), 0);
	ck_assert_ptr_nonnull(strstr(fault.text, "TLS authorities /nowhere.pem"));
	ck_assert_int_eq(tls_check(&near_tls, &fault), 0);
	ask("near.example.com", 1, 1);
	ck_assert_uint_eq(near->packet_count, 1);
}
END_TEST

START_TEST(an_alias_takes_requests_only_if_its_far_end_is_proved)
{
	struct transport_target back = { .transport = WAY_TLS,
					 .tls_name = "far.example.com" };
	char text[1000];
	size_t length = raw_options(text, sizeof text, 5, 0);

	near_tls.is_mutual = true;
	open_both();
	ask("near.example.com", 1, 1);
	back.listener = transport_listener(near->transport, TLS);
	ck_assert_int_eq(endpoint_read("127.0.0.1", raw_port(far, TLS), &back.to), 0);
	transport_alias(near->transport, near->packets[0].connection, &back.to);
	ck_assert_int_eq(transport_send(near->transport, &back, text, length, 1), 0);
	run();
	ck_assert_uint_eq(far->packet_count, 1);
	ck_assert_uint_eq(connections(near), 1);
	/* Not as somebody else. */
	back.tls_name = "other.example.com";
	transport_send(near->transport, &back, text, length, 2);
	run();
	ck_assert_uint_eq(far->packet_count, 1);
	ck_assert_uint_eq(near->failed_count, 1);
}
END_TEST

START_TEST(who_shows_no_certificate_is_no_alias)
{
	struct transport_target back = { .transport = WAY_TLS };
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	char text[1000];
	int length = (int)raw_options(text, sizeof text, 5, 0), fd;
	SSL *ssl;

	open_both();
	ssl = client(context, &fd);
	ck_assert(shakes(ssl, fd));
	ck_assert_int_eq(SSL_write(ssl, text, length), length);
	ck_assert(raw_wait(near, 1));
	back.listener = transport_listener(near->transport, TLS);
	ck_assert_int_eq(endpoint_read("127.0.0.1", raw_port(far, TLS), &back.to), 0);
	transport_alias(near->transport, near->packets[0].connection, &back.to);
	ck_assert_int_eq(transport_send(near->transport, &back, text, (size_t)length, 1),
			 0);
	run();
	/* It went where it should, by a connection of its own. */
	ck_assert_uint_eq(far->packet_count, 1);
	SSL_free(ssl);
	close(fd);
	SSL_CTX_free(context);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("wire_tls");
	TCase *tcase = tcase_create("tls");

	tcase_set_timeout(tcase, 30);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_message_goes_there_and_its_answer_comes_back);
	tcase_add_test(tcase, large_messages_pass_both_ways);
	tcase_add_test(tcase, a_certificate_is_for_the_domains_it_names);
	tcase_add_test(tcase, a_proxy_with_another_certificate_is_told_of);
	tcase_add_test(tcase, a_certificate_of_other_authorities_is_refused);
	tcase_add_test(tcase, under_mutual_tls_a_peer_must_be_who_its_address_says);
	tcase_add_test(tcase, under_mutual_tls_who_shows_no_certificate_is_refused);
	tcase_add_test(tcase, old_versions_are_refused);
	tcase_add_test(tcase, handshakes_that_do_not_end_are_given_up_and_leave_nothing);
	tcase_add_test(tcase, new_certificates_are_loaded_without_dropping_a_connection);
	tcase_add_test(tcase, a_bad_pair_is_found_at_once_and_the_old_one_stays);
	tcase_add_test(tcase, an_alias_takes_requests_only_if_its_far_end_is_proved);
	tcase_add_test(tcase, who_shows_no_certificate_is_no_alias);
	suite_add_tcase(suite, tcase);
	return suite;
}
