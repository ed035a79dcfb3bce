/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Messages as a file of the pcap format (draft-ietf-opsawg-pcap), which Wireshark, tcpdump and sngrep
 * read.  There are no packets to save, as the messages were taken behind the socket: IP, UDP and
 * TCP headers are made up around them, with the right addresses, ports and times (LINKTYPE_RAW).
 * What came by TLS is written as the TCP it went by, deciphered.
 */
#include "base/arena.h"
#include "capture/sighting.h"

#include <stdio.h>

struct savefile;

/** Writes the head of the file to OUT, borrowed; it lives in ARENA. */
struct savefile *savefile_begin(FILE *out, struct arena *arena);

/** Writes one message; ferror(OUT) tells whether it could. */
void savefile_add(struct savefile *savefile, const struct sighting *sighting);
