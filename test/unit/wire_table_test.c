/* SPDX-License-Identifier: MIT */
/* The four tables of transactions: their own check, proved on tables with one fault each; their
 * pictures; and every event in every state. */
#include "wire_peer.h"

#include "unit.h"
#include "wire/inbound.h"
#include "wire/inbound_table.h"
#include "wire/outbound.h"
#include "wire/outbound_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct life *const lives[] = { &inbound_invite, &inbound_other,
					    &outbound_invite, &outbound_other };

enum { LIVES = sizeof lives / sizeof *lives, ROWS = 64 };

static struct machine_row rows[ROWS];
static struct life_state states[16];
static struct life life;
static char *text;
static size_t size;
static FILE *out;

/* A copy of a table to break. */
static void open_table(const struct life *original)
{
	ck_assert_uint_lt(original->kind.count, ROWS);
	memcpy(rows, original->kind.rows, original->kind.count * sizeof *rows);
	memcpy(states, original->states, original->kind.states * sizeof *states);
	life = *original;
	life.kind.rows = rows;
	life.states = states;
	out = open_memstream(&text, &size);
}

static void expect(const char *told)
{
	life_check(&life, out);
	fclose(out);
	ck_assert_str_eq(text, told);
	free(text);
}

static size_t row_at(unsigned in, unsigned on)
{
	for (size_t i = 0; i < life.kind.count; i++)
		if (rows[i].in == in && rows[i].on == on)
			return i;
	ck_abort_msg("no such row");
}

static void remove_row(size_t at)
{
	life.kind.count--;
	memmove(&rows[at], &rows[at + 1], (life.kind.count - at) * sizeof *rows);
}

START_TEST(a_table_has_no_holes)
{
	ck_assert_uint_eq(life_check(lives[_i], stderr), 0);
}
END_TEST

START_TEST(a_timer_without_a_row_is_found)
{
	open_table(&inbound_invite);
	remove_row(row_at(INBOUND_INVITE_COMPLETED, INBOUND_AGAIN));
	expect("COMPLETED: timer and AGAIN row do not agree\n");
	open_table(&outbound_other);
	states[OUTBOUND_OTHER_PROCEEDING].expires_ms = 0;
	states[OUTBOUND_OTHER_COMPLETED].expires_ms = 1;
	remove_row(row_at(OUTBOUND_OTHER_TRYING, OUTBOUND_EXPIRED));
	expect("TRYING: timer and EXPIRED row do not agree\n");
}
END_TEST

START_TEST(a_state_that_cannot_break_is_found)
{
	open_table(&inbound_other);
	remove_row(row_at(INBOUND_OTHER_TRYING, INBOUND_BROKEN));
	expect("TRYING: no BROKEN row that always fits\n");
}
END_TEST

START_TEST(a_state_that_is_never_left_is_found)
{
	open_table(&inbound_other);
	rows[row_at(INBOUND_OTHER_COMPLETED, INBOUND_EXPIRED)].go_to =
		INBOUND_OTHER_STATES;
	expect("TRYING: no way leads to ENDED\nPROCEEDING: no way leads to ENDED\n"
	       "COMPLETED: no way leads to ENDED\nENDED: no row leads here\n");
}
END_TEST

START_TEST(a_row_behind_always_is_found)
{
	struct machine_row row;
	size_t at;

	open_table(&inbound_invite);
	at = row_at(INBOUND_INVITE_PROCEEDING, INBOUND_REQUEST);
	row = rows[at];
	rows[at] = rows[at + 1];
	rows[at + 1] = row;
	expect("PROCEEDING REQUEST is_silent: hidden behind always\n");
}
END_TEST

START_TEST(a_picture_shows_every_row_and_the_timers)
{
	size_t arrows = 0;

	open_table(lives[_i]);
	machine_dot(&life.kind, out);
	fclose(out);
	for (const char *at = text; (at = strstr(at, " -> ")) != NULL; at++)
		arrows++;
	ck_assert_uint_eq(arrows, life.kind.count);
	ck_assert_ptr_nonnull(strstr(text, "64*T1\"];\n"));
	free(text);
}
END_TEST

/* Every event in every state, with and without a user: it goes where a row says, or nowhere. */

static struct stage stage;

/* Where the rows lead from IN on ON: whether TO is one of those. */
static bool may_lead(const struct machine_kind *kind, unsigned in, unsigned on,
		     unsigned to)
{
	bool has_row = false;

	for (size_t i = 0; i < kind->count; i++) {
		const struct machine_row *row = &kind->rows[i];
		unsigned go_to = row->go_to == kind->states ? in : row->go_to;

		if (row->in != in || row->on != on)
			continue;
		has_row = true;
		if (go_to == to)
			return true;
	}
	return !has_row && to == in;
}

static void check_inbound(const struct life *table, bool is_invite, unsigned in,
			  unsigned on)
{
	struct origin origin = { .came_us = loop_now_us(stage.loop) };
	struct inbound_answer answer = { .status = on == INBOUND_FAILURE ? 486 : 200 };
	struct inbound *inbound;
	struct way way = stage_way(&stage);

	emit_target_of(stage.wire, &way, &origin.back);
	inbound = inbound_new(stage.wire, &origin, is_invite);
	ck_assert_ptr_nonnull(inbound);
	inbound->life.state = (uint8_t)in;
	answer.bytes = strdup("SIP/2.0 200 OK\r\n\r\n");
	answer.length = strlen(answer.bytes);
	if (on == INBOUND_PROVISIONAL)
		answer.status = 180;
	inbound->answer = &answer;
	machine_handle(&table->kind, inbound, on, NULL);
	inbound->answer = NULL;
	ck_assert_msg(may_lead(&table->kind, in, on, inbound->life.state),
		      "%s %s: in %s now", table->states[in].name, table->kind.on_name(on),
		      table->states[inbound->life.state].name);
	if (inbound->bytes != answer.bytes)
		free(answer.bytes);
	inbound_free(inbound);
}

static void check_outbound(const struct life *table, sip_method_t method,
			   const char *name, unsigned in, unsigned on)
{
	static const char bytes[] = "SIP/2.0 486 No\r\nTo: <sip:a@b>;tag=1\r\n\r\n";
	struct outbound_heard heard = { .bytes = bytes, .length = sizeof bytes - 1 };
	struct way way = stage_way(&stage);
	struct outbound *outbound;

	stage_ask(&stage, method, name);
	uac_free(stage.uac);
	stage.uac = NULL;
	heard.msg = stage_request(&stage, method, name);
	heard.status = 200;
	outbound = outbound_new(stage.wire, &way, stage_request(&stage, method, name));
	ck_assert_ptr_nonnull(outbound);
	outbound->life.state = (uint8_t)in;
	outbound->heard = &heard;
	/* The bytes of the request are gone by then. */
	if (method == sip_method_invite && in >= OUTBOUND_INVITE_COMPLETED &&
	    on != OUTBOUND_FAILURE) {
		free(outbound->bytes);
		outbound->bytes = NULL;
	}
	if (!(in == OUTBOUND_INVITE_ACCEPTED || on == OUTBOUND_SUCCESS) ||
	    method != sip_method_invite) {
		machine_handle(&table->kind, outbound, on, NULL);
		ck_assert_msg(may_lead(&table->kind, in, on, outbound->life.state),
			      "%s %s: in %s now", table->states[in].name,
			      table->kind.on_name(on),
			      table->states[outbound->life.state].name);
	}
	outbound_free(outbound);
	msg_destroy(heard.msg);
}

static void as_proxy(struct stage *made)
{
	made->settings.is_proxy = true;
}

START_TEST(every_event_in_every_state_leads_where_a_row_says)
{
	const struct life *table = lives[_i];
	unsigned ons = _i < 2 ? INBOUND_ONS : OUTBOUND_ONS;

	stage_open(&stage, as_proxy);
	for (unsigned in = 0; in < table->kind.end; in++)
		for (unsigned on = 0; on < ons; on++) {
			if (_i < 2)
				check_inbound(table, _i == 0, in, on);
			else if (_i == 2)
				check_outbound(table, SIP_METHOD_INVITE, in, on);
			else
				check_outbound(table, SIP_METHOD_BYE, in, on);
		}
	stage_close(&stage);
}
END_TEST

/*
 * Whatever comes in whatever order, a call is told at most one final response, and nothing is left
 * when all timers are over.
 */
static const char *const happens[] = { "100 Trying", "180 Ringing",	"200 OK",
				       "486 Busy",   NULL /* cancel */, "" /* time */ };

enum { KINDS = sizeof happens / sizeof *happens };

static void must_be_one_final(void)
{
	unsigned finals = 0;

	for (const char *at = stage.notes; (at = strpbrk(at, "0123456789")); at += 3)
		finals += *at >= '2' && strncmp(at - 1, " 1", 2) != 0;
	ck_assert_msg(finals <= 1, "told: %s", stage.notes);
}

static void play(void (*setup)(struct stage *stage), unsigned order)
{
	static char asked[FAR_TEXT];
	struct far *far = &stage.far;

	stage_open(&stage, setup);
	stage_ask(&stage, SIP_METHOD_INVITE);
	far_hear(far, "INVITE");
	snprintf(asked, sizeof asked, "%s", far->heard);
	for (unsigned i = 0; i < 3; i++, order /= KINDS) {
		const char *line = happens[order % KINDS];

		if (!line)
			uac_cancel(stage.uac, NULL);
		else if (!*line)
			stage_skip(&stage, 17000);
		else
			far_answer_to(far, asked, line, "b", "");
	}
	must_be_one_final();
	stage_end(&stage);
}

START_TEST(any_order_of_responses_tells_one_final_and_leaves_nothing)
{
	for (unsigned order = 0; order < KINDS * KINDS; order++)
		play(_i < KINDS ? as_proxy : NULL, order * KINDS + (unsigned)_i % KINDS);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("wire table");
	TCase *tables = tcase_create("table"), *storms = tcase_create("storm");

	tcase_add_loop_test(tables, a_table_has_no_holes, 0, LIVES);
	tcase_add_test(tables, a_timer_without_a_row_is_found);
	tcase_add_test(tables, a_state_that_cannot_break_is_found);
	tcase_add_test(tables, a_state_that_is_never_left_is_found);
	tcase_add_test(tables, a_row_behind_always_is_found);
	tcase_add_loop_test(tables, a_picture_shows_every_row_and_the_timers, 0, LIVES);
	suite_add_tcase(suite, tables);
	tcase_add_loop_test(storms, every_event_in_every_state_leads_where_a_row_says, 0,
			    LIVES);
	tcase_add_loop_test(storms,
			    any_order_of_responses_tells_one_final_and_leaves_nothing, 0,
			    2 * KINDS);
	suite_add_tcase(suite, storms);
	tcase_set_timeout(storms, 60);
	return suite;
}
