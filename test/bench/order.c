/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "link.h"
#include "order.h"

static const struct order order_usual = {
	.setting = { .transport = "udp",
		     .domain = "example.com",
		     .phase = "imsorig",
		     .caller_base = 1000000,
		     .called_base = 2000000,
		     .callers = 1000,
		     .invite_bytes = 1000 },
	.mode = "orig",
	.halves = 1,
	.window = 64,
	.duration_s = 5,
	.warm_up_s = 1,
	.rest_ns = 200000,
	.give_up_ms = 32000,
	.repeats = true,
	.places = 262144,
	.own = "127.0.0.2",
	.pids = "",
};

static const char order_usage[] =
	"usage: load [options] HOST:PORT\n"
	"Places calls through the system under test at HOST:PORT; plays the proxy and both\n"
	"telephones around it.  Prints one line.\n"
	"  -m MODE     orig (default) or term: that half alone; whole: both, one after the other\n"
	"  -w CALLS    keeps that many in flight (default 64)\n"
	"  -r RATE     begins that many a second instead, come what may\n"
	"  -d SECONDS  how long calls are begun (5)\n"
	"  -c CALLS    how many are begun, instead\n"
	"  -u SECONDS  of these, how long nothing is measured (1)\n"
	"  -H SECONDS  from the ACK to the BYE (0)\n"
	"  -n CALLERS  different callers, and as many called parties (1000)\n"
	"  -t NUMBER   the first of the called parties (2000000)\n"
	"  -b BYTES    size of the INVITE (1000)\n"
	"  -a ADDRESS  our own: HOST or HOST:PORT (127.0.0.2)\n"
	"  -x DOMAIN   of both parties (example.com)\n"
	"  -z MICROS   rests that long when it has read all there is, so that the system need not\n"
	"              wake it for each message; a far end elsewhere would not cost it that (200)\n"
	"  -q          sends nothing again that got no answer\n"
	"  -g SECONDS  gives up what got no answer (32)\n"
	"  -P CALLS    room for so many at once (262144)\n"
	"  -s SEED     the first call's number, for the same ids again (random)\n"
	"  -p PIDS     processes of the system, with commas between them, to read their cost\n"
	"  -j FILE     appends the result as a line of JSON\n"
	"The first caller is 1000000.\n";

/* A number from LEAST to MOST. */
static bool order_number(const char *text, double least, double most, double *number)
{
	char *end;

	*number = strtod(text, &end);
	return end != text && !*end && *number >= least && *number <= most;
}

static bool order_mode(struct order *order, const char *mode)
{
	order->mode = mode;
	order->halves = 1;
	if (strcmp(mode, "whole") == 0) {
		order->setting.is_whole = true;
		order->halves = 2;
	} else if (strcmp(mode, "term") == 0) {
		order->setting.phase = "imsterm";
	} else {
		return strcmp(mode, "orig") == 0;
	}
	return true;
}

/* An option with a number; false if it makes no sense. */
static bool order_figure(struct order *order, int option, const char *text)
{
	double number;

	if (!order_number(text, 0, 4e9, &number))
		return false;
	switch (option) {
	case 'w':
		order->window = (unsigned)number;
		return number >= 1 && number <= 1e6;
	case 'r':
		order->rate = number;
		return number > 0;
	case 'd':
		order->duration_s = number;
		return number > 0 && number <= ORDER_SECONDS;
	case 'c':
		order->count = (uint64_t)number;
		return number >= 1;
	case 'u':
		order->warm_up_s = number;
		return true;
	case 'H':
		order->hold_ms = (uint32_t)(number * 1000);
		return number <= 3600;
	case 'n':
		order->setting.callers = (uint32_t)number;
		return number >= 1 && number <= 1e6;
	case 't':
		order->setting.called_base = (uint32_t)number;
		return number >= 1 && number <= 8e6;
	case 'b':
		order->setting.invite_bytes = (size_t)number;
		return number <= LINK_MESSAGE;
	case 'g':
		order->give_up_ms = (uint32_t)(number * 1000);
		return number >= 0.5 && number <= 3600;
	case 'P':
		order->places = (uint32_t)number;
		return number >= 1 && number <= 1e7;
	case 's':
		order->seed = (uint32_t)number;
		return true;
	case 'z':
		order->rest_ns = (uint64_t)(number * 1000);
		return number < 1e6;
	default:
		return false;
	}
}

/* An option with a text or without a value. */
static bool order_word(struct order *order, int option, char *text)
{
	switch (option) {
	case 'm':
		return order_mode(order, text);
	case 'a':
		order->own = text;
		return true;
	case 'x':
		order->setting.domain = text;
		return true;
	case 'p':
		order->pids = text;
		return true;
	case 'j':
		order->json = text;
		return true;
	case 'q':
		order->repeats = false;
		return true;
	default:
		return false;
	}
}

bool order_read(struct order *order, int argc, char **argv)
{
	bool makes_sense = true;
	int option;

	*order = order_usual;
	if (getrandom(&order->seed, sizeof order->seed, 0) != sizeof order->seed)
		order->seed = 1;
	while ((option = getopt(argc, argv, "m:a:x:p:j:qw:r:d:c:u:H:n:t:b:z:g:P:s:h")) !=
	       -1) {
		if (option == 'h') {
			fputs(order_usage, stdout);
			exit(0);
		}
		makes_sense =
			makes_sense && option != '?' &&
			(strchr("maxpjq", option) ? order_word(order, option, optarg)
						  : order_figure(order, option, optarg));
	}
	if (!makes_sense || optind + 1 != argc) {
		fputs(order_usage, stderr);
		return false;
	}
	if (order->rate > 0)
		order->window = 0;
	order->system = argv[optind];
	return true;
}
