/* SPDX-License-Identifier: MIT */
#include "half/alive.h"

#include "base/memory.h"
#include "wire/loop.h"
#include "wire/wire.h"

#include <stdlib.h>

void alive_bury(struct stock *stock, struct life *life)
{
	list_remove(&life->node);
	list_append(&stock->graves, &life->node);
	loop_timer_set(stock->reaper, 1);
}

void alive_show(const struct stock *stock, const struct shown_dialog *dialog)
{
	if (stock->hooks->show)
		stock->hooks->show(stock->context, dialog);
}

struct loop_timer *alive_timer(const struct stock *stock, void (*fired)(void *context),
			       void *context)
{
	return memory_checked(loop_timer_new(wire_loop(stock->wire), fired, context));
}

const char *alive_shown_id(struct arena *arena)
{
	unsigned long long random;

	su_randmem(&random, sizeof random);
	return arena_printf(arena, "%016llx", random);
}

static void free_all(struct list *lives)
{
	while (!list_is_empty(lives)) {
		struct life *life = container_of(lives->next, struct life, node);

		life->free(life);
	}
}

/* Runs from the loop, so that no callback of what it frees is running. */
static void reap(void *context)
{
	struct stock *stock = context;

	free_all(&stock->graves);
	if (stock_is_empty(stock))
		stock->hooks->emptied(stock->context);
}

struct stock *stock_new(struct wire *wire, const struct stock_hooks *hooks, void *context)
{
	struct stock *stock = memory_new(sizeof *stock);

	stock->wire = wire;
	stock->hooks = hooks;
	stock->context = context;
	list_init(&stock->halves);
	list_init(&stock->reservations);
	list_init(&stock->graves);
	list_init(&stock->strays);
	index_init(&stock->half_index);
	index_init(&stock->leg_index);
	index_init(&stock->line_index);
	stock->board = board_new();
	stock->reaper = alive_timer(stock, reap, stock);
	return stock;
}

void stock_settle(struct stock *stock, struct desk *desk,
		  const struct half_settings *settings)
{
	desk_ref(desk);
	desk_unref(stock->desk);
	stock->desk = desk;
	stock->settings = *settings;
}

void stock_free(struct stock *stock)
{
	if (!stock)
		return;
	free_all(&stock->halves);
	free_all(&stock->graves);
	free_all(&stock->reservations);
	free_all(&stock->strays);
	loop_timer_free(stock->reaper);
	board_free(stock->board);
	desk_unref(stock->desk);
	free(stock);
}

bool stock_is_empty(const struct stock *stock)
{
	return stock->half_count == 0 && stock->reservation_count == 0;
}

bool stock_has_call(struct stock *stock, const char *sip_call_id)
{
	return index_find(&stock->half_index, sip_call_id, NULL) ||
	       index_find(&stock->line_index, sip_call_id, NULL);
}

size_t stock_count(const struct stock *stock)
{
	return stock->half_count + stock->reservation_count;
}

void stock_statistics(const struct stock *stock, struct stock_statistics *statistics)
{
	*statistics = (struct stock_statistics){
		.calls = stock->calls,
		.halves = stock->half_count,
		.reservations = stock->reservation_count,
		.lines = board_in_use(stock->board, NULL),
		.dialogs = stock->leg_count,
	};
}

unsigned stock_members(const struct stock *stock)
{
	return stock->member_count;
}

uint64_t stock_busy_lines(const struct stock *stock, const char *extension)
{
	return board_lines(stock->board, extension);
}
