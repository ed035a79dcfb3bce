/* SPDX-License-Identifier: MIT */
#include "invite/shortcut.h"

#include "wire/message.h"

#include <string.h>
#include <strings.h>

/* Whether PARAM is atrp=shortcut: in any case, with or without quotes and a leading +. */
static bool is_shortcut_param(const char *param)
{
	static const char name[] = "atrp=", value[] = "shortcut";

	param += *param == '+';
	if (strncasecmp(param, name, sizeof name - 1) != 0)
		return false;
	param += sizeof name - 1;
	if (*param != '"')
		return strcasecmp(param, value) == 0;
	param++;
	return strncasecmp(param, value, sizeof value - 1) == 0 &&
	       strcmp(param + sizeof value - 1, "\"") == 0;
}

static bool is_shortcut(const sip_accept_contact_t *accept)
{
	const msg_param_t *param = accept->cp_params;

	for (; param && *param; param++)
		if (is_shortcut_param(*param))
			return true;
	return false;
}

bool shortcut_is_asked(const sip_t *sip)
{
	const sip_accept_contact_t *accept = sip->sip_accept_contact;

	while (accept && !is_shortcut(accept))
		accept = accept->cp_next;
	return accept != NULL;
}

void shortcut_write(msg_t *msg, bool is_announced)
{
	sip_t *sip = sip_object(msg);
	sip_accept_contact_t *accept, *next;
	bool is_removed = shortcut_is_asked(sip);

	for (accept = sip->sip_accept_contact; is_removed && accept; accept = next) {
		next = accept->cp_next;
		/* Sofia would otherwise send the line as received, with the value removed. */
		sip_fragment_clear(accept->cp_common);
		if (is_shortcut(accept))
			sip_header_remove(msg, sip, (sip_header_t *)accept);
	}
	if (!is_announced)
		return;
	accept = sip_accept_contact_make(msg_home(msg), "*;atrp=shortcut");
	message_insert(msg, (sip_header_t *)accept);
}
