/* SPDX-License-Identifier: MIT */
#include "publish/keep.h"

#include <string.h>

static struct ledger_entry entry_of(const struct publication *publication)
{
	bool has_etag = publication->etag != NULL;

	return (struct ledger_entry){
		.extension = publication->extension,
		.version = publication->version,
		.expiry_s = has_etag ? publication->expiry_s : 0,
		.etag = publication->etag,
	};
}

static void add_all(struct ledger *ledger, void *context)
{
	const struct publisher *publisher = context;
	struct list *node;

	for (node = publisher->publications.next; node != &publisher->publications;
	     node = node->next) {
		struct ledger_entry entry =
			entry_of(container_of(node, struct publication, node));

		ledger_add(ledger, &entry);
	}
}

int keep_all(struct publisher *publisher, bool is_synced)
{
	return ledger_rewrite(publisher->ledger, add_all, publisher, is_synced);
}

void keep_noted(struct publisher *publisher, int err)
{
	if (err < 0 && !publisher->is_ledger_failing)
		publisher->port->note(publisher->context, NULL, "publish-state", 0,
				      strerror(-err));
	publisher->is_ledger_failing = err < 0;
}

void keep_one(struct publication *publication)
{
	struct publisher *publisher = publication->publisher;
	struct ledger_entry entry = entry_of(publication);
	int err;

	if (publisher->ledger == NULL)
		return;
	err = ledger_put(publisher->ledger, &entry);
	if (err < 0)
		keep_noted(publisher, err);
	if (ledger_is_due(publisher->ledger, publisher->count))
		keep_noted(publisher, keep_all(publisher, false));
}
