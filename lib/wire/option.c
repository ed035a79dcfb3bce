/* SPDX-License-Identifier: MIT */
#include "wire/option.h"

#include "wire/ability.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum { LIST_MAX = 1000 };		/* bytes of an Unsupported */

/* What telephones beside a Communication Manager may require of it as well. */
static const char telephones_require[] = "eventlist, feature-ref, tdialog";

/* Met by the far end alone: headers and bodies that reach it as they are. */
static const char end_to_end[] =
	"199, answermode, early-session, explicitsub, from-change, geolocation-sip, "
	"multiple-refer, norefersub, nosub, precondition, pref, privacy, recipient-list-invite, "
	"recipient-list-message, recipient-list-subscribe, record-aware, resource-priority, "
	"siprec, trickle-ice, uui";

/* Whether TAG is in LIST, which has ", " between its tags. */
static bool is_in(const char *list, const char *tag)
{
	size_t length = strlen(tag), item;

	for (; *list; list += item + strspn(list + item, ", ")) {
		item = strcspn(list, ",");
		if (item == length && strncasecmp(list, tag, length) == 0)
			return true;
	}
	return false;
}

static bool is_known(const char *tag, enum option_use use)
{
	/* Privacy (RFC 3323) is what a proxy of ours does, or is told not to do, in any case. */
	if (use == OPTION_FORWARDED)
		return is_in("privacy", tag);
	return is_in(ability_supported, tag) || is_in(telephones_require, tag) ||
	       (use == OPTION_PASSED && is_in(end_to_end, tag));
}

const char *option_unknown(struct arena *arena, const sip_t *sip, enum option_use use)
{
	const msg_list_t *header =
		use == OPTION_FORWARDED ? sip->sip_proxy_require : sip->sip_require;
	char text[LIST_MAX];
	size_t used = 0;

	for (; header; header = (const msg_list_t *)header->k_next)
		for (const msg_param_t *tag = header->k_items; tag && *tag; tag++) {
			size_t length = strlen(*tag);

			if (is_known(*tag, use))
				continue;
			if (used + length + 2 > sizeof text)
				return used ? arena_strndup(arena, text, used) : "";
			if (used) {
				text[used++] = ',';
				text[used++] = ' ';
			}
			memcpy(text + used, *tag, length);
			used += length;
		}
	return used ? arena_strndup(arena, text, used) : NULL;
}
