/* SPDX-License-Identifier: MIT */
#include "ctl/ctl.h"

#include "base/clock.h"
#include "base/list.h"
#include "ctl/socket.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum {
	TURN_EVENTS = 4,		/* events handled per call; SIP must not wait for more */
	FULL = 64 * 1024,		/* unsent bytes that stop an answer from being continued */
	OVERFULL = 4 * 1024 * 1024,	/* unsent bytes at which a client is dropped */
};

enum client_state {
	CLIENT_ASKING,		/* its line is not complete yet */
	CLIENT_HEARING,		/* there is something to send */
	CLIENT_LEAVING,		/* all is sent; further input is discarded */
};

struct client {
	struct list node;		/* in ctl->clients, the longest silent first */
	int fd;
	enum client_state state;
	int64_t heard_ms;		/* when it last sent or took something */
	size_t asked;			/* bytes in line */
	char line[REQUEST_MAX + 1];
	struct answer answer;
};

struct ctl {
	struct socket_file file;
	const struct ctl_command *commands;
	void *context;
	int listener, epoll, timer;
	bool is_deaf;			/* no descriptor was left for another client */
	struct list clients;
	size_t count;
};

static int watch(const struct ctl *ctl, int operation, int fd, uint32_t events, void *who)
{
	struct epoll_event event = { .events = events, .data.ptr = who };

	return epoll_ctl(ctl->epoll, operation, fd, &event) < 0 ? -errno : 0;
}

/*
 * Sets the timer to wake ctl_ready() once a second while there are clients to time out.
 */
static void set_timer(const struct ctl *ctl)
{
	time_t period = ctl->count || ctl->is_deaf ? 1 : 0;
	struct itimerspec when = { .it_value.tv_sec = period,
				   .it_interval.tv_sec = period };

	timerfd_settime(ctl->timer, 0, &when, NULL);
}

static void set_deaf(struct ctl *ctl, bool is_deaf)
{
	if (ctl->is_deaf == is_deaf)
		return;
	ctl->is_deaf = is_deaf;
	watch(ctl, EPOLL_CTL_MOD, ctl->listener, is_deaf ? 0 : EPOLLIN, &ctl->listener);
	set_timer(ctl);
}

/* Clients ---------------------------------------------------------------------------- */

static void drop(struct ctl *ctl, struct client *client)
{
	list_remove(&client->node);
	close(client->fd);		/* this removes it from epoll as well */
	answer_clear(&client->answer);
	free(client);
	if (--ctl->count == 0)
		set_timer(ctl);
}

/* The client sent or read something. */
static void touch(struct ctl *ctl, struct client *client)
{
	client->heard_ms = clock_mono_ms();
	list_remove(&client->node);
	list_append(&ctl->clients, &client->node);
}

static struct client *longest_silent(const struct ctl *ctl)
{
	return container_of(ctl->clients.next, struct client, node);
}

static void drop_silent(struct ctl *ctl)
{
	int64_t limit_ms = clock_mono_ms() - CTL_PATIENCE_MS;

	while (ctl->count && longest_silent(ctl)->heard_ms <= limit_ms)
		drop(ctl, longest_silent(ctl));
}

static void greet(struct ctl *ctl, int fd)
{
	struct client *client;

	if (ctl->count == CTL_CLIENTS)
		drop(ctl, longest_silent(ctl));
	client = calloc(1, sizeof *client);
	if (!client) {
		close(fd);
		return;
	}
	client->fd = fd;
	list_init(&client->node);
	if (watch(ctl, EPOLL_CTL_ADD, fd, EPOLLIN, client) < 0) {
		close(fd);
		free(client);
		return;
	}
	touch(ctl, client);
	if (ctl->count++ == 0)
		set_timer(ctl);
}

static void accept_one(struct ctl *ctl)
{
	int fd = accept4(ctl->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd >= 0)
		greet(ctl, fd);
	else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		 errno == ENOMEM)
		set_deaf(ctl, true);	/* until the timer fires */
}

/* Sending ---------------------------------------------------------------------------- */

static void leave(struct ctl *ctl, struct client *client)
{
	client->state = CLIENT_LEAVING;
	shutdown(client->fd, SHUT_WR);
	if (watch(ctl, EPOLL_CTL_MOD, client->fd, EPOLLIN, client) < 0)
		drop(ctl, client);
}

static void write_on(struct answer *answer)
{
	if (answer->more && !answer->more(answer->state, answer))
		answer->more = NULL;
	if (!answer->more)
		answer_finish(answer);
}

/* One turn of CLIENT_HEARING: more rows if few bytes are unsent, and one write. */
static void send_some(struct ctl *ctl, struct client *client)
{
	struct answer *answer = &client->answer;
	ssize_t sent;

	if (answer->more && answer->length < FULL)
		write_on(answer);
	if (answer->is_broken || answer->length > OVERFULL) {
		drop(ctl, client);
		return;
	}
	if (answer->more && answer->length == 0)
		return;			/* there was nothing to tell yet */
	sent = send(client->fd, answer->text, answer->length, MSG_NOSIGNAL);
	if (sent < 0) {
		if (errno != EAGAIN && errno != EINTR)
			drop(ctl, client);
		return;
	}
	touch(ctl, client);
	answer->length -= (size_t)sent;
	memmove(answer->text, answer->text + sent, answer->length);
	if (answer->length == 0 && !answer->more)
		leave(ctl, client);
}

/* Asking ----------------------------------------------------------------------------- */

static const struct ctl_command *command_find(const struct ctl *ctl, const char *name)
{
	for (const struct ctl_command *command = ctl->commands; command->name; command++)
		if (strcmp(command->name, name) == 0)
			return command;
	return NULL;
}

static void run(struct ctl *ctl, const char *line, struct answer *answer)
{
	const struct ctl_command *command;
	struct request *request;
	struct fault fault;

	if (request_read(line, &request, &fault) < 0) {
		answer_refuse(answer, "%s", fault.text);
		return;
	}
	command = command_find(ctl, request_command(request));
	if (command)
		command->run(ctl->context, request, answer);
	else
		answer_refuse(answer, "there is no command \"%s\"",
			      request_command(request));
	request_free(request);
}

static void answer_now(struct ctl *ctl, struct client *client, const char *refusal)
{
	if (refusal)
		answer_refuse(&client->answer, "%s", refusal);
	else
		run(ctl, client->line, &client->answer);
	if (!client->answer.more)
		answer_finish(&client->answer);
	client->state = CLIENT_HEARING;
	if (watch(ctl, EPOLL_CTL_MOD, client->fd, EPOLLOUT, client) < 0) {
		drop(ctl, client);
		return;
	}
	send_some(ctl, client);
}

static void read_some(struct ctl *ctl, struct client *client)
{
	char *end = client->line + client->asked;
	ssize_t got = recv(client->fd, end, REQUEST_MAX - client->asked, 0);
	char *newline;

	if (got <= 0) {
		if (got == 0 || (errno != EAGAIN && errno != EINTR))
			drop(ctl, client);
		return;
	}
	touch(ctl, client);
	client->asked += (size_t)got;
	newline = memchr(end, '\n', (size_t)got);
	if (newline) {
		*newline = '\0';
		if (strlen(client->line) == (size_t)(newline - client->line))
			answer_now(ctl, client, NULL);
		else
			answer_now(ctl, client, "the request holds a NUL");
	} else if (client->asked == REQUEST_MAX) {
		answer_now(ctl, client, "the request is too long");
	}
}

/* Input after the request is discarded; closing now would make the kernel discard what
 * the client has not read yet. */
static void discard(struct ctl *ctl, struct client *client)
{
	ssize_t got = recv(client->fd, client->line, REQUEST_MAX, 0);

	if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
		drop(ctl, client);
}

static void serve(struct ctl *ctl, struct client *client, uint32_t events)
{
	if (events & EPOLLERR) {
		drop(ctl, client);
		return;
	}
	switch (client->state) {
	case CLIENT_ASKING:
		read_some(ctl, client);
		return;
	case CLIENT_HEARING:
		send_some(ctl, client);
		return;
	case CLIENT_LEAVING:
		discard(ctl, client);
		return;
	}
}

void ctl_ready(struct ctl *ctl)
{
	struct epoll_event events[TURN_EVENTS];
	int count = epoll_wait(ctl->epoll, events, TURN_EVENTS, 0);
	bool has_callers = false;
	uint64_t rings;

	for (int i = 0; i < count; i++) {
		void *who = events[i].data.ptr;

		if (who == &ctl->listener)
			has_callers = true;
		else if (who == &ctl->timer)
			(void)!read(ctl->timer, &rings, sizeof rings);
		else
			serve(ctl, who, events[i].events);
	}
	/* These free clients, so they come after the events of this turn, which may refer
	 * to them. */
	drop_silent(ctl);
	set_deaf(ctl, false);
	if (has_callers)
		accept_one(ctl);
}

/* The socket ------------------------------------------------------------------------- */

int ctl_fd(const struct ctl *ctl)
{
	return ctl->epoll;
}

size_t ctl_clients(const struct ctl *ctl)
{
	return ctl->count;
}

static int start(struct ctl *ctl, const char *path, struct fault *fault)
{
	int err;

	ctl->epoll = epoll_create1(EPOLL_CLOEXEC);
	ctl->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (ctl->epoll < 0 || ctl->timer < 0)
		return fault_say(fault, errno, "%s: cannot watch the control socket: %s",
				 path, strerror(errno));
	ctl->listener = socket_listen(path, &ctl->file, fault);
	if (ctl->listener < 0)
		return ctl->listener;
	err = watch(ctl, EPOLL_CTL_ADD, ctl->listener, EPOLLIN, &ctl->listener);
	if (!err)
		err = watch(ctl, EPOLL_CTL_ADD, ctl->timer, EPOLLIN, &ctl->timer);
	return err ? fault_say(fault, -err, "%s: cannot watch the control socket: %s",
			       path, strerror(-err))
		   : 0;
}

int ctl_open(const char *path, const struct ctl_command *commands, void *context,
	     struct ctl **result, struct fault *fault)
{
	struct ctl *ctl = calloc(1, sizeof *ctl);
	int err;

	if (!ctl)
		return fault_say(fault, ENOMEM, "%s: out of memory", path);
	ctl->listener = ctl->epoll = ctl->timer = -1;
	ctl->commands = commands;
	ctl->context = context;
	list_init(&ctl->clients);
	err = start(ctl, path, fault);
	if (err) {
		ctl_close(ctl);
		return err;
	}
	*result = ctl;
	return 0;
}

void ctl_close(struct ctl *ctl)
{
	if (!ctl)
		return;
	while (ctl->count)
		drop(ctl, longest_silent(ctl));
	if (ctl->listener >= 0) {
		socket_remove(&ctl->file);
		close(ctl->listener);
	}
	if (ctl->timer >= 0)
		close(ctl->timer);
	if (ctl->epoll >= 0)
		close(ctl->epoll);
	free(ctl);
}
