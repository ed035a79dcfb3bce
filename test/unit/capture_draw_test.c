/* SPDX-License-Identifier: MIT */
/* What is made of messages: the ladder, the file for Wireshark, the draft of a script. */
#include "unit.h"

#include "capture/draft.h"
#include "capture/ladder.h"
#include "capture/savefile.h"
#include "capture_fixture.h"
#include "wire/endpoint.h"

#include <stdlib.h>

static char *text;
static size_t length;

/* All that passed so far as a ladder in `text`. */
static void draw(unsigned width, bool is_coloured)
{
	const struct ladder_style style = { width, is_coloured };
	FILE *out;

	free(text);
	out = open_memstream(&text, &length);
	ladder_print(messages, count, &style, out);
	fclose(out);
}

static void clear_text(void)
{
	free(text);
	text = NULL;
	tear_down();
}

/* The ladder ------------------------------------------------------------------------------ */

START_TEST(a_ladder_shows_both_halves_and_their_tags)
{
	invite_all();
	answer_all("SIP/2.0 486 Busy Here", "1 INVITE");
	draw(80, false);
	ck_assert_str_eq(
		text,
		"call 0123456789abcdef  1001 -> 2001  2001-09-09T01:46:40.001000Z\n"
		"         sm-a                             cm                                "
		"sm-a\n"
		"                   originating half                   terminating half\n"
		"   0.000 |--INVITE 2001 phase=imsorig------>|                                  "
		"|\n"
		"   0.001 |<-INVITE 2001 phase=origdone------|                                  "
		"|\n"
		"   0.002 |                                  |<-INVITE 2001 phase=imsterm-------"
		"|\n"
		"   0.003 |                                  |--INVITE 2001 phase=termdone----->"
		"|\n"
		"   0.004 |                                  |<-486 Busy Here-------------------"
		"|\n"
		"   0.005 |                                  |--486 Busy Here------------------>"
		"|\n"
		"   0.006 |--486 Busy Here------------------>|                                  "
		"|\n"
		"   0.007 |<-486 Busy Here-------------------|                                  "
		"|\n");
}
END_TEST

/* Whatever the width, no line is longer, and none of other people's bytes moves the cursor. */
START_TEST(a_ladder_keeps_to_its_width)
{
	invite_all();
	answer_all(
		"SIP/2.0 200 \033[2J\xc2\x9b and a very long reason phrase, longer than any "
		"ladder is wide, and still longer",
		"1 INVITE");
	say(false,
	    "INVITE sip:12345678901234567890123456789012345678901234567890@h SIP/2.0",
	    &orig_in, "3 INVITE", ROUTE("imsorig"));
	pass(false, "\x01\x02");
	for (unsigned width = LADDER_LEAST; width < 250; width++) {
		draw(width, false);
		for (char *line = strchr(text, '\n') + 1; *line;
		     line = strchr(line, '\n') + 1) {
			size_t used = strcspn(line, "\n");

			ck_assert_uint_le(used, width);
			for (size_t i = 0; i < used; i++)
				ck_assert(line[i] >= 0x20 && line[i] < 0x7f);
		}
	}
}
END_TEST

START_TEST(each_half_has_a_colour_where_there_are_colours)
{
	invite_all();
	draw(80, true);
	ck_assert_ptr_nonnull(strstr(text, "|\033[36m--INVITE 2001 phase=imsorig"));
	ck_assert_ptr_nonnull(strstr(text, "|\033[33m<-INVITE 2001 phase=imsterm"));
	draw(80, false);
	ck_assert_ptr_null(strchr(text, '\033'));
}
END_TEST

START_TEST(of_several_proxies_each_message_names_its_own)
{
	invite_all();
	messages[3].peer = "sm-b";
	draw(100, false);
	ck_assert_ptr_nonnull(strstr(text, "sm-a, sm-b\n"));
	ck_assert_ptr_nonnull(strstr(text, "phase=termdone (sm-b)"));
	ck_assert_ptr_null(strstr(text, "phase=imsorig (sm-a)"));
}
END_TEST

/* The file -------------------------------------------------------------------------------- */

static uint32_t word_at(const unsigned char *at)
{
	uint32_t word;

	memcpy(&word, at, sizeof word);		/* in this machine's order */
	return word;
}

static unsigned short_at(const unsigned char *at)
{
	return (unsigned)(at[0] << 8 | at[1]);
}

/* RFC 1071: with the checksum among them, all is ones. */
static unsigned sum_of(unsigned sum, const unsigned char *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		sum += (unsigned)at[i] << (i % 2 ? 0 : 8);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static void save(void)
{
	FILE *out;
	struct savefile *savefile;

	free(text);
	out = open_memstream(&text, &length);
	savefile = savefile_begin(out, &arena);
	for (size_t i = 0; i < count; i++)
		savefile_add(savefile, &messages[i]);
	fclose(out);
}

static void set_addresses(const char *near, const char *far, enum way_transport transport)
{
	for (size_t i = 0; i < count; i++) {
		ck_assert_int_eq(endpoint_read(near, 5062, &messages[i].near), 0);
		ck_assert_int_eq(endpoint_read(far, 5060, &messages[i].far), 0);
		messages[i].transport = transport;
	}
}

START_TEST(a_datagram_has_its_addresses_time_and_checksums)
{
	const unsigned char *at;
	size_t whole;

	say(true, invite_2001, &orig_out, "1 INVITE", "");
	set_addresses("192.0.2.9", "192.0.2.1", WAY_UDP);
	save();
	at = (const unsigned char *)text;
	ck_assert_uint_eq(word_at(at), 0xa1b2c3d4);
	ck_assert_uint_eq(word_at(at + 20), 101);
	at += 24;
	whole = 28 + messages[0].length;
	ck_assert_uint_eq(length, 24 + 16 + whole);
	ck_assert_uint_eq(word_at(at), 1000000000);
	ck_assert_uint_eq(word_at(at + 4), 1000);
	ck_assert_uint_eq(word_at(at + 8), whole);
	at += 16;
	ck_assert_int_eq(at[0], 0x45);
	ck_assert_uint_eq(short_at(at + 2), whole);
	ck_assert_uint_eq(sum_of(0, at, 20), 0xffff);
	ck_assert_mem_eq(at + 12, "\xc0\x00\x02\x09\xc0\x00\x02\x01", 8);
	ck_assert_uint_eq(short_at(at + 20), 5062);
	ck_assert_uint_eq(short_at(at + 22), 5060);
	ck_assert_uint_eq(sum_of(sum_of(17 + (unsigned)whole - 20, at + 12, 8), at + 20,
				 whole - 20),
			  0xffff);
	ck_assert_mem_eq(at + 28, messages[0].bytes, messages[0].length);
}
END_TEST

START_TEST(an_ipv6_datagram_has_its_checksum)
{
	const unsigned char *at;
	unsigned size;

	say(false, invite_2001, &orig_in, "1 INVITE", "");
	set_addresses("2001:db8::9", "2001:db8::1", WAY_UDP);
	save();
	at = (const unsigned char *)text + 24 + 16;
	size = 8 + (unsigned)messages[0].length;
	ck_assert_int_eq(at[0], 0x60);
	ck_assert_uint_eq(short_at(at + 4), size);
	ck_assert_int_eq(at[8 + 15], 1);	/* from the far end */
	ck_assert_int_eq(at[24 + 15], 9);
	ck_assert_uint_eq(sum_of(sum_of(17 + size, at + 8, 32), at + 40, size), 0xffff);
}
END_TEST

/* Numbers go on from packet to packet, so that Wireshark joins what was cut. */
START_TEST(a_stream_is_numbered_and_cut)
{
	enum { LONG = 40000 };
	char *body = arena_alloc(&arena, LONG + 1);
	size_t sizes[] = { 0, 0, 0, 0 }, packets = 0, at = 24;
	uint32_t next = 1;

	memset(body, 'x', LONG);
	pass(false, body);
	say(true, "SIP/2.0 200 OK", &orig_in, "1 INVITE", "");
	set_addresses("192.0.2.9", "192.0.2.1", WAY_TCP);
	save();
	for (; at < length; packets++) {
		const unsigned char *packet = (const unsigned char *)text + at + 16;
		size_t size = word_at((const unsigned char *)text + at + 8);
		uint32_t number =
			(uint32_t)short_at(packet + 24) << 16 | short_at(packet + 26);
		uint32_t taken =
			(uint32_t)short_at(packet + 28) << 16 | short_at(packet + 30);

		ck_assert_uint_lt(packets, 4);
		ck_assert_uint_eq(short_at(packet + 2), size);
		ck_assert_uint_eq(sum_of(sum_of(6 + (unsigned)size - 20, packet + 12, 8),
					 packet + 20, size - 20),
				  0xffff);
		sizes[packets] = size - 40;
		if (packets < 3) {
			ck_assert_uint_eq(number, next);
			ck_assert_uint_eq(taken, 1);
			next += (uint32_t)sizes[packets];
		} else {
			ck_assert_uint_eq(number, 1);
			ck_assert_uint_eq(taken, LONG + 1);
		}
		at += 16 + size;
	}
	ck_assert_uint_eq(packets, 4);
	ck_assert_uint_eq(sizes[0] + sizes[1] + sizes[2], LONG);
}
END_TEST

/* The draft ------------------------------------------------------------------------------- */

/* Whoever has four digits is a station. */
static const char *station(void *context, const char *number)
{
	(void)context;
	return strlen(number) == 4 ? number : NULL;
}

/* The script from what passed, without what precedes its first step, in `text`. */
static const char *draft(const struct dossier_event *events, size_t event_count)
{
	const struct dossier call = {
		.messages = messages,
		.message_count = count,
		.events = events,
		.event_count = event_count,
		.station = station,
	};
	const char *play;
	FILE *out;

	free(text);
	out = open_memstream(&text, &length);
	ck_assert(draft_write(&call, out));
	fclose(out);
	play = strstr(text, "\n\n");
	ck_assert_ptr_nonnull(play);
	return play + 2;
}

START_TEST(an_answered_call_is_told_from_both_ends)
{
	invite_all();
	answer_all("SIP/2.0 180 Ringing", "1 INVITE");
	answer_all("SIP/2.0 200 OK", "1 INVITE");
	request_all("ACK sip:2001@192.0.2.1 SIP/2.0", "1 ACK");
	request_all("BYE sip:2001@192.0.2.1 SIP/2.0", "2 BYE");
	ck_assert_str_eq(draft(NULL, 0),
			 "1001    dials 2001\n"
			 "2001    rings\n"
			 "1001    hears 180\n"
			 "2001    answers\n"
			 "1001    hears 200\n"
			 "1001    talks-to 2001\n"
			 "1001    hangs-up\n"
			 "2001    hears BYE\n"
			 "\n"
			 "expect  phases imsorig origdone imsterm termdone\n");
	ck_assert_ptr_nonnull(strstr(text, "\nphones  1001 2001\n"));
}
END_TEST

START_TEST(a_refusal_stands_behind_what_was_dialled)
{
	static const struct dossier_event events[] = {
		{ .event = "reject", .rule = "calling-party", .extension = "1001" },
	};

	say(false, invite_2001, &orig_in, "1 INVITE", ROUTE("imsorig"));
	say(true, "SIP/2.0 100 Trying", &orig_in, "1 INVITE", "");
	say(true, "SIP/2.0 403 Forbidden", &orig_in, "1 INVITE", "");
	ck_assert_str_eq(
		draft(events, 1),
		"1001    dials 2001 -> 403\n"
		"\n"
		"expect  phases imsorig\n"
		"expect  journal event=reject extension=1001 rule=calling-party\n");
}
END_TEST

START_TEST(a_busy_callee_and_whom_the_call_is_forwarded_to)
{
	static const struct dossier_event events[] = {
		{ "forward", "forwarding:busy", "2001", "2002" },
	};
	struct side second = { "hc-0123456789abcdef-3", "j", "z9hG4bK-5" };

	invite_all();
	say(false, "SIP/2.0 486 Busy Here", &term_out, "1 INVITE", "X-Tag: b\r\n");
	say(true, "SIP/2.0 181 Forwarded", &term_in, "1 INVITE", "X-Tag: b\r\n");
	say(false, "SIP/2.0 181 Forwarded", &orig_out, "1 INVITE", "X-Tag: b\r\n");
	say(true, "SIP/2.0 181 Forwarded", &orig_in, "1 INVITE", "X-Tag: b\r\n");
	say(true, "INVITE sip:2002@example.com SIP/2.0", &second, "1 INVITE",
	    ROUTE("termdone"));
	say(false, "SIP/2.0 180 Ringing", &second, "1 INVITE", "X-Tag: b\r\n");
	ck_assert_str_eq(
		draft(events, 1),
		"1001    dials 2001\n"
		"2001    hears INVITE\n"
		"2001    rejects 486\n"
		"1001    hears 181\n"
		"2002    rings\n"
		"\n"
		"expect  phases imsorig origdone imsterm termdone termdone\n"
		"expect  journal event=forward extension=2001 rule=forwarding:busy\n");
	ck_assert_ptr_nonnull(strstr(text,
				     "call_forwarding (extension, condition, "
				     "destination) VALUES ('2001', 'busy', '2002')\n"));
}
END_TEST

START_TEST(the_caller_gives_up)
{
	invite_all();
	answer_all("SIP/2.0 180 Ringing", "1 INVITE");
	say(false, "CANCEL sip:2001@example.com SIP/2.0", &orig_in, "1 CANCEL", "");
	say(true, "CANCEL sip:2001@example.com SIP/2.0", &orig_out, "1 CANCEL", "");
	say(true, "SIP/2.0 487 Request Terminated", &orig_in, "1 INVITE", "X-Tag: b\r\n");
	say(false, "CANCEL sip:2001@example.com SIP/2.0", &term_in, "1 CANCEL", "");
	say(true, "CANCEL sip:2001@example.com SIP/2.0", &term_out, "1 CANCEL", "");
	say(false, "SIP/2.0 487 Request Terminated", &term_out, "1 INVITE",
	    "X-Tag: b\r\n");
	ck_assert_str_eq(draft(NULL, 0),
			 "1001    dials 2001\n"
			 "2001    rings\n"
			 "1001    hears 180\n"
			 "1001    cancels\n"
			 "2001    hears CANCEL\n"
			 "\n"
			 "expect  phases imsorig origdone imsterm termdone\n");
}
END_TEST

START_TEST(what_took_long_is_waited_for_as_long)
{
	invite_all();
	answer_all("SIP/2.0 180 Ringing", "1 INVITE");
	say(true, "CANCEL sip:2001@example.com SIP/2.0", &term_out, "1 CANCEL", "");
	messages[count - 1].wall_us += 4200000;
	ck_assert_ptr_nonnull(
		strstr(draft(NULL, 0), "\n2001    hears CANCEL within 9 s\n"));
}
END_TEST

/* A feature code is confirmed by a call that CM ends by itself. */
START_TEST(what_this_program_sends_by_itself_is_heard)
{
	say(false, "INVITE sip:*21@example.com SIP/2.0", &orig_in, "1 INVITE",
	    ROUTE("imsorig"));
	say(true, "SIP/2.0 200 OK", &orig_in, "1 INVITE", "X-Tag: b\r\n");
	pass(true, arena_printf(&arena,
				"BYE sip:1001@192.0.2.1 SIP/2.0\r\n"
				"Via: SIP/2.0/UDP h;branch=z9hG4bK-b\r\n"
				"From: <sip:*21@example.com>;tag=b\r\n"
				"To: <sip:1001@example.com>;tag=a\r\n"
				"Call-ID: %s\r\nCSeq: 1 BYE\r\n\r\n",
				orig_in.call_id));
	ck_assert_str_eq(draft(NULL, 0), "1001    dials *21\n"
					 "1001    hears 200\n"
					 "1001    hears BYE\n"
					 "\n"
					 "expect  phases imsorig\n");
}
END_TEST

START_TEST(whoever_is_no_station_is_behind_the_trunk)
{
	static const char invite_out[] = "INVITE sip:912025550123@example.com SIP/2.0";

	say(false, invite_out, &orig_in, "1 INVITE", ROUTE("imsorig"));
	say(true, invite_out, &orig_out, "1 INVITE", ROUTE("origdone"));
	say(false, "SIP/2.0 200 OK", &orig_out, "1 INVITE", "X-Tag: b\r\n");
	say(true, "SIP/2.0 200 OK", &orig_in, "1 INVITE", "X-Tag: b\r\n");
	ck_assert_str_eq(draft(NULL, 0), "1001    dials 912025550123\n"
					 "pstn    hears INVITE\n"
					 "pstn    answers\n"
					 "1001    hears 200\n"
					 "1001    talks-to pstn\n"
					 "\n"
					 "expect  phases imsorig origdone\n");
	ck_assert_ptr_nonnull(strstr(text, "\nphones  1001\ntrunk   pstn\n"));
}
END_TEST

START_TEST(without_an_invite_there_is_no_draft)
{
	const struct dossier call = { .messages = messages, .station = station };

	say(false, "OPTIONS sip:cm SIP/2.0", &orig_in, "1 OPTIONS", "");
	ck_assert(!draft_write(&call, stdout));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("capture_draw");
	TCase *tcase = tcase_create("capture_draw");

	tcase_add_checked_fixture(tcase, set_up, clear_text);
	tcase_add_test(tcase, a_ladder_shows_both_halves_and_their_tags);
	tcase_add_test(tcase, a_ladder_keeps_to_its_width);
	tcase_add_test(tcase, each_half_has_a_colour_where_there_are_colours);
	tcase_add_test(tcase, of_several_proxies_each_message_names_its_own);
	tcase_add_test(tcase, a_datagram_has_its_addresses_time_and_checksums);
	tcase_add_test(tcase, an_ipv6_datagram_has_its_checksum);
	tcase_add_test(tcase, a_stream_is_numbered_and_cut);
	tcase_add_test(tcase, an_answered_call_is_told_from_both_ends);
	tcase_add_test(tcase, a_refusal_stands_behind_what_was_dialled);
	tcase_add_test(tcase, a_busy_callee_and_whom_the_call_is_forwarded_to);
	tcase_add_test(tcase, the_caller_gives_up);
	tcase_add_test(tcase, what_took_long_is_waited_for_as_long);
	tcase_add_test(tcase, what_this_program_sends_by_itself_is_heard);
	tcase_add_test(tcase, whoever_is_no_station_is_behind_the_trunk);
	tcase_add_test(tcase, without_an_invite_there_is_no_draft);
	suite_add_tcase(suite, tcase);
	return suite;
}
