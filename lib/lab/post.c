/* SPDX-License-Identifier: MIT */
#include "lab/mail.h"

#include "base/memory.h"
#include "lab/inside.h"
#include "wire/codec.h"
#include "wire/loop.h"

#include <stdlib.h>

static void read_message(struct mail *mail, msg_t *msg)
{
	struct arena *arena = &mail->phone->arena;
	const sip_t *sip = sip_object(msg);
	char *bytes = memory_checked(codec_write(msg, "", &mail->length, NULL));

	mail->bytes = arena_strndup(arena, bytes, mail->length);
	free(bytes);
	if (sip->sip_request)
		mail->method = arena_strdup(arena, sip->sip_request->rq_method_name);
	else
		mail->method = arena_strdup(arena, sip->sip_cseq->cs_method_name);
	mail->status = sip->sip_status ? sip->sip_status->st_status : 0;
}

struct mail *mail_new(struct phone *phone, struct talk *talk, msg_t *msg, const char *why)
{
	struct mail *mail = arena_alloc(&phone->arena, sizeof *mail);

	mail->phone = phone;
	mail->talk = talk;
	mail->appearance = talk ? talk->appearance : 0;
	mail->status = -1;
	mail->bytes = mail->method = "";
	mail->why = arena_strdup(&phone->arena, why);
	mail->at_us = loop_now_us(phone->lab->loop);
	mail->before_us = phone->sent_us;
	if (msg)
		read_message(mail, msg);
	list_init(&mail->node);
	return mail;
}

void mail_queue(struct mail *mail)
{
	struct phone *phone = mail->phone;

	list_append(&phone->queue, &mail->node);
	phone->lab->heard++;
}

struct errand *errand_new(struct phone *phone)
{
	struct errand *errand = arena_alloc(&phone->arena, sizeof *errand);

	list_append(&phone->errands, &errand->node);
	return errand;
}

void errand_done(struct errand *errand, const struct mail *mail)
{
	if (!errand || errand->is_done)
		return;
	errand->is_done = true;
	errand->mail = mail;
	errand->status = mail ? mail->status : 0;
	if (mail)
		mail->phone->taken_us = mail->at_us;
}

struct mail *phone_head(struct phone *phone, unsigned appearance)
{
	for (struct list *at = phone->queue.next; at != &phone->queue; at = at->next) {
		struct mail *mail = container_of(at, struct mail, node);

		if (!appearance || mail->appearance == appearance)
			return mail;
	}
	return NULL;
}

void phone_take(struct mail *mail)
{
	list_remove(&mail->node);
	mail->phone->taken_us = mail->at_us;
}
