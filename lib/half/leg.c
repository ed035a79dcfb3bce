/* SPDX-License-Identifier: MIT */
#include "half/leg.h"

void leg_open(struct stock *stock, struct leg *leg, struct dialog *dialog)
{
	leg_close(stock, leg);
	leg->dialog = dialog;
	index_insert(&stock->leg_index, &leg->by_call_id, dialog_call_id(dialog));
	stock->leg_count++;
}

void leg_close(struct stock *stock, struct leg *leg)
{
	if (!leg->dialog)
		return;
	index_remove(&leg->by_call_id);
	stock->leg_count--;
	leg->dialog = NULL;
}

struct leg *leg_find(struct stock *stock, const sip_t *request)
{
	struct index_entry *entry = NULL;

	while ((entry = index_find(&stock->leg_index, request->sip_call_id->i_id,
				   entry))) {
		struct leg *leg = container_of(entry, struct leg, by_call_id);

		if (dialog_is_of(leg->dialog, request))
			return leg;
	}
	return NULL;
}
