/* SPDX-License-Identifier: MIT */
#pragma once
/* A station's row, with its class of restriction, as struct station of lib/model. */
#include "model/station.h"
#include "store/row.h"

/** Reads the row of SQL_STATION or SQL_STATION_PAGE at which ROW is. */
void station_read(struct row *row, struct station *station);

/** Records the same rows in the trace, if there is one, after they have been read. */
void station_note(const struct row *row, const struct station *station);
