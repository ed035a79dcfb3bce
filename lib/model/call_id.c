/* SPDX-License-Identifier: MIT */
#include "model/call_id.h"

#include "base/index.h"

#include <string.h>

enum { ID = 16 };			/* characters of a call's id */

bool call_id_is_made_here(const char *sip_call_id)
{
	return strncmp(sip_call_id, "hc-", 3) == 0 &&
	       strspn(sip_call_id + 3, "0123456789abcdef") == ID &&
	       sip_call_id[3 + ID] == '-';
}

const char *call_id_of(struct arena *arena, const char *sip_call_id)
{
	if (call_id_is_made_here(sip_call_id))
		return arena_strndup(arena, sip_call_id + 3, ID);
	return arena_printf(arena, "%016llx", index_hash(sip_call_id));
}
