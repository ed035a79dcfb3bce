/* SPDX-License-Identifier: MIT */
#include "wire/digest.h"

#include <stdlib.h>
#include <sys/random.h>

void digest_key_init(struct digest_key *key)
{
	/* getrandom() never returns a part of 256 bytes or fewer; without random bytes
	 * the process ends. */
	if (getrandom(key->words, sizeof key->words, 0) != sizeof key->words)
		abort();
}

static uint64_t turn(uint64_t word, unsigned bits)
{
	return word << bits | word >> (64 - bits);
}

static void mix(uint64_t v[static 4])
{
	v[0] += v[1];
	v[1] = turn(v[1], 13) ^ v[0];
	v[0] = turn(v[0], 32);
	v[2] += v[3];
	v[3] = turn(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = turn(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = turn(v[1], 17) ^ v[2];
	v[2] = turn(v[2], 32);
}

void digest_init(struct digest *digest, const struct digest_key *key)
{
	*digest = (struct digest){
		.v = {
			key->words[0] ^ 0x736f6d6570736575u,
			key->words[1] ^ 0x646f72616e646f6du ^ 0xee,
			key->words[0] ^ 0x6c7967656e657261u,
			key->words[1] ^ 0x7465646279746573u,
		},
	};
}

static void add_byte(struct digest *digest, unsigned char byte)
{
	digest->tail |= (uint64_t)byte << 8 * (digest->length & 7);
	if ((++digest->length & 7) != 0)
		return;
	digest->v[3] ^= digest->tail;
	mix(digest->v);
	digest->v[0] ^= digest->tail;
	digest->tail = 0;
}

void digest_add(struct digest *digest, const void *text, size_t length)
{
	const unsigned char *bytes = text;

	for (size_t i = 0; i < length; i++)
		add_byte(digest, bytes[i]);
}

void digest_add_lower(struct digest *digest, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];

		add_byte(digest, byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte);
	}
}

void digest_add_number(struct digest *digest, uint32_t number)
{
	add_byte(digest, 0);
	digest_add(digest, &number, sizeof number);
}

void digest_end(struct digest *digest, uint64_t result[static 2])
{
	uint64_t *v = digest->v, last = digest->tail | (uint64_t)digest->length << 56;

	v[3] ^= last;
	mix(v);
	v[0] ^= last;
	v[2] ^= 0xee;
	for (unsigned word = 0; word < 2; word++) {
		for (unsigned i = 0; i < 3; i++)
			mix(v);
		result[word] = v[0] ^ v[1] ^ v[2] ^ v[3];
		v[1] ^= 0xdd;
	}
}
