/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * Guards and deeds, of which the table is made.  Guards (publication_if_...) ask about
 * the publication and the response being handled and change nothing.  Deeds
 * (publication_do_...) act through the port and return 0 or, when nothing could be sent,
 * -errno; they never assign the state.
 */
#include "publish/publication.h"

bool publication_if_always(const struct publication *publication);
/** A document would contain something new. */
bool publication_if_has_news(const struct publication *publication);
bool publication_if_has_dialogs(const struct publication *publication);
/** The last 2xx named an ETag. */
bool publication_if_has_etag(const struct publication *publication);
/** No dialogs, an ETag that may still be valid, and publish.linger is over. */
bool publication_if_may_remove(const struct publication *publication);
/** An ETag, and it is the time for refreshing. */
bool publication_if_may_refresh(const struct publication *publication);
/** No dialogs, and an ETag that may still be valid. */
bool publication_if_is_leftover(const struct publication *publication);
/** The 423 has a greater Min-Expires, and there were few 423 in sequence. */
bool publication_if_may_lengthen(const struct publication *publication);
/**
 * There is something new, the last document had only terminated dialogs, and
 * publish.linger is 0: some event servers (Kamailio 5.6) ignore new states of such a
 * publication.
 */
bool publication_if_must_renew(const struct publication *publication);

int publication_do_nothing(struct publication *publication);

/* Requests. */
int publication_do_publish(struct publication *publication);	/* send the full state */
int publication_do_refresh(struct publication *publication);
int publication_do_remove(struct publication *publication);

/* Answers. */
int publication_do_accept(struct publication *publication);	/* take the ETag, drop published ends */
int publication_do_accept_publish(struct publication *publication);
int publication_do_accept_remove(struct publication *publication);
int publication_do_forget(struct publication *publication);	/* the ETag */
int publication_do_forget_publish(struct publication *publication);
int publication_do_lengthen_publish(struct publication *publication);
int publication_do_lengthen_refresh(struct publication *publication);
int publication_do_back_off(struct publication *publication);
int publication_do_deny(struct publication *publication);	/* as back_off, with the longest delay */
int publication_do_stop(struct publication *publication);	/* of all stations */
int publication_do_let_go(struct publication *publication);	/* drop what was to be published */
