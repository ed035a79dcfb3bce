/* SPDX-License-Identifier: MIT */
/*
 * libFuzzer's entry; test/fuzz/scan builds it.  Beside the scan against the parse: an answer from
 * the raw bytes of a plain request is plain itself and says the same, and a stream is cut within
 * its bytes.
 */
#include "wire_peer_differ.h"

#include "wire/endpoint.h"
#include "wire/frame.h"
#include "wire/retort.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_same(const struct scan_text *a, const struct scan_text *b)
{
	return a->length == b->length &&
	       (!a->length || memcmp(a->at, b->at, a->length) == 0);
}

static const char *check_retort(const char *bytes, size_t length)
{
	char text[8192];
	struct sockaddr_storage from;
	struct retort retort = {
		.status = 400, .phrase = "Bad Request", .tag = "t", .from = &from
	};
	struct scan scan, answer;
	size_t size;

	endpoint_read("192.0.2.1", 5060, &from);
	scan_read(&scan, bytes, length, 100);
	size = retort_write(&scan, &retort, text, sizeof text - 1);
	text[size] = '\0';
	if (!size || !scan.is_sure)
		return NULL;
	scan_read(&answer, text, size, 200);
	if (!answer.is_sure || answer.is_request || answer.status != 400)
		return "the answer to a plain request is not plain";
	if (!is_same(&scan.branch, &answer.branch) ||
	    !is_same(&scan.call_id, &answer.call_id) ||
	    !is_same(&scan.from_tag, &answer.from_tag) || scan.cseq != answer.cseq ||
	    !answer.to_tag.at ||
	    (scan.to_tag.at && !is_same(&scan.to_tag, &answer.to_tag)))
		return "the answer is not of its request";
	return NULL;
}

static const char *check_frame(const char *bytes, size_t length)
{
	size_t used = 0;

	while (used < length) {
		struct frame frame = frame_next(bytes + used, length - used, 3000);

		if (frame.kind == FRAME_MORE || frame.kind == FRAME_BAD)
			break;
		if (!frame.length || frame.length > length - used ||
		    frame.length > 3000 + 4096)
			return "a stream is cut outside its bytes";
		used += frame.length;
	}
	return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = malloc(size + 1);
	const char *difference;

	if (!bytes)
		return 0;
	memcpy(bytes, data, size);
	bytes[size] = '\0';
	difference = wire_peer_differ(bytes, size);
	if (!difference)
		difference = check_retort(bytes, size);
	if (!difference)
		difference = check_frame(bytes, size);
	if (difference) {
		fprintf(stderr, "%s\n", difference);
		abort();
	}
	free(bytes);
	return 0;
}
