/* SPDX-License-Identifier: MIT */
#pragma once
/* What comes by a connection: read, cut into messages and handed out, or refused. */
#include "wire/connection.h"

/** Reads what is there, up to a bound.  It may close the connection. */
void intake_read(struct connection *connection);
