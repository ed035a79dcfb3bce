/* SPDX-License-Identifier: MIT */
#include "model/call_id.h"

#include "base/index.h"

#include <string.h>

const char *call_id_of(struct arena *arena, const char *sip_call_id)
{
	enum { ID = 16 };

	if (strncmp(sip_call_id, "hc-", 3) == 0 &&
	    strspn(sip_call_id + 3, "0123456789abcdef") == ID &&
	    sip_call_id[3 + ID] == '-')
		return arena_strndup(arena, sip_call_id + 3, ID);
	return arena_printf(arena, "%016llx", index_hash(sip_call_id));
}
