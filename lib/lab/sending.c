/* SPDX-License-Identifier: MIT */
/* Requests of a telephone: a challenge is answered once, the rest goes to the mechanics and then
 * to the errand or the queue. */
#include "base/fault.h"
#include "base/memory.h"
#include "lab/inside.h"
#include "wire/message.h"

#include <stdlib.h>
#include <string.h>

int sending_way(struct phone *phone, bool to_cm, struct way *way, struct fault *fault)
{
	const char *uri = to_cm			  ? phone->is.cm
			  : phone->is.proxy_count ? phone->is.proxies[0]
						  : NULL;

	if (!uri)
		return fault_say(fault, 1, "%s has no proxy", phone->is.name);
	return lab_way(phone->wire, uri, way, fault);
}

/* Whether RESPONSE is the provisional answer heard before, once more. */
static bool is_repeated(struct sending *sending, const struct mail *mail)
{
	bool is_same = sending->last && strcmp(sending->last, mail->bytes) == 0;

	if (!is_same) {
		free(sending->last);
		sending->last = memory_checked(strdup(mail->bytes));
	}
	return is_same;
}

static void finish(struct sending *sending, struct mail *mail)
{
	sending->final = mail->status ? mail->status : -1;
	sending->final_mail = mail;
	sending->is_done = true;
	if (sending->errand && (!sending->is_cancelled || sending->cancel_status))
		errand_done(sending->errand, mail);
	else if (!sending->errand && !sending->is_quiet)
		mail_queue(mail);
}

static void on_heard(void *context, struct uac *uac, int status, msg_t *response);

/* Sends the request once more with an answer to the challenge in RESPONSE. */
static bool authenticate(struct sending *sending, const sip_t *response)
{
	struct phone *phone = sending->phone;
	const char *password = sending->password ? sending->password : phone->is.password;
	msg_t *again;
	uint32_t cseq;

	if (!sending->may_authenticate || !password)
		return false;
	sending->may_authenticate = false;
	again = message_copy(sending->request);
	message_remove_all(again, (sip_header_t *)sip_object(again)->sip_via);
	cseq = sip_object(again)->sip_cseq->cs_seq + 1;
	message_set_cseq(again, cseq);
	if (!credential_answer(again, response, phone->is.user, password)) {
		msg_destroy(again);
		return false;
	}
	if (sending->talk && sending->talk->cseq < cseq)
		sending->talk->cseq = cseq;
	if (!sending->talk && phone->enrol_cseq < cseq)
		phone->enrol_cseq = cseq;
	msg_destroy(sending->request);
	sending->request = message_copy(again);
	uac_free(sending->uac);
	sending->uac = uac_send(phone->wire, &sending->way, again, on_heard, sending);
	return sending->uac != NULL;
}

/* Sends a request that nothing listens to once more, by the next of the phone's proxies. */
static bool fail_over(struct sending *sending, struct uac *uac)
{
	struct phone *phone = sending->phone;
	const char *uri;
	msg_t *again;

	if (!sending->next_proxy || sending->next_proxy >= phone->is.proxy_count ||
	    uac_failure(uac) == UAC_TIMEOUT)
		return false;
	uri = phone->is.proxies[sending->next_proxy++];
	if (lab_way(phone->wire, uri, &sending->way, NULL) < 0)
		return false;
	again = message_copy(sending->request);
	message_remove_all(again, (sip_header_t *)sip_object(again)->sip_via);
	uac_free(sending->uac);
	sending->uac = uac_send(phone->wire, &sending->way, again, on_heard, sending);
	return sending->uac != NULL;
}

static void on_heard(void *context, struct uac *uac, int status, msg_t *response)
{
	struct sending *sending = context;
	struct mail *mail;
	struct rule *rule;

	if (!response && fail_over(sending, uac))
		return;
	if (response && (status == 401 || status == 407) &&
	    authenticate(sending, sip_object(response)))
		return;
	mail = mail_new(sending->phone, sending->talk, response,
			response ? NULL : uac_why(uac));
	if (status < 200 && is_repeated(sending, mail))
		return;
	if (sending->heard)
		sending->heard(sending, status, response);
	if (status < 200)
		mail_queue(mail);
	else
		finish(sending, mail);
	rule = response && sending->talk && !sending->is_quiet
		       ? rule_use(sending->phone, status, mail->method)
		       : NULL;
	if (rule)
		sending->phone->obey(rule, sending->talk);
}

struct sending *sending_new(struct phone *phone, struct talk *talk, const struct way *way,
			    msg_t *request, struct fault *fault)
{
	struct sending *sending = memory_new(sizeof *sending);

	sending->phone = phone;
	sending->talk = talk;
	sending->way = *way;
	sending->may_authenticate = true;
	sending->request = message_copy(request);
	list_append(&phone->sendings, &sending->node);
	sending->uac = uac_send(phone->wire, way, request, on_heard, sending);
	if (sending->uac)
		return sending;
	sending_free(sending);
	fault_say(fault, 1, "%s cannot send its request", phone->is.name);
	return NULL;
}

void sending_free(struct sending *sending)
{
	if (!sending)
		return;
	if (sending->talk && sending->talk->calling == sending)
		sending->talk->calling = NULL;
	if (sending->talk && sending->talk->off_hook == sending)
		sending->talk->off_hook = NULL;
	list_remove(&sending->node);
	uac_free(sending->uac);
	msg_destroy(sending->request);
	free(sending->last);
	free(sending);
}

void sending_cancel_heard(struct phone *phone, const char *bytes, size_t length,
			  int status)
{
	for (struct list *at = phone->sendings.next; at != &phone->sendings;
	     at = at->next) {
		struct sending *sending = container_of(at, struct sending, node);
		const char *call_id = sip_object(sending->request)->sip_call_id->i_id;

		if (!sending->is_cancelled || sending->cancel_status ||
		    !memmem(bytes, length, call_id, strlen(call_id)))
			continue;
		sending->cancel_status = status;
		if (sending->final_mail)
			errand_done(sending->errand, sending->final_mail);
	}
}
