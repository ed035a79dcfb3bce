/* SPDX-License-Identifier: MIT */
#include "halfcall/message.h"

#include "base/clock.h"
#include "base/memory.h"
#include "capture/ladder.h"
#include "capture/reading.h"
#include "capture/savefile.h"
#include "capture/thread.h"
#include "halfcall/table.h"
#include "wire/endpoint.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct message_list {
	struct arena arena;
	struct thread *thread;
	struct sighting *items;		/* owned */
	size_t count, room;
};

struct message_list *message_list_new(void)
{
	struct message_list *list = memory_new(sizeof *list);

	list->thread = thread_new(&list->arena);
	return list;
}

void message_list_free(struct message_list *list)
{
	if (!list)
		return;
	free(list->items);
	arena_clear(&list->arena);
	free(list);
}

/* Rows ------------------------------------------------------------------------------------ */

/* A member that is text, else "". */
static const char *text_of(const struct datum *row, const char *key)
{
	char number[DATUM_TEXT];
	const char *text = datum_text(datum_get(row, key), number);

	return text == number ? "" : text;
}

/* "192.0.2.1:5060", "[2001:db8::1]:5060" */
static void read_address(const char *text, struct sockaddr_storage *address)
{
	const char *colon = strrchr(text, ':');
	char host[ENDPOINT_TEXT];

	memset(address, 0, sizeof *address);
	if (!colon || colon - text >= (ptrdiff_t)sizeof host)
		return;
	memcpy(host, text, (size_t)(colon - text));
	host[colon - text] = '\0';
	endpoint_read(host, (unsigned)strtoul(colon + 1, NULL, 10), address);
}

static int digit_of(char c)
{
	return c >= 'a' ? c - 'a' + 10 : c - '0';
}

/* The message itself: as text, or as hexadecimal digits if JSON cannot hold it. */
static void read_bytes(struct arena *arena, const struct datum *row,
		       struct sighting *message)
{
	const char *hex = text_of(row, "hex");
	size_t length = strlen(hex) / 2;
	char *bytes;

	if (!*hex) {
		message->bytes = arena_strdup(arena, text_of(row, "text"));
		message->length = strlen(message->bytes);
		return;
	}
	bytes = arena_alloc(arena, length + 1);
	for (size_t i = 0; i < length; i++)
		bytes[i] = (char)(digit_of(hex[2 * i]) << 4 | digit_of(hex[2 * i + 1]));
	message->bytes = bytes;
	message->length = length;
}

static enum way_transport transport_of(const char *name)
{
	return strcmp(name, "UDP") == 0	  ? WAY_UDP
	       : strcmp(name, "TCP") == 0 ? WAY_TCP
					  : WAY_TLS;
}

void message_list_add(struct message_list *list, const struct datum *row)
{
	struct sighting *message;

	if (list->count == list->room) {
		list->room = list->room ? 2 * list->room : 64;
		list->items = memory_checked(
			realloc(list->items, list->room * sizeof *list->items));
	}
	message = &list->items[list->count++];
	*message = (struct sighting){
		.seq = (uint64_t)datum_number(datum_get(row, "seq")),
		.wall_us = datum_number(datum_get(row, "wall_us")),
		.transport = transport_of(text_of(row, "transport")),
		.is_out = strcmp(text_of(row, "direction"), "out") == 0,
		.peer = arena_strdup(&list->arena, text_of(row, "peer")),
	};
	read_address(text_of(row, "local"), &message->near);
	read_address(text_of(row, "remote"), &message->far);
	read_bytes(&list->arena, row, message);
	reading_fill(message, &list->arena);
	thread_follow(list->thread, message);
}

size_t message_count(const struct message_list *list)
{
	return list->count;
}

const struct sighting *message_list_first(const struct message_list *list)
{
	return list->count ? list->items : NULL;
}

/* Printing -------------------------------------------------------------------------------- */

/* Line by line: what would move the cursor is a question mark. */
static void print_lines(const struct sighting *message, FILE *out)
{
	const char *at = message->bytes, *end = at + message->length;

	while (at < end) {
		const char *lf = memchr(at, '\n', (size_t)(end - at));
		size_t length = (size_t)((lf ? lf : end) - at);
		char *line = memory_checked(strndup(at, length));

		length = strlen(line);
		if (length && line[length - 1] == '\r')
			line[length - 1] = '\0';
		table_print_text(line, out);
		putc('\n', out);
		free(line);
		at = lf ? lf + 1 : end;
	}
}

void message_print(const struct message_list *list, FILE *out)
{
	static const char *const transports[] = {
		[WAY_UDP] = "UDP", [WAY_TCP] = "TCP", [WAY_TLS] = "TLS"
	};
	char time[CLOCK_RFC3339], near[ENDPOINT_TEXT], far[ENDPOINT_TEXT];

	for (size_t i = 0; i < list->count; i++) {
		const struct sighting *message = &list->items[i];

		fprintf(out, "--- %llu %s %s %s %s %s%s%s%s\n",
			(unsigned long long)message->seq,
			clock_rfc3339(time, message->wall_us),
			endpoint_text(&message->near, near), message->is_out ? "->" : "<-",
			endpoint_text(&message->far, far), transports[message->transport],
			message->has_half ? " " : "",
			message->has_half ? half_name(message->half) : "",
			message->is_again ? " again" : "");
		print_lines(message, out);
		putc('\n', out);
	}
}

/* As wide as OUT, else as COLUMNS says. */
static unsigned width_of(FILE *out)
{
	const char *columns = getenv("COLUMNS");
	unsigned long said = columns ? strtoul(columns, NULL, 10) : 0;
	struct winsize size;

	if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col)
		return size.ws_col;
	return said > 0 && said < 1000 ? (unsigned)said : LADDER_WIDTH;
}

void message_print_ladder(const struct message_list *list, FILE *out)
{
	const char *no_color = getenv("NO_COLOR");
	const struct ladder_style style = {
		.width = width_of(out),
		.is_coloured = isatty(fileno(out)) && !(no_color && *no_color),
	};

	ladder_print(list->items, list->count, &style, out);
}

int message_save(const struct message_list *list, const char *path, struct fault *fault)
{
	bool is_stdout = strcmp(path, "-") == 0;
	FILE *out = is_stdout ? stdout : fopen(path, "wbe");
	struct arena arena = { 0 };
	struct savefile *savefile;
	bool is_bad;

	if (!out)
		return fault_say(fault, errno, "%s: %s", path, strerror(errno));
	savefile = savefile_begin(out, &arena);
	for (size_t i = 0; i < list->count; i++)
		savefile_add(savefile, &list->items[i]);
	arena_clear(&arena);
	is_bad = fflush(out) == EOF || ferror(out);
	if (!is_stdout && fclose(out) == EOF)
		is_bad = true;
	return is_bad ? fault_say(fault, EIO, "%s: cannot be written: %s", path,
				  strerror(errno))
		      : 0;
}
