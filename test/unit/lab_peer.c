/* SPDX-License-Identifier: MIT */
#include "lab_peer.h"

#include "base/fault.h"
#include "unit.h"
#include "wire/loop.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const users[STAGE_PHONES] = { "1001", "1002", "1003" };
static bool is_fork;

enum { PATIENCE_MS = 3000 };

static void open_phones(struct stage *stage, const char *host, const char *transport)
{
	char uri[64], own[32];
	const char *proxy = uri;
	struct fault fault = { "" };

	snprintf(uri, sizeof uri, "sip:%s:5060;transport=%s", host, transport);
	for (unsigned i = 0; i < STAGE_PHONES; i++) {
		struct phone_settings settings = {
			.name = users[i],
			.user = users[is_fork && i == 2 ? 1 : i],
			.password = "secret",
			.host = own,
			.port = 5060,
			.transport = transport,
			.supported = "replaces, 100rel",
			.proxies = &proxy,
			.proxy_count = 1,
		};

		snprintf(own, sizeof own, "127.%d.%d.%u", 240 + (int)getpid() / 250 % 14,
			 (int)getpid() % 250, 10 + i);
		ck_assert_msg(
			phone_open(stage->lab, &settings, &stage->phones[i], &fault) == 0,
			"%s", fault.text);
		ck_assert_int_eq(
			stage_wait(stage, enrol(stage->phones[i],
						&(struct enrolment){ 0 }, NULL, NULL)),
			200);
	}
}

void stage_open(struct stage *stage, const char *auth, const char *transport)
{
	static char host[32];
	static const char *methods[1];
	struct fault fault = { "" };

	*stage = (struct stage){ 0 };
	stage->loop = loop_new();
	stage->lab = lab_new(stage->loop, "example.com");
	stage->users = registrar_new();
	snprintf(host, sizeof host, "127.%d.%d.2", 240 + (int)getpid() / 250 % 14,
		 (int)getpid() % 250);
	methods[0] = auth;
	stage->sm_is = (struct sm_settings){
		.name = "sm",
		.host = host,
		.port = 5060,
		.cm_host = "127.0.0.9",
		.cm = "sip:127.0.0.9:5062",
		.auth = methods,
		.auth_count = auth ? 1 : 0,
		.users = stage->users,
		.sequences = stage->sequences,
		.sequence_count = 2 * STAGE_PHONES,
	};
	for (unsigned i = 0; i < STAGE_PHONES; i++) {
		registrar_add(stage->users, users[i], "secret");
		stage->sequences[2 * i] = (struct sm_sequence){ users[i], true, NULL, 0 };
		stage->sequences[2 * i + 1] =
			(struct sm_sequence){ users[i], false, NULL, 0 };
	}
	stage->sm = sm_new(stage->lab, &stage->sm_is);
	ck_assert_msg(sm_start(stage->sm, &fault) == 0, "%s", fault.text);
	open_phones(stage, host, transport);
}

void stage_open_fork(struct stage *stage)
{
	is_fork = true;
	stage_open(stage, NULL, "udp");
	is_fork = false;
}

void stage_close(struct stage *stage)
{
	for (unsigned i = 0; i < STAGE_PHONES; i++)
		phone_free(stage->phones[i]);
	sm_free(stage->sm);
	registrar_free(stage->users);
	lab_free(stage->lab);
	loop_free(stage->loop);
}

int stage_wait(struct stage *stage, const struct errand *errand)
{
	ck_assert_ptr_nonnull(errand);
	for (unsigned i = 0; i < PATIENCE_MS && !errand->is_done; i++)
		loop_step(stage->loop, 1);
	ck_assert_msg(errand->is_done, "the act was never done");
	return errand->status;
}

const struct mail *stage_hear(struct stage *stage, unsigned i, int status,
			      const char *method)
{
	struct mail *mail = NULL;

	for (unsigned ms = 0; ms < PATIENCE_MS && !mail; ms++) {
		loop_step(stage->loop, 1);
		mail = phone_head(stage->phones[i], 0);
	}
	ck_assert_msg(mail != NULL, "%s never hears %d %s", users[i], status, method);
	ck_assert_msg(mail->status == status && strcmp(mail->method, method) == 0,
		      "%s should hear %d %s, and heard %s", users[i], status, method,
		      mail->bytes);
	phone_take(mail);
	return mail;
}

void stage_hears_nothing(struct stage *stage, unsigned ms)
{
	for (unsigned passed = 0; passed < ms; passed += 10)
		loop_step(stage->loop, 10);
	for (unsigned i = 0; i < STAGE_PHONES; i++) {
		const struct mail *mail = phone_head(stage->phones[i], 0);

		ck_assert_msg(!mail, "%s hears %s", users[i], mail ? mail->bytes : "");
	}
}
