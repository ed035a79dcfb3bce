/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The players of a scripted run (halfcall-run(5)): telephones, trunks, applications and strangers,
 * and the built-in proxy in a Session Manager's role.  Each has a wire of its own, on an address of
 * its own, and all run on one loop:
 *
 *	phone  one player: its queue of what it heard, its calls (talk), its lamps
 *	sm     the proxy: registrar (registrar), the way of a call through both halves (passage),
 *	       forks (carry), event server (bulletin), watch over CM (pulse)
 *	lab    what they share: the loop, the domain, a copy of every message
 *
 * A telephone does what its user asks, and the mechanics any telephone has: 100, ACK, PRACK, 200 to
 * BYE and inside a call, 487 to CANCEL, one answer to a challenge.  What it hears goes into its
 * queue; what an act waits for goes to that act's errand.  Nothing here judges.
 */
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lab;
struct loop;

/** LOOP and DOMAIN are borrowed for the lab's life.  Never NULL. */
struct lab *lab_new(struct loop *loop, const char *domain);

/** Every player must have been freed.  NULL is fine. */
void lab_free(struct lab *lab);

const char *lab_domain(const struct lab *lab);

/** One copy of a message as a player sent or received it; borrowed for the lab's life. */
struct lab_frame {
	int64_t at_us;			/* monotonic */
	const char *player;		/* who sent or received it */
	struct sockaddr_storage far_end;
	bool is_out;
	const char *bytes;		/* terminated */
	size_t length;
};

size_t lab_frame_count(const struct lab *lab);
const struct lab_frame *lab_frame(const struct lab *lab, size_t i);

/** When a message other than an OPTIONS outside a dialog and its answer last passed; 0 = none did. */
int64_t lab_last_us(const struct lab *lab);

/** How many messages came into any queue so far. */
unsigned long lab_heard(const struct lab *lab);

/** Whether the host of ADDRESS is HOST, a number. */
bool lab_is_host(const struct sockaddr_storage *address, const char *host);
