/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "bench.h"
#include "canned.h"

/* Finds the first Route value that has the mark of this proxy; false if there is none. */
static bool between_own_route(const struct peek *peek, struct span *found)
{
	struct span behind;

	for (unsigned i = 0; i < peek->route.count; i++) {
		struct span rest = peek->route.line[i];
		while (peek_next(&rest, found))
			if (peek_behind(*found, ";hop=", &behind))
				return true;
	}
	return false;
}

/* Sends a request that came out of the first half into the second; false if it is not
 * such a request. */
static bool between_passes(struct bench *bench, const struct peek *peek,
			   struct span route)
{
	struct ident ident;
	struct span behind;
	char letter = 0;
	size_t size;

	if (!peek_behind(route, ";hop=1", &behind))
		return false;
	if (peek_ident(route, ";odi=", &letter, &ident))
		size = canned_pass_invite(link_room(bench->link), ident, peek);
	else if (peek_ident(route, ";id=", &letter, &ident))
		size = canned_pass_request(link_room(bench->link), ident, peek);
	else
		return false;
	link_send(bench->link, size);
	return true;
}

static void between_ask(struct bench *bench, const struct peek *peek)
{
	struct span route = { "", 0 };
	struct ident ident = { 0 };
	char letter = 0;
	bool has_route = between_own_route(peek, &route);

	if (has_route && between_passes(bench, peek, route))
		return;
	if (peek_ident(peek->to, ";tag=", &letter, &ident) && letter == 'a')
		caller_asked(bench, peek, ident);
	else if (letter == 'b' ||
		 (has_route && peek_ident(route, ";odi=", &letter, &ident)))
		callee_asked(bench, peek, ident);
	else if (peek->method == PEEK_OPTIONS)
		callee_asked(bench, peek, ident);
	else
		bench->tally->strange++;
}

void between_hear(struct bench *bench, const char *bytes, size_t size)
{
	struct peek peek;
	struct ident ident;
	char letter = 0;

	bench->tally->heard++;
	if (!peek_message(&peek, bytes, size)) {
		bench->tally->strange++;
	} else if (!peek.status) {
		between_ask(bench, &peek);
	} else if (!peek_ident(peek.via.line[0], ";branch=z9hG4bK", &letter, &ident)) {
		bench->tally->strange++;
	} else if (letter == 'm' || letter == 'n' || letter == 'o') {
		link_send(bench->link,
			  canned_pass_response(link_room(bench->link), &peek));
	} else {
		caller_hear(bench, &peek, letter, ident);
	}
}
