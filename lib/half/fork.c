/* SPDX-License-Identifier: MIT */
#include "half/fork.h"

#include "wire/uas.h"

#include <inttypes.h>
#include <strings.h>

static bool has_to_tag(const struct half_call *half)
{
	return sip_object(half->in->request)->sip_to->a_tag != NULL;
}

/* The tag of our answers, until a telephone has it; later another one. */
static void give_tag(struct half_call *half, struct fork *fork)
{
	uint64_t random;

	if (!half->invite.server) {
		fork->ours = "";	/* the caller has its answer */
		return;
	}
	/* An INVITE that was dialled after off-hook is in a dialog already. */
	if (!half->has_given_tag || has_to_tag(half)) {
		fork->ours = uas_tag(half->invite.server);
		half->has_given_tag = true;
		return;
	}
	su_randmem(&random, sizeof random);
	fork->ours = arena_printf(half->in->arena, "%016" PRIx64, random);
	leg_open(half->stock, &fork->leg[SIDE_CALLER],
		 dialog_as_uas(half->home, sip_object(half->in->request), fork->ours));
}

/* The first has the dialog that the INVITE began. */
static void open_callee(struct half_call *half, struct fork *fork)
{
	const struct dialog *dialog = half->leg[SIDE_CALLEE].dialog;

	if (half->forks && dialog)
		leg_open(half->stock, &fork->leg[SIDE_CALLEE],
			 dialog_as_uac(half->home, dialog_call_id(dialog),
				       dialog_local_tag(dialog)));
}

static struct fork *add(struct half_call *half, const char *tag)
{
	struct fork *fork = arena_alloc(half->in->arena, sizeof *fork);

	fork->tag = arena_strdup(half->in->arena, tag);
	for (unsigned side = SIDE_CALLER; side <= SIDE_CALLEE; side++) {
		fork->leg[side].half = half;
		fork->leg[side].side = (enum call_side)side;
	}
	give_tag(half, fork);
	open_callee(half, fork);
	fork->next = half->forks;
	half->forks = fork;
	return fork;
}

struct fork *fork_of(struct half_call *half, const sip_t *response)
{
	const char *tag = response->sip_to->a_tag ? response->sip_to->a_tag : "";
	struct fork *fork = half->forks;
	struct dialog *dialog;
	unsigned count = 0;

	for (; fork && strcasecmp(fork->tag, tag) != 0; fork = fork->next)
		count++;
	if (!fork && count >= FORKS_MAX && response->sip_status->st_status < 200)
		return NULL;
	if (!fork)
		fork = add(half, tag);
	dialog = fork_dialog(half, fork, SIDE_CALLEE);
	if (dialog)
		dialog_learn(dialog, response);
	return fork;
}

struct fork *fork_find(const struct leg *leg)
{
	struct fork *fork = leg->half->forks;

	while (fork && leg != &fork->leg[leg->side])
		fork = fork->next;
	return fork;
}

struct dialog *fork_dialog(const struct half_call *half, const struct fork *fork,
			   enum call_side side)
{
	return fork && fork->leg[side].dialog ? fork->leg[side].dialog
					      : half->leg[side].dialog;
}

void fork_settle(struct half_call *half, struct fork *fork, enum call_side side)
{
	struct dialog *dialog = fork->leg[side].dialog;

	if (!dialog)
		return;
	leg_close(half->stock, &fork->leg[side]);
	leg_open(half->stock, &half->leg[side], dialog);
}

void fork_part(struct half_call *half)
{
	for (struct fork *fork = half->forks; fork; fork = fork->next) {
		leg_close(half->stock, &fork->leg[SIDE_CALLER]);
		leg_close(half->stock, &fork->leg[SIDE_CALLEE]);
	}
}

void fork_leave(struct half_call *half)
{
	fork_part(half);
	for (struct fork *fork = half->forks; fork; fork = fork->next)
		fork->is_left = true;
	half->forks = NULL;
}
