/* SPDX-License-Identifier: MIT */
#include "lab/enrol.h"

#include "base/fault.h"
#include "base/memory.h"
#include "lab/inside.h"
#include "wire/ask.h"
#include "wire/loop.h"
#include "wire/message.h"

#include <stdio.h>

enum { EXPIRES_S = 3600 };

/* One registration with all proxies, one after the other. */
struct enrolling {
	struct phone *phone;
	struct enrolment how;
	struct errand *errand;		/* NULL: a refresh */
	struct extra extra;
	size_t next;			/* proxy */
};

static void ask_next(struct enrolling *enrolling, struct fault *fault);

static unsigned expires_of(const struct enrolment *how)
{
	return how->has_expires ? how->expires_s : EXPIRES_S;
}

static void refresh(void *context)
{
	struct phone *phone = context;
	struct enrolling *again = arena_alloc(&phone->arena, sizeof *again);

	if (!phone->wire || !phone->is_enrolled)
		return;
	again->phone = phone;
	again->how.has_expires = true;
	again->how.expires_s = phone->refresh_s;
	ask_next(again, NULL);
}

static void set_refresh(struct phone *phone, unsigned expires_s)
{
	phone->refresh_s = expires_s;
	if (!phone->refresh)
		phone->refresh = loop_timer_new(phone->lab->loop, refresh, phone);
	loop_timer_set(phone->refresh, phone->is_enrolled ? expires_s * 1000 / 2 + 1 : 0);
}

static void on_heard(struct sending *sending, int status, msg_t *response)
{
	struct enrolling *enrolling = sending->context;
	struct phone *phone = sending->phone;

	(void)response;
	if (status < 200)
		return;
	if (status < 300 && enrolling->next < phone->is.proxy_count) {
		sending->is_quiet = true;
		sending->errand = NULL;
		ask_next(enrolling, NULL);
		return;
	}
	if (status < 300)
		phone->is_enrolled = expires_of(&enrolling->how) > 0;
	set_refresh(phone, expires_of(&enrolling->how));
	sending->errand = enrolling->errand;
	sending->is_quiet = !enrolling->errand;
}

static msg_t *request_of(struct enrolling *enrolling)
{
	struct phone *phone = enrolling->phone;
	struct arena *arena = &phone->arena;
	const char *aor =
		arena_printf(arena, "<sip:%s@%s>", phone->is.user, phone->lab->domain);

	return ask_request(phone->wire, &(struct ask){
						.method = sip_method_register,
						.method_name = "REGISTER",
						.uri = arena_printf(arena, "sip:%s",
								    phone->lab->domain),
						.from = aor,
						.to = aor,
						.call_id = phone->enrol_id,
						.cseq = ++phone->enrol_cseq,
					});
}

static void fill_in(struct enrolling *enrolling, msg_t *msg, const struct way *way)
{
	struct phone *phone = enrolling->phone;
	su_home_t *home = msg_home(msg);
	char expires[16];

	if (enrolling->how.is_all)
		message_insert(msg, (sip_header_t *)sip_contact_make(home, "*"));
	else
		message_set_contact(msg, phone->is.user, way->listener);
	snprintf(expires, sizeof expires, "%u", expires_of(&enrolling->how));
	message_insert(msg, (sip_header_t *)sip_expires_make(home, expires));
	if (!phone->enrol_id)
		phone->enrol_id =
			arena_strdup(&phone->arena, sip_object(msg)->sip_call_id->i_id);
}

static void ask_next(struct enrolling *enrolling, struct fault *fault)
{
	struct phone *phone = enrolling->phone;
	const char *proxy = phone->is.proxies[enrolling->next++];
	struct sending *sending;
	struct way way;
	msg_t *msg;

	if (lab_way(phone->wire, proxy, &way, fault) < 0)
		return;
	msg = request_of(enrolling);
	if (!msg) {
		fault_say(fault, 1, "%s is no user of a SIP URI", phone->is.user);
		return;
	}
	fill_in(enrolling, msg, &way);
	extra_apply(&enrolling->extra, msg);
	sending = sending_new(phone, NULL, &way, msg, fault);
	if (!sending)
		return;
	sending->context = enrolling;
	sending->heard = on_heard;
	sending->password = enrolling->how.password;
	sending->errand = enrolling->errand;
	sending->is_quiet = true;
}

struct errand *enrol(struct phone *phone, const struct enrolment *how,
		     const struct extra *extra, struct fault *fault)
{
	struct enrolling *enrolling = arena_alloc(&phone->arena, sizeof *enrolling);

	if (!phone->wire || !phone->is.proxy_count) {
		fault_say(fault, 1, "%s has no proxy to register with", phone->is.name);
		return NULL;
	}
	enrolling->phone = phone;
	enrolling->how = *how;
	enrolling->how.password = arena_strdup(&phone->arena, how->password);
	enrolling->errand = errand_new(phone);
	if (extra)
		enrolling->extra = *extra;
	ask_next(enrolling, fault);
	return enrolling->errand;
}

bool enrol_is_enrolled(const struct phone *phone)
{
	return phone->is_enrolled;
}
