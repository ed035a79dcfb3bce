/* SPDX-License-Identifier: MIT */
/*
 * A call between two telephones through a proxy, each made of lib/wire alone, on one loop: new
 * requests, an offer and an answer, stateful forwarding, and BYE from either end, over every
 * transport and both versions of IP.
 */
#include "base/arena.h"
#include "base/fault.h"
#include "base/log.h"
#include "unit.h"
#include "wire/ask.h"
#include "wire/dialog.h"
#include "wire/forward.h"
#include "wire/listener.h"
#include "wire/loop.h"
#include "wire/message.h"
#include "wire/peer.h"
#include "wire/reply.h"
#include "wire/sdp.h"
#include "wire/uas.h"
#include "wire_peer_cert.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STEPS = 400, STEP_MS = 5 };

/** A telephone or the proxy. */
struct node {
	struct wire *wire;
	struct wire_address listen[1];
	struct wire_settings settings;
	const struct listener *listener;	/* at which its last request arrived */
	struct dialog *dialog;		/* in home */
	su_home_t home[1];
	struct uas *server;		/* the callee's INVITE */
	struct uac *client;		/* the caller's INVITE */
	char heard[256];		/* "INVITE " "200 " ... */
	char body[512];			/* of the last message with one */
};

/** Where a call is played. */
struct place {
	const char *host, *written;	/* as configured and as in SIP */
	const char *transport;
};

static struct loop *loop;
static struct node alice, bob, proxy;
static struct arena arena;
static struct cert_authority authority;
static struct wire_tls tls;

/* How each Via must begin, and how many messages were seen. */
static char sent_by[80];
static unsigned seen_count;

static void note(struct node *node, const char *word)
{
	strncat(node->heard, word, sizeof node->heard - strlen(node->heard) - 1);
	strncat(node->heard, " ", sizeof node->heard - strlen(node->heard) - 1);
}

static void note_body(struct node *node, const sip_t *sip)
{
	if (sip->sip_payload)
		snprintf(node->body, sizeof node->body, "%.*s",
			 (int)sip->sip_payload->pl_len, sip->sip_payload->pl_data);
}

static void drop(void *context, msg_t *msg)
{
	(void)context;
	msg_destroy(msg);
}

/* The telephones. */

static void add_body(msg_t *msg, const char *body)
{
	ck_assert_int_ge(sip_add_tl(msg, sip_object(msg),
				    SIPTAG_CONTENT_TYPE_STR("application/sdp"),
				    SIPTAG_PAYLOAD_STR(body), TAG_END()),
			 0);
}

static void answer_invite(struct node *node, msg_t *msg)
{
	const sip_t *sip = sip_object(msg);
	msg_t *response;

	note_body(node, sip);
	node->server = uas_new(node->wire, msg);
	ck_assert_ptr_nonnull(node->server);
	node->dialog = dialog_as_uas(node->home, sip, uas_tag(node->server));
	response = uas_response(node->server, 180, NULL);
	message_set_contact(response, "bob", node->listener);
	ck_assert_int_eq(uas_send(node->server, response), 0);
	response = uas_response(node->server, 200, NULL);
	message_set_contact(response, "bob", node->listener);
	add_body(response, sdp_answer(&arena, sip_object(uas_request(node->server)),
				      node->listener, 40002));
	ck_assert_int_eq(uas_send(node->server, response), 0);
}

static void phone_request(void *context, const struct peer *from,
			  const struct listener *listener, msg_t *msg)
{
	struct node *node = context;
	const sip_t *sip = sip_object(msg);
	sip_method_t method = sip->sip_request->rq_method;
	struct uas *server;

	(void)from;
	node->listener = listener;
	note(node, sip->sip_request->rq_method_name);
	if (method == sip_method_invite) {
		answer_invite(node, msg);
		return;
	}
	ck_assert(dialog_is_of(node->dialog, sip));
	if (method == sip_method_ack) {
		uas_acknowledged(node->server);
		msg_destroy(msg);
		return;
	}
	ck_assert(dialog_is_in_order(node->dialog, sip));
	server = uas_new(node->wire, msg);
	uas_reply(server, 200, NULL);
	uas_free(server);
}

static int way_of(const struct node *node, msg_t *msg, struct way *way)
{
	return way_find(node->wire, NULL, sip_object(msg), NULL, way, NULL);
}

static void heard(void *context, struct uac *uac, int status, msg_t *response)
{
	struct node *node = context;
	const sip_t *invite;
	char word[8];
	struct way way;
	msg_t *ack;

	ck_assert_ptr_nonnull(response);
	snprintf(word, sizeof word, "%d", status);
	note(node, word);
	dialog_learn(node->dialog, sip_object(response));
	if (status < 200)
		return;
	invite = sip_object(response);
	note_body(node, invite);
	ack = dialog_request(node->wire, invite->sip_from, invite->sip_to,
			     SIP_METHOD_ACK);
	dialog_address(node->dialog, ack, dialog_cseq(node->dialog));
	ck_assert_int_eq(way_of(node, ack, &way), 0);
	ck_assert_int_eq(uac_ack(uac, &way, ack), 0);
	uac_free(uac);
	node->client = NULL;
}

static void answered(void *context, int status, msg_t *response)
{
	char word[8];

	(void)response;
	snprintf(word, sizeof word, "%d", status);
	note(context, word);
}

/* The proxy, which forwards statefully where the Route leads, and without one to Bob. */

struct relay {
	struct uas *server;
	struct uac *client;
};

static void pass_response(void *context, struct uac *client, int status, msg_t *response)
{
	struct relay *relay = context;

	ck_assert_ptr_nonnull(response);
	ck_assert_int_eq(uas_forward(relay->server, response), 0);
	if (status < 200)
		return;
	uas_free(relay->server);
	uac_free(client);
	free(relay);
}

static void proxy_request(void *context, const struct peer *from,
			  const struct listener *listener, msg_t *msg)
{
	struct node *node = context;
	sip_method_t method = sip_object(msg)->sip_request->rq_method;
	msg_t *copy = message_copy(msg);
	struct relay *relay;
	struct way way;

	(void)from;
	note(node, sip_object(msg)->sip_request->rq_method_name);
	forward_prepare(node->wire, copy);
	ck_assert_int_eq(way_of(node, copy, &way), 0);
	if (method == sip_method_invite)
		forward_record(copy, listener, NULL);
	if (method == sip_method_ack) {
		ck_assert_int_eq(forward_request(node->wire, &way, copy, NULL), 0);
		msg_destroy(msg);
		return;
	}
	relay = calloc(1, sizeof *relay);
	ck_assert_ptr_nonnull(relay);
	relay->server = uas_new(node->wire, msg);
	relay->client = uac_send(node->wire, &way, copy, pass_response, relay);
	ck_assert_ptr_nonnull(relay->client);
}

/* Every message comes from a Via of this test's address, and none has a zone in it. */
static void seen(void *context, const struct wire_frame *frame)
{
	(void)context;
	ck_assert_ptr_null(memchr(frame->bytes, '%', frame->length));
	ck_assert_msg(memmem(frame->bytes, frame->length, sent_by, strlen(sent_by)) !=
			      NULL,
		      "no%s... in %.*s", sent_by, (int)frame->length, frame->bytes);
	seen_count++;
}

static const struct wire_events phone_events = { .request = phone_request,
						 .response = drop,
						 .seen = seen };
static const struct wire_events proxy_events = { .request = proxy_request,
						 .response = drop,
						 .seen = seen };

static void node_open(struct node *node, const struct place *place,
		      const struct wire_events *events)
{
	struct fault fault = { "" };

	memset(node, 0, sizeof *node);
	su_home_init(node->home);
	node->listen[0] = (struct wire_address){ place->host, 0, place->transport };
	node->settings = (struct wire_settings){
		.listen = node->listen,
		.listen_count = 1,
		.tls = strcmp(place->transport, "tls") == 0 ? &tls : NULL,
		.domain = "example.com",
		.is_proxy = events == &proxy_events,
	};
	ck_assert_msg(
		wire_open(loop, &node->settings, events, node, &node->wire, &fault) == 0,
		"%s", fault.text);
}

static void node_close(struct node *node)
{
	uas_free(node->server);
	uac_free(node->client);
	wire_close(node->wire);
	su_home_deinit(node->home);
}

/* Runs the loop until the messages NODE has heard are exactly these. */
static void await(const struct node *node, const char *words)
{
	for (unsigned i = 0; i < STEPS && strcmp(node->heard, words) != 0; i++)
		loop_step(loop, STEP_MS);
	ck_assert_str_eq(node->heard, words);
}

static void call(void)
{
	const char *route = wire_addresses(proxy.wire), *bobs = wire_addresses(bob.wire);
	url_t *by = url_make(alice.home, arena_printf(&arena, "%s;lr", route));
	msg_t *invite = ask_request(
		alice.wire, &(struct ask){
				    .method = sip_method_invite,
				    .method_name = "INVITE",
				    .uri = arena_printf(&arena, "sip:bob@%s", bobs + 4),
				    .from = "\"Alice\" <sip:alice@example.com>",
				    .to = "<sip:bob@example.com>",
				    .route = by,
			    });
	struct way way;

	ck_assert_ptr_nonnull(invite);
	ck_assert_int_eq(way_of(&alice, invite, &way), 0);
	alice.dialog = dialog_as_uac(alice.home, "call-1", "a1");
	dialog_open(alice.dialog, invite);
	message_set_contact(invite, "alice", way.listener);
	add_body(invite, sdp_offer(&arena, way.listener, 40000));
	alice.client = uac_send(alice.wire, &way, invite, heard, &alice);
	ck_assert_ptr_nonnull(alice.client);
}

static void hang_up(struct node *node, const char *from, const char *to)
{
	sip_from_t *us = sip_from_make(node->home, from);
	sip_to_t *them = sip_to_make(node->home, to);
	msg_t *bye = dialog_request(node->wire, us, them, SIP_METHOD_BYE);
	struct way way;

	dialog_address(node->dialog, bye, dialog_next_cseq(node->dialog));
	ck_assert_int_eq(way_of(node, bye, &way), 0);
	ck_assert_int_eq(ask_send(node->wire, &way, bye, answered, node), 0);
}

static void open_all(const struct place *place)
{
	char name[8] = "";

	log_set_level(LOG_ERROR);
	for (size_t i = 0; place->transport[i]; i++)
		name[i] = (char)(place->transport[i] - 'a' + 'A');
	snprintf(sent_by, sizeof sent_by, "\r\nVia: SIP/2.0/%s %s:", name,
		 place->written);
	seen_count = 0;
	loop = loop_new();
	ck_assert_ptr_nonnull(loop);
	node_open(&alice, place, &phone_events);
	node_open(&bob, place, &phone_events);
	node_open(&proxy, place, &proxy_events);
}

static void close_all(void)
{
	node_close(&alice);
	node_close(&bob);
	node_close(&proxy);
	loop_free(loop);
	arena_clear(&arena);
}

static const struct place places[] = {
	{ "127.0.0.1", "127.0.0.1", "udp" }, { "127.0.0.1", "127.0.0.1", "tcp" },
	{ "127.0.0.1", "127.0.0.1", "tls" }, { "::1", "[::1]", "udp" },
	{ "::1", "[::1]", "tcp" },	     { "::1", "[::1]", "tls" },
};

/* A whole call; Bob or Alice hangs up. */
static void call_and_hang_up(const struct place *place, bool is_bob)
{
	open_all(place);
	call();
	await(&bob, "INVITE ACK ");
	ck_assert_str_eq(alice.heard, "180 200 ");
	ck_assert_str_eq(proxy.heard, "INVITE ACK ");
	ck_assert_ptr_nonnull(strstr(bob.body, "m=audio 40000 RTP/AVP 0 8\r\n"));
	ck_assert_ptr_nonnull(strstr(alice.body, "m=audio 40002 RTP/AVP 0\r\n"));
	if (is_bob)
		hang_up(&bob, "<sip:bob@example.com>", "<sip:alice@example.com>");
	else
		hang_up(&alice, "<sip:alice@example.com>", "<sip:bob@example.com>");
	await(is_bob ? &alice : &bob, is_bob ? "180 200 BYE " : "INVITE ACK BYE ");
	await(is_bob ? &bob : &alice, is_bob ? "INVITE ACK 200 " : "180 200 200 ");
	ck_assert_str_eq(proxy.heard, "INVITE ACK BYE ");
	/* INVITE, 180, 200, ACK, BYE, 200 from each end to the proxy and from it, seen twice. */
	ck_assert_uint_ge(seen_count, 24);
	close_all();
}

START_TEST(two_wires_call_each_other_through_a_third)
{
	call_and_hang_up(&places[_i / 2], _i % 2);
}
END_TEST

/* In a network of its own, where the loopback has a link-local address. */
static int call_by_link_local(void)
{
	static const char *const transports[] = { "udp", "tcp", "tls" };

	if (unshare(geteuid() == 0 ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET) < 0 ||
	    system("ip link set lo up && ip addr add fe80::7/64 dev lo nodad") != 0)
		return 1;
	for (size_t i = 0; i < sizeof transports / sizeof *transports; i++)
		call_and_hang_up(
			&(struct place){ "fe80::7%lo", "[fe80::7]", transports[i] },
			i % 2);
	return 0;
}

START_TEST(the_zone_of_an_address_is_never_written)
{
	pid_t pid = fork();
	int status = 0;

	ck_assert_int_ge(pid, 0);
	if (pid == 0)
		_exit(call_by_link_local());
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0,
		      "no call in a network of its own: status %d", status);
}
END_TEST

/* A media line of another kind, and one that is closed, are refused beside the accepted one. */
START_TEST(an_answer_accepts_the_first_open_audio_line)
{
	sip_payload_t payload[1];
	sip_content_type_t content[1];
	sip_t offer = { .sip_payload = payload, .sip_content_type = content };
	char text[] =
		"v=0\r\nt=0 0\r\nm=video 40002 RTP/AVP 96\r\nm=audio 0 RTP/AVP 0\r\n"
		"m=audio 40004 RTP/AVP 8 0\r\nm=audio 40006 RTP/AVP 0\r\n";
	const char *answer;

	open_all(&places[0]);
	call();
	await(&bob, "INVITE ACK ");
	sip_payload_init(payload);
	payload->pl_data = text;
	payload->pl_len = sizeof text - 1;
	sip_content_type_init(content);
	content->c_type = "application/sdp";
	answer = sdp_answer(&arena, &offer, bob.listener, 40100);
	ck_assert_ptr_nonnull(answer);
	ck_assert_ptr_nonnull(strstr(answer, "t=0 0\r\n"
					     "m=video 0 RTP/AVP 96\r\na=inactive\r\n"
					     "m=audio 0 RTP/AVP 0\r\na=inactive\r\n"
					     "m=audio 40100 RTP/AVP 8\r\n"
					     "m=audio 0 RTP/AVP 0\r\na=inactive\r\n"));
	payload->pl_len = 0;
	ck_assert_ptr_null(sdp_answer(&arena, &offer, bob.listener, 40100));
	close_all();
}
END_TEST

static void set_up(void)
{
	static char crt[CERT_PATH], key[CERT_PATH];

	cert_start(&authority);
	cert_sign(&authority, "node", "node", "URI:sip:node.example.com");
	tls = (struct wire_tls){ cert_path(&authority, "node.crt", crt),
				 cert_path(&authority, "node.key", key), authority.file,
				 true };
}

static void tear_down(void)
{
	cert_end(&authority);
}

Suite *unit_suite(void)
{
	Suite *suite = suite_create("wire_call");
	TCase *calls = tcase_create("calls");

	tcase_set_timeout(calls, 20);
	tcase_add_checked_fixture(calls, set_up, tear_down);
	tcase_add_loop_test(calls, two_wires_call_each_other_through_a_third, 0,
			    2 * (int)(sizeof places / sizeof *places));
	tcase_add_test(calls, the_zone_of_an_address_is_never_written);
	tcase_add_test(calls, an_answer_accepts_the_first_open_audio_line);
	suite_add_tcase(suite, calls);
	return suite;
}
