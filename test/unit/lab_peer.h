/* SPDX-License-Identifier: MIT */
#pragma once
/* Telephones and the built-in proxy on loopback, without CM. */
#include "lab/enrol.h"
#include "lab/lab.h"
#include "lab/lamp.h"
#include "lab/registrar.h"
#include "lab/sm.h"
#include "lab/talk.h"

enum { STAGE_PHONES = 3 };

struct stage {
	struct loop *loop;
	struct lab *lab;
	struct registrar *users;
	struct sm_settings sm_is;
	struct sm_sequence sequences[2 * STAGE_PHONES];
	struct sm *sm;
	struct phone *phones[STAGE_PHONES];	/* users 1001, 1002, 1003 */
};

/** AUTH, a method, is asked credentials for; NULL = none. */
void stage_open(struct stage *stage, const char *auth, const char *transport);

/** The same; the third telephone is another one of 1002. */
void stage_open_fork(struct stage *stage);
void stage_close(struct stage *stage);

/** Waits for ERRAND; its status. */
int stage_wait(struct stage *stage, const struct errand *errand);

/** Waits for the next message of the I-th phone, which must be this. */
const struct mail *stage_hear(struct stage *stage, unsigned i, int status,
			      const char *method);

/** Nothing more is in any queue, now or in MS. */
void stage_hears_nothing(struct stage *stage, unsigned ms);
