/* SPDX-License-Identifier: MIT */
#include "call/deed.h"
#include "call/redirect.h"

bool call_if_always(const struct call *call)
{
	(void)call;
	return true;
}

bool call_if_is_rejected(const struct call *call)
{
	return call->verdict->kind == VERDICT_REJECT;
}

bool call_if_is_feature(const struct call *call)
{
	return call->verdict->kind == VERDICT_FEATURE;
}

bool call_if_may_forward(const struct call *call)
{
	const struct redirect *forwarding = call_forwarding(call);

	return forwarding != NULL && forwarding->refusal == 0;
}

bool call_if_is_refused(const struct call *call)
{
	const struct redirect *forwarding = call_forwarding(call);

	return forwarding != NULL && forwarding->refusal != 0;
}

bool call_if_may_cover(const struct call *call)
{
	return call_cover(call) != NULL;
}

bool call_if_is_proxied(const struct call *call)
{
	return call->is_proxied;
}

bool call_if_from_caller(const struct call *call)
{
	return call->event->from == SIDE_CALLER;
}

bool call_if_is_callee_over(const struct call *call)
{
	return call->event->status >= 300;
}

bool call_if_is_callee_owned(const struct call *call)
{
	return call->event->status / 100 == 2 && !call->is_proxied;
}
