/* SPDX-License-Identifier: MIT */
#include "base/nearest.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { NAME_MAX_LENGTH = 32 };

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static bool is_same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Letters to change, add, drop or swap with their neighbour to make B of A. */
static unsigned distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	unsigned d[NAME_MAX_LENGTH + 1][NAME_MAX_LENGTH + 1];

	if (a_length > NAME_MAX_LENGTH || b_length > NAME_MAX_LENGTH)
		return NAME_MAX_LENGTH;
	for (unsigned i = 0; i <= a_length; i++)
		d[i][0] = i;
	for (unsigned j = 0; j <= b_length; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= a_length; i++)
		for (size_t j = 1; j <= b_length; j++) {
			d[i][j] = least(d[i - 1][j - 1] + !is_same(a[i - 1], b[j - 1]),
					least(d[i - 1][j], d[i][j - 1]) + 1);
			if (i > 1 && j > 1 && is_same(a[i - 1], b[j - 2]) &&
			    is_same(a[i - 2], b[j - 1]))
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	return d[a_length][b_length];
}

struct nearest nearest_to(const char *meant)
{
	return (struct nearest){ .meant = meant, .far = NAME_MAX_LENGTH };
}

void nearest_offer(struct nearest *nearest, const char *name, size_t length)
{
	unsigned far = distance(nearest->meant, strlen(nearest->meant), name, length);

	if (far >= nearest->far || far * 3 > length)
		return;
	nearest->far = far;
	nearest->name = name;
	nearest->length = length;
}
