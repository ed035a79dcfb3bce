/* SPDX-License-Identifier: MIT */
#include "server_peer.h"

#include "base/log.h"
#include "conf/conf.h"
#include "ctl/client.h"
#include "server/server.h"
#include "store/store.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TURN_MS = 10, TURNS = 2000 };

struct peer peer;

/* Reads FILE into TEXT; "" if it does not exist. */
static void load(const char *file, char text[static PEER_TEXT])
{
	FILE *in = fopen(file, "r");
	size_t length = in ? fread(text, 1, PEER_TEXT - 1, in) : 0;

	text[length] = '\0';
	if (in)
		fclose(in);
}

void peer_write(const char *sql)
{
	char command[160];
	FILE *shell;

	snprintf(command, sizeof command, "sqlite3 -bail %s >/dev/null", peer.database);
	shell = popen(command, "w");
	ck_assert_ptr_nonnull(shell);
	fputs(sql, shell);
	ck_assert_int_eq(pclose(shell), 0);
}

static void open_proxy(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;

	peer.proxy = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(peer.proxy, (struct sockaddr *)&address, length), 0);
	getsockname(peer.proxy, (struct sockaddr *)&address, &length);
	peer.proxy_port = ntohs(address.sin_port);
}

void peer_set_up(void)
{
	static char sql[PEER_TEXT];
	struct fault fault;

	memset(&peer, 0, sizeof peer);
	strcpy(peer.directory, "/tmp/server_test.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(peer.directory));
	snprintf(peer.database, sizeof peer.database, "%s/users.db", peer.directory);
	snprintf(peer.conf, sizeof peer.conf, "%s/conf", peer.directory);
	snprintf(peer.control, sizeof peer.control, "%s/control", peer.directory);
	snprintf(peer.log, sizeof peer.log, "%s/log", peer.directory);
	ck_assert_msg(store_upgrade(peer.database, &fault) == 0, "%s", fault.text);
	load(SOURCE_DIR "/etc/sample-users.sql", sql);
	peer_write(sql);
	open_proxy();
	peer_configure("");
}

void peer_configure(const char *more)
{
	FILE *out = fopen(peer.conf, "w");

	fprintf(out,
		"listen = [ \"sip:127.0.0.1:0\" ];\n"
		"domain = \"example.com\";\n"
		"database = \"%s\";\n"
		"control = \"%s\";\n"
		"proxies = ( { name = \"sm-a\"; address = \"sip:127.0.0.1:%u\"; } );\n"
		"findings = { enabled = false; };\n"
		"%s\n",
		peer.database, peer.control, peer.proxy_port, more);
	fclose(out);
}

/* Runs the emulator in the child process; never returns. */
static void run(void)
{
	int log = open(peer.log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
	struct server *server;
	struct conf conf;
	struct fault fault;

	dup2(log, STDERR_FILENO);
	log_set_level(LOG_INFO);
	if (conf_read(&conf, peer.conf, stderr) > 0)
		exit(2);
	if (server_new(&conf, peer.conf, &server, &fault) < 0) {
		fprintf(stderr, "%s\n", fault.text);
		exit(1);
	}
	server_run(server);
	server_free(server);
	exit(0);
}

/* Whether the emulator has ended; its status is kept then. */
static bool has_ended(void)
{
	int status;

	if (!peer.pid)
		return true;
	if (waitpid(peer.pid, &status, WNOHANG) != peer.pid)
		return false;
	peer.pid = 0;
	peer.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	return true;
}

int peer_ended(void)
{
	for (int i = 0; i < TURNS && !has_ended(); i++)
		poll(NULL, 0, TURN_MS);
	if (peer.pid)
		kill(peer.pid, SIGKILL);
	ck_assert_msg(!peer.pid, "it does not end");
	return peer.status;
}

const char *peer_log(void)
{
	static char text[PEER_TEXT];

	load(peer.log, text);
	return text;
}

static unsigned times(const char *text, const char *part)
{
	unsigned count = 0;

	for (; (text = strstr(text, part)); text++)
		count++;
	return count;
}

void peer_await_log(const char *text, unsigned count)
{
	for (int i = 0; i < TURNS && times(peer_log(), text) < count; i++)
		poll(NULL, 0, TURN_MS);
	ck_assert_msg(times(peer_log(), text) >= count, "no line \"%s\" in\n%s", text,
		      peer_log());
}

void peer_tear_down(void)
{
	char command[96];

	if (peer.pid) {
		kill(peer.pid, SIGTERM);
		peer_await_log("draining", 1);
		if (!has_ended())
			kill(peer.pid, SIGTERM);
		ck_assert_msg(peer_ended() == 0, "it ends badly:\n%s", peer_log());
	}
	close(peer.proxy);
	snprintf(command, sizeof command, "rm -rf %s", peer.directory);
	ck_assert_int_eq(system(command), 0);
}

void peer_start(void)
{
	const char *ready;

	fflush(NULL);
	peer.pid = fork();
	ck_assert_int_ge(peer.pid, 0);
	if (!peer.pid)
		run();
	for (int i = 0; i < TURNS; i++) {
		ready = strstr(peer_log(), "ready sip:127.0.0.1:");
		if (has_ended() || (ready && strchr(ready, '\n')))
			break;
		poll(NULL, 0, TURN_MS);
	}
	if (peer.pid && ready)
		peer.port = (unsigned)atoi(ready + strlen("ready sip:127.0.0.1:"));
}

static void add_argument(struct client_question *question, const char *argument)
{
	const char *value = strchr(argument, '=');
	char key[64];

	snprintf(key, sizeof key, "%.*s", (int)strcspn(argument, "="), argument);
	if (!value)
		client_question_flag(question, key);
	else if (value[1] == '#')
		client_question_number(question, key, atoll(value + 2));
	else
		client_question_text(question, key, value + 1);
}

void peer_ask(const char *command, const char *const *arguments)
{
	struct client_question *question = client_question_new(command);
	struct client_link *link = NULL;
	struct client_row row;
	struct fault fault;
	int more;

	for (; arguments && *arguments; arguments++)
		add_argument(question, *arguments);
	ck_assert_msg(client_ask(peer.control, question, &link, &fault) == 0, "%s\n%s",
		      fault.text, peer_log());
	client_question_free(question);
	*peer.answer = '\0';
	while ((more = client_next(link, &row, &peer.status, &fault)) == 1) {
		ck_assert_uint_lt(strlen(peer.answer) + strlen(row.json) + 2, PEER_TEXT);
		strcat(strcat(peer.answer, row.json), "\n");
	}
	ck_assert_msg(more == 0, "%s\n%s", fault.text, peer_log());
	strcpy(peer.sentence, fault.text);
	client_free(link);
}

void peer_await(const char *command, const char *member)
{
	for (int i = 0; i < TURNS; i++) {
		peer_ask(command, NULL);
		if (strstr(peer.answer, member))
			return;
		poll(NULL, 0, TURN_MS);
	}
	peer_says(member);
}

void peer_says(const char *member)
{
	ck_assert_msg(strstr(peer.answer, member) != NULL, "no %s in %s", member,
		      peer.answer);
}

static void transmit(const char *text)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)peer.port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	ck_assert_int_eq(sendto(peer.proxy, text, strlen(text), 0,
				(struct sockaddr *)&address, sizeof address),
			 (ssize_t)strlen(text));
}

void peer_send(const char *method, const char *call_id, const char *phase,
	       const char *uri, const char *headers)
{
	char text[4096];

	snprintf(
		text, sizeof text,
		"%s %s SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK%u\r\n"
		"Route: <sip:127.0.0.1:%u;lr;phase=%s>\r\nRoute: <sip:127.0.0.1:%u;lr>\r\n"
		"Max-Forwards: 70\r\nFrom: <sip:1001@example.com>;tag=a\r\nTo: <%s>\r\n"
		"Call-ID: %s\r\nCSeq: %u %s\r\nContact: <sip:1001@127.0.0.1:%u>\r\n"
		"%sContent-Length: 0\r\n\r\n",
		method, uri, peer.proxy_port, peer.calls, peer.port, phase,
		peer.proxy_port, uri, call_id, peer.calls, method, peer.proxy_port,
		headers);
	transmit(text);
}

void peer_hear(const char *what)
{
	struct pollfd wait = { .fd = peer.proxy, .events = POLLIN };
	ssize_t length;

	do {
		ck_assert_msg(poll(&wait, 1, TURNS * TURN_MS) == 1,
			      "the proxy hears no %s\n%s", what, peer_log());
		length = recv(peer.proxy, peer.heard, sizeof peer.heard - 1, 0);
		ck_assert_int_gt(length, 0);
		peer.heard[length] = '\0';
	} while (strncmp(peer.heard, what, strlen(what)) != 0);
}

const char *peer_header(const char *name)
{
	static char value[1024];
	char line[64];
	const char *at;

	snprintf(line, sizeof line, "\n%s: ", name);
	at = strstr(peer.heard, line);
	snprintf(value, sizeof value, "%.*s",
		 at ? (int)strcspn(at + strlen(line), "\r") : 0,
		 at ? at + strlen(line) : "");
	return value;
}

void peer_reply(const char *status, const char *headers)
{
	static const char *const copied[] = { "Via", "From", "To", "Call-ID", "CSeq" };
	char text[8192];

	snprintf(text, sizeof text, "SIP/2.0 %s\r\n", status);
	for (size_t i = 0; i < sizeof copied / sizeof *copied; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text), "%s: %s%s\r\n",
			 copied[i], peer_header(copied[i]),
			 strcmp(copied[i], "To") == 0 ? ";tag=b" : "");
	snprintf(text + strlen(text), sizeof text - strlen(text),
		 "%sContent-Length: 0\r\n\r\n", headers);
	transmit(text);
}
