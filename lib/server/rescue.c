/* SPDX-License-Identifier: MIT */
#include "server/rescue.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

enum { LOOK_MS = 1000 };

struct rescue {
	struct store *store;
	struct arena arena;		/* what is known; its text */
	struct store_emergencies known;
	bool is_read;			/* it was read at least once */
	int64_t looked_ms;
};

static void rescue_read(struct rescue *rescue)
{
	struct store_emergencies fresh = rescue->known;
	struct arena arena = { 0 };
	struct fault fault;

	fresh.arena = &arena;
	if (store_load_emergencies(rescue->store, &fresh, &fault) < 0) {
		if (!rescue->is_read)
			log_warning("under load every call counts as an emergency call, "
				    "until the database can be read: %s",
				    fault.text);
	} else if (fresh.has_changed) {
		arena_clear(&rescue->arena);
		rescue->arena = arena;
		rescue->known = fresh;
		rescue->is_read = true;
		return;
	}
	arena_clear(&arena);
}

struct rescue *rescue_new(struct store *store)
{
	struct rescue *rescue = memory_new(sizeof *rescue);

	rescue->store = store;
	rescue_refresh(rescue, true);
	return rescue;
}

void rescue_free(struct rescue *rescue)
{
	if (!rescue)
		return;
	arena_clear(&rescue->arena);
	free(rescue);
}

void rescue_refresh(struct rescue *rescue, bool is_asked)
{
	int64_t now_ms = clock_mono_ms();

	if (!is_asked && now_ms - rescue->looked_ms < LOOK_MS)
		return;
	rescue->looked_ms = now_ms;
	rescue_read(rescue);
}

static bool is_begun(const char *number, const char *pattern)
{
	for (; *pattern; number++, pattern++) {
		if (*number < '0' || *number > '9')
			return false;
		if (*number != *pattern && *pattern != 'x' && *pattern != 'X')
			return false;
	}
	return true;
}

static bool is_matched(const struct rescue *rescue, const char *number)
{
	size_t length;

	number += *number == '+';
	length = strlen(number);
	if (!length || number[strspn(number, "0123456789")] != '\0')
		return false;
	for (size_t i = 0; i < rescue->known.pattern_count; i++) {
		const struct store_emergency *emergency = &rescue->known.patterns[i];

		if (length >= emergency->min_length && length <= emergency->max_length &&
		    is_begun(number, emergency->pattern))
			return true;
	}
	return false;
}

bool rescue_is_emergency(const struct rescue *rescue, const char *number)
{
	if (!rescue->is_read || is_matched(rescue, number))
		return true;
	for (size_t i = 0; i < rescue->known.code_count; i++) {
		const char *code = rescue->known.codes[i];
		size_t length = strlen(code);

		if (strncmp(number, code, length) == 0 &&
		    is_matched(rescue, number + length))
			return true;
	}
	return false;
}
