/* SPDX-License-Identifier: Apache-2.0 */
#include "base/parallel.h"

#include "base/alloc.h"

#include "check_main.h"
#include "faulty_alloc.h"

#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

enum { N_ITEM = 2000, N_SLOT = 8 };

static void nap(long ns)
{
	nanosleep(&(struct timespec){0, ns}, NULL);
}

/* ---- Loop ---- */

typedef struct loop_log {
	atomic_int calls[N_ITEM], bad_worker;
	size_t n_thread;
	size_t fail_from; /* items from here on fail */
} loop_log;

static int log_item(void *context, size_t item, size_t worker, nv_error *err)
{
	loop_log *log = context;
	if (worker >= log->n_thread)
		atomic_fetch_add(&log->bad_worker, 1);
	atomic_fetch_add(&log->calls[item], 1);
	if (item % 7 == 0)
		sched_yield();
	return item < log->fail_from ? NV_OK : nv_fail(err, NV_E_RECORD, "item %zu", item);
}

START_TEST(every_item_is_done_once)
{
	for (size_t n_thread = 0; n_thread <= 5; n_thread++) {
		loop_log log = {.n_thread = n_thread ? n_thread : 1, .fail_from = N_ITEM};
		ck_assert_int_eq(nv_parallel_for(n_thread, N_ITEM, log_item, &log, NULL), NV_OK);
		for (size_t i = 0; i < N_ITEM; i++)
			ck_assert_int_eq(log.calls[i], 1);
		ck_assert_int_eq(log.bad_worker, 0);
	}
}
END_TEST

START_TEST(the_lowest_failure_is_returned)
{
	for (int round = 0; round < 50; round++) {
		loop_log log = {.n_thread = 4, .fail_from = 300};
		nv_error err = {0};
		ck_assert_int_eq(nv_parallel_for(4, N_ITEM, log_item, &log, &err), NV_E_RECORD);
		ck_assert_str_eq(err.message, "item 300");
		for (size_t i = 0; i < 300; i++)
			ck_assert_int_eq(log.calls[i], 1);
	}
}
END_TEST

START_TEST(no_items_and_no_memory)
{
	loop_log log = {.n_thread = 4, .fail_from = N_ITEM};
	ck_assert_int_eq(nv_parallel_for(4, 0, log_item, &log, NULL), NV_OK);
	faulty_on(0);
	ck_assert_int_eq(nv_parallel_for(4, 10, log_item, &log, NULL), NV_E_MEMORY);
	ck_assert_int_eq(faulty_off(), 0);
}
END_TEST

START_TEST(there_is_a_core)
{
	ck_assert_uint_ge(nv_cores(), 1);
	ck_assert_uint_lt(nv_cores(), 1 << 18);
	ck_assert_uint_gt(nv_memory_limit(), 1 << 20);
}
END_TEST

/* ---- Pipeline ---- */

typedef struct line_log {
	size_t n_piece, produced, consumed, n_thread;
	uint64_t value[N_SLOT]; /* plain memory: a race between stages is seen by ThreadSanitizer */
	size_t produce_fails, work_fails, consume_fails; /* at this piece; SIZE_MAX: never */
	int out_of_order;
	atomic_int bad_worker;
} line_log;

static int produce(void *context, size_t slot, nv_error *err)
{
	line_log *log = context;
	if (log->produced == log->produce_fails)
		return nv_fail(err, NV_E_INPUT, "produce %zu", log->produced);
	if (log->produced == log->n_piece)
		return 0;
	log->out_of_order += slot != log->produced % N_SLOT;
	log->value[slot] = log->produced++;
	return 1;
}

static int work(void *context, size_t slot, size_t worker, nv_error *err)
{
	line_log *log = context;
	uint64_t piece = log->value[slot];
	if (worker >= log->n_thread)
		atomic_fetch_add(&log->bad_worker, 1);
	if (piece % 5 == 0)
		nap(20000);
	log->value[slot] = piece * piece;
	return piece < log->work_fails ? NV_OK : nv_fail(err, NV_E_RECORD, "work %d", (int)piece);
}

static int consume(void *context, size_t slot, nv_error *err)
{
	line_log *log = context;
	if (log->consumed == log->consume_fails)
		return nv_fail(err, NV_E_IO, "consume %zu", log->consumed);
	log->out_of_order += log->value[slot] != (uint64_t)log->consumed * log->consumed;
	log->consumed++;
	return NV_OK;
}

static line_log new_log(size_t n_thread)
{
	return (line_log){.n_piece = 500,
	                  .n_thread = n_thread,
	                  .produce_fails = SIZE_MAX,
	                  .work_fails = SIZE_MAX,
	                  .consume_fails = SIZE_MAX};
}

static int run(line_log *log, nv_error *err)
{
	nv_pipeline p = {log->n_thread, N_SLOT, produce, work, consume, log};
	return nv_pipeline_run(&p, err);
}

START_TEST(pieces_come_out_in_order)
{
	for (size_t n_thread = 1; n_thread <= 4; n_thread++) {
		line_log log = new_log(n_thread);
		ck_assert_int_eq(run(&log, NULL), NV_OK);
		ck_assert_uint_eq(log.consumed, 500);
		ck_assert_int_eq(log.out_of_order, 0);
		ck_assert_int_eq(log.bad_worker, 0);
	}
}
END_TEST

START_TEST(what_precedes_a_failure_is_consumed)
{
	for (size_t n_thread = 1; n_thread <= 4; n_thread++) {
		line_log log = new_log(n_thread);
		nv_error err = {0};
		log.produce_fails = 101;
		ck_assert_int_eq(run(&log, &err), NV_E_INPUT);
		ck_assert_uint_eq(log.consumed, 101);
		ck_assert_str_eq(err.message, "produce 101");

		log = new_log(n_thread);
		nv_error_clear(&err);
		log.work_fails = 77;
		ck_assert_int_eq(run(&log, &err), NV_E_RECORD);
		ck_assert_uint_eq(log.consumed, 77);
		ck_assert_str_eq(err.message, "work 77");

		log = new_log(n_thread);
		nv_error_clear(&err);
		log.consume_fails = 33;
		ck_assert_int_eq(run(&log, &err), NV_E_IO);
		ck_assert_uint_eq(log.consumed, 33);
		ck_assert_str_eq(err.message, "consume 33");
	}
}
END_TEST

START_TEST(empty_pipeline_and_no_memory)
{
	line_log log = new_log(3);
	log.n_piece = 0;
	ck_assert_int_eq(run(&log, NULL), NV_OK);
	for (long n = 0; n < 2; n++) {
		faulty_on(n);
		ck_assert_int_eq(run(&log, NULL), NV_E_MEMORY);
		ck_assert_int_eq(faulty_off(), 0);
	}
}
END_TEST

/* ---- Ticker ---- */

typedef struct tick_log {
	atomic_int inside, together, calls;
	uint64_t done, total;
	int stop_at; /* asks to stop at this call */
} tick_log;

static int on_tick(void *user, const char *phase, uint64_t done, uint64_t total)
{
	tick_log *log = user;
	if (atomic_fetch_add(&log->inside, 1) > 0)
		atomic_fetch_add(&log->together, 1);
	ck_assert_str_eq(phase, "fit");
	log->done = done;
	log->total = total;
	int call = atomic_fetch_add(&log->calls, 1) + 1;
	atomic_fetch_sub(&log->inside, 1);
	return call == log->stop_at;
}

static int tick_item(void *context, size_t item, size_t worker, nv_error *err)
{
	(void)item;
	(void)worker;
	nap(2000000);
	return nv_tick(context, 1, err);
}

START_TEST(ticks_are_calm_and_one_at_a_time)
{
	tick_log log = {.stop_at = -1};
	nv_progress progress = {on_tick, &log};
	nv_ticker ticker;
	nv_ticker_init(&ticker, &progress, "fit", 200);
	ck_assert_int_eq(nv_parallel_for(4, 200, tick_item, &ticker, NULL), NV_OK);
	ck_assert_uint_eq(ticker.done, 200);
	ck_assert_int_eq(log.together, 0);
	ck_assert_uint_eq(log.total, 200);
	ck_assert(log.calls >= 2 && log.calls <= 60);
	nv_ticker_init(&ticker, NULL, "fit", 0);
	ck_assert_int_eq(nv_tick(&ticker, 1, NULL), NV_OK);
}
END_TEST

START_TEST(a_callback_can_cancel)
{
	tick_log log = {.stop_at = 2};
	nv_progress progress = {on_tick, &log};
	nv_ticker ticker;
	nv_error err = {0};
	nv_ticker_init(&ticker, &progress, "fit", 0);
	ck_assert_int_eq(nv_parallel_for(3, 2000, tick_item, &ticker, &err), NV_E_CANCELLED);
	ck_assert_int_eq(err.code, NV_E_CANCELLED);
	ck_assert_int_eq(log.calls, 2);
	ck_assert_int_eq(nv_tick(&ticker, 1, NULL), NV_E_CANCELLED);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("parallel");
	NV_CASE(s, "Core", every_item_is_done_once, pieces_come_out_in_order, ticks_are_calm_and_one_at_a_time,
	        there_is_a_core);
	NV_CASE(s, "Limits", no_items_and_no_memory, empty_pipeline_and_no_memory);
	NV_CASE(s, "Errors", the_lowest_failure_is_returned, what_precedes_a_failure_is_consumed, a_callback_can_cancel);
	return s;
}

NV_CHECK_MAIN(suite)
