/* SPDX-License-Identifier: MIT */
#include "store/station.h"

enum { NAME_MAX_BYTES = 128 * 4 };

void station_read(struct row *row, struct station *station)
{
	struct row class;

	station->extension = row_number(row, STATION_EXTENSION);
	station->name = row_text(row, STATION_NAME, NAME_MAX_BYTES);
	station->appearances = (unsigned)row_int(row, STATION_APPEARANCES, 1, 64);
	if (!row_is_null(row, STATION_RING_SECONDS))
		station->ring_s = (unsigned)row_int(row, STATION_RING_SECONDS, 1, 300);
	station->in_service = row_bool(row, STATION_IN_SERVICE);
	station->sends_all_calls = row_bool(row, STATION_SEND_ALL_CALLS);
	station->cor.cor = row_int(row, STATION_COR, 0, 995);
	if (row_is_null(row, STATION_COR_FOUND)) {
		row_refuse(row, "COR %d does not exist", station->cor.cor);
		return;
	}
	class = row_joined(row, "class_of_restriction",
			   arena_printf(row->arena, "%d", station->cor.cor));
	station->cor.calling = (enum calling_party)row_word(&class, STATION_CALLING_PARTY,
							    calling_party_by_name);
	station->cor.called = (enum called_party)row_word(&class, STATION_CALLED_PARTY,
							  called_party_by_name);
	station->cor.frl = (unsigned)row_int(&class, STATION_FRL, 0, 7);
	row->err = class.err;
}

void station_note(const struct row *row, const struct station *station)
{
	const char *cor;

	if (!row->trace)
		return;
	cor = arena_printf(row->arena, "%d", station->cor.cor);
	row_note(row, row->table, row->key, STATION_EXTENSION, STATION_COR);
	if (row_is_null(row, STATION_COR_FOUND))
		row_note_missing(row, "class_of_restriction", cor);
	else
		row_note(row, "class_of_restriction", cor, STATION_COR_FOUND,
			 STATION_FRL);
}
