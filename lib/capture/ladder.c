/* SPDX-License-Identifier: MIT */
#include "capture/ladder.h"

#include "base/clock.h"
#include "wire/endpoint.h"

#include <stdbool.h>
#include <string.h>

enum {
	TIME = 9,			/* columns before the first line of life */
	NARROW = 64,			/* below that both halves share one lane */
	LANE_MAX = 60,
	LABEL = 128,
	COLOUR_ORIG = 36, COLOUR_TERM = 33, COLOUR_LINE = 35,	/* cyan, yellow, magenta */
};

struct ladder {
	const struct ladder_style *style;
	FILE *out;
	unsigned lane;			/* columns between two lines of life */
	bool is_single;			/* one lane for both halves */
	int64_t begun_us;
	char peers[2][LABEL];		/* who is seen in each lane */
	unsigned peer_count[2];
};

/* Which lane: 0 = the originating half, 1 = the terminating one. */
static unsigned lane_of(const struct sighting *message)
{
	return message->has_half && message->half == HALF_TERM;
}

/* What the far end is called. */
static const char *peer_of(const struct sighting *message,
			   char text[static ENDPOINT_TEXT])
{
	return message->peer ? message->peer : endpoint_text(&message->far, text);
}

/* Labels ---------------------------------------------------------------------------------- */

/* Other people's bytes must not move the cursor. */
static void clean(char *text)
{
	for (; *text; text++)
		if (*text < 0x20 || *text > 0x7e)
			*text = '?';
}

static void request_label(const struct sighting *message, int brevity, char *label)
{
	bool is_new = strcmp(message->method, "INVITE") == 0 && !*message->to_tag;
	const char *phase = message->phase_text, *number = message->dialled;
	bool has_number = is_new && *number && brevity < 2;

	if (message->is_off_hook && is_new)
		number = "off-hook";
	snprintf(label, LABEL, "%.20s%s%.40s%s%.20s", message->method,
		 has_number ? " " : "", has_number ? number : "",
		 !*phase       ? ""
		 : brevity < 1 ? " phase="
			       : " ",
		 phase);
}

static void response_label(const struct sighting *message, int brevity, char *label)
{
	bool has_method = strcmp(message->method, "INVITE") != 0 && brevity < 2;
	bool has_reason = *message->reason && brevity < 1;

	snprintf(label, LABEL, "%d%s%.40s%s%.20s", message->status, has_reason ? " " : "",
		 has_reason ? message->reason : "", has_method ? " " : "",
		 has_method ? message->method : "");
}

/* As much of what MESSAGE is as WIDTH columns hold. */
static void write_label(const struct ladder *ladder, const struct sighting *message,
			size_t width, char label[static LABEL])
{
	char peer[ENDPOINT_TEXT];
	size_t length;

	for (int brevity = 0; brevity < 3; brevity++) {
		if (message->status)
			response_label(message, brevity, label);
		else if (message->is_request)
			request_label(message, brevity, label);
		else
			snprintf(label, LABEL, "(%zu bytes)", message->length);
		length = strlen(label);
		if (ladder->peer_count[lane_of(message)] > 1 && brevity < 2)
			snprintf(label + length, LABEL - length, " (%.20s)",
				 peer_of(message, peer));
		length = strlen(label);
		if (message->is_again)
			snprintf(label + length, LABEL - length, " again");
		if (strlen(label) <= width)
			break;
	}
	if (strlen(label) > width)
		label[width] = '\0';
	clean(label);
}

/* Lines ----------------------------------------------------------------------------------- */

static void fill(FILE *out, char c, size_t count)
{
	for (; count > 0; count--)
		putc(c, out);
}

static void colour(const struct ladder *ladder, const struct sighting *message)
{
	static const int colours[] = {
		[HALF_ORIG] = COLOUR_ORIG,
		[HALF_TERM] = COLOUR_TERM,
		[HALF_LINE] = COLOUR_LINE,
	};

	if (!ladder->style->is_coloured)
		return;
	if (message && message->has_half)
		fprintf(ladder->out, "\033[%dm", colours[message->half]);
	else if (!message)
		fputs("\033[0m", ladder->out);
}

/* Towards the right: what comes in on the left lane and goes out on the right one. */
static bool goes_right(const struct sighting *message, unsigned lane)
{
	return message->is_out == (lane == 1);
}

static void print_arrow(const struct ladder *ladder, const struct sighting *message,
			bool is_right)
{
	char label[LABEL];
	size_t length;

	write_label(ladder, message, ladder->lane - 4, label);
	length = strlen(label);
	colour(ladder, message);
	fputs(is_right ? "--" : "<-", ladder->out);
	fputs(label, ladder->out);
	fill(ladder->out, '-', ladder->lane - 3 - length);
	putc(is_right ? '>' : '-', ladder->out);
	colour(ladder, NULL);
}

static void print_message(const struct ladder *ladder, const struct sighting *message)
{
	unsigned lane = ladder->is_single ? 0 : lane_of(message);
	int64_t past_ms = (message->wall_us - ladder->begun_us + 500) / 1000;

	fprintf(ladder->out, "%4lld.%03lld ", (long long)(past_ms / 1000),
		(long long)(past_ms < 0 ? -past_ms : past_ms) % 1000);
	if (ladder->is_single)
		fprintf(ladder->out, "%-5s",
			message->has_half ? half_name(message->half) : "");
	putc('|', ladder->out);
	if (lane == 0)
		print_arrow(ladder, message, goes_right(message, lane));
	else
		fill(ladder->out, ' ', ladder->lane);
	putc('|', ladder->out);
	if (lane == 1)
		print_arrow(ladder, message, goes_right(message, lane));
	else if (!ladder->is_single)
		fill(ladder->out, ' ', ladder->lane);
	fputs(ladder->is_single ? "\n" : "|\n", ladder->out);
}

static void print_centred(const struct ladder *ladder, const char *text, size_t width)
{
	size_t length = strlen(text) < width ? strlen(text) : width;
	size_t left = (width - length) / 2;

	fill(ladder->out, ' ', left);
	fprintf(ladder->out, "%.*s", (int)length, text);
	fill(ladder->out, ' ', width - length - left);
}

/* Names stand above their lines of life, those of the first and the last flush with it. */
static void print_head(const struct ladder *ladder)
{
	const size_t lane = ladder->lane;

	fill(ladder->out, ' ', TIME + (ladder->is_single ? 5 : 0));
	fprintf(ladder->out, "%-*.*s", (int)(lane - 1), (int)(lane - 2),
		ladder->peers[0]);
	if (ladder->is_single) {
		fputs("cm\n", ladder->out);
		return;
	}
	fprintf(ladder->out, "%-4s%*.*s\n", "cm", (int)lane, (int)lane - 2,
		ladder->peers[1]);
	fill(ladder->out, ' ', TIME + 1);
	print_centred(ladder, "originating half", lane);
	putc(' ', ladder->out);
	print_centred(ladder, "terminating half", lane);
	putc('\n', ladder->out);
}

/* Notes who is at the far end of MESSAGE's lane. */
static void meet(struct ladder *ladder, const struct sighting *message)
{
	unsigned lane = ladder->is_single ? 0 : lane_of(message);
	char text[ENDPOINT_TEXT], *all = ladder->peers[lane];
	const char *peer = peer_of(message, text);
	size_t length = strlen(peer), used = strlen(all);
	const char *known = strstr(all, peer);

	if (known && (known == all || known[-1] == ' ') &&
	    (known[length] == '\0' || known[length] == ','))
		return;
	snprintf(all + used, LABEL - used, "%s%s", used ? ", " : "", peer);
	clean(all);
	ladder->peer_count[lane]++;
}

static void print_title(const struct ladder *ladder, const struct sighting *messages,
			size_t count)
{
	char time[CLOCK_RFC3339], label[LABEL];
	const struct sighting *first = messages;

	for (size_t i = 0; i < count && !first->has_half; i++)
		first = &messages[i];
	snprintf(label, sizeof label, "call %.20s  %.40s -> %.40s", first->call,
		 first->from, *first->dialled ? first->dialled : first->to);
	clean(label);
	fprintf(ladder->out, "%s  %s\n", label, clock_rfc3339(time, messages->wall_us));
}

void ladder_print(const struct sighting *messages, size_t count,
		  const struct ladder_style *style, FILE *out)
{
	struct ladder ladder = { .style = style, .out = out };
	unsigned width = style->width < LADDER_LEAST ? LADDER_LEAST : style->width;

	if (count == 0)
		return;
	ladder.is_single = width < NARROW;
	ladder.lane = ladder.is_single ? width - TIME - 5 - 2 : (width - TIME - 3) / 2;
	if (ladder.lane > LANE_MAX)
		ladder.lane = LANE_MAX;
	ladder.begun_us = messages->wall_us;
	for (size_t i = 0; i < count; i++)
		meet(&ladder, &messages[i]);
	print_title(&ladder, messages, count);
	print_head(&ladder);
	for (size_t i = 0; i < count; i++)
		print_message(&ladder, &messages[i]);
}
