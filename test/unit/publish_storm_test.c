/* SPDX-License-Identifier: MIT */
/*
 * Random dialogs against a model of an event server, which keeps publications by ETag,
 * loses them, demands a longer Expires, answers late, not at all, or only after storing
 * the state.  Whatever happens, no dialog's end is lost, no state goes back and versions
 * grow.
 */
#include "publish_peer.h"
#include "unit.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { STATIONS = 3, DIALOGS = 400, STEPS = 1000, SEEDS = 16 };

/* The state the test gave a dialog, and the state the server has received. */
struct model_dialog {
	enum shown_state shown;
	int told;			/* enum shown_state in a document it read, -1 = none */
	bool is_end_taken;		/* in a document answered with 2xx */
};

struct model_station {
	char extension[8];
	struct model_dialog dialogs[DIALOGS];
	unsigned count;
	char etag[PEER_ETAG];		/* in the store, "" = nothing */
	int64_t expires_at_ms;
	int64_t version;		/* of the last document read or lost, -1 = none */
};

static struct model_station stations[STATIONS];
static unsigned long long seed;
static unsigned etags;

/* 0 ... below - 1, the same numbers for the same seed everywhere. */
static unsigned dice(unsigned below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed % below);
}

static void set_up(void)
{
	peer_set_up();
	memset(stations, 0, sizeof stations);
	for (unsigned i = 0; i < STATIONS; i++) {
		snprintf(stations[i].extension, sizeof stations[i].extension, "%u",
			 2001 + i);
		stations[i].version = -1;
		for (unsigned j = 0; j < DIALOGS; j++)
			stations[i].dialogs[j].told = -1;
	}
}

static void show(struct model_station *station, unsigned i)
{
	char id[16];

	snprintf(id, sizeof id, "d%u", i);
	publisher_show(peer.publisher,
		       &(struct shown_dialog){ .extension = station->extension,
					       .id = id,
					       .call_id = "c",
					       .state = station->dialogs[i].shown,
					       .remote_user = dice(2) ? "2009" : NULL });
}

/* A dialog begins, continues, ends, or an old state is shown late. */
static void happen(struct model_station *station)
{
	unsigned i = station->count;

	if (station->count == DIALOGS || (station->count > 0 && dice(3) != 0)) {
		i = station->count - 1 - dice(station->count < 5 ? station->count : 5);
		if (station->dialogs[i].shown < SHOWN_TERMINATED)
			station->dialogs[i].shown +=
				1 + dice(SHOWN_TERMINATED - station->dialogs[i].shown);
	} else {
		station->count++;
		station->dialogs[i].shown = dice(4) ? SHOWN_TRYING : SHOWN_TERMINATED;
	}
	show(station, i);
	if (dice(8) == 0 && station->dialogs[i].shown > SHOWN_TRYING) {
		enum shown_state newest = station->dialogs[i].shown;

		station->dialogs[i].shown = dice(newest);
		show(station, i);
		station->dialogs[i].shown = newest;
	}
}

static enum shown_state state_of(const char *text)
{
	static const char *const names[] = { "trying", "proceeding", "early",
					     "confirmed" };

	for (unsigned i = 0; i < 4; i++)
		if (strcmp(text, names[i]) == 0)
			return i;
	ck_assert_int_eq(strncmp(text, "terminated", 10), 0);
	return SHOWN_TERMINATED;
}

/*
 * The server reads a document; a dialog it has must not disappear without "terminated".
 */
static void server_read(struct model_station *station, const xmlDoc *document,
			bool is_taken)
{
	char id[16];

	for (unsigned i = 0; i < station->count; i++) {
		struct model_dialog *dialog = &station->dialogs[i];
		const char *text;
		enum shown_state state;

		snprintf(id, sizeof id, "d%u", i);
		text = document_state(document, id);
		if (text == NULL) {
			ck_assert_msg(dialog->told == -1 || dialog->is_end_taken,
				      "dialog %s vanished", id);
			continue;
		}
		state = state_of(text);
		ck_assert_int_ge((int)state, dialog->told);
		ck_assert_int_le(state, dialog->shown);
		dialog->told = (int)state;
		if (is_taken && state == SHOWN_TERMINATED)
			dialog->is_end_taken = true;
	}
}

static struct publish_response server_store(struct model_station *station,
					    const struct slot *slot, bool has_etag)
{
	struct publish_response ok = { .status = 200 };

	if (slot->expires_s == 0) {
		station->etag[0] = '\0';
		return ok;
	}
	station->etag[0] = '\0';
	if (has_etag)
		snprintf(station->etag, sizeof station->etag, "e%u", ++etags);
	station->expires_at_ms = peer_now_ms() + (int64_t)slot->expires_s * 1000;
	ok.etag = has_etag ? station->etag : NULL;
	ok.expires_s = slot->expires_s;
	return ok;
}

/* Reads the request in flight and answers it; IS_KIND: without any fault. */
static struct publish_response serve(struct model_station *station, struct slot *slot,
				     bool is_kind)
{
	unsigned chance = is_kind ? 99 : dice(100);
	struct publish_response response = { .status = 503 };
	xmlDoc *document = NULL;

	if (slot->body != NULL) {
		document = document_read(slot->body, slot->length);
		ck_assert_int_gt((int64_t)document_version(document), station->version);
		station->version = document_version(document);
	}
	if (peer_now_ms() >= station->expires_at_ms || chance < 5)
		station->etag[0] = '\0';
	if (chance < 10)
		response.retry_after_s = chance;
	else if (chance < 14)
		response.status = 408;
	else if (chance < 17)
		response.status = 403;
	else if (chance < 20)
		response =
			(struct publish_response){ .status = 423,
						   .min_expires_s = 3000 + chance * 50 };
	else if (slot->if_match[0] != '\0' && strcmp(slot->if_match, station->etag) != 0)
		response.status = 412;
	else {
		response = server_store(station, slot, chance >= 30);
		if (chance >= 20 && chance < 26)
			response = (struct publish_response){ .status = 408 };	/* lost */
		if (document != NULL)
			server_read(station, document, response.status == 200);
	}
	xmlFreeDoc(document);
	return response;
}

static void answer(struct model_station *station, bool is_kind)
{
	struct slot *slot = peer_slot(station->extension);
	struct publish_response response;

	if (slot == NULL || !slot->is_in_flight)
		return;
	response = serve(station, slot, is_kind);
	slot->is_in_flight = false;
	publisher_answered(slot->publication, &response);
	peer_check(slot);
}

static void expect_all_ends_taken(const struct model_station *station)
{
	for (unsigned i = 0; i < station->count; i++)
		ck_assert_msg(station->dialogs[i].is_end_taken,
			      "the end of %s's d%u is lost", station->extension, i);
}

/* All dialogs end and the server works again: checks the final state. */
static void drain(void)
{
	size_t in_flight;

	peer.send_error = 0;
	for (unsigned s = 0; s < STATIONS; s++)
		for (unsigned i = 0; i < stations[s].count; i++) {
			stations[s].dialogs[i].shown = SHOWN_TERMINATED;
			show(&stations[s], i);
		}
	for (unsigned i = 0; i < 10; i++)
		for (unsigned s = 0; s < STATIONS; s++) {
			answer(&stations[s], true);
			peer_run_ms(30000);
		}
	for (unsigned s = 0; s < STATIONS; s++) {
		expect_all_ends_taken(&stations[s]);
		ck_assert_str_eq(stations[s].etag, "");
		if (peer_slot(stations[s].extension) != NULL)
			ck_assert_uint_eq(peer_slot(stations[s].extension)->armed_ms, 0);
	}
	ck_assert_uint_eq(publisher_count(peer.publisher, &in_flight), 0);
	ck_assert_uint_eq(in_flight, 0);
}

START_TEST(no_end_is_lost_whatever_the_proxy_does)
{
	seed = 0x9e3779b97f4a7c15u * (unsigned)(_i + 1);
	peer.settings.expires_s = _i % 2 ? 3600 : 90;
	peer_start();
	for (unsigned step = 0; step < STEPS; step++) {
		struct model_station *station = &stations[dice(STATIONS)];

		peer.send_error = dice(40) == 0 ? EIO : 0;
		switch (dice(4)) {
		case 0:
		case 1:
			happen(station);
			break;
		case 2:
			answer(station, false);
			break;
		case 3:
			peer_run_ms(dice(10) == 0 ? 90000 : dice(2000));
			break;
		}
	}
	drain();
}
END_TEST

enum { MANY = 1000, ROUNDS = 5 };

static void show_many(unsigned round, enum shown_state state)
{
	char extension[16], id[16];

	snprintf(id, sizeof id, "%u", round);
	for (unsigned i = 0; i < MANY; i++) {
		snprintf(extension, sizeof extension, "%u", 10000 + i);
		publisher_show(peer.publisher,
			       &(struct shown_dialog){ .extension = extension,
						       .id = id,
						       .call_id = "c1",
						       .local_tag = "a1",
						       .state = state,
						       .remote_user = "2002" });
	}
}

static void answer_many(void)
{
	char etag[16];

	for (unsigned i = 0; i < peer.slot_count; i++) {
		struct slot *slot = &peer.slots[i];

		snprintf(etag, sizeof etag, "e%u", ++etags);
		slot->is_in_flight = false;
		publisher_answered(
			slot->publication,
			&(struct publish_response){ .status = 200, .etag = etag });
	}
}

/* Dialogs of a thousand stations are shown, published and ended; prints the time per
 * state. */
static void cost_many(const char *how)
{
	struct mallinfo2 before = mallinfo2(), after;
	clock_t began, shown = 0, all = clock();

	peer_start();
	for (unsigned round = 0; round < ROUNDS; round++)
		for (unsigned state = SHOWN_TRYING; state <= SHOWN_TERMINATED; state++) {
			began = clock();
			show_many(round, state);
			shown += clock() - began;
			answer_many();
		}
	all = clock() - all;
	after = mallinfo2();
	ck_assert_uint_eq(peer.requests, MANY * ROUNDS * 5);
	printf("publish %s: %u documents, %.1f us to show one, %.1f us with the answer; "
	       "%zu bytes a station\n",
	       how, peer.requests, (double)shown * 1e6 / CLOCKS_PER_SEC / peer.requests,
	       (double)all * 1e6 / CLOCKS_PER_SEC / peer.requests,
	       (after.uordblks - before.uordblks) / MANY);
}

START_TEST(a_thousand_stations_are_published)
{
	cost_many("in memory");
}
END_TEST

START_TEST(a_thousand_stations_are_kept_in_a_small_file)
{
	char path[] = "/tmp/publish_storm_test.XXXXXX";
	struct stat about;
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	close(fd);
	peer.settings.state_file = path;
	cost_many("with a state file");
	ck_assert_int_eq(stat(path, &about), 0);
	ck_assert_int_lt(about.st_size, 2000000);
	peer_stop();
	unlink(path);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("publish storm");
	TCase *tests = tcase_create("storm");

	unit_allow_cpu_s(60);
	tcase_set_timeout(tests, 100);
	tcase_add_checked_fixture(tests, set_up, peer_tear_down);
	tcase_add_loop_test(tests, no_end_is_lost_whatever_the_proxy_does, 0, SEEDS);
	tcase_add_test(tests, a_thousand_stations_are_published);
	tcase_add_test(tests, a_thousand_stations_are_kept_in_a_small_file);
	suite_add_tcase(suite, tests);
	return suite;
}
