/* SPDX-License-Identifier: MIT */
#include "lab/lab.h"

#include "base/fault.h"
#include "base/memory.h"
#include "lab/inside.h"
#include "wire/loop.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

struct lab *lab_new(struct loop *loop, const char *domain)
{
	struct lab *lab = memory_new(sizeof *lab);

	lab->loop = loop;
	lab->domain = domain;
	lab->media_port = 20000;
	return lab;
}

void lab_free(struct lab *lab)
{
	if (!lab)
		return;
	arena_clear(&lab->arena);
	free(lab->frames);
	free(lab);
}

const char *lab_domain(const struct lab *lab)
{
	return lab->domain;
}

/* An OPTIONS that only asks whether something lives, or the answer. */
static bool is_ping(const char *bytes)
{
	if (strncmp(bytes, "OPTIONS ", 8) == 0)
		return true;
	return strncmp(bytes, "SIP/2.0 ", 8) == 0 && strstr(bytes, " OPTIONS\r\n");
}

void lab_note_frame(struct lab *lab, const char *player, const struct wire_frame *frame)
{
	struct lab_frame *noted;

	if (lab->frame_count == lab->frame_room) {
		lab->frame_room = lab->frame_room ? 2 * lab->frame_room : 256;
		lab->frames = memory_checked(
			reallocarray(lab->frames, lab->frame_room, sizeof *lab->frames));
	}
	noted = &lab->frames[lab->frame_count++];
	*noted = (struct lab_frame){
		.at_us = frame->at_us,
		.player = player,
		.far_end = *frame->far_end,
		.is_out = frame->is_out,
		.bytes = arena_strndup(&lab->arena, frame->bytes, frame->length),
		.length = frame->length,
	};
	if (!is_ping(noted->bytes))
		lab->last_us = frame->at_us;
}

size_t lab_frame_count(const struct lab *lab)
{
	return lab->frame_count;
}

const struct lab_frame *lab_frame(const struct lab *lab, size_t i)
{
	return &lab->frames[i];
}

int64_t lab_last_us(const struct lab *lab)
{
	return lab->last_us;
}

unsigned long lab_heard(const struct lab *lab)
{
	return lab->heard;
}

bool lab_is_host(const struct sockaddr_storage *address, const char *host)
{
	const struct sockaddr_in *in = (const void *)address;
	const struct sockaddr_in6 *in6 = (const void *)address;
	struct in6_addr wanted6;
	struct in_addr wanted;

	if (address->ss_family == AF_INET)
		return inet_pton(AF_INET, host, &wanted) == 1 &&
		       wanted.s_addr == in->sin_addr.s_addr;
	return address->ss_family == AF_INET6 &&
	       inet_pton(AF_INET6, host, &wanted6) == 1 &&
	       memcmp(&wanted6, &in6->sin6_addr, sizeof wanted6) == 0;
}

int lab_way(struct wire *wire, const char *uri, struct way *way, struct fault *fault)
{
	msg_t *msg = wire_message(wire);
	sip_request_t *line =
		sip_request_create(msg_home(msg), sip_method_options, NULL,
				   (const url_string_t *)(const void *)uri, NULL);
	int rc = -1;

	if (line && sip_header_insert(msg, sip_object(msg), (sip_header_t *)line) >= 0)
		rc = way_find(wire, NULL, sip_object(msg), NULL, way, fault);
	else
		fault_say(fault, 1, "%s is no URI", uri);
	msg_destroy(msg);
	return rc;
}
