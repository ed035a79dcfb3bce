/* SPDX-License-Identifier: MIT */
#pragma once
/* Faults on demand: rows of the table `fault` for those who do wrong, each in the journal. */
#include "journal/journal.h"
#include "model/mishap.h"
#include "store/store.h"

struct faults;
struct loop;

/** STORE, JOURNAL and LOOP are borrowed for its life. */
struct faults *faults_new(struct store *store, struct journal *journal,
			  struct loop *loop);

/** NULL is fine. */
void faults_free(struct faults *faults);

/** Whether any row waits for its request; as of at most 2 ms ago. */
bool faults_any(struct faults *faults);

/** Uses up what QUERY meets and notes it; MISHAP_NONE: nothing, or it cannot be read, which is
 *  logged. */
void faults_take(struct faults *faults, const struct mishap_query *query,
		 struct mishap *mishap);

/** The time of a timer of STATION's publication, MS without a fault. */
unsigned faults_hurry(struct faults *faults, const char *station, unsigned ms);
