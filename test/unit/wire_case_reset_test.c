/* SPDX-License-Identifier: MIT */
/* Thousands of connections that end at every point of their life leave no descriptor behind. */
#include "wire_peer_cert.h"
#include "wire_peer_raw.h"

#include "unit.h"
#include "wire/endpoint.h"
#include "wire/listener.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TCP = 1, TLS = 2, ROUNDS = 2000 };	/* listeners */

static struct cert_authority authority;
static struct raw *near;
static char crt[CERT_PATH], key[CERT_PATH];
static struct wire_tls tls;
static SSL_CTX *context;

static void setup(void)
{
	cert_start(&authority);
	cert_sign(&authority, "near", "near.example.com", "URI:sip:near.example.com");
	tls = (struct wire_tls){ cert_path(&authority, "near.crt", crt),
				 cert_path(&authority, "near.key", key), authority.file,
				 false };
	near = calloc(1, sizeof *near);
	near->settings.tls = &tls;
	near->settings.limits.address_connections = 1000;
	raw_open(near, "127.0.0.1");
	context = SSL_CTX_new(TLS_client_method());
}

static void teardown(void)
{
	SSL_CTX_free(context);
	raw_close(near);
	free(near);
	cert_end(&authority);
}

static unsigned descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned count = 0;

	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static size_t connections(void)
{
	struct transport_statistics statistics;

	transport_statistics(near->transport, &statistics);
	return statistics.connections;
}

/* Ends FD with a reset, or in order. */
static void end(int fd, bool is_reset)
{
	struct linger hard = { 1, 0 };

	if (is_reset)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
	close(fd);
}

static void assert_nothing_left(unsigned before)
{
	for (unsigned i = 0; i < 20; i++)
		loop_step(near->loop, 1);
	loop_advance(near->loop, 33000);
	ck_assert_uint_eq(connections(), 0);
	ck_assert_uint_eq(descriptors(), before);
}

START_TEST(of_tcp)
{
	char text[1000];
	size_t length = raw_options(text, sizeof text, 1, 0);
	unsigned before = descriptors();

	for (unsigned i = 0; i < ROUNDS; i++) {
		size_t part = length * (i % 5) / 4;
		int fd = raw_connect(near, TCP);

		if (i % 3)
			loop_step(near->loop, 0);
		if (part)
			send(fd, text, part, MSG_NOSIGNAL);
		if (i % 7 == 0)
			loop_step(near->loop, 0);
		end(fd, i % 2);
		if (i % 4 == 0)
			loop_step(near->loop, 0);
	}
	assert_nothing_left(before);
}
END_TEST

/* A handshake that is ended after so many steps of ours; the last ones speak after it. */
static void shake(unsigned steps)
{
	SSL *ssl = SSL_new(context);
	int fd = raw_connect(near, TLS);

	fcntl(fd, F_SETFL, O_NONBLOCK);
	SSL_set_fd(ssl, fd);
	for (unsigned i = 0; i < steps; i++) {
		if (SSL_connect(ssl) == 1)
			SSL_write(ssl, "OPTIONS sip:a@b SIP/2.0\r\n", 25);
		loop_step(near->loop, 0);
	}
	SSL_free(ssl);
	end(fd, steps % 2);
	if (steps % 3 == 0)
		loop_step(near->loop, 0);
}

START_TEST(of_tls)
{
	unsigned before;

	unit_allow_cpu_s(60);
	shake(6);				/* what OpenSSL opens once */
	before = descriptors();
	for (unsigned i = 0; i < ROUNDS; i++)
		shake(i % 7);
	assert_nothing_left(before);
}
END_TEST

/* Where they go is a dead port, or one that does nothing but reset. */
START_TEST(of_our_own)
{
	struct sockaddr_in dead = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct transport_target target = { .tls_name = "far.example.com" };
	char text[1000];
	size_t length = raw_options(text, sizeof text, 1, 0);
	unsigned port, before;
	int listener = raw_socket(SOCK_STREAM, "127.0.0.1", &port);

	listen(listener, 100);
	fcntl(listener, F_SETFL, O_NONBLOCK);
	dead.sin_port = htons((uint16_t)port);
	memcpy(&target.to, &dead, sizeof dead);
	before = descriptors();
	for (unsigned i = 0; i < ROUNDS / 2; i++) {
		bool is_tls = i % 2;
		int fd;

		target.transport = is_tls ? WAY_TLS : WAY_TCP;
		target.listener = transport_listener(near->transport, is_tls ? TLS : TCP);
		transport_send(near->transport, &target, text, length, i + 1);
		loop_step(near->loop, 0);
		fd = accept(listener, NULL, NULL);
		if (i % 3 == 0)
			loop_step(near->loop, 0);
		if (fd >= 0)
			end(fd, i % 5);
		loop_step(near->loop, 0);
	}
	close(listener);
	before -= 1;
	for (unsigned i = 0; i < 100; i++) {
		transport_send(near->transport, &target, text, length, i + 1);
		loop_step(near->loop, 0);
	}
	assert_nothing_left(before);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("wire case reset");
	TCase *all = tcase_create("resets");

	tcase_add_checked_fixture(all, setup, teardown);
	tcase_set_timeout(all, 60);
	tcase_add_test(all, of_tcp);
	tcase_add_test(all, of_tls);
	tcase_add_test(all, of_our_own);
	suite_add_tcase(suite, all);
	return suite;
}
