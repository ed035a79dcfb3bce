/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The words the table is written in.  Guards (publication_if_...) are questions about the
 * publication and the response being handled.  Deeds (publication_do_...) act through the
 * port and answer 0 or, when nothing could be sent, -errno; they never assign the state.
 */
#include "publish/publication.h"

bool publication_if_always(const struct publication *publication);
/** A document would tell something new. */
bool publication_if_has_news(const struct publication *publication);
bool publication_if_has_dialogs(const struct publication *publication);
/** The last 2xx named an ETag. */
bool publication_if_has_etag(const struct publication *publication);
/** No dialogs, an ETag that may live, and the time for lingering is over. */
bool publication_if_may_remove(const struct publication *publication);
/** An ETag, and it is the time for refreshing. */
bool publication_if_may_refresh(const struct publication *publication);
/** No dialogs, and an ETag that may live. */
bool publication_if_is_leftover(const struct publication *publication);
/** The 423 names a greater Expires, and there were few of them in a row. */
bool publication_if_may_lengthen(const struct publication *publication);
/**
 * Something new after a document that told ends alone, and publications are not to linger:
 * there are event servers (Kamailio 5.6) that take nothing more for such a one.
 */
bool publication_if_must_renew(const struct publication *publication);

int publication_do_nothing(struct publication *publication);

/* Requests. */
int publication_do_publish(struct publication *publication);	/* the full state */
int publication_do_refresh(struct publication *publication);
int publication_do_remove(struct publication *publication);

/* Answers. */
int publication_do_accept(struct publication *publication);	/* take the ETag, drop told ends */
int publication_do_accept_publish(struct publication *publication);
int publication_do_accept_remove(struct publication *publication);
int publication_do_forget(struct publication *publication);	/* the ETag */
int publication_do_forget_publish(struct publication *publication);
int publication_do_lengthen_publish(struct publication *publication);
int publication_do_lengthen_refresh(struct publication *publication);
int publication_do_back_off(struct publication *publication);
int publication_do_deny(struct publication *publication);	/* back off for long */
int publication_do_stop(struct publication *publication);	/* and all stations' after it */
int publication_do_let_go(struct publication *publication);	/* of what was to be told */
