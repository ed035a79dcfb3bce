/* SPDX-License-Identifier: MIT */
#include "ctl/client.h"

#include "ctl/socket.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

struct client_link {
	const char *path;	/* borrowed; for sentences */
	FILE *in;		/* owned */
	char *line;		/* owned; the last one read */
	size_t room;
	json_t *json;		/* the same */
	char *text;		/* owned; the row's */
};

struct client_question *client_question_new(const char *command)
{
	json_t *json = json_object();

	json_object_set_new(json, "command", json_string(command));
	return (struct client_question *)json;
}

static json_t *json_of(struct client_question *question)
{
	return (json_t *)question;
}

void client_question_free(struct client_question *question)
{
	json_decref(json_of(question));
}

void client_question_text(struct client_question *question, const char *key,
			  const char *text)
{
	json_object_set_new(json_of(question), key, json_string(text));
}

void client_question_number(struct client_question *question, const char *key,
			    long long number)
{
	json_object_set_new(json_of(question), key, json_integer(number));
}

void client_question_flag(struct client_question *question, const char *key)
{
	json_object_set_new(json_of(question), key, json_true());
}

const char *client_question_find(const struct client_question *question, const char *key)
{
	return json_string_value(json_object_get((const json_t *)question, key));
}

static int say_unreachable(const char *path, int err, struct fault *fault)
{
	if (err == ENOENT || err == ECONNREFUSED)
		return fault_say(fault, err, "%s: no halfcalld listens there", path);
	if (err == EAGAIN)
		return fault_say(fault, err, "%s: halfcalld does not answer", path);
	return fault_say(fault, err, "%s: %s", path, strerror(err));
}

static int send_line(int fd, const struct client_question *question)
{
	char *line = json_dumps((const json_t *)question, JSON_COMPACT);
	size_t length, sent = 0;
	int err = 0;

	if (!line)
		return -EINVAL;
	length = strlen(line);
	line[length] = '\n';		/* in place of the NUL */
	while (!err && sent < length + 1) {
		ssize_t now = send(fd, line + sent, length + 1 - sent, MSG_NOSIGNAL);

		if (now >= 0)
			sent += (size_t)now;
		else if (errno != EINTR)
			err = -errno;
	}
	free(line);
	return err;
}

static int connect_to(const char *path, int *fd, struct fault *fault)
{
	const struct timeval patience = { .tv_sec = CLIENT_PATIENCE_S };
	struct sockaddr_un address;
	int err = socket_address(path, &address, fault);

	if (err)
		return err;
	*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (*fd < 0)
		return say_unreachable(path, errno, fault);
	setsockopt(*fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(*fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (connect(*fd, (struct sockaddr *)&address, sizeof address) < 0) {
		err = say_unreachable(path, errno, fault);
		close(*fd);
	}
	return err;
}

int client_ask(const char *path, const struct client_question *question,
	       struct client_link **result, struct fault *fault)
{
	struct client_link *link;
	int fd, err = connect_to(path, &fd, fault);

	if (err)
		return err;
	err = send_line(fd, question);
	if (err) {
		close(fd);
		return err == -EINVAL
			       ? fault_say(fault, EINVAL, "the arguments are not UTF-8")
			       : say_unreachable(path, -err, fault);
	}
	link = calloc(1, sizeof *link);
	if (!link || !(link->in = fdopen(fd, "r"))) {
		free(link);
		close(fd);
		return fault_say(fault, ENOMEM, "out of memory");
	}
	link->path = path;
	*result = link;
	return 0;
}

static int read_line(struct client_link *link, struct fault *fault)
{
	ssize_t length;

	json_decref(link->json);
	link->json = NULL;
	errno = 0;
	length = getline(&link->line, &link->room, link->in);
	if (length < 0 && errno)
		return say_unreachable(link->path, errno, fault);
	if (length < 1 || link->line[length - 1] != '\n')
		return fault_say(fault, ECONNRESET,
				 "%s: halfcalld went away before its answer was complete",
				 link->path);
	link->json = json_loads(link->line, 0, NULL);
	if (!link->json)
		return fault_say(fault, EPROTO, "%s: the answer is not halfcalld's",
				 link->path);
	return 0;
}

int client_next(struct client_link *link, struct client_row *row, int *status,
		struct fault *fault)
{
	const json_t *found, *sentence;
	int err = read_line(link, fault);

	if (err)
		return err;
	found = json_object_get(link->json, "row");
	if (found) {
		free(link->text);
		link->text = json_dumps(found, JSON_COMPACT);
		row->datum = (const struct datum *)found;
		row->json = link->text;
		return link->text ? 1 : fault_say(fault, ENOMEM, "out of memory");
	}
	found = json_object_get(link->json, "done");
	if (!json_is_integer(found))
		return fault_say(fault, EPROTO, "%s: the answer is not halfcalld's",
				 link->path);
	*status = json_integer_value(found) ? 1 : 0;
	sentence = json_object_get(link->json, "fault");
	snprintf(fault->text, sizeof fault->text, "%s",
		 json_is_string(sentence) ? json_string_value(sentence) : "");
	return 0;
}

void client_free(struct client_link *link)
{
	if (!link)
		return;
	fclose(link->in);
	json_decref(link->json);
	free(link->line);
	free(link->text);
	free(link);
}
