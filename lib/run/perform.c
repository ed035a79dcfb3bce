/* SPDX-License-Identifier: MIT */
/* Acts of telephones. */
#include "base/memory.h"
#include "lab/enrol.h"
#include "lab/lamp.h"
#include "run/office.h"
#include "run/raw.h"
#include "run/step.h"

#include <stdlib.h>
#include <string.h>

/* What is sent ------------------------------------------------------------------------------- */

/* The details that say what is sent; false and a failure when one cannot be known. */
static bool read_extra(struct play *play, const struct script_step *step,
		       struct extra *extra)
{
	struct extra_header *headers =
		arena_alloc(&play->arena, (step->detail_count + 1) * sizeof *headers);
	struct fault fault = { "" };

	*extra = (struct extra){ .headers = headers };
	for (size_t i = 0; i < step->detail_count; i++) {
		const struct script_detail *detail = &step->details[i];
		const char *value;

		if (!match_is_sent(detail))
			continue;
		value = detail->kind == SCRIPT_LEAVE_OUT
				? NULL
				: play_text(play, step, &detail->value);
		if (detail->kind != SCRIPT_LEAVE_OUT && !value)
			return false;
		if (detail->kind != SCRIPT_SET_BODY) {
			headers[extra->count++] =
				(struct extra_header){ detail->selector.name, value };
		} else if (office_read_file(value, &play->arena, &extra->body,
					    &extra->body_length, &fault) < 0) {
			play_fail(play, &detail->at, "%s", fault.text);
			return false;
		}
	}
	return true;
}

static struct errand *send_raw(struct play *play, struct phone *phone,
			       const struct script_step *is, struct fault *fault)
{
	const char *path = play_text(play, is, &is->object), *text;
	size_t length;

	if (!path || office_read_file(path, &play->arena, &text, &length, fault) < 0)
		return NULL;
	text = raw_text(play, text);
	return talk_send_raw(phone, text, strlen(text), is->to_cm,
			     is->terms.code_count || is->terms.is_silence, fault);
}

static struct errand *dial(struct play *play, struct phone *phone,
			   const struct script_step *is, const struct extra *extra,
			   struct fault *fault)
{
	const struct dialling how = {
		.appearance = is->who.appearance,
		.number = is->kind == SCRIPT_OFF_HOOK ? NULL
						      : play_text(play, is, &is->object),
		.from = is->value.text ? play_text(play, is, &is->value) : NULL,
		.without_sdp = is->without_sdp,
		.without_auth = is->without_auth,
		.to_cm = is->to_cm,
		.is_off_hook = is->kind == SCRIPT_OFF_HOOK,
		.expires_s = is->kind == SCRIPT_OFF_HOOK ? is->number : 0,
		.wants_final = is->terms.code_count || is->terms.is_silence,
	};

	return talk_dial(phone, &how, extra, fault);
}

static struct errand *enrol_it(struct play *play, struct phone *phone,
			       const struct script_step *is, const struct extra *extra,
			       struct fault *fault)
{
	struct enrolment how = {
		.is_all = is->is_all,
		.has_expires = is->has_number || is->kind == SCRIPT_UNREGISTERS,
		.expires_s = is->kind == SCRIPT_UNREGISTERS ? 0 : is->number,
		.password = is->value.text ? play_text(play, is, &is->value) : NULL,
	};
	struct extra *kept = arena_alloc(&play->arena, sizeof *kept);

	*kept = *extra;
	return enrol(phone, &how, kept, fault);
}

static struct errand *send_request(struct play *play, struct phone *phone,
				   const struct script_step *is,
				   const struct extra *extra, struct fault *fault)
{
	const char *number = is->object.text ? play_text(play, is, &is->object) : NULL;

	if (number || is->to_cm)
		return talk_request(phone, is->message.method, number, is->to_cm, extra,
				    fault);
	return talk_send(phone, is->who.appearance, is->message.method, extra, fault);
}

static struct errand *refer(struct play *play, struct phone *phone,
			    const struct script_step *is, const struct extra *extra,
			    struct fault *fault)
{
	const char *number = is->object.text ? play_text(play, is, &is->object) : NULL;

	return talk_transfer(phone, is->who.appearance, number, is->number, extra, fault);
}

/* The act itself, of PHONE; NULL and a sentence when it cannot be done. */
static struct errand *act(struct play *play, struct phone *phone,
			  const struct script_step *is, const struct extra *extra,
			  struct fault *fault)
{
	unsigned appearance = is->who.appearance;

	switch ((int)is->kind) {
	case SCRIPT_DIALS:
	case SCRIPT_OFF_HOOK:
		return dial(play, phone, is, extra, fault);
	case SCRIPT_RINGS:
		return talk_progress(phone, appearance, 180, false, extra, fault);
	case SCRIPT_SENDS_PROGRESS:
		return talk_progress(phone, appearance, (int)is->message.code,
				     is->is_reliable, extra, fault);
	case SCRIPT_SENDS_REQUEST:
		return send_request(play, phone, is, extra, fault);
	case SCRIPT_SENDS_RAW:
		return send_raw(play, phone, is, fault);
	case SCRIPT_ANSWERS:
		return talk_answer(phone, appearance, is->without_sdp, extra, fault);
	case SCRIPT_REJECTS:
		return talk_reject(phone, appearance, (int)is->message.code, NULL, extra,
				   fault);
	case SCRIPT_REDIRECTS:
		return talk_reject(phone, appearance, 302,
				   play_text(play, is, &is->object), extra, fault);
	case SCRIPT_CANCELS:
		return talk_cancel(phone, appearance, extra, fault);
	case SCRIPT_HANGS_UP:
		return talk_hang_up(phone, appearance, extra, fault);
	case SCRIPT_HOLDS:
		return talk_reinvite(phone, appearance, TALK_HOLD, extra, fault);
	case SCRIPT_RESUMES:
		return talk_reinvite(phone, appearance,
				     is->without_sdp ? TALK_NO_OFFER : TALK_OFFER, extra,
				     fault);
	case SCRIPT_UPDATES:
		return talk_send(phone, appearance, "UPDATE", extra, fault);
	case SCRIPT_TRANSFERS:
		return refer(play, phone, is, extra, fault);
	case SCRIPT_REGISTERS:
	case SCRIPT_UNREGISTERS:
		return enrol_it(play, phone, is, extra, fault);
	case SCRIPT_WATCHES:
		return lamp_watch(phone, play_text(play, is, &is->object), fault);
	case SCRIPT_PASSES:
		return talk_pass(phone, appearance, fault);
	default:
		fault_say(fault, 1, "this version cannot play this line");
		return NULL;
	}
}

/* Of several phones the first that can. */
static enum step_outcome start_act(struct play *play, struct step *step)
{
	const struct script_step *is = step->is;
	struct fault fault = { "there is no such player" };
	struct extra extra;
	struct phone *phone;

	if (!read_extra(play, is, &extra))
		return STEP_FAILED;
	for (size_t i = 0; !step->errand; i++) {
		phone = step->phone ? i ? NULL : step->phone
				    : play_who(play, &is->who, i);
		if (!phone)
			break;
		step->errand = act(play, phone, is, &extra, &fault);
		if (step->errand)
			step->phone = phone;
	}
	if (step->errand)
		return STEP_WAITS;
	play_fail(play, &is->at, "%s", fault.text);
	return STEP_FAILED;
}

/* How it ends --------------------------------------------------------------------------------- */

static bool is_wanted_code(const struct script_step *is, int status)
{
	const struct script_terms *terms = &is->terms;

	if (status < 0)
		return false;
	for (size_t i = 0; i < terms->code_count; i++)
		if (match_is_in(&terms->codes[i], (size_t)status))
			return true;
	if (terms->code_count)
		return false;
	if (is->kind == SCRIPT_CANCELS)
		return status == 487;
	return status == 0 || status / 100 == 2;
}

static const char *wanted_text(struct play *play, const struct script_step *is)
{
	const char *text = "";

	for (size_t i = 0; i < is->terms.code_count; i++) {
		const struct script_range *range = &is->terms.codes[i];

		text = arena_printf(&play->scratch, "%s%s%u", text, *text ? " or " : "",
				    range->least);
		if (range->most != range->least)
			text = arena_printf(&play->scratch, "%s..%u", text, range->most);
	}
	if (*text)
		return text;
	return is->kind == SCRIPT_CANCELS ? "487" : "2xx";
}

static bool is_soon_enough(const struct play *play, const struct step *step,
			   const struct mail *mail)
{
	const struct script_terms *terms = &step->is->terms;

	(void)play;
	return !terms->has_after ||
	       mail->at_us - mail->before_us >= (int64_t)terms->after_ms * 1000;
}

static enum step_outcome judge(struct play *play, struct step *step)
{
	const struct script_step *is = step->is;
	const struct mail *mail = step->errand->mail;

	if (is->terms.is_silence)
		return play_fail(play, &is->at, "%s should get no answer, and got %s",
				 play_who_text(play, &is->who),
				 mail ? step_mail_text(play, mail) : "one");
	if (!mail)
		return STEP_DONE;
	if (!is_wanted_code(is, mail->status))
		return play_fail(play, &is->at, "%s should get %s, and got %s",
				 play_who_text(play, &is->who), wanted_text(play, is),
				 step_mail_text(play, mail));
	if (!is_soon_enough(play, step, mail))
		return play_fail(play, &is->at, "%s came after %.3f s already",
				 step_mail_text(play, mail),
				 (double)(mail->at_us - mail->before_us) / 1e6);
	if (!await_fits_details(play, step, mail))
		return play_fail(play, step->at, "%s", step->why);
	return STEP_DONE;
}

static enum step_outcome poll_errand(struct play *play, struct step *step)
{
	if (step->errand->is_done)
		return judge(play, step);
	if (step->is->terms.is_silence && play_now_us(play) >= step->until_us)
		return STEP_DONE;
	return STEP_WAITS;
}

/* rings: the INVITE, then 180. */
static enum step_outcome poll_rings(struct play *play, struct step *step)
{
	static const struct script_message invite = { .method = "INVITE" };
	enum step_outcome outcome = STEP_WAITS;
	struct phone *phone;

	if (step->stage)
		return poll_errand(play, step);
	for (size_t i = 0;
	     outcome == STEP_WAITS && (phone = play_who(play, &step->is->who, i)); i++) {
		outcome = await_message(play, step, phone, step->is->who.appearance,
					&invite, true);
		if (outcome == STEP_DONE)
			step->phone = phone;
	}
	if (outcome != STEP_DONE)
		return outcome;
	step->stage = 1;
	return start_act(play, step);
}

/* calls ------------------------------------------------------------------------------------------ */

/* One part of `calls` after the other; each has its own deadline. */
static enum step_outcome poll_calls(struct play *play, struct step *step)
{
	static const struct script_message invite = { .method = "INVITE" };
	static const struct script_message ringing = { .code = 180 };
	static const struct script_message ok = { .code = 200 };
	const struct script_step *is = step->is;
	struct phone *callee = play_who(play, &is->peer, 0);
	enum step_outcome outcome = STEP_WAITS;
	struct fault fault = { "" };

	switch (step->stage) {
	case 0:
		outcome = await_message(play, step, callee, is->peer.appearance, &invite,
					false);
		if (outcome == STEP_DONE)
			step->errand = talk_progress(callee, is->peer.appearance, 180,
						     false, NULL, &fault);
		break;
	case 1:
		outcome = await_message(play, step, step->phone, is->who.appearance,
					&ringing, false);
		if (outcome == STEP_DONE)
			step->errand = talk_answer(callee, is->peer.appearance, false,
						   NULL, &fault);
		break;
	case 2:
		outcome = await_message(play, step, step->phone, is->who.appearance, &ok,
					false);
		break;
	default:
		if (!phone_is_talking(step->phone, is->who.appearance, callee,
				      is->peer.appearance))
			return STEP_WAITS;
		return STEP_DONE;
	}
	if (outcome == STEP_DONE && !step->errand)
		return play_fail(play, &is->at, "%s", fault.text);
	if (outcome != STEP_DONE)
		return outcome;
	step->stage++;
	step->until_us = play_now_us(play) + play_patience_us(play, 2000);
	return STEP_WAITS;
}

static enum step_outcome start_calls(struct play *play, struct step *step)
{
	const struct script_step *is = step->is;
	const struct dialling how = { .appearance = is->who.appearance,
				      .number = play_text(play, is, &is->object) };
	struct fault fault = { "" };

	if (!step->phone)
		step->phone = play_who(play, &is->who, 0);
	if (!how.number || !play_who(play, &is->peer, 0))
		return play_fail(play, &is->at, "no telephone has this number");
	step->errand = talk_dial(step->phone, &how, NULL, &fault);
	return step->errand ? STEP_WAITS : play_fail(play, &is->at, "%s", fault.text);
}

/* on, goes-dead ... --------------------------------------------------------------------------------- */

static enum step_outcome note_rule(struct play *play, struct step *step)
{
	const struct script_step *is = step->is, *then = is->then;
	struct rule rule = {
		.status = (int)is->message.code,
		.method = is->message.method,
		.code = (int)then->message.code,
	};
	struct noted_rule *noted;
	struct phone *phone;

	switch ((int)then->kind) {
	case SCRIPT_ANSWERS:
		rule.deed = RULE_ANSWERS;
		break;
	case SCRIPT_REJECTS:
		rule.deed = RULE_REJECTS;
		break;
	case SCRIPT_REDIRECTS:
		rule.deed = RULE_REDIRECTS;
		rule.number = play_text(play, is, &then->object);
		break;
	case SCRIPT_CANCELS:
		rule.deed = RULE_CANCELS;
		break;
	case SCRIPT_HANGS_UP:
		rule.deed = RULE_HANGS_UP;
		break;
	case SCRIPT_SENDS_PROGRESS:
		rule.deed = RULE_PROGRESS;
		break;
	case SCRIPT_GOES_DEAD:
		rule.deed = RULE_GOES_DEAD;
		break;
	default:
		return play_fail(play, &is->at,
				 "this version cannot do that on a message");
	}
	for (size_t i = 0; (phone = play_who(play, &is->who, i)); i++) {
		noted = arena_alloc(&play->arena, sizeof *noted);
		*noted = (struct noted_rule){ .step = is,
					      .phone = phone,
					      .rule = phone_on(phone, &rule) };
		list_append(&play->rules, &noted->node);
	}
	return STEP_DONE;
}

static enum step_outcome live_or_die(struct play *play, struct step *step)
{
	struct fault fault = { "" };
	struct phone *phone;

	for (size_t i = 0; (phone = play_who(play, &step->is->who, i)); i++) {
		if (step->is->kind == SCRIPT_GOES_DEAD)
			phone_die(phone);
		else if (step->is->kind == SCRIPT_FORGETS)
			phone_forget(phone);
		else if (phone_revive(phone, &fault) < 0)
			return play_fail(play, &step->is->at, "%s", fault.text);
	}
	return STEP_DONE;
}

enum step_outcome perform_begin(struct play *play, struct step *step)
{
	switch ((int)step->is->kind) {
	case SCRIPT_RINGS:
		return STEP_WAITS;
	case SCRIPT_CALLS:
		return start_calls(play, step);
	case SCRIPT_ON:
		return note_rule(play, step);
	case SCRIPT_GOES_DEAD:
	case SCRIPT_COMES_BACK:
	case SCRIPT_FORGETS:
		return live_or_die(play, step);
	default:
		return start_act(play, step);
	}
}

enum step_outcome perform_poll(struct play *play, struct step *step)
{
	if (step->is->kind == SCRIPT_RINGS)
		return poll_rings(play, step);
	if (step->is->kind == SCRIPT_CALLS)
		return poll_calls(play, step);
	return poll_errand(play, step);
}
